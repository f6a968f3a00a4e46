"""Every pause of a key is told to the admins, once, wherever it came from."""

import pytest
from django_q.models import OrmQ

from studio.accounts.keys import pause_key, resume_key, revoke_key
from studio.accounts.models import ApiKey
from studio.inbox.models import Kind, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(workspace) -> ApiKey:
    return ApiKey.objects.create(workspace=workspace, label="Main", last_four="7Q4d")


def test_the_admins_are_told_in_the_app_and_by_email(key, admin, producer, stranger):
    assert pause_key(key, "Transend refuses it.")
    notice = Notice.objects.get()
    assert notice.user == admin.user
    assert notice.url == "/w/kitchen/keys/"
    assert notice.says.startswith("The API key Main (…7Q4d) is paused")
    assert notice.says.endswith("Transend refuses it.")
    assert notice.mail_due_at is not None
    assert OrmQ.objects.filter(key="long").count() == 1


def test_a_second_refusal_of_the_same_pause_is_no_news(key, admin):
    pause_key(key, "Refused.")
    assert not pause_key(key, "Refused.")
    assert Notice.objects.count() == 1


def test_they_are_told_when_it_works_again_in_the_app_alone(key, admin):
    pause_key(key, "Refused.")
    assert resume_key(key, admin.user)
    assert not resume_key(key, admin.user)
    told = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert told == [Kind.KEY_PAUSED, Kind.KEY_RESUMED]
    assert OrmQ.objects.count() == 1


def test_the_next_pause_is_another_event(key, admin):
    for _ in range(2):
        pause_key(key, "Refused.")
        resume_key(key, admin.user)
    assert Notice.objects.filter(kind=Kind.KEY_PAUSED).count() == 2
    assert Notice.objects.filter(kind=Kind.KEY_RESUMED).count() == 2


def test_a_revoked_key_is_not_paused_and_nobody_told(key, admin):
    revoke_key(key, admin.user)
    assert not pause_key(key, "Refused.")
    assert not Notice.objects.exists()


def test_the_keys_page_tells_as_well(key, admin, settings, monkeypatch):
    """A test that the vendor refuses pauses the key: the same hook, with nobody's help."""
    from studio.accounts import keys
    from studio.transend.client import KeyTest, KeyVerdict

    keys._remember(key, KeyTest(KeyVerdict.REFUSED, "Refused.", ""), admin.user)
    assert Notice.objects.get().kind == Kind.KEY_PAUSED
