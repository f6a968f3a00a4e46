"""What the board shows of a project's animatics: the one asked for last, and the film to play."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import OuterRef, Q, Subquery

from studio.storyboards.animatics.options import GIF, MP4, options_of
from studio.storyboards.animatics.orders import IN_WORK
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.animatics.rendering import Drawing
from studio.storyboards.boards import shots_of
from studio.storyboards.models import Animatic, Project, Shot

MOST = 12


class Cut(TypedDict):
    """Where a shot of the film begins, and how long it lasts. `pk` is the shot's on the board."""

    start_ms: int
    duration_ms: int
    pk: int
    number: int


@dataclass(frozen=True)
class Standing:
    """`newest`: asked for last, whatever became of it; `video` and `gif`: of each the ready one
    that was asked for last."""

    project: Project
    newest: Animatic | None
    video: Animatic | None
    gif: Animatic | None

    @property
    def film(self) -> Animatic | None:
        """What the board plays. A GIF alone can be neither stopped nor wound."""
        return self.video or self.gif

    @property
    def state(self) -> str:
        """All that the panel shows, in a word: while it is the same, so is the panel."""
        shown = filter(None, (self.newest, self.video, self.gif))
        return f"{state_of(shown)}-{self.project.revision}"

    @property
    def is_waiting(self) -> bool:
        return self.newest is not None and self.newest.status == Animatic.Status.WAITING

    @property
    def is_in_work(self) -> bool:
        return self.newest is not None and self.newest.status in IN_WORK


def standing_of(project: Project) -> Standing:
    """In one query."""
    every = Animatic.objects.filter(project=OuterRef("project")).order_by("-asked_at", "-pk")
    ready = every.filter(status=Animatic.Status.READY)
    of_each = (every, ready.filter(media_type=MP4), ready.filter(media_type=GIF))
    any_of_them = Q()
    for rows in of_each:
        any_of_them |= Q(pk=Subquery(rows.values("pk")[:1]))
    shown = project.animatics.filter(any_of_them).select_related("asset", "requested_by")
    found = list(shown.order_by("-asked_at", "-pk"))

    def last(media_type: str) -> Animatic | None:
        wanted = (Animatic.Status.READY, media_type)
        return next((row for row in found if (row.status, row.media_type) == wanted), None)

    return Standing(project, found[0] if found else None, last(MP4), last(GIF))


def listed(project: Project) -> list[Animatic]:
    """What is there to download, or will be: ready and in work, asked for last first."""
    rows = project.animatics.filter(status__in=(*IN_WORK, Animatic.Status.READY))
    return list(rows.select_related("asset", "requested_by").order_by("-asked_at", "-pk")[:MOST])


def state_of(animatics: Iterable[Animatic]) -> str:
    """What they have come to, in a word."""
    return "-".join(f"{one.pk}{one.status}{one.progress // 10}" for one in animatics) or "none"


def place_of(animatic: Animatic) -> int:
    """How many are drawn until it is, itself included: 1 is next."""
    before = Animatic.objects.filter(status__in=IN_WORK, queue_entry__lt=animatic.queue_entry)
    return before.count() + 1


def is_current(animatic: Animatic, project: Project, shots: Sequence[Shot] | None = None) -> bool:
    """Whether the board, drawn now in the same way, would look the same. `shots`: the board's, if
    they have been read already."""
    if animatic.revision == project.revision:
        return True
    try:
        drawing = Drawing.of(project, options_of(animatic), shots or shots_of(project))
        return drawing.sha256 == animatic.drawing_sha256
    except NoAnimatic:
        return False


def current_video(project: Project, shots: Sequence[Shot]) -> Animatic | None:
    """The MP4 that shows the board, with its `shots`, as it is now, if there is one."""
    video = standing_of(project).video
    return video if video and is_current(video, project, shots) else None


def cuts_of(animatic: Animatic) -> list[Cut]:
    """The shots of the revision that was drawn, in order, in one query."""
    revisions = animatic.project.revisions.filter(number=animatic.revision)
    snapshot = revisions.values_list("snapshot", flat=True).first()
    cuts: list[Cut] = []
    start_ms = 0
    for number, shot in enumerate(snapshot["shots"] if snapshot else [], start=1):
        duration_ms = shot["duration_ms"]
        cuts.append(
            {
                "start_ms": start_ms,
                "duration_ms": duration_ms,
                "pk": shot["pk"],
                "number": number,
            }
        )
        start_ms += duration_ms
    return cuts
