"""E-mails over a real connection to a mail server: as they arrive there."""

from collections.abc import Iterator

import pytest

from studio.inbox import mail
from studio.inbox.models import Notice
from tests.inbox.post_office import PostOffice

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.STUDIO_PUBLIC_URL = "https://films.example"
        yield office


def test_plain_and_html_arrive_with_the_headers_of_one_click(office, admin, tell):
    tell(admin.user, "The key “Mäin” is paused.", url="/w/kitchen/keys/")
    assert mail.send_due(admin.user.pk)
    letter = office.letters[0]
    assert office.recipients == [admin.user.email]
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = (part.get_payload(decode=True).decode() for part in letter.get_payload())
    assert "The key “Mäin” is paused." in plain
    assert "https://films.example/w/kitchen/keys/" in html
    # Long headers come folded.
    link = "".join(letter["List-Unsubscribe"].split())
    assert link.startswith("<https://films.example/inbox/unsubscribe/")
    assert link.strip("<>") in plain
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_what_the_server_refuses_for_now_is_due_again(office, admin, tell):
    office.refuses = True
    tell(admin.user)
    assert not mail.send_due(admin.user.pk)
    assert not office.letters
    notice = Notice.objects.get()
    assert (notice.mail_attempts, notice.mailed_at) == (1, None)
    assert notice.mail_due_at is not None
