"""Edits of all durations at once."""

import copy
from collections.abc import Sequence

from studio.accounts.models import User
from studio.storyboards.boards import Board, latest_revision, shots_of
from studio.storyboards.edits import locks
from studio.storyboards.edits.revising import EditRefused, require_current
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.fitting import CannotFit, fit
from studio.storyboards.models import Project, Shot
from studio.storyboards.tapping import BadTaps, tapped
from studio.storyboards.timing import in_words


def fit_to(project: Project, base: int, author: User, total_ms: int) -> Board:
    """Fit the film to exactly `total_ms`: see `fitting.fit`. Raises `StaleEdit`, `EditRefused`."""
    require_current(project, base)
    shots = shots_of(project)
    try:
        lengths = fit([s.duration_ms for s in shots], [s.is_locked for s in shots], total_ms)
    except CannotFit as impossible:
        raise EditRefused(str(impossible)) from None
    return _retimed(project, author, shots, lengths, f"Fitted the film to {in_words(total_ms)}")


def time_by_taps(project: Project, base: int, author: User, taps_ms: Sequence[int]) -> Board:
    """Give the shots the durations tapped: see `tapping.tapped`.

    Raises `StaleEdit` and `EditRefused`.
    """
    require_current(project, base)
    shots = shots_of(project)
    try:
        found = tapped([s.duration_ms for s in shots], [s.is_locked for s in shots], taps_ms)
    except BadTaps as bad:
        raise EditRefused(str(bad)) from None
    return _retimed(project, author, shots, found.durations_ms, "Timed the shots by tapping")


def _retimed(
    project: Project, author: User, shots: list[Shot], durations_ms: Sequence[int], summary: str
) -> Board:
    after = [copy.copy(shot) for shot in shots]
    for shot, duration_ms in zip(after, durations_ms, strict=True):
        shot.duration_ms = duration_ms
    if [shot.duration_ms for shot in shots] == list(durations_ms):
        return Board(project, shots, latest_revision(project))
    locks.require_kept(shots, after)
    return rewrite(project, project.revision, author, summary, shots, after)
