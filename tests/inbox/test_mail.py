"""E-mails: everything due in one message, again when it failed, and to members alone."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts.models import Membership, Workspace
from studio.inbox import mail, tasks
from studio.inbox.models import Kind, Notice
from studio.inbox.outbox import announce
from studio.storyboards.models import Project

pytestmark = pytest.mark.django_db


class DeafServer(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed: sekret")


@pytest.fixture
def deaf(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"


def hours_pass(hours: float) -> None:
    due = timezone.now() - timedelta(hours=hours)
    Notice.objects.filter(mail_due_at__isnull=False).update(mail_due_at=due)


def test_it_is_plain_and_html_with_a_link_to_the_place(admin, tell, mailoutbox, settings):
    settings.STUDIO_PUBLIC_URL = "https://films.example"
    tell(admin.user, "The key “<Main>” is paused.", url="/w/kitchen/keys/")
    tasks.send_mail(admin.user.pk)
    message = mailoutbox[0]
    assert message.to == [admin.user.email]
    assert message.subject == "API key paused · Kitchen Films"
    assert "- The key “<Main>” is paused.\n  https://films.example/w/kitchen/keys/" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "“&lt;Main&gt;”" in html
    assert 'href="https://films.example/w/kitchen/keys/"' in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_studio_without_an_address_links_nowhere(admin, tell, mailoutbox, settings):
    settings.STUDIO_PUBLIC_URL = ""
    tell(admin.user, url="/w/kitchen/keys/")
    tasks.send_mail(admin.user.pk)
    assert "/w/kitchen/" not in mailoutbox[0].body
    assert "href" not in mailoutbox[0].alternatives[0][0]


def test_everything_due_is_in_one_message_and_sent_once(admin, tell, mailoutbox):
    tell(admin.user, "First.")
    tell(admin.user, "Second.", Kind.BUDGET_REACHED)
    for _ in range(3):
        mail.send_due(admin.user.pk)
    assert [message.subject for message in mailoutbox] == ["2 notices · Kitchen Films"]
    assert "First." in mailoutbox[0].body
    assert "a member of this workspace" in mailoutbox[0].body
    assert "Second." in mailoutbox[0].body
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_the_subject_names_the_film_it_is_about(admin, workspace, mailoutbox):
    tokyo = Project.objects.create(workspace=workspace, title="Neon Tokyo")
    kyoto = Project.objects.create(workspace=workspace, title="Kites of Kyoto")

    def subject_of(*projects: Project) -> str:
        for project in projects:
            key = f"{project}, {len(mailoutbox)}"
            announce(
                workspace, Kind.MENTIONED, "You.", key=key, users=[admin.user], project=project.pk
            )
        mail.send_due(admin.user.pk)
        return str(mailoutbox[-1].subject)

    assert subject_of(tokyo) == "You were mentioned · Neon Tokyo"
    assert subject_of(tokyo, kyoto) == "You were mentioned · Kitchen Films"
    Project.objects.filter(pk=kyoto.pk).update(title=" \n")
    assert subject_of(kyoto) == "You were mentioned · Kitchen Films"


def test_a_name_with_line_breaks_makes_no_header(admin, tell, mailoutbox, workspace):
    Workspace.objects.filter(pk=workspace.pk).update(name="Kitchen\r\nBcc: all@example.com")
    tell(admin.user)
    mail.send_due(admin.user.pk)
    assert mailoutbox[0].subject == "API key paused · Kitchen Bcc: all@example.com"


def test_what_failed_is_tried_again_an_hour_later(admin, tell, deaf, settings, mailoutbox, caplog):
    tell(admin.user)
    assert not mail.send_due(admin.user.pk)
    assert "sekret" not in caplog.text
    assert Notice.objects.get().mailed_at is None
    assert mail.wake_late() == 0  # its try may still be under way
    OrmQ.objects.all().delete()
    hours_pass(1)
    assert mail.wake_late() == 1
    assert OrmQ.objects.count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_due(admin.user.pk)
    assert len(mailoutbox) == 1


def test_a_few_tries_are_enough(admin, tell, deaf):
    tell(admin.user)
    for _ in range(mail.MAX_TRIES + 3):
        mail.send_due(admin.user.pk)
        hours_pass(1)
    notice = Notice.objects.get()
    assert notice.mail_attempts == mail.MAX_TRIES
    assert notice.mail_due_at is None
    assert notice.mailed_at is None
    assert mail.wake_late() == 0


def test_a_worker_that_dies_each_time_ends_too(admin, tell):
    tell(admin.user)
    for _ in range(mail.MAX_TRIES):
        assert mail._claim(admin.user.pk, in_digest=False).pks  # and dies
        hours_pass(1)
    assert mail.wake_late() == 0
    assert not mail.send_due(admin.user.pk)


def test_two_workers_send_one_message(admin, tell, mailoutbox):
    tell(admin.user)
    claimed = mail._claim(admin.user.pk, in_digest=False)
    assert len(claimed.pks) == 1
    assert not mail.send_due(admin.user.pk)
    assert not mailoutbox


@pytest.mark.parametrize("why", ["left", "switched off"])
def test_whoever_is_gone_by_then_gets_none(admin, tell, mailoutbox, why):
    tell(admin.user)
    if why == "left":
        Membership.objects.filter(user=admin.user).delete()
    else:
        admin.user.is_active = False
        admin.user.save()
    assert not mail.send_due(admin.user.pk)
    assert not mailoutbox
    assert Notice.objects.get().mail_due_at is None
