"""A worker of its own that collects one take after another, each from a hostile host.

Its order comes as JSON on standard input, what happened goes as JSON to standard output. Started
by exec, so that the peak of its memory is its own.
"""

import json
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def main() -> None:
    order = json.loads(sys.stdin.buffer.read())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    for name, value in order["settings"].items():
        setattr(settings, name, Path(value) if name == "STUDIO_VAULT" else value)
    from studio.renders.collecting import parts

    parts.GIF_MAX_BYTES = parts.VIDEO_MAX_BYTES = order["cap_bytes"]
    if order["file_bytes"]:  # a disk of so many bytes, where no real one can be made
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"],) * 2)
    settings.STUDIO_VAULT_RESERVE_BYTES = 0
    house = _House()
    told = {name: house.collected(name, case) for name, case in order["cases"].items()}
    peaks = {"own": resource.RUSAGE_SELF, "children": resource.RUSAGE_CHILDREN}
    peak_kb = {name: resource.getrusage(who).ru_maxrss for name, who in peaks.items()}
    json.dump({"cases": told, "peak_kb": peak_kb}, sys.stdout)


class _House:
    """A workspace with a key, a film, and one take that was collected whole."""

    def __init__(self) -> None:
        from studio.accounts import keys
        from studio.accounts.models import Membership, Role, User, Workspace
        from studio.storyboards.models import Project

        self.workspace = Workspace.objects.create(name="Kitchen Films", slug="kitchen")
        viewer = User.objects.create_user("viewer@kitchen.example", name="Viewer")
        Membership.objects.create(workspace=self.workspace, user=viewer, role=Role.VIEWER)
        self.key = keys.add_key(self.workspace, "Main", "demo-5f1d2c3b4a596877", None)
        self.project = Project.objects.create(workspace=self.workspace, title="Neon Tokyo")
        first = self.finished("good")
        assert self.tried(first)["status"] == "ready", self.tried(first)
        self.pictures = list(first.assets.exclude(part="video"))

    def finished(self, task_id: str, *, has_pictures: bool = False) -> Any:
        """A take that Transend has finished; with `has_pictures` only its video is missing."""
        from studio.renders.lifecycle import Status
        from tests.builders import take_without_files

        take = take_without_files(self.workspace, Status.COLLECTING, self.project)
        take.vendor_task_id, take.api_key = f"{task_id}-{take.pk}", self.key
        take.payload = json.dumps({"prompt": "Neon", "camera": {"motion": "orbit"}})
        take.save()
        for row in self.pictures if has_pictures else []:
            take.assets.create(part=row.part, asset=row.asset)
        return take

    def collected(self, name: str, case: dict[str, Any]) -> dict[str, Any]:
        """Collect a hostile take, then a good one."""
        from studio.renders.collecting import parts

        take = self.finished(f"case-{case['number']}", has_pictures=case["part"] == "video")
        before = _files()
        really = parts._GIF_TIMEOUT_S, parts._VIDEO_TIMEOUT_S
        parts._GIF_TIMEOUT_S = parts._VIDEO_TIMEOUT_S = case["timeout_s"]
        settings.TRANSEND_ALLOW_LOOPBACK = case["allows_loopback"]
        settings.STUDIO_VAULT_RESERVE_BYTES = case["reserve_bytes"]
        with _Resolver(case["addresses"]):
            for _ in range(case["tries"]):
                told = self.tried(take)
        told |= {"take": take.pk, "new_files": sorted(_files() - before)}
        told |= {"waiting": _waiting(take.pk)}
        parts._GIF_TIMEOUT_S, parts._VIDEO_TIMEOUT_S = really
        settings.TRANSEND_ALLOW_LOOPBACK = True
        settings.STUDIO_VAULT_RESERVE_BYTES = 0
        told["peak_kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if case["number"] % case["good_every"] == 0:
            told["good"] = self.tried(self.finished("good", has_pictures=True))["status"]
        return told

    def tried(self, take: Any) -> dict[str, Any]:
        """What a collector's one attempt comes to."""
        from studio.renders.collecting import collector

        type(take).objects.filter(pk=take.pk).update(leased_until=None)
        collector.collect(take.pk)
        take.refresh_from_db()
        return {
            "status": take.status,
            "kind": take.error_kind,
            "says": f"{take.error_says} {take.waits_for}",
            "parts": sorted(take.assets.values_list("part", flat=True)),
        }


class _Resolver:
    """Names resolve as the case says, one answer after another; addresses as they are."""

    def __init__(self, answers: list[list[str]]) -> None:
        self._answers = answers
        self._really = socket.getaddrinfo

    def __enter__(self) -> None:
        socket.getaddrinfo = self._lookup  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        socket.getaddrinfo = self._really

    def _lookup(self, host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host != "edge.example" or not self._answers:
            return self._really(host, port, *args, **options)
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


def _files() -> set[str]:
    return {str(path) for path in settings.STUDIO_VAULT.glob("[0-9]*/*/*")}


def _waiting(take_id: int) -> list[str]:
    """What lies in the vault of a download that may go on."""
    folder = settings.STUDIO_VAULT / ".incoming" / f"take-{take_id}"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


if __name__ == "__main__":
    main()
