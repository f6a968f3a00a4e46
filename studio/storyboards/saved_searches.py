"""Saved views: searches that a person has given a name."""

from django.db import IntegrityError, transaction

from studio.accounts.models import User
from studio.storyboards import finding, rules
from studio.storyboards.finding import KINDS, SORTS, Search
from studio.storyboards.models import SavedView

MAX_NAME = 60
MAX_VIEWS = 40
MAX_QUERY = 500


class BadView(ValueError):
    """It cannot be saved so; the message says what to do."""


def save(user: User, name: str, search: Search) -> SavedView:
    """Keep a search under a name of the person's own. Raises `BadView`."""
    name = _checked(name)
    if user.saved_views.count() >= MAX_VIEWS:
        raise BadView(f"You have {MAX_VIEWS} saved views. Delete one first.")
    view = SavedView(user=user, name=name, query=search.address)
    if len(view.query) > MAX_QUERY:
        raise BadView("This search is too long to be kept. Search for fewer words.")
    _write(view)
    return view


def rename(view: SavedView, name: str) -> None:
    """Give a saved view another name. Raises `BadView`."""
    view.name = _checked(name)
    _write(view)


def in_words(search: Search) -> str:
    """What a search lists: `Projects · “rain” · Too long · mine · by title`."""
    said = [KINDS[search.kind]]
    if search.q:
        said.append(f"“{search.q}”")
    if search.workspace:
        said.append(f"workspace {search.workspace}")
    if search.status:
        said.append(finding.statuses()[search.status])
    if search.mine:
        said.append("started by me")
    said.append(SORTS[search.sort][0].lower())
    return " · ".join(said)


def _checked(name: str) -> str:
    try:
        checked = " ".join(rules.checked_text(name, MAX_NAME, "A name").split())
    except rules.BadField as bad:
        raise BadView(str(bad)) from bad
    if not checked:
        raise BadView("A saved view needs a name. Type one.")
    return checked


def _write(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise BadView(
            f"You have a view named “{view.name}” already. Choose another name, or delete it first."
        ) from taken
