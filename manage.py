#!/usr/bin/env python3
"""Run a Shotboard command: `python manage.py <command> --help`."""

import os
import sys

from studio.lib.lifeline import follow_supervisor

# What may be read by others: the web server's static files, made for another user (Dockerfile).
FOR_OTHERS = "collectstatic"


def main() -> None:
    if FOR_OTHERS not in sys.argv[1:2]:
        os.umask(0o077)  # whatever we write is for this user alone, SQLite's files too
    follow_supervisor()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from environs import EnvError
    except ModuleNotFoundError as missing:
        sys.exit(
            f"Python cannot find the module '{missing.name}'. "
            "Run 'make run' once: it installs everything into .venv; "
            "then use .venv/bin/python manage.py."
        )
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as wrong:  # a variable of the environment
        print(wrong, file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()
