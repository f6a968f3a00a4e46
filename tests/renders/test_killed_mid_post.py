"""The worker dies between the paid POST and its answer; the vendor's own webhook brings it back."""

import pytest
from django.db import connections
from django_q.models import OrmQ

from studio.renders.models import Take
from studio.renders.sending import posting
from studio.renders.submission import order_take
from studio.transend.client import TransendClient
from tests.renders.conftest import LONG_AGO, House, posts, statuses_of
from tests.renders.loops import Watcher, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cut_off(project, creative, api_key, vendor, live_server, settings, monkeypatch):
    """A take whose render was created, though the worker that asked for it never heard."""
    settings.TRANSEND_WEBHOOK_BASE = live_server.url
    take = order_take(project, creative.user)
    really = TransendClient.create_generation

    def killed(self, body):
        really(self, body)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(TransendClient, "create_generation", killed)
        with pytest.raises(SystemExit):
            posting.send_next()
    OrmQ.objects.all().delete()
    take.refresh_from_db()
    assert (take.status, take.vendor_task_id) == ("submitting", "")
    yield take
    connections.close_all()


def named_by_the_vendor(take, vendor):
    """Wait until the vendor's webhook has said which task it is; the task."""
    task_id = posts(vendor)[0].response["task_id"]
    until(lambda: Take.objects.filter(pk=take.pk, candidate_task_id=task_id).exists())
    return task_id


def followed_to_its_end(take):
    house = House()

    def is_ready():
        house.work()
        take.refresh_from_db()
        return take.status == "ready"

    with Watcher():
        until(is_ready, within_s=90)


def test_a_webhook_before_the_watcher_gives_up(cut_off, vendor):
    task_id = named_by_the_vendor(cut_off, vendor)
    Take.objects.update(next_poll_at=LONG_AGO)  # nobody has written an outcome for 75 s
    followed_to_its_end(cut_off)
    assert cut_off.vendor_task_id == task_id
    assert len(posts(vendor)) == 1
    assert statuses_of(cut_off)[:4] == ["queued", "submitting", "uncertain", "submitted"]


def test_a_webhook_after_the_watcher_has_given_up(cut_off, vendor, client):
    task_id = named_by_the_vendor(cut_off, vendor)
    until(lambda: cut_off.deliveries.count() >= 2)
    # As if the vendor's first calls had got lost: the take is uncertain, and nobody asks about it.
    Take.objects.update(candidate_task_id="", next_poll_at=LONG_AGO)
    house = House()
    for _ in range(2):
        house.turn()
    cut_off.refresh_from_db()
    assert (cut_off.status, cut_off.candidate_task_id) == ("uncertain", "")
    url = posts(vendor)[0].body["webhook_url"]
    path = "/" + url.split("/", 3)[3]
    called = client.post(path, {"task_id": task_id}, content_type="application/json")
    assert called.status_code == 204
    followed_to_its_end(cut_off)
    assert cut_off.vendor_task_id == task_id
    assert len(posts(vendor)) == 1
