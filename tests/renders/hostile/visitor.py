"""A member who asks for every file of these takes, in a process of its own, as the web is.

Takes as JSON on standard input, status codes as JSON to standard output.
"""

import json
import os
import sys

import django
from django.conf import settings


def main() -> None:
    order = json.loads(sys.stdin.buffer.read())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    from pathlib import Path

    from django.test import Client

    from studio.accounts.models import User

    settings.STUDIO_VAULT = Path(order["vault"])
    settings.ALLOWED_HOSTS = ["testserver"]
    viewer = Client(raise_request_exception=False)
    viewer.force_login(User.objects.get(), backend=settings.AUTHENTICATION_BACKENDS[0])
    told = {
        take: {name: viewer.get(f"/takes/{take}/{name}").status_code for name in order["addresses"]}
        for take in order["takes"]
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
