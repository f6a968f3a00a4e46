"""Links and the people who came by them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from studio.renders.models import Take
from studio.reviews.models import ShareLink
from studio.reviews.sharing.links import NewLink, Terms, create


class GuestClient(Client):
    """A browser that came by a link."""

    link: ShareLink
    base: str


@pytest.fixture
def share(take, producer) -> Callable[..., NewLink]:
    """`share(rights="comment")`: a link to the take, or to the one given."""

    def make(of: Take | None = None, **terms: Any) -> NewLink:
        return create(of or take, producer.user, Terms(**terms))

    return make


@pytest.fixture
def visit() -> Callable[..., GuestClient]:
    """A browser that opened the address, and went in by the door unless `name` is None."""

    def go(new: NewLink, name: str | None = "Jane Client", passphrase: str = "") -> GuestClient:
        client = GuestClient()
        client.link = new.link
        client.base = f"/shared/{new.link.uid}/"
        assert client.get(path_of(new)).headers["Location"] == client.base
        if name is not None:
            typed = {"name": name, "passphrase": passphrase}
            entered = client.post(f"{client.base}enter", typed)
            assert entered.status_code == 302, entered.content
        return client

    return go


def path_of(new: NewLink) -> str:
    return urlsplit(new.address).path
