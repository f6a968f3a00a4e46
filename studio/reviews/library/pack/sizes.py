"""How large a review pack becomes, told before it is made."""

from collections.abc import Mapping

from studio.reviews.seals import Part
from studio.vault.models import Asset

MOST_STILLS = 60
_EMBEDDED = (Part.PREVIEW_GIF, Part.POSTER, Part.FILMSTRIP)
_WORDS_BYTES, _STILL_BYTES = 40_000, 30_000


def pack_bytes(parts: Mapping[str, Asset], moments: int) -> int:
    """About as many, for a take of which `moments` notes have a time. Base64 makes 4 of 3."""
    pictures = sum(parts[part].size_bytes for part in _EMBEDDED if part in parts)
    stills = min(moments, MOST_STILLS) * _STILL_BYTES if Part.PREVIEW_GIF in parts else 0
    return _WORDS_BYTES + (pictures + stills) * 4 // 3
