"""The audit log: who spent, decided, released or touched a key; hash-chained per workspace.

Each entry's hash covers its predecessor's, and the workspace's head remembers the newest one: so
that changing, reordering and removing entries all show, at the end of the log as in its middle.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import TARGET_LENGTH, AuditEntry, AuditHead, User, Workspace

GENESIS = "0" * 64
STUDIO = "Shotboard"


def lock(workspace: Workspace) -> None:
    """Wait for every other audited change of this workspace to end; call it inside a transaction.

    Call it before locking or updating keys and memberships: `record` takes this lock anyway, and
    whoever took it after such a row would wait for ever for one who did it the other way round.
    """
    # "No key", because a plain FOR UPDATE deadlocks with whoever just inserted a row of this
    # workspace: each foreign key holds a share of it.
    Workspace.objects.select_for_update(no_key=True).only("pk").get(pk=workspace.pk)


def record(
    workspace: Workspace, actor: User | None, action: str, target: str = "", **data: Any
) -> AuditEntry:
    """Append one entry. Call it inside the transaction of what it tells of.

    `actor` None means the studio itself. `action` is `subject.verb`, such as `take.submitted`.
    `data` must hold no secret: the log is read by admins and leaves in exports.
    """
    with transaction.atomic():
        # One writer at a time per workspace, or two entries would claim the same predecessor.
        lock(workspace)
        head = AuditHead.objects.filter(workspace=workspace).first()
        entry = AuditEntry(
            workspace=workspace,
            number=head.number + 1 if head else 1,
            at=timezone.now(),
            actor=actor,
            actor_name=_name_of(actor),
            action=action,
            target=target[:TARGET_LENGTH],
            data=json.loads(json.dumps(data, allow_nan=False)),
            previous_hash=head.entry_hash if head else GENESIS,
        )
        entry.entry_hash = fingerprint(entry)
        entry.save(force_insert=True)
        head = AuditHead(workspace=workspace, number=entry.number, entry_hash=entry.entry_hash)
        head.save(force_insert=entry.number == 1, force_update=entry.number > 1)
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
        "data": _as_stored(entry.data),
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def broken_links(workspace: Workspace, since: int = 1) -> Iterator[str]:
    """A sentence for each place where the chain was changed, cut or reordered.

    `since` is the number of the first entry to look at; its predecessor is taken on trust.
    """
    log = AuditEntry.objects.filter(workspace=workspace)
    before = log.filter(number=since - 1).first()
    previous, expected = before.entry_hash if before else GENESIS, since
    for entry in log.filter(number__gte=since).order_by("number").iterator():
        if entry.number != expected:
            gap = f"the log jumps to {entry.number}"
            yield f"Entry {expected} of {workspace.slug} is missing: {gap}."
        elif entry.previous_hash != previous:
            yield f"Entry {entry.number} of {workspace.slug} does not follow the one before it."
        if entry.entry_hash != fingerprint(entry):
            yield f"Entry {entry.number} of {workspace.slug} was changed after it was written."
        previous, expected = entry.entry_hash, entry.number + 1
    # Read last: whoever appends meanwhile moves the head with the entry, in one transaction.
    head = AuditHead.objects.filter(workspace=workspace).first()
    written = head.number if head else 0
    if written >= expected and not log.filter(number=written).exists():
        yield f"The log of {workspace.slug} ends before entry {written}, the newest one written."
    elif head and written == expected - 1 and head.entry_hash != previous:
        yield f"Entry {written} of {workspace.slug} is not the one that was written last."
    elif written < expected - 1:
        yield f"Entry {expected - 1} of {workspace.slug} was slipped in behind the newest one."


def _name_of(actor: User | None) -> str:
    if actor is None:
        return STUDIO
    return f"{actor.name} ({actor.email})" if actor.name else actor.email


def _as_stored(value: Any) -> Any:
    """The same value however the database keeps numbers: PostgreSQL gives 1e20 back as an int."""
    if isinstance(value, dict):
        return {key: _as_stored(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_stored(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
