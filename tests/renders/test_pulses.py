"""What each open page asks for every second costs next to nothing while nothing has changed."""

import re

import pytest
from django.db.models import F

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.storyboards.models import Project
from tests.builders import take_without_files

HTMX = {"hx-request": "true"}


@pytest.fixture
def takes(workspace) -> list[Take]:
    project = Project.objects.create(workspace=workspace, title="Neon Tokyo")
    return [take_without_files(workspace, Status.RUNNING, project) for _ in range(3)]


@pytest.fixture(params=["a project's takes", "one take"])
def address(request, takes) -> str:
    if request.param == "one take":
        return f"/takes/{takes[0].pk}/status/"
    return f"/projects/{takes[0].project_id}/takes/"


def pulse_of(client, address: str) -> str:
    page = client.get(f"{address}?since=0-0", headers=HTMX).content.decode()
    found = re.search(r'data-pulse hx-get="([^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_while_nothing_changes_it_is_three_queries_and_not_a_template(
    viewer, creative, producer, address, takes, django_assert_num_queries
):
    pulse = pulse_of(viewer, address)
    for more in range(2):
        with django_assert_num_queries(3):  # the session, the person, access and pulse in one
            answer = viewer.get(pulse, headers=HTMX)
        assert answer.status_code == 204
        assert answer.content == b""
        assert answer.templates == []
        assert "Set-Cookie" not in str(answer.serialize_headers())
        assert len(answer.serialize_headers()) < 700
        if not more:
            for _ in range(3):
                take_without_files(takes[0].workspace, Status.RUNNING, takes[0].project)
            pulse = pulse_of(viewer, address)


def test_every_change_is_seen_and_brings_the_next_pulse(viewer, address, takes):
    for field in ("changes", "last_event"):
        pulse = pulse_of(viewer, address)
        Take.objects.filter(pk=takes[0].pk).update(**{field: F(field) + 1})
        assert viewer.get(pulse, headers=HTMX).status_code == 200
        assert pulse_of(viewer, address) != pulse
        assert viewer.get(pulse_of(viewer, address), headers=HTMX).status_code == 204


def test_a_pulse_tells_strangers_nothing(viewer, stranger, client, address):
    pulse = pulse_of(viewer, address)
    assert stranger.get(pulse, headers=HTMX).status_code == 404
    assert client.get(pulse, headers=HTMX).status_code == 401
