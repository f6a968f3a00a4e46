"""The page of two takes and the version stack: who sees them, what they say, what they cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.renders.lifecycle import Status
from studio.reviews.comparing import comparisons
from studio.reviews.models import Comparison, Decision, PreviewFilm
from studio.storyboards.models import Project
from tests.reviews.comparing.conftest import ANOTHER_SCENE, four_shots

pytestmark = pytest.mark.django_db

GETS = ["compare", "compare-stage", "compare-findings"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def takes(add_take):
    """Three that are ready; from the second to the third the lighthouse was edited."""
    edited = four_shots(second=ANOTHER_SCENE)
    return [add_take(is_drawn=False), add_take(is_drawn=False), add_take(edited, is_drawn=False)]


def address(name, project, former=None, later=None, **more):
    query = {"former": former, "later": later, **more}
    pairs = [f"{key}={getattr(one, 'pk', one)}" for key, one in query.items() if one is not None]
    return f"{reverse(f'reviews:{name}', args=[project.pk])}?{'&'.join(pairs)}"


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def sides(response):
    found = response.context["compared"]
    return (found.former.take.number, found.later.take.number)


@pytest.mark.parametrize("name", GETS)
def test_every_member_may_look_and_nobody_else(name, project, takes, viewer, stranger, client):
    url = address(name, project)
    assert viewer.get(url).status_code == 200
    assert stranger.get(url).status_code == 404
    assert client.get(url).status_code == 302
    assert viewer.post(url).status_code == 405


def test_every_member_may_have_it_tried_again_and_nobody_else(
    project, takes, viewer, stranger, client
):
    url = address("compare-again", project, takes[0], takes[1])
    answer = viewer.post(url)
    assert answer.status_code == 302
    assert answer.url == address("compare", project, takes[0], takes[1])
    assert stranger.post(url).status_code == 404
    assert client.post(url).url.startswith("/accounts/login/")
    assert viewer.get(url).status_code == 405


@pytest.mark.parametrize("name", [*GETS, "compare-again"])
@pytest.mark.parametrize("side", ["former", "later"])
def test_takes_of_elsewhere_are_not_found(
    name, side, project, takes, producer, add_take, workspace, other_workspace
):
    here = Project.objects.create(workspace=workspace, title="Other")
    elsewhere = Project.objects.create(workspace=other_workspace, title="Far")
    keys = [add_take(of=here, is_drawn=False).pk, add_take(of=elsewhere, is_drawn=False).pk]
    for key in (*keys, 0, -1, "abc", "٣", "9" * 30):
        url = address(name, project, **{side: key})
        answer = producer.post(url) if name == "compare-again" else producer.get(url)
        assert answer.status_code == 404, key
    assert not Comparison.objects.exists()


def test_by_itself_it_shows_the_newest_two_that_can_be_watched(project, takes, add_take, producer):
    add_take(status=Status.RUNNING)
    gone = add_take(is_drawn=False)
    gone.files_deleted_at = timezone.now()
    gone.save()
    assert sides(producer.get(address("compare", project))) == (2, 3)
    assert sides(producer.get(address("compare", project, later=takes[1]))) == (1, 2)
    assert sides(producer.get(address("compare", project, former=takes[2]))) == (3, 2)
    assert sides(producer.get(address("compare", project, takes[2], takes[0]))) == (3, 1)


def test_a_proof_stands_beside_the_proof_before_it(project, takes, add_take, producer):
    for _ in range(2):
        add_take(proof=("scene-1", "scene-2"), is_drawn=False)
    assert sides(producer.get(address("compare", project))) == (4, 5)
    assert sides(producer.get(address("compare", project, later=takes[2]))) == (2, 3)


def test_where_there_are_no_two_it_says_what_to_do(project, producer, add_take):
    assert "There is nothing to compare yet" in text(producer.get(address("compare", project)))
    add_take(is_drawn=False)
    assert "comparing needs two" in text(producer.get(address("compare", project)))
    for name in GETS[1:]:
        assert producer.get(address(name, project)).status_code == 204


def test_a_take_beside_itself_is_told_to_be_changed(project, takes, producer):
    answer = producer.get(address("compare", project, takes[0], takes[0]))
    assert "Both sides are take 1. Choose another" in text(answer)
    assert not Comparison.objects.exists()


def test_a_take_without_preview_says_why(project, takes, add_take, producer):
    running = add_take(status=Status.RUNNING)
    answer = text(producer.get(address("compare", project, takes[0], running)))
    assert "Take 4 has no preview. Choose one that is ready." in answer
    assert "Only the plans can be compared" in answer
    takes[0].files_deleted_at = timezone.now()
    takes[0].save()
    assert "The files of this take were deleted" in text(
        producer.get(address("compare", project, takes[0], takes[1]))
    )
    assert not Comparison.objects.exists()


def test_what_was_edited_stands_there_in_words(project, takes, producer):
    answer = text(producer.get(address("compare", project, takes[1], takes[2])))
    assert re.search(r"Shot 2.*Edited.*prompt.*lighthouse.*market.*Shot 3.*Not edited", answer)


def test_the_findings_come_by_themselves(project, add_take, producer, measured):
    former, later = add_take(), add_take(shown={3: ANOTHER_SCENE})
    page = producer.get(address("compare", project))
    assert "The shots are being compared." in text(page)
    pulse = address("compare-findings", project, former, later)
    since = page.context["compared"].state
    assert producer.get(f"{pulse}&since={since}").status_code == 204
    measured(Comparison.objects.get())
    found = producer.get(f"{pulse}&since={since}")
    assert "Shot 3 changed though nobody edited it." in text(found)
    assert "data-pulse" not in found.content.decode()
    assert "<html" not in found.content.decode()
    figure = next(row for row in found.context["compared"].shots.rows if row.surprise)
    assert f'<meter min="0" max="1000" value="{figure.thousandths}"' in found.content.decode()


def test_what_failed_says_why_and_is_tried_again(project, takes, producer, measured):
    """These previews are no GIFs."""
    failed = measured(comparisons.order(takes[0], takes[1]))
    url = address("compare", project, takes[0], takes[1])
    answer = text(producer.get(url))
    assert "The pictures could not be compared." in answer
    assert failed.says in answer
    again = address("compare-again", project, takes[0], takes[1])
    answer = producer.post(again, headers=HTMX)
    assert "The shots are being compared." in text(answer)
    failed.refresh_from_db()
    assert failed.status == Comparison.Status.WAITING
    assert producer.post(again).status_code == 302  # what waits is not begun anew
    failed.refresh_from_db()
    assert failed.status == Comparison.Status.WAITING


def test_a_film_that_could_not_be_drawn_is_drawn_again(project, takes, producer):
    url = address("compare", project, takes[0], takes[1])
    assert "Its film is being drawn" in text(producer.get(url))
    PreviewFilm.objects.filter(take=takes[1]).update(status="failed", says="The disk is full.")
    page = producer.get(url)
    assert "Its film could not be drawn. The disk is full." in text(page)
    assert page.content.decode().count("Draw it again") == 1
    producer.post(address("compare-again", project, takes[0], takes[1]))
    assert PreviewFilm.objects.get(take=takes[1]).status == PreviewFilm.Status.WAITING


def count_queries(client, url):
    client.get(url)  # orders films and comparisons, once
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_page_takes_as_many_queries_for_twelve_takes(project, takes, add_take, producer):
    few = count_queries(producer, address("compare", project, takes[0], takes[1]))
    for _ in range(9):
        add_take(is_drawn=False)
    assert count_queries(producer, address("compare", project, takes[0], takes[1])) == few


def take_page(take):
    return reverse("reviews:take", args=[take.pk])


def stack(response):
    found = re.search(r'<ol class="version-stack">(.*?)</ol>', response.content.decode(), re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", li)) for li in found[1].split("<li ")[1:]]


def test_the_stack_takes_as_many_queries_for_twelve_takes(takes, add_take, producer):
    few = count_queries(producer, take_page(takes[0]))
    for _ in range(9):
        comparisons.order(takes[0], add_take(is_drawn=False))
    Comparison.objects.update(status=Comparison.Status.READY)
    assert count_queries(producer, take_page(takes[0])) == few
    assert len(stack(producer.get(take_page(takes[0])))) == 12


def test_the_stack_says_what_changed_from_take_to_take(takes, producer, project):
    third, second, first = stack(producer.get(take_page(takes[1])))
    assert "Take 3" in third
    assert "Since take 2: Shot 2: prompt." in third
    assert "this one" in second
    assert "Since take 1: Nothing was edited." in second
    assert "The first film." in first
    assert "Creative" in first
    page = producer.get(take_page(takes[1])).content.decode()
    assert address("compare", project, takes[1], takes[2]).replace("&", "&amp;") in page
    assert page.count("data-compare-link") == 2
    assert page.count('aria-current="true"') == 1


def test_the_stack_says_what_became_of_each(takes, add_take, producer, measured):
    add_take(status=Status.FAILED)
    takes[0].files_deleted_at = timezone.now()
    takes[0].save()
    Decision.objects.create(
        take=takes[1],
        verdict=Decision.Verdict.CHANGES_REQUESTED,
        note="Too dark.",
        counts=True,
        decided_by=producer.user,
        payload_sha256="",
        preview_sha256="",
        video_sha256="",
    )
    failed, _, sent_back, deleted = stack(producer.get(take_page(takes[2])))
    assert "Failed" in failed
    assert "Compare" not in failed
    assert "Changes requested" in sent_back
    assert "Files deleted" in deleted


def test_the_stack_counts_surprises(add_take, producer, measured):
    former, later = add_take(), add_take(shown={1: ANOTHER_SCENE})
    assert "surprise" not in stack(producer.get(take_page(later)))[0]
    measured(comparisons.order(former, later))
    assert "1 surprise" in stack(producer.get(take_page(later)))[0]


def test_a_long_stack_ends_with_the_way_to_all(takes, add_take, producer):
    for _ in range(23):
        add_take(is_drawn=False)
    page = producer.get(take_page(takes[0]))
    assert len(stack(page)) == 24
    assert "All takes of this project" in text(page)
