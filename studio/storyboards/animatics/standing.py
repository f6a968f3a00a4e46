"""What the board shows of a project's animatics: the one asked for last, and the film to play."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import OuterRef, Q, Subquery

from studio.storyboards.animatics.options import options_of
from studio.storyboards.animatics.orders import IN_WORK
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.animatics.rendering import Drawing
from studio.storyboards.boards import shots_of
from studio.storyboards.models import Animatic, Project, Shot


class Cut(TypedDict):
    """Where a shot of the film begins, and how long it lasts. `pk` is the shot's on the board."""

    start_ms: int
    duration_ms: int
    pk: int
    number: int


@dataclass(frozen=True)
class Standing:
    """`newest`: asked for last, whatever became of it; `film`: the ready one asked for last."""

    project: Project
    newest: Animatic | None
    film: Animatic | None

    @property
    def state(self) -> str:
        """All that the panel shows, in a word: while it is the same, so is the panel."""
        newest, film = self.newest, self.film
        shown = [newest.pk, newest.status, newest.progress // 10] if newest else ["none"]
        return "-".join(map(str, [*shown, film.pk if film else 0, self.project.revision]))

    @property
    def is_in_work(self) -> bool:
        return self.newest is not None and self.newest.status in IN_WORK


def standing_of(project: Project) -> Standing:
    """In one query."""
    every = Animatic.objects.filter(project=OuterRef("project")).order_by("-asked_at", "-pk")
    ready = every.filter(status=Animatic.Status.READY)
    either = Q(pk=Subquery(every.values("pk")[:1])) | Q(pk=Subquery(ready.values("pk")[:1]))
    rows = project.animatics.filter(either).select_related("asset", "requested_by")
    found = list(rows.order_by("-asked_at", "-pk"))
    film = next((row for row in found if row.status == Animatic.Status.READY), None)
    return Standing(project, found[0] if found else None, film)


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
