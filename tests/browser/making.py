"""What `Inside` does for the browser's tests, with Django at hand."""

import json
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from studio.accounts.models import Membership, User, Workspace
from studio.operations import demo
from studio.pictures.probe import probe_mp4
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.models import Note, ShareLink
from studio.vault import storing
from tests.builders import take_without_files
from tests.pictures.sounding_films import sounding, tone


def command(*argv: str) -> Any:
    """What a command of manage.py answers."""
    output = StringIO()
    call_command(*argv, stdout=output)
    return json.loads(output.getvalue())


def team(slug: str, password: str) -> None:
    """A workspace with a member in each role, `ROLE@SLUG.localhost`, and the simulator's key and
    price."""
    workspace = Workspace.objects.create(slug=slug, name="Demo Studio")
    for role in demo.ROLES:
        user = User.objects.create(
            email=f"{role.value}@{slug}.localhost",
            name=f"Demo {role.label}",
            password=_hashed(password),
        )
        Membership.objects.create(workspace=workspace, user=user, role=role)
    demo.equip(workspace, User.objects.get(email=f"admin@{slug}.localhost"))


@cache
def _hashed(password: str) -> str:
    return make_password(password)


def session(email: str) -> dict[str, str]:
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


# A queued one would be sent at once, and be in another state when it is looked at.
_STILL = [status.value for status in Status if status not in (Status.QUEUED, Status.READY)]


def takes_in_every_state(slug: str) -> dict[str, int]:
    """A take of the team's in each state that lasts, by its name; `deleted`: without files."""
    workspace = Workspace.objects.get(slug=slug)
    made = {status: take_without_files(workspace, status).pk for status in _STILL}
    made["deleted"] = take_without_files(workspace).pk
    Take.objects.filter(pk=made["deleted"]).update(files_deleted_at=timezone.now())
    Take.objects.filter(pk=made["failed"]).update(error_kind="failed", error_says="It broke.")
    return made


def three_hundred_notes(take: int) -> None:
    """A hundred threads of three on a take whose first shot is `kite`."""
    of = Take.objects.select_related("created_by").get(pk=take)
    for number in range(100):
        thread = None
        for answer in range(3):
            note = Note.objects.create(
                workspace_id=of.workspace_id,
                take=of,
                parent=thread,
                author=of.created_by,
                channel="client" if number % 3 else "internal",
                text=f"Note {number}, part {answer}",
                from_ms=None if thread else number * 100,
                to_ms=number * 100 + 900 if not thread and number % 4 == 0 else None,
                scene_id="" if thread else "kite",
            )
            thread = thread or note


def give_sound(take: int) -> None:
    """Another film for the take, 15 s: what the simulator draws has no sound."""
    row = TakeAsset.objects.select_related("take__workspace").get(take=take, part="video")
    with TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        film.write_bytes(sounding(tone(-23, 15.0), seconds=15.0))
        row.asset = storing.keep(row.take.workspace, film, "video/mp4", asdict(probe_mp4(film)))
    row.save(update_fields=["asset"])


def let_link_expire(take: int, in_days: int) -> None:
    """Set when the links of the take expire, as time would bring it about."""
    at = timezone.now() + timedelta(days=in_days)
    ShareLink.objects.filter(take=take).update(expires_at=at)
