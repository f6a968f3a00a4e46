"""Bodies above the limit: an answer in a sentence, and the request taken to its end."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from studio.lib import bodies
from studio.lib.bodies import BoundedBodies


@pytest.fixture(autouse=True)
def limits(settings):
    settings.UPLOAD_MAX_BYTES = 50_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000


def sent(client, size: int, **more):
    file = SimpleUploadedFile("large.png", b"x" * size)
    return client.post("/projects/import/", {"file": file}, **more)


def test_a_file_above_the_limit_is_413_in_a_sentence(client, db):
    answer = sent(client, 60_000)
    assert answer.status_code == 413
    assert "can be sent at once" in answer.content.decode()
    assert "<h1>This is too large</h1>" in answer.content.decode()


def test_the_board_shows_it_as_a_toast(client, db):
    answer = sent(client, 60_000, headers={"hx-request": "true"})
    assert answer.status_code == 413
    assert "can%20be%20sent%20at%20once" in answer["X-Says"]


def test_a_file_below_the_limit_passes(client, db):
    assert sent(client, 40_000).status_code == 302  # to the sign-in


def test_text_has_a_limit_of_its_own(client, db):
    answer = client.post("/projects/import/", "x" * 30_000, content_type="text/plain")
    assert answer.status_code == 413
    assert client.post("/x/", "x" * 10_000, content_type="text/plain").status_code != 413


class Wire(BytesIO):
    """Counts what was read of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self.taken += len(part)
        return part


@pytest.mark.parametrize(("readable", "is_read"), [(1_000_000, True), (60_000, False)])
def test_the_body_is_read_to_its_end_unless_it_has_none(monkeypatch, readable, is_read):
    monkeypatch.setattr(bodies, "READ_AWAY_BYTES", readable)
    wire = Wire(bytes(90_000))
    request = RequestFactory().post("/", b"", content_type="multipart/form-data; boundary=a")
    request = type(request)({**request.environ, "wsgi.input": wire, "CONTENT_LENGTH": "90000"})
    answer = BoundedBodies(lambda _: pytest.fail("It got through."))(request)
    assert answer.status_code == 413
    assert wire.taken == (90_000 if is_read else 0)


def test_a_length_that_is_no_number_is_no_length(client, db):
    answer = client.generic("POST", "/x/", b"", CONTENT_LENGTH="many")
    assert answer.status_code != 413
