"""What the stage of a take's page shows: the film with its shots, or how far it is."""

from dataclasses import dataclass

from studio.reviews.models import PreviewFilm
from studio.reviews.playing.films import film_for
from studio.reviews.reviewing import Reviewer
from studio.vault.models import Asset

Status = PreviewFilm.Status
_IN_WORK = (Status.WAITING, Status.WORKING)


@dataclass(frozen=True, slots=True)
class Player:
    """A film as it stands. `is_personal`: it has its viewer's name in it, and until it is ready
    that viewer sees no other picture."""

    row: PreviewFilm
    is_personal: bool

    @property
    def is_playable(self) -> bool:
        return self.row.status == Status.READY

    @property
    def is_in_work(self) -> bool:
        return self.row.status in _IN_WORK

    @property
    def percent(self) -> int:
        return self.row.progress // 10

    @property
    def state(self) -> str:
        """All that the stage shows, in a word: while it is the same, so is the stage."""
        return f"{self.row.pk}-{self.row.status}-{self.percent}"

    @property
    def film(self) -> Asset:
        """Of a playable one; its facts have the size, the length and the frames."""
        if self.row.film is None:
            raise ValueError("This film is not ready.")
        return self.row.film

    @property
    def runs(self) -> str:
        """The film's frames as runs of one length in ms: `100*600`, or `70*2 60*1 …`."""
        return " ".join(f"{ms}*{count}" for ms, count in self.film.facts["runs"])


def player_of(reviewer: Reviewer) -> Player | None:
    """The player of this person; None where the take has no preview. Two queries."""
    row = film_for(reviewer)
    return Player(row, is_personal=row.guest_id is not None) if row else None
