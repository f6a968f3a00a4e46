"""A film's technical facts in words, as a delivery sheet lists them."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from studio.renders.collecting.measuring import MEASURED
from studio.storyboards.timing import in_words
from studio.vault.models import Asset

NOT_YET = "Not measured yet. Reload the page in a moment."
_CODECS = {
    **{"h264": "H.264", "hevc": "H.265", "av1": "AV1", "vp9": "VP9", "mpeg4": "MPEG-4"},
    **{"aac": "AAC", "mp3": "MP3", "ac3": "AC-3", "eac3": "E-AC-3", "opus": "Opus"},
    **{"flac": "FLAC", "alac": "ALAC"},
}
_COLOURS = {
    **{"bt709": "BT.709", "smpte170m": "BT.601 (525)", "bt470bg": "BT.601 (625)"},
    **{"bt2020": "BT.2020", "bt2020nc": "BT.2020", "smpte2084": "PQ", "arib-std-b67": "HLG"},
    **{"iec61966-2-1": "sRGB", "smpte432": "Display P3"},
}
_RANGES = {"tv": "limited range", "pc": "full range"}


def facts_of(film: Asset) -> tuple[tuple[str, str], ...]:
    """Labels and what they say, from what the probe found and what was measured."""
    return tuple(_rows(film, film.facts, film.facts.get(MEASURED)))


def is_measured(film: Asset) -> bool:
    """Whether nothing is still to come."""
    return MEASURED in film.facts


def in_megabytes(size_bytes: int) -> str:
    """`12.3 MB`, `820 kB`: as file managers count, by thousands."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000)):,} kB"
    return f"{size_bytes / 1_000_000:,.1f} MB"


def _rows(
    film: Asset, facts: Mapping[str, Any], measured: Mapping[str, Any] | None
) -> Iterator[tuple[str, str]]:
    duration_ms = facts.get("duration_ms", 0)
    if duration_ms:
        yield "Length", in_words(duration_ms)
    yield "File", f"MP4, {in_megabytes(film.size_bytes)} ({film.size_bytes:,} bytes)"
    if facts.get("width"):
        yield "Picture", f"{facts['width']:,} × {facts['height']:,} pixels"
    if facts.get("codec"):
        yield "Codec", _codec(facts["codec"], measured)
    yield from _frames(facts, measured)
    if duration_ms:
        yield "Bit rate", f"{film.size_bytes * 8 / duration_ms / 1000:,.2f} Mbit/s, all in all"
    yield from _sound(facts, measured)
    if remark := facts.get("remark"):
        yield "Remark", str(remark)


def _codec(name: str, measured: Mapping[str, Any] | None) -> str:
    more = measured or {}
    said = [_CODECS.get(name, name), more.get("profile", ""), more.get("pixel_format", "")]
    return ", ".join(part for part in said if part)


def _frames(
    facts: Mapping[str, Any], measured: Mapping[str, Any] | None
) -> Iterator[tuple[str, str]]:
    exact, frames = (measured or {}).get("fps"), facts.get("frames")
    counted = f", {frames:,} frames" if frames else ""
    if exact and exact[0]:
        yield "Frame rate", f"{_rate(Fraction(*exact))}{counted}"
    elif facts.get("fps"):
        yield "Frame rate", f"{facts['fps']:g} a second{counted}"
    if (colour := (measured or {}).get("colour")) is not None:
        yield "Colour", _colour(colour)


def _rate(fps: Fraction) -> str:
    """`24 a second`, `23.976 a second (24000/1001)`."""
    if fps.denominator == 1:
        return f"{fps.numerator} a second"
    return f"{float(fps):.3f} a second ({fps.numerator}/{fps.denominator})"


def _colour(tagged: list[str]) -> str:
    *spaces, extent = tagged
    named = list(dict.fromkeys(_COLOURS.get(name, name) for name in spaces if name))
    said = [" / ".join(named) or "not tagged", _RANGES.get(extent, "")]
    return ", ".join(part for part in said if part)


def _sound(
    facts: Mapping[str, Any], measured: Mapping[str, Any] | None
) -> Iterator[tuple[str, str]]:
    if measured is None:
        yield "Sound", NOT_YET
    elif problem := measured.get("problem"):
        yield "Sound", str(problem)
    elif sound := measured.get("sound"):
        layout = sound["layout"] or f"{sound['channels']} channels"
        codec = _CODECS.get(sound["codec"], sound["codec"])
        yield "Sound", f"{codec}, {layout}, {sound['sample_rate'] / 1000:g} kHz"
        yield "Loudness", _loudness(sound)
    else:
        yield "Sound", "None"


def _loudness(sound: Mapping[str, Any]) -> str:
    if sound["is_silent"]:
        return "Silent"
    if sound["integrated_lufs"] is None:
        return str(sound["problem"])
    said = f"{_signed(sound['integrated_lufs'])} LUFS integrated"
    peak = sound["true_peak_dbtp"]
    return said if peak is None else f"{said}, true peak {_signed(peak)} dBTP"


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "\N{MINUS SIGN}")
