"""Several shots selected at once, and in which of its two views the board shows them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2s

from django.http import HttpRequest, HttpResponse, QueryDict

from studio.lib.requests import htmx_of, page_query
from studio.storyboards.cards import Card, Inputs
from studio.storyboards.models import Transition
from studio.storyboards.retiming import How
from studio.storyboards.timing import in_words
from studio.storyboards.typed import Typed, read_shots

GRID, TABLE = "grid", "table"
VIEWS = (GRID, TABLE)
COOKIE = "board-view"
HEADER = "Board-View"
HOWS = (
    (How.SET.value, "Set each to (s)"),
    (How.SCALE.value, "Scale to (%)"),
    (How.ADD.value, "Add to each (s)"),
    (How.SUBTRACT.value, "Take off each (s)"),
)
A_YEAR_S = 365 * 24 * 3600
# What stands in a list of choices while the selected shots differ; choosing it changes nothing.
MIXED = "mixed"
# What many shots can be given at once, by input name.
FIELDS = (
    "motion",
    "speed",
    "light_temperature",
    "light_intensity",
    "light_style",
    "transition",
    "transition_length",
    "subject_x",
    "subject_y",
)
_SUBJECT = ("subject_x", "subject_y")


@dataclass(frozen=True)
class Many:
    """Two or more selected shots, as the inspector shows them together."""

    cards: Sequence[Card]
    typed: Typed | None = None
    hows = HOWS
    transitions = Transition.choices

    @property
    def count(self) -> int:
        return len(self.cards)

    @property
    def pks(self) -> str:
        """For the forms: `3,5,8`."""
        return ",".join(str(card.shot.pk) for card in self.cards)

    @property
    def field_id(self) -> str:
        """The prefix of its fields' ids: what is typed for some shots never moves to others."""
        return f"many-{blake2s(self.pks.encode(), digest_size=4).hexdigest()}"

    @property
    def total(self) -> str:
        return in_words(sum(card.shot.duration_ms for card in self.cards))

    @property
    def film(self) -> str:
        """How long the whole film lasts."""
        return in_words(self.cards[0].budget.total_ms)

    @property
    def locked(self) -> int:
        """How many of them are locked."""
        return sum(card.shot.is_locked for card in self.cards)

    @cached_property
    def inputs(self) -> Inputs:
        """What they share, empty where they differ; or what was typed and refused."""
        first = self.cards[0].inputs.values
        shared = {name: "" if name in self.mixed else first[name] for name in FIELDS}
        if self.typed is None:
            return Inputs(shared)
        return Inputs(shared | self.typed.raw, self.typed.errors)

    @cached_property
    def mixed(self) -> dict[str, str]:
        """The inputs in which they differ, each with the word for it. The subject's two places
        differ together: one alone says nothing."""
        found = {
            name for name in FIELDS if len({card.inputs.values[name] for card in self.cards}) > 1
        }
        if found.intersection(_SUBJECT):
            found.update(_SUBJECT)
        return dict.fromkeys(found, MIXED)


def many_of(cards: Sequence[Card], pks: Sequence[int], typed: Typed | None = None) -> Many | None:
    """Those of `cards` whose shot is one of `pks`, if there are two at least."""
    chosen = [card for card in cards if card.shot.pk in set(pks)]
    return Many(chosen, typed) if len(chosen) > 1 else None


def without_mixed(post: Mapping[str, str], mixed: Container[str]) -> dict[str, str]:
    """The inputs of `post` that were filled in: of those in which the shots differ, neither
    `mixed` nor an empty field says anything. `inherit` names a group of fields to empty."""
    sent = {
        name: post[name]
        for name in FIELDS
        if name in post and not (name in mixed and post[name].strip() in ("", MIXED))
    }
    if post.get("inherit") == "light":
        sent |= {"light_temperature": "", "light_intensity": "", "light_style": ""}
    if post.get("inherit") == "camera":
        sent |= {"motion": "", "speed": ""}
    if post.get("inherit") == "subject":
        sent |= dict.fromkeys(_SUBJECT, "")
    if "locked" in post:
        sent["locked"] = post["locked"]
    return sent


def shots_on_page(request: HttpRequest) -> list[int]:
    """The pks of `?shots=`: of this page, or of the one that is posted from."""
    return read_shots(_query(request))


def view_of(request: HttpRequest) -> str:
    """`grid` or `table`: what the page says that it shows, else its address, else what this
    browser chose last."""
    wanted = (
        request.headers.get(HEADER),
        _query(request).get("view"),
        request.COOKIES.get(COOKIE),
    )
    return next((view for view in wanted if view in VIEWS), GRID)


def remember_view(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the view that the address asks for, for this browser's next visits."""
    if request.GET.get("view") in VIEWS:
        response.set_cookie(
            COOKIE,
            request.GET["view"],
            max_age=A_YEAR_S,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _query(request: HttpRequest) -> QueryDict:
    if request.method != "POST":
        return request.GET
    return page_query(request) if htmx_of(request) else request.POST
