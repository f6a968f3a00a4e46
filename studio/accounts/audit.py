"""The audit log: who spent, decided, released or touched a key; hash-chained per workspace."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import AuditEntry, User, Workspace

GENESIS = "0" * 64


def record(
    workspace: Workspace, actor: User | None, action: str, target: str = "", **data: Any
) -> AuditEntry:
    """Append one entry. Call it inside the transaction of what it tells of.

    `actor` None means the studio itself. `action` is `subject.verb`, such as `take.submitted`.
    `data` must hold no secret: the log is read by admins and leaves in exports.
    """
    with transaction.atomic():
        # One writer at a time per workspace, or two entries would claim the same predecessor.
        Workspace.objects.select_for_update().only("pk").get(pk=workspace.pk)
        last = AuditEntry.objects.filter(workspace=workspace).order_by("-number").first()
        entry = AuditEntry(
            workspace=workspace,
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            actor=actor,
            actor_name=str(actor) if actor else "Shotboard",
            action=action,
            target=target,
            data=data,
            previous_hash=last.entry_hash if last else GENESIS,
        )
        entry.entry_hash = fingerprint(entry)
        entry.save(force_insert=True)
    return entry


def fingerprint(entry: AuditEntry) -> str:
    """SHA-256 (hex) over everything the entry says, and over its predecessor's hash."""
    said = {
        "workspace": entry.workspace_id,
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor_name,
        "action": entry.action,
        "target": entry.target,
        "data": entry.data,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def broken_links(workspace: Workspace) -> Iterator[str]:
    """A sentence for each place where the chain was changed, cut or reordered."""
    previous, expected = GENESIS, 1
    for entry in AuditEntry.objects.filter(workspace=workspace).order_by("number").iterator():
        if entry.number != expected:
            gap = f"the log jumps to {entry.number}"
            yield f"Entry {expected} of {workspace.slug} is missing: {gap}."
        elif entry.previous_hash != previous:
            yield f"Entry {entry.number} of {workspace.slug} does not follow the one before it."
        if entry.entry_hash != fingerprint(entry):
            yield f"Entry {entry.number} of {workspace.slug} was changed after it was written."
        previous, expected = entry.entry_hash, entry.number + 1
