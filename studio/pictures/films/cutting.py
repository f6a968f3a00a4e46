"""A film on its grid of frames, cut into the segments that are drawn one by one.

A transition lies around its cut, half before and half after, and leaves the film's length alone.
Its frames stand at even steps between the two pictures; the step in the very middle is the first
frame after the cut. No half reaches beyond the middle of either shot, so that a shot's two
transitions never meet. The last shot's transition lies before the film's end, in its second half at
most, and the film's last frame is black or white.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor

from studio.pictures.plan import TRANSITIONS, FilmPlan, ShotPlan

_BOTH_SEEN = ("crossfade", "wipe")
_LONGEST_S = 8


@dataclass(frozen=True)
class Take:
    """A shot on the film's grid: frames `first` up to `last`, without it. In transitions `lead`
    frames before them and `tail` frames after them show it, too; its camera moves through all."""

    shot: ShotPlan
    begun_ms: int
    first: int
    last: int
    lead: int = 0
    tail: int = 0

    @property
    def count(self) -> int:
        return self.last - self.first

    def at_ms(self, frame: int) -> float:
        """When a frame of its own begins; that of `last` is the shot's exact end."""
        return self.begun_ms + self.shot.duration_ms * (frame - self.first) / self.count

    def t(self, frame: int) -> float:
        """How far through all that is seen of it a frame lies, 0 to 1."""
        return (frame - self.first + self.lead) / max(1, self.count + self.lead + self.tail - 1)

    @property
    def seen(self) -> ShotPlan:
        """The shot, as long as it is seen."""
        frames = self.count + self.lead + self.tail
        return replace(self.shot, duration_ms=round(self.shot.duration_ms * frames / self.count))


@dataclass(frozen=True)
class Segment:
    """Frames `begin` up to `end`, without it. One take, or a transition of `kind` in so many
    `steps`, its first one at `begin`: it goes over into `into`, or to the film's end."""

    begin: int
    end: int
    take: Take
    into: Take | None = None
    kind: str = "cut"
    steps: int = 1

    @property
    def count(self) -> int:
        return self.end - self.begin

    @property
    def takes(self) -> tuple[Take, ...]:
        return (self.take,) if self.into is None else (self.take, self.into)

    def progress(self, frame: int) -> float:
        """How far the transition is, 0 to 1."""
        return (frame - self.begin + 1) / self.steps

    def told(self, frame: int) -> Take:
        """The take that a frame belongs to: its time and its caption."""
        return self.take if self.into is None or frame < self.into.first else self.into

    def span_ms(self, frame: int) -> tuple[float, float]:
        """When a frame begins and ends, in the film's time."""
        take = self.told(frame)
        return take.at_ms(frame), take.at_ms(frame + 1)

    def ends_cs(self) -> list[int]:
        """When each frame ends, in hundredths of a second from the segment's beginning; what
        rounding leaves over is carried on, so that the film's length is exact."""
        begun_cs = round(self.span_ms(self.begin)[0] / 10)
        frames = range(self.begin, self.end)
        return [round(self.span_ms(frame)[1] / 10) - begun_cs for frame in frames]


def frame_count(duration_ms: int, fps: int) -> int:
    """How many frames a film of this length has."""
    return round(duration_ms * fps / 1000)


def segments_of(plan: FilmPlan, fps: int) -> tuple[Segment, ...]:
    """The film in segments, in order and without gaps. Raises ValueError for an unknown kind of
    transition."""
    takes, halves, ending = _with_transitions(_placed(plan, fps), fps)
    segments: list[Segment] = []
    for number, take in enumerate(takes[:-1]):
        half = halves[number + 1]
        segments += _body(take, take.first + halves[number], take.last - max(0, half - 1), fps)
        segments += _going_over(take, takes[number + 1], half)
    last = takes[-1]
    segments += _body(last, last.first + halves[len(takes) - 1], last.last - ending, fps)
    segments += _ending(last, ending)
    return tuple(segments)


def _placed(plan: FilmPlan, fps: int) -> list[Take]:
    """Each cut on the frame nearest to it; a shot always has at least one frame."""
    takes: list[Take] = []
    begun_ms = first = 0
    for shot in plan.shots:
        if shot.transition.kind not in TRANSITIONS:
            raise ValueError(f"There is no transition called “{shot.transition.kind}”.")
        ended_ms = begun_ms + shot.duration_ms
        last = max(first + 1, frame_count(ended_ms, fps))
        takes.append(Take(shot, begun_ms, first, last))
        begun_ms, first = ended_ms, last
    return takes


def _with_transitions(takes: list[Take], fps: int) -> tuple[list[Take], list[int], int]:
    """The takes with what transitions show of them, half the frames of the transition before each
    take (and after the last), and all the frames of the one that ends the film."""
    halves = [0]
    for before, after in pairwise(takes):
        halves.append(min(_frames(before, fps, share=0.5), before.count // 2, after.count // 2))
    halves.append(0)
    longer = []
    for number, take in enumerate(takes):
        came = number > 0 and takes[number - 1].shot.transition.kind in _BOTH_SEEN
        goes = take.shot.transition.kind in _BOTH_SEEN
        lead = max(0, halves[number] - 1) if came else 0
        longer.append(replace(take, lead=lead, tail=halves[number + 1] if goes else 0))
    return longer, halves, min(_frames(takes[-1], fps), takes[-1].count // 2)


def _frames(take: Take, fps: int, *, share: float = 1.0) -> int:
    """The frames of a share of the take's transition, as its length asks for them."""
    transition = take.shot.transition
    length_ms = 0 if transition.kind == "cut" else max(0, transition.length_ms)
    return floor(length_ms * share * fps / 1000 + 0.5)


def _going_over(take: Take, into: Take, half: int) -> list[Segment]:
    if not half:
        return []
    cut, kind = take.last, take.shot.transition.kind
    return [Segment(cut - half + 1, cut + half, take, into, kind, 2 * half)]


def _ending(take: Take, count: int) -> list[Segment]:
    if not count:
        return []
    kind = take.shot.transition.kind
    return [Segment(take.last - count, take.last, take, None, kind, count)]


def _body(take: Take, begin: int, end: int, fps: int) -> list[Segment]:
    """In parts of a few seconds: two processes then share even a film of one shot."""
    parts = ceil((end - begin) / (_LONGEST_S * fps))
    marks = [begin + (end - begin) * part // parts for part in range(parts + 1)] if parts else []
    return [Segment(one, other, take) for one, other in pairwise(marks)]
