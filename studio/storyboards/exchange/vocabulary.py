"""Names of camera moves and transitions, as other tools and people write them."""

import re
from collections.abc import Collection

from studio.storyboards.models import Transition

_MOVES = {
    "push-in": "dolly-in",
    "dolly": "dolly-in",
    "pull-out": "dolly-out",
    "pull-back": "dolly-out",
    "hand-held": "handheld",
    "still": "static",
    "locked-off": "static",
    "fixed": "static",
    "tracking": "follow",
    "track": "follow",
    "crane": "crane-up",
    "zoom": "zoom-in",
    "arc": "orbit",
}
# Looked for in this order: a “match cut” is a cut, and “fade to white” is no fade to black.
_TRANSITIONS = (
    (r"white", Transition.DIP_TO_WHITE),
    (r"cross|dissolve|überblend|uberblend|fondu enchaîné|fundido encadenado", Transition.CROSSFADE),
    (r"wipe|wisch|volet|cortinilla", Transition.WIPE),
    (r"fade|black|abblend|fondu|fundido", Transition.DIP_TO_BLACK),
    (r"cut|schnitt|corte|coupe|straight|none", Transition.CUT),
)


def motion_named(text: str, motions: Collection[str]) -> str | None:
    """The camera move that is meant, "" for none said, None for one that is unknown here."""
    said = text.strip()
    if said in motions or not said:
        return said
    slug = re.sub(r"[\W_]+", "-", said.casefold()).strip("-")
    return next((name for name in (slug, _MOVES.get(slug)) if name in motions), None)


def transition_named(text: str) -> str | None:
    """One of our transitions, None where none is meant."""
    said = text.strip().casefold()
    if said in Transition.values:
        return said
    return next((kind for pattern, kind in _TRANSITIONS if re.search(pattern, said)), None)
