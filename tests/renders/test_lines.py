"""What a line's takes say, and that trouble with one of them, or with a key, stays where it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.models import ApiKey, Workspace
from studio.renders.models import Take
from studio.renders.payloads import Damaged
from studio.renders.sending import lines, posting, turns
from studio.renders.sending.claiming import DAMAGED, body_for
from studio.renders.submission import order_take
from studio.renders.support.bundle import payload_as_sent
from tests.builders import take_without_files
from tests.renders.conftest import posts


def damage(take, payload):
    Take.objects.filter(pk=take.pk).update(payload=payload)
    take.refresh_from_db()


OTHER_FILM = '{"prompt":"Another film","duration_seconds":60,"camera":{"motion":"orbit"}}'


@pytest.mark.parametrize(
    "payload", ["", "[1]", "3", '"x"', "{", '{"webhook_metadata": 3}', OTHER_FILM]
)
def test_a_damaged_take_waits_by_itself_and_the_others_go_on(
    project, creative, api_key, vendor, payload
):
    broken, sound = (order_take(project, creative.user) for _ in range(2))
    damage(broken, payload)
    posting.send_next()
    posting.send_next()
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.status, broken.waits_for, broken.attempts) == ("queued", DAMAGED, 0)
    assert broken.send_after > timezone.now()
    assert sound.status == "submitted"
    assert [post.body["webhook_metadata"]["shotboard_take"] for post in posts(vendor)] == [sound.pk]


def test_a_damaged_take_that_was_repaired_is_sent(project, creative, api_key, vendor):
    take = order_take(project, creative.user)
    whole = take.payload
    damage(take, "{")
    with pytest.raises(Damaged):
        body_for(take)
    assert payload_as_sent(take) == "{"
    posting.send_next()
    damage(take, whole)
    Take.objects.update(send_after=timezone.now() - timedelta(seconds=1))
    posting.send_next()
    take.refresh_from_db()
    assert (take.status, take.waits_for) == ("submitted", "")


def test_a_key_that_cannot_be_opened_is_told_once_and_wakes_nobody(
    project, creative, api_key, vendor, house
):
    take = order_take(project, creative.user)
    ApiKey.objects.update(ciphertext="v1:lost:token")
    turns.sweep()
    house.work()
    take.refresh_from_db()
    assert take.waits_for == "an API key that can be opened"
    seen = take.changes
    for _ in range(3):
        turns.sweep()
        assert house.work() == []
        posting.send_next()
    take.refresh_from_db()
    assert take.changes == seen
    assert posts(vendor) == []


def test_a_line_that_backs_off_is_not_looked_over(project, creative, api_key, vendor):
    order_take(project, creative.user)
    Take.objects.update(send_after=timezone.now() + timedelta(minutes=1))
    assert lines.survey() == []


def test_lines_that_say_so_already_cost_a_sweep_no_query_each(db, vendor):
    """Without keys nothing is sent, and all of them wait for one."""

    def looks(count):
        for _ in range(count):
            number = Workspace.objects.count()
            workspace = Workspace.objects.create(name="B", slug=f"b-{number}")
            take_without_files(workspace, "queued")
        turns.sweep()  # they say so from here on
        with CaptureQueriesContext(connection) as made:
            turns.sweep()
        return sum("waits_for" in query["sql"] for query in made)

    assert looks(2) == looks(2) == 1
