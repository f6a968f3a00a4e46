"""What would be drawn otherwise by now: the shots that have changed since an animatic was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.pictures.plan import ShotPlan
from studio.storyboards.animatics.plans import NoAnimatic, as_of, planned
from studio.storyboards.frames import know_references
from studio.storyboards.models import Animatic, Project, Shot

MOST_NAMED = 6


@dataclass(frozen=True)
class Outdated:
    """`changed`: numbers, as they are now, of shots that are new or look otherwise; `gone`: how
    many shots of the animatic the board has no longer."""

    changed: tuple[int, ...] = ()
    gone: int = 0

    @property
    def says(self) -> str:
        """Such as `Shots 2 and 5 look different now. One shot is gone.`; empty where only the
        order, the title or the sound is another."""
        return " ".join(filter(None, [self._changed_says, self._gone_says]))

    @property
    def _changed_says(self) -> str:
        if not self.changed:
            return ""
        if len(self.changed) == 1:
            return f"Shot {self.changed[0]} looks different now."
        if len(self.changed) > MOST_NAMED:
            return f"{len(self.changed)} shots look different now."
        *most, last = map(str, self.changed)
        return f"Shots {', '.join(most)} and {last} look different now."

    @property
    def _gone_says(self) -> str:
        if not self.gone:
            return ""
        return "One shot is gone." if self.gone == 1 else f"{self.gone} shots are gone."


def outdated(film: Animatic, project: Project, shots: Sequence[Shot]) -> Outdated:
    """How the board, with its `shots` as they stand now, differs from what `film` shows."""
    try:
        before, now = _plans(*as_of(project, film.revision)), _plans(project, shots)
    except NoAnimatic:  # a picture that either shows is missing
        return Outdated()
    changed = [n for n, shot in enumerate(shots, 1) if now[shot.pk] != before.get(shot.pk)]
    return Outdated(tuple(changed), gone=len(before.keys() - now.keys()))


def _plans(project: Project, shots: Sequence[Shot]) -> dict[int, ShotPlan]:
    """What each shot shows, by its pk, wherever it stands."""
    know_references(shots)
    return {shot.pk: planned(project, 0, shot) for shot in shots}
