"""Takes by the hundred, steps by the hundred, and what is read out of them."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from studio.renders.models import Take
from studio.renders.views import takes

HTMX = {"headers": {"HX-Request": "true"}}
# A role=status element must be there before its text is: so the fragment only brings the text.
LISTENS = '<p class="visually-hidden" id="take-news" role="status"></p>'
SPEAKS = re.compile(r'<p hx-swap-oob="innerHTML:#take-news">(.*?)</p>')


def page(project, query=""):
    return reverse("renders:panel", args=[project.pk]) + query


def status(take, since=""):
    return reverse("renders:status", args=[take.pk]) + f"?since={since}"


def numbers_in(response):
    return [int(number) for number in re.findall(r">Take (\d+)<", response.content.decode())]


@pytest.fixture
def project_of_many(take):
    Take.objects.bulk_create(
        Take(
            workspace=take.workspace,
            project=take.project,
            revision=take.revision,
            number=number,
            payload="{}",
            payload_sha256="0" * 64,
            duration_ms=30_000,
        )
        for number in range(2, 116)
    )
    return take.project


def test_every_take_can_be_reached(creative, project_of_many):
    seen, query = [], ""
    while True:
        response = creative.get(page(project_of_many, query))
        seen += numbers_in(response)
        following = re.search(r'href="[^"]*(\?page=\d+)" rel="next"', response.content.decode())
        if not following:
            break
        query = following[1]
    assert seen == list(range(115, 0, -1))


def test_a_page_keeps_to_itself_when_it_pulses(creative, project_of_many):
    second = creative.get(page(project_of_many, "?page=2")).content.decode()
    pulse = re.search(r'hx-get="([^"]+/takes/\?since=[^"]+)"', second)[1].replace("&amp;", "&")
    Take.objects.filter(number=1).update(changes=99)
    fresh = creative.get(pulse, **HTMX)
    assert numbers_in(fresh)[0] == 65
    assert len(numbers_in(fresh)) == takes.TAKES_ON_PAGE


@pytest.mark.parametrize("odd", ["?page=0", "?page=999", "?page=x", "?page="])
def test_an_odd_page_is_one_of_those_there_are(creative, project_of_many, odd):
    assert creative.get(page(project_of_many, odd)).status_code == 200


def test_few_takes_have_no_pages(creative, take):
    assert "Pages of takes" not in creative.get(page(take.project)).content.decode()


def test_the_newest_steps_are_shown_with_day_and_zone(creative, take):
    take.events.bulk_create(
        take.events.model(
            take=take,
            number=number,
            to_status="queued",
            says=f"Step {number}.",
            at=datetime(2026, 11, 22, 13, 10, number % 60, tzinfo=UTC),
        )
        for number in range(2, 81)
    )
    shown = creative.get(status(take)).content.decode()
    assert re.findall(r"Step (\d+)\.", shown) == [str(number) for number in range(31, 81)]
    assert "Earlier steps are not shown here." in shown
    assert "22 Nov 2026, 13:10:20 UTC" in shown


def test_what_happened_many_times_says_so_once(creative, take):
    last = datetime(2026, 11, 22, 13, 10, 5, tzinfo=UTC)
    take.events.update(times=57, last_at=last)
    shown = re.sub(r"<[^>]+>", "", creative.get(status(take)).content.decode())
    assert "57 times in a row, the last 22 Nov 2026, 13:10:05 UTC." in shown


def test_a_change_of_status_is_read_out_by_an_element_that_stays(creative, take, house):
    for whole in (status(take), reverse("reviews:take", args=[take.pk])):
        assert creative.get(whole).content.decode().count(LISTENS) == 1
    before = take.pulse
    house.work()
    moved = creative.get(status(take, before), **HTMX).content.decode()
    assert SPEAKS.findall(moved) == [
        "Take 1: Submitted. Transend has taken it on; it waits there for its turn."
    ]
    assert 'role="status"' not in moved


def test_neither_each_per_cent_nor_the_first_look_is_read_out(creative, take):
    Take.objects.update(status="running", progress=10, changes=5)
    take.refresh_from_db()
    before = take.pulse
    Take.objects.update(progress=11, changes=6)
    for since in (before, ""):
        assert not SPEAKS.search(creative.get(status(take, since), **HTMX).content.decode())


def test_what_one_does_oneself_is_read_out_too(creative, take):
    cancelled = creative.post(reverse("renders:cancel", args=[take.pk]), **HTMX)
    assert SPEAKS.findall(cancelled.content.decode())[0].startswith("Take 1: Cancelled.")
