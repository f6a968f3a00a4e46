"""What the environment makes of the settings, in a process of its own as in a deployment."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from studio.env import mail_server
from studio.storyboards.exchange.strict_json import MAX_BYTES
from tests.faults.studio_processes import MANAGE, environment, free_ports

SHOW = "import json; from django.conf import settings as s; print(json.dumps([s.{name}]))"


def run(tmp_path, code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, MANAGE, "shell", "--no-imports", "-c", code],
        env=environment(tmp_path, *free_ports(2), **env), capture_output=True, text=True,
    )  # fmt: skip


def setting(tmp_path, name: str, **env: str) -> Any:
    done = run(tmp_path, SHOW.format(name=name), **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[0]


def test_the_health_check_may_always_ask(tmp_path):
    hosts = setting(tmp_path, "ALLOWED_HOSTS", STUDIO_ALLOWED_HOSTS="films.example,www.example")
    assert hosts == ["films.example", "www.example", "127.0.0.1", "localhost", "[::1]"]


def test_the_public_host_is_allowed_by_itself(tmp_path):
    hosts = setting(tmp_path, "ALLOWED_HOSTS", STUDIO_PUBLIC_URL="https://films.example")
    assert hosts[0] == "films.example"


def test_a_bucket_that_would_be_ignored_is_refused(tmp_path):
    done = run_studio(tmp_path, STUDIO_S3_URL="https://s3.example/films")
    assert "this version keeps films on disk only" in done.stderr


def run_studio(tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
    """As a newcomer starts it; it may not begin."""
    done = subprocess.run(
        [sys.executable, MANAGE, "run_studio"],
        env=environment(tmp_path, *free_ports(2), **env), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    return done


@pytest.mark.parametrize(
    ("name", "value"),
    [("STUDIO_PORT", "eighty"), ("STUDIO_PORT", "99999"), ("STUDIO_PUBLIC_URL", "films.example"),
     ("DATABASE_URL", "mysql://films")],
)  # fmt: skip
def test_a_wrong_variable_is_one_sentence_with_its_name(tmp_path, name, value):
    done = run_studio(tmp_path, **{name: value})
    assert name in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("smtp://mail.example", ["mail.example", 25, "", False, False]),
        ("smtp+tls://me:p%40ss@mail.example:2587", ["mail.example", 2587, "p@ss", True, False]),
        ("smtps://me:secret@mail.example", ["mail.example", 465, "secret", False, True]),
    ],
)
def test_a_mail_server_is_named_by_one_address(monkeypatch, address, told):
    monkeypatch.setenv("STUDIO_EMAIL_URL", address)
    found = mail_server("STUDIO_EMAIL_URL")
    assert told == [found.host, found.port, found.password, found.is_starttls, found.is_tls]
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "address", ["mail.example", "http://mail.example", "smtp://", "smtp://u:hidden@h:x"]
)
def test_what_is_no_mail_server_is_refused_without_repeating_its_password(monkeypatch, address):
    monkeypatch.setenv("STUDIO_EMAIL_URL", address)
    with pytest.raises(ImproperlyConfigured, match="STUDIO_EMAIL_URL is no address") as refused:
        mail_server("STUDIO_EMAIL_URL")
    assert "hidden" not in str(refused.value)


def test_without_one_mails_are_printed(monkeypatch):
    monkeypatch.delenv("STUDIO_EMAIL_URL", raising=False)
    assert mail_server("STUDIO_EMAIL_URL") is None


def test_pictures_come_from_the_studio_alone(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) <= {"'self'", "'none'"}


def test_a_pasted_storyboard_may_have_ten_megabytes(creative, workspace):
    text = "{" + "x" * (MAX_BYTES - 2)
    answer = creative.post("/projects/import/", {"workspace": workspace.slug, "pasted": text})
    assert answer.status_code == 422
    assert "This is not valid JSON" in answer.content.decode()


def test_what_django_refuses_is_refused_in_a_sentence(creative, workspace, caplog):
    text = "x" * (MAX_BYTES + 2 * 1024 * 1024)
    answer = creative.post("/projects/import/", {"workspace": workspace.slug, "pasted": text})
    assert answer.status_code == 400
    assert "Files and texts may have up to 10 MB" in answer.content.decode()
    assert "RequestDataTooBig" not in answer.content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_readiness_is_asked_by_a_name_that_is_allowed(settings, host, live_server):
    from studio.operations import studio

    settings.ALLOWED_HOSTS = ["localhost", "films.example"]
    settings.STUDIO_BIND = host
    settings.STUDIO_PORT = int(live_server.url.rsplit(":", 1)[1])
    assert "are not applied" in studio.unready() or "works" in studio.unready()
