import io
import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.test import RequestFactory

from studio.lib.log_filters import NothingRoutine, NoThreadAdvice, RedactedPaths, redacted


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/hooks/transend/12/9f8e7d", "/hooks/transend/12/…"),
        ("/s/long-token", "/s/…"),
        ("/s/long-token/video.mp4", "/s/…/video.mp4"),
        ("/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/…/"),
        ("/projects/3/", "/projects/3/"),
        ("/static/css/base.css", "/static/css/base.css"),
        ("/x\nFAKE 200", "/x\\nFAKE 200"),
    ],
)
def test_what_gives_access_is_left_out(path, shown):
    assert redacted(path) == shown


def record(
    message: str, args: tuple[object, ...] | dict[str, object], name: str = "django.request"
):
    # As logging does it: a mapping arrives inside of a tuple.
    given = (args,) if isinstance(args, dict) else args
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, given, None)


def test_djangos_own_lines_are_redacted():
    line = record("%s: %s", ("Not Found", "/hooks/transend/12/9f8e7d"))
    assert RedactedPaths().filter(line)
    assert line.getMessage() == "Not Found: /hooks/transend/12/…"


def test_the_access_log_is_redacted():
    line = record("%(path)s %(status)d", {"path": "/s/secret", "status": 404}, "granian.access")
    assert RedactedPaths().filter(line)
    assert line.getMessage() == "/s/… 404"


@pytest.mark.parametrize(
    ("path", "status", "is_logged"),
    [
        ("/readyz", 200, False),
        ("/healthz", 200, False),
        ("/takes/3/status/", 204, False),
        ("/takes/3/status/", 200, True),
        ("/", 200, True),
    ],
)
def test_routine_answers_are_not_logged(path, status, is_logged):
    line = record("%(path)s", {"path": path, "status": status}, "granian.access")
    assert NothingRoutine().filter(line) is is_logged


def test_an_unready_studio_is_not_an_error_of_the_house():
    assert not NothingRoutine().filter(record("%s: %s", ("Service Unavailable", "/readyz")))
    assert NothingRoutine().filter(record("%s: %s", ("Internal Server Error", "/takes/3/")))
    assert NothingRoutine().filter(record("beat", (), "studio.renders"))


@pytest.fixture
def printed(monkeypatch):
    """What the studio's own handler prints, filters and format included."""
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    monkeypatch.setattr(handler, "stream", io.StringIO())
    return handler.stream.getvalue


def ask(view, path="/takes/3/?token=secret"):
    """Let Django itself answer, and log, a request whose view raises."""
    request = RequestFactory().get(path)
    return convert_exception_to_response(view)(request).status_code


def raising(problem: Exception):
    def view(request):
        raise problem

    return view


@pytest.mark.parametrize(
    ("problem", "status"),
    [(PermissionDenied("no"), 403), (BadRequest("no"), 400)],
)
def test_a_refusal_is_one_line_without_the_query(printed, problem, status):
    assert ask(raising(problem)) == status
    (line,) = printed().splitlines()
    assert "/takes/3/" in line
    assert "secret" not in line


def test_a_missing_page_is_one_line_without_the_query(printed, creative):
    assert creative.get("/nowhere/?token=secret").status_code == 404
    (line,) = printed().splitlines()
    assert line.endswith("Not Found: /nowhere/")


def test_a_fault_of_ours_keeps_its_traceback(printed):
    assert ask(raising(RuntimeError("broken"))) == 500
    assert "Traceback" in printed()
    assert "RuntimeError: broken" in printed()


def test_granians_advice_on_threads_is_not_for_us():
    advice = record("Configuration allows spawning up to 24 Python threads", (), "_granian")
    assert not NoThreadAdvice().filter(advice)
    assert NoThreadAdvice().filter(record("Listening at: %s", ("http://127.0.0.1",), "_granian"))
