"""However many come at the same moment, a link lets in as many as it says."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from studio.reviews.models import Guest
from tests.reviews.sharing.conftest import path_of


def at_once(deeds):
    """Run them in threads of their own; their status codes, sorted."""

    def run(deed):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


@pytest.mark.django_db(transaction=True)
def test_racing_visitors_never_exceed_the_cap(share):
    new = share(view_cap=3)
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.get(path_of(new))
    address = f"/shared/{new.link.uid}/enter"

    def come(number):
        return lambda: clients[number].post(address, {"name": f"Guest {number}"}).status_code

    assert at_once([come(number) for number in range(8)]) == [302] * 3 + [410] * 5
    new.link.refresh_from_db()
    assert (new.link.views, Guest.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_person(share):
    new = share(view_cap=1)
    client = Client()
    door = client.get(path_of(new), follow=True).content.decode()
    typed = {"name": "Jane", "key": re.search(r'name="key" value="([\w-]{43})"', door)[1]}
    twins = [Client(), Client()]
    for twin in twins:
        twin.cookies = client.cookies.copy()

    def press(twin):
        return lambda: twin.post(f"/shared/{new.link.uid}/enter", typed).status_code

    assert at_once([press(twin) for twin in twins]) == [302, 302]
    new.link.refresh_from_db()
    assert (new.link.views, Guest.objects.count()) == (1, 1)
    # Whichever answer the browser kept, it is in.
    for twin in twins:
        assert "Your name" not in twin.get(f"/shared/{new.link.uid}/").content.decode()
