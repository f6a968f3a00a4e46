"""What a drawing tells while it goes on, and how it learns that it is not wanted any more."""

from studio.lib import signs
from studio.lib.signs import Stopped
from studio.storyboards.animatics import due
from studio.storyboards.models import Animatic

__all__ = ["SignsOfLife", "Stopped"]


class SignsOfLife(signs.SignsOfLife):
    """Of one attempt to draw an animatic."""

    def __init__(self, animatic: Animatic) -> None:
        self._animatic = animatic
        status, attempts = Animatic.Status.DRAWING, animatic.attempts
        super().__init__(Animatic.objects.filter(pk=animatic.pk, status=status, attempts=attempts))

    def begin_again(self, says: str) -> None:
        """This attempt came to nothing, another may not; `says` why, if there is none left. Raises
        `Stopped` as `end` does."""
        if not due.begin_again(self._animatic, self.rows, says):
            raise Stopped
