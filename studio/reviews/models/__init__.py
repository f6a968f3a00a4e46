"""What reviewers decide, write, draw and share, and what is drawn for them."""

from studio.reviews.models.decisions import (
    AppendOnly,
    Decision,
    Release,
    ReviewPolicy,
    Sealed,
)
from studio.reviews.models.drawn import Comparison, PreviewFilm, Work
from studio.reviews.models.notes import (
    Channel,
    Note,
    NoteEdit,
    NoteMention,
    ShotVerdict,
)
from studio.reviews.models.retention import RetentionPolicy
from studio.reviews.models.sharing import Brand, Guest, LinkView, ShareLink

__all__ = [
    "AppendOnly",
    "Brand",
    "Channel",
    "Comparison",
    "Decision",
    "Guest",
    "LinkView",
    "Note",
    "NoteEdit",
    "NoteMention",
    "PreviewFilm",
    "Release",
    "RetentionPolicy",
    "ReviewPolicy",
    "Sealed",
    "ShareLink",
    "ShotVerdict",
    "Work",
]
