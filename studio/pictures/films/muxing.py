"""Segments of video, and sound, made one MP4 without encoding a picture again."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.video.stream import VideoStream

from studio.pictures.films.sound import Soundtrack
from studio.pictures.films.video import REORDERED

Packets = Iterator["Packet[Any]"]

_INDEX_IN_FRONT = {"movflags": "+faststart"}


def join_mp4(
    segments: list[Path], out: Path, *, fps: int, frames: int, soundtrack: Path | None
) -> None:
    """The segments' packets one after the other, `frames` in all, and beside them the sound, cut
    to their length. Raises ValueError when the soundtrack cannot be read."""
    with ExitStack() as opened:
        film = opened.enter_context(av.open(str(out), "w", format="mp4", options=_INDEX_IN_FRONT))
        with av.open(str(segments[0])) as first:
            stream = film.add_stream_from_template(first.streams.video[0])
        stream.time_base = Fraction(1, fps)
        tracks: list[Packets] = [_pictures(segments, stream, fps)]
        if soundtrack is not None:
            sound = Soundtrack(soundtrack, film, until_s=Fraction(frames, fps))
            tracks.append(opened.enter_context(sound).packets())
        # Merged here, for what a muxer has to put in order it holds in memory.
        for packet in heapq.merge(*tracks, key=_begins_s):
            film.mux(packet)


def _begins_s(packet: "Packet[Any]") -> Fraction:
    return Fraction(packet.dts or 0) * packet.time_base


def _pictures(segments: Iterable[Path], stream: VideoStream, fps: int) -> Packets:
    """Packets in the order of decoding, on one clock of frames."""
    base, begun = Fraction(1, fps), 0
    for path in segments:
        with av.open(str(path)) as segment:
            count = 0
            for packet in segment.demux(video=0):
                if packet.pts is None:  # the demuxer's word that there is no more
                    continue
                shown = begun + round(packet.pts * packet.time_base * fps)
                packet.time_base, packet.duration = base, 1
                packet.pts, packet.dts = shown, begun + count - REORDERED
                packet.stream = stream
                count += 1
                yield packet
        begun += count
