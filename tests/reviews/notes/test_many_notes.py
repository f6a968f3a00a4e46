"""300 notes and 12 takes cost as many queries as a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.reviews.models import Guest, Note, NoteMention
from studio.reviews.notes import exporting, panel

pytestmark = pytest.mark.any_database


@pytest.fixture
def fill(take, creative, producer, guest):
    """`fill(30)`: that many notes, of all kinds, by members and guests."""

    def many(count: int) -> None:
        guests = [
            Guest.objects.create(
                link=guest.link, name=f"Guest {n}", key_sha256=f"{Note.objects.count()}-{n}"
            )
            for n in range(3)
        ]
        for number in range(count):
            parent = Note.objects.filter(parent=None).last() if number % 3 else None
            by_guest = number % 5 == 4
            channel = parent.channel if parent else ("client" if number % 2 else "internal")
            by_guest = by_guest and channel == "client"
            note = Note.objects.create(
                workspace=take.workspace,
                take=take,
                parent=parent,
                channel=channel,
                text=f"Note {number} for @Producer",
                from_ms=None if parent else number * 100,
                drawing=[{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]] * 20}],
                drawn="1 pen stroke",
                author=None if by_guest else creative.user,
                guest=guests[number % 3] if by_guest else None,
            )
            NoteMention.objects.create(note=note, user=producer.user)

    return many


def queries_of(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    return len(found)


def test_300_notes_cost_as_many_queries_as_10(fill, creative, guest, member, take, make_take):
    notes = reverse("reviews:notes", args=[take.pk])
    acts = {
        "the take": lambda: creative.get(reverse("reviews:take", args=[take.pk])),
        "the list": lambda: creative.get(f"{notes}?show=all", headers={"HX-Request": "true"}),
        "the pulse": lambda: creative.get(f"{notes}?since=0"),
        "a guest's panel": lambda: panel.panel_of(guest),
        "the export": lambda: exporting.csv_text(exporting.rows(take, member.channels)),
    }
    fill(10)
    creative.get(reverse("reviews:take", args=[take.pk]))  # what is ordered once is ordered now
    few = {name: queries_of(act) for name, act in acts.items()}
    fill(290)
    for _ in range(11):
        make_take(project=take.project)
    assert {name: queries_of(act) for name, act in acts.items()} == few
    assert few["the list"] < 15


def test_a_long_list_is_bounded_and_says_so(fill, creative, take, monkeypatch):
    fill(30)
    monkeypatch.setattr(panel, "MOST_THREADS", 4)
    page = creative.get(reverse("reviews:notes", args=[take.pk])).content.decode()
    assert page.count('class="thread ') == 4
    assert "the first 4 threads" in page
