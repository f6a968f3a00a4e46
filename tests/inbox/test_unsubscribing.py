"""Ending e-mails by a link: without signing in, after asking, and no more than was meant."""

import logging
import re

import pytest
from django.test import Client

from studio.inbox import mail, unsubscribing
from studio.inbox.models import Kind, MailHabits, Notice, Preferences, Way
from studio.inbox.outbox import announce
from studio.lib.log_filters import redacted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings):
    settings.STUDIO_PUBLIC_URL = "https://films.example"


def address(user, scope: str) -> str:
    return unsubscribing.link(user, scope).removeprefix("https://films.example")


def test_every_e_mail_carries_the_headers_of_one_click(admin, tell, mailoutbox):
    tell(admin.user)
    mail.send_due(admin.user.pk)
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://films\.example(/\S+)>", headers["List-Unsubscribe"])[1]
    assert link in mailoutbox[0].body
    answer = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    tell(admin.user)
    assert not mail.send_due(admin.user.pk)
    tell(admin.user, kind=Kind.BUDGET_REACHED)
    assert mail.send_due(admin.user.pk)


def test_one_click_is_not_offered_where_the_link_is_not_https(admin, tell, mailoutbox, settings):
    settings.STUDIO_PUBLIC_URL = "http://films.example:8000"
    tell(admin.user)
    mail.send_due(admin.user.pk)
    headers = mailoutbox[0].extra_headers
    assert "List-Unsubscribe-Post" not in headers
    place = r"<http://films\.example:8000(/inbox/unsubscribe/\S+)>"
    link = re.fullmatch(place, headers["List-Unsubscribe"])[1]
    assert Client().get(link).status_code == 200


def test_a_studio_without_an_address_offers_nothing(admin, tell, mailoutbox, settings):
    settings.STUDIO_PUBLIC_URL = ""
    tell(admin.user)
    mail.send_due(admin.user.pk)
    assert not [name for name in mailoutbox[0].extra_headers if name.startswith("List-")]


def test_opening_the_link_ends_nothing_and_asks(admin):
    link = address(admin.user, Kind.KEY_PAUSED)
    for method in ("get", "head"):
        assert getattr(Client(), method)(link).status_code == 200
    text = Client().get(link).content.decode()
    assert "No e-mails about “API key paused”?" in text
    assert "End these e-mails</button>" in text
    assert not Preferences.objects.exists()


def test_a_kind_ends_in_every_scope_and_what_waits_with_it(admin, workspace, tell, mailoutbox):
    Preferences.objects.create(
        user=admin.user, workspace=workspace, ways={Kind.KEY_PAUSED: Way.AT_ONCE}
    )
    tell(admin.user)
    Client().post(address(admin.user, Kind.KEY_PAUSED))
    Client().post(address(admin.user, Kind.KEY_PAUSED))
    assert not mail.send_due(admin.user.pk)
    tell(admin.user)
    assert not mail.send_due(admin.user.pk)
    assert Notice.objects.filter(read_at=None).count() == 2


@pytest.mark.parametrize(
    ("scope", "mailed"),
    [("daily", [True, False]), ("all", [False, False])],
)
def test_the_daily_one_or_all_of_them(admin, workspace, scope, mailed):
    Client().post(address(admin.user, scope))
    for kind in (Kind.APPROVED, Kind.RELEASED):
        announce(workspace, kind, "X.", key=kind, users=[admin.user])
    waiting = Notice.objects.order_by("pk").values_list("mail_due_at", flat=True)
    assert [at is not None for at in waiting] == mailed


def test_a_new_password_does_not_break_the_link(admin):
    link = address(admin.user, "all")
    admin.user.set_password("another-long-password")
    admin.user.save()
    assert Client().post(link).status_code == 200
    assert MailHabits.objects.get().is_stopped


@pytest.mark.parametrize("spoil", ["x{}", "{}x", "{:.20}", "nonsense", "a:b", "W10:x"])
def test_a_token_that_is_not_ours_is_nothing(admin, spoil):
    token = spoil.format(unsubscribing.token(admin.user, "all"))
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/inbox/unsubscribe/{token}/").status_code == 404
    assert not MailHabits.objects.exists()


def test_a_token_of_somebody_who_is_gone_or_of_no_scope_is_nothing(admin):
    odd = unsubscribing.link(admin.user, "everything-there-is")
    assert Client().get(odd.removeprefix("https://films.example")).status_code == 404
    link = address(admin.user, "all")
    admin.user.delete()
    assert Client().post(link).status_code == 404


def test_it_is_throttled_and_takes_no_other_method(admin):
    link = address(admin.user, "all")
    assert Client().put(link).status_code == 405
    answers = [Client().get(link).status_code for _ in range(31)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_the_token_is_in_no_log(admin, caplog):
    token = unsubscribing.token(admin.user, "all")
    assert token not in redacted(f"/inbox/unsubscribe/{token}/")
    with caplog.at_level(logging.DEBUG):
        Client().get(f"/inbox/unsubscribe/{token}x/")
    for record in caplog.records:
        assert token not in redacted(record.getMessage())
