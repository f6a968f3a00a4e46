"""A review that has grown: its page asks the database as often as a small one's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.reviews.models import Channel, Note
from tests.reviews.conftest import body_of


def queries_of(client, take) -> int:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/takes/{take.pk}/")
        assert response.status_code == 200
        assert body_of(response)
    return len(asked)


def write_notes(take, author, count: int) -> None:
    """Half of them replies, every third resolved, one in five for the client."""
    for number in range(count):
        channel = Channel.CLIENT if number % 5 == 0 else Channel.INTERNAL
        root = Note.objects.create(
            workspace=take.workspace,
            take=take,
            channel=channel,
            text=f"Note {number}",
            from_ms=number * 100,
            to_ms=number * 100 + 900 if number % 4 == 0 else None,
            scene_id="scene-1",
            author=author,
            resolved_by=author if number % 3 == 0 else None,
            resolved_at=take.created_at if number % 3 == 0 else None,
            drawing=[{"kind": "box", "colour": "red", "points": [[0.1, 0.1], [0.5, 0.5]]}],
        )
        Note.objects.create(
            workspace=take.workspace,
            take=take,
            parent=root,
            channel=channel,
            text="Yes.",
            author=author,
        )


@pytest.mark.parametrize("role", ["producer", "viewer"])
def test_300_notes_and_12_takes_cost_no_query_more(make_take, producer, request, role):
    client = request.getfixturevalue(role)
    take = make_take()
    make_take(project=take.project)
    write_notes(take, producer.user, 4)
    queries_of(client, take)  # what is read once per process
    few = queries_of(client, take)
    for _ in range(10):
        make_take(project=take.project)
    write_notes(take, producer.user, 146)
    assert Note.objects.filter(take=take).count() == 300
    assert take.project.takes.count() == 12
    assert queries_of(client, take) == few
