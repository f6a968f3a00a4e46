"""The page of chat webhooks: for admins alone, its addresses never shown."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import AuditEntry
from studio.inbox.chat import hooks
from studio.inbox.models import ChatHook, ChatMessage, Kind
from tests.inbox.chat import SECRET, heard_by, hook_at
from tests.transend.rude import RudeServer, answering

pytestmark = pytest.mark.django_db

PAGE = "/w/kitchen/hooks/"


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = True


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with RudeServer(answering(200, b"ok")) as server:
        yield server


@pytest.fixture
def hook(server, workspace, admin) -> ChatHook:
    return hook_at(server, workspace, admin.user)


def test_an_admin_adds_one_and_sees_it_masked(admin, server):
    address = f"{server.url}/services/{SECRET}"
    answer = admin.post(PAGE, {"name": "#films", "address": address, "kinds": ["approved"]})
    assert answer.status_code == 302
    hook = ChatHook.objects.get()
    assert (hook.name, hook.kinds, hooks.address_of(hook)) == ("#films", ["approved"], address)
    text = admin.get(PAGE).content.decode()
    assert "…WxYz" in text
    assert "SEKRET" not in text
    assert AuditEntry.objects.get().action == "hook.added"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "x" * 81}, "at most 80"),
        ({"kinds": []}, "Choose at least one kind"),
        ({"kinds": ["hook_paused"]}, "Select a valid choice"),
        ({"address": ""}, "Paste the webhook"),
        ({"address": "https://10.0.0.1/T0SEKRET"}, "not on the public internet"),
        ({"name": "https://127.0.0.1/T0SEKRET", "address": "nonsense"}, "not an https link"),
    ],
)
def test_what_is_wrong_is_said_and_the_address_not_repeated(admin, given, says):
    form = {"name": "#films", "address": "http://127.0.0.1:9/T0SEKRET", "kinds": ["approved"]}
    answer = admin.post(PAGE, form | given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert "SEKRET" not in text
    assert not ChatHook.objects.exists()


def test_the_test_button_says_what_the_chat_said(admin, hook, server):
    answer = admin.post(f"{PAGE}{hook.uid}/test/", follow=True)
    assert "#films: The chat took it (status 200)." in answer.content.decode()
    assert len(heard_by(server)) == 1
    assert "is told of everything" not in answer.content.decode()
    hooks.pause_hook(hook, "Enough.", admin.user)
    answer = admin.post(f"{PAGE}{hook.uid}/test/", follow=True)
    assert "(status 200). It is told of everything from now on." in answer.content.decode()
    for _ in range(10):
        answer = admin.post(f"{PAGE}{hook.uid}/test/", follow=True)
    assert "Wait a minute" in answer.content.decode()


def test_what_worked_and_what_failed_are_told_apart(admin, hook):
    def lists(answer) -> list[str]:
        return answer.content.decode().split('id="toasts"')[1].split('role="alert"')

    said, failed = lists(admin.post(f"{PAGE}{hook.uid}/test/", follow=True))
    assert '<div class="toast done"><span>#films: The chat took it' in said
    assert 'class="toast ' not in failed
    for _ in range(11):
        answer = admin.post(f"{PAGE}{hook.uid}/test/", follow=True)
    said, failed = lists(answer)
    assert 'class="toast ' not in said
    assert '<div class="toast failed"><span>' in failed


def test_it_is_changed_paused_resumed_and_removed(admin, hook):
    one = f"{PAGE}{hook.uid}/"
    assert admin.post(one, {"name": "#new", "kinds": ["released"]}).status_code == 302
    assert admin.post(one, {"name": "", "kinds": []}).status_code == 422
    hook.refresh_from_db()
    assert (hook.name, hook.kinds) == ("#new", ["released"])
    admin.post(f"{one}pause/", {"pause": "yes"})
    text = admin.get(PAGE).content.decode()
    assert "Nothing is posted here." in text
    admin.post(f"{one}pause/", {"pause": "no"})
    assert "Nothing is posted here." not in admin.get(PAGE).content.decode()
    assert "Remove #new?" in admin.get(f"{one}remove/").content.decode()
    admin.post(f"{one}remove/")
    assert not ChatHook.objects.exists()


ADDRESSES = ["", "{uid}/", "{uid}/test/", "{uid}/pause/", "{uid}/remove/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_admins_alone(stranger, producer, creative, viewer, hook, server, address):
    address = PAGE + address.format(uid=hook.uid)
    for actor, status in ((stranger, 404), (producer, 403), (creative, 403), (viewer, 403)):
        assert actor.post(address, {"pause": "yes"}).status_code == status
    assert Client().post(address).status_code == 302
    hook.refresh_from_db()
    assert not hook.is_paused
    assert server.times_called() == 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_hooks_of_another_workspace_are_not_here(stranger, hook, address):
    address = "/w/elsewhere/hooks/" + (address or "{uid}/").format(uid=hook.uid)
    assert stranger.post(address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_wrong_methods(admin, hook, address):
    assert admin.put(PAGE + address.format(uid=hook.uid)).status_code == 405
    if "test" in address or "pause" in address:
        assert admin.get(PAGE + address.format(uid=hook.uid)).status_code == 405


def test_more_hooks_and_messages_cost_no_more_queries(
    admin, server, workspace, hook, django_assert_num_queries
):
    def log(count: int) -> None:
        for number in range(count):
            ChatMessage.objects.create(
                workspace=workspace, hook=hook, kind=Kind.APPROVED, key=f"{count}-{number}"
            )

    log(2)
    with CaptureQueriesContext(connection) as few:
        admin.get(PAGE)
    hook_at(server, workspace, admin.user)
    log(4)
    with django_assert_num_queries(len(few)):
        admin.get(PAGE)
