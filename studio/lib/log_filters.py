"""Filters for logs: no secrets in paths, no lines that say nothing."""

import logging
import re

_SECRET_PATHS = re.compile(
    r"(/hooks/transend/\d+/|/s/|/inbox/unsubscribe/|/accounts/password/reset/key/)[^/\s]+"
)
_ROUTINE_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


def redacted(path: str) -> str:
    """A path without what gives access by itself: webhook macs and all kinds of tokens.

    Control characters are escaped, so that one request stays one line.
    """
    shown = _SECRET_PATHS.sub(r"\1…", path)
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in shown)


class RedactedPaths(logging.Filter):
    """Redacts every text that is put into a log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict):
            record.args = {name: _redacted(value) for name, value in record.args.items()}
        elif isinstance(record.args, tuple):
            record.args = tuple(_redacted(value) for value in record.args)
        return True


class NothingRoutine(logging.Filter):
    """Leaves out what is asked every second: health checks, and pulses that found nothing new."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict):  # granian's access log
            return record.args.get("status") != 204 and not _is_routine(record.args.get("path"))
        return not (record.name == "django.request" and any(map(_is_routine, record.args or ())))


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback from a refusal (403, 404 and the like): it is no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:  # Django sets it on what it answers
            record.exc_info = record.exc_text = None
        return True


class NoThreadAdvice(logging.Filter):
    """Leaves out granian's advice on thread counts: ours mostly wait for slow readers."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Configuration allows spawning")


def _is_routine(path: object) -> bool:
    return isinstance(path, str) and path in _ROUTINE_PATHS


def _redacted(value: object) -> object:
    return redacted(value) if isinstance(value, str) else value
