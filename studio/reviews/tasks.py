"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.reviews import work
from studio.reviews.comparing import comparisons
from studio.reviews.library import measuring
from studio.reviews.models import Comparison, PreviewFilm
from studio.reviews.playing import films
from studio.reviews.retention import sweeping


def sweep_retention(workspace_id: int) -> None:
    """Announce and delete what a workspace's retention policy says."""
    sweeping.sweep(workspace_id)


def measure_film(film_id: int) -> None:
    """Fill in the technical facts of a film that has none yet."""
    measuring.measure(film_id)


def compare_takes(comparison_id: int) -> None:
    """Measure how much the shots of two takes look different."""
    work.perform(Comparison, comparison_id, comparisons.compare)


def draw_film(film_id: int) -> None:
    """Make the film of a take's preview that the review room plays."""
    work.perform(PreviewFilm, film_id, films.draw)
