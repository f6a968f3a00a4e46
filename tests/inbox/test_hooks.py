"""Webhooks themselves: what may be added, sealed again under a new key, removed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts import rotation
from studio.inbox.chat import hooks, sending
from studio.inbox.chat.checking import UnusableHook
from studio.inbox.models import ChatHook, ChatMessage, Kind
from studio.inbox.outbox import announce
from tests.inbox.chat import ALL, hook_at
from tests.transend.rude import RudeServer, answering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = True


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with RudeServer(answering(200, b"ok")) as server:
        yield server


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "Paste"),
        ("hooks.slack.com/services/x", "not an https link"),
        ("https://127.0.0.1/x", "not on the public internet"),
        ("https://169.254.169.254/latest", "not on the public internet"),
        ("https://[::ffff:10.0.0.1]/x", "not on the public internet"),
        ("https://2130706433/x", "not on the public internet"),
        ("http://hooks.slack.com/x", "not https"),
        ("https://me:secret@hooks.slack.com/x", "user name"),
        ("https://x.example/" + "y" * 1000, "too long"),
    ],
)
def test_what_may_not_be_called_is_refused_when_it_is_typed(
    workspace, admin, settings, address, says
):
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = False
    with pytest.raises(UnusableHook, match=says) as refusal:
        hooks.add_hook(workspace, "#films", address, ALL, admin.user)
    assert refusal.value.field == "address"
    assert not ChatHook.objects.exists()


def test_a_workspace_has_so_many_and_no_more(server, workspace, admin):
    for _ in range(hooks.MOST):
        hook_at(server, workspace, admin.user)
    with pytest.raises(UnusableHook, match="at most"):
        hook_at(server, workspace, admin.user)


def test_a_new_master_key_opens_the_addresses_too(server, workspace, admin, monkeypatch):
    monkeypatch.setattr(rotation, "SETTLE_S", 0.0)
    hook = hook_at(server, workspace, admin.user)
    before = hooks.address_of(hook)
    assert rotation.rotate().others_sealed_again == 1
    hook.refresh_from_db()
    assert hooks.address_of(hook) == before


def test_a_removed_hook_keeps_no_secret_and_its_row_goes_in_the_end(
    server, workspace, admin, monkeypatch
):
    hook = hook_at(server, workspace, admin.user)
    announce(workspace, Kind.APPROVED, "Approved.", key="1")
    pk = ChatMessage.objects.get().pk
    hooks.remove_hook(hook, admin.user)
    assert not ChatMessage.objects.exists()
    assert not sending.post_due(pk)
    assert not ChatHook.objects.exists()
    (row,) = ChatHook._base_manager.filter(workspace=workspace)
    assert (row.name, row.shows, row.ciphertext) == ("", "", "")
    monkeypatch.setattr(rotation, "SETTLE_S", 0.0)
    assert rotation.rotate().others_sealed_again == 0
    assert not hooks.pause_hook(hook, "Late.", admin.user)
    assert not hooks.resume_hook(hook, admin.user)
    with pytest.raises(UnusableHook, match="removed this webhook"):
        hooks.change_hook(hook, "#new", ALL, admin.user)
    assert hooks.forget_removed() == 0
    ChatHook._base_manager.update(removed_at=timezone.now() - timedelta(days=2))
    assert hooks.forget_removed() == 1
    assert not ChatHook._base_manager.exists()
