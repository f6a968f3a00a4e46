"""The audit log in plain English, and whether its chain holds."""

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from studio.accounts import audit
from studio.accounts.models import AuditEntry, AuditHead, Workspace

# Checking costs about 16 µs an entry: a page checks this many, `manage.py verify_audit` all.
CHECKED_ON_A_PAGE = 5_000
PROBLEMS_SHOWN = 5

_HASH = re.compile(r"[0-9a-f]{64}")

_ACTIONS = {
    "fixes.started": "started the next revision from the fixes of",
    "hook.added": "added the chat webhook",
    "hook.changed": "changed the chat webhook",
    "hook.paused": "paused the chat webhook",
    "hook.removed": "removed the chat webhook",
    "hook.resumed": "resumed the chat webhook",
    "key.added": "added the API key",
    "key.tested": "tested the API key",
    "key.paused": "paused the API key",
    "key.resumed": "resumed the API key",
    "key.revoked": "revoked the API key",
    "member.added": "added the member",
    "member.removed": "removed the member",
    "member.role_changed": "changed the role of",
    "queue.paused": "paused the render queue",
    "queue.rearranged": "rearranged the render queue",
    "queue.resumed": "resumed the render queue",
    "take.discarded": "had discarded on arrival",
    "take.kept_after_all": "kept after all",
    "rate.set": "set the rate",
    "rate.removed": "removed the rate",
    "budget.set": "set the budget of",
    "budget.changed": "changed the budget of",
    "budget.removed": "removed the budget of",
    "take.changes_requested": "asked for changes to",
    "retention.changed": "changed how long files are kept:",
    "take.files_deleted": "deleted the files of",
    "take.kept": "kept the files of",
    "take.kept_no_longer": "left to retention the files of",
    "take.resolved": "settled the outcome of",
    "release.opened": "opened the release of",
    "release.refused": "refused the release of",
    "release.withdrawn": "withdrew the release of",
}


def deed_in_words(entry: AuditEntry) -> tuple[str, str]:
    """What was done, in the words that stand before the entry's target and after it.

    `take.collected_again` of "take 3" → "collected" (take 3) "again": what the table above lacks
    is put together.
    """
    if entry.action in _ACTIONS:
        return _ACTIONS[entry.action], ""
    subject, _, verb = entry.action.replace("_", " ").rpartition(".")
    done, again, _ = verb.partition(" again")
    names_itself = not subject or entry.target.lower().startswith(subject)
    return (done if names_itself else f"{done} the {subject}"), again.strip()


@dataclass(frozen=True)
class Fact:
    """One value of an entry's data; `whole` is a hash at full length where `value` is cut."""

    name: str
    value: str
    whole: str = ""


def data_in_words(entry: AuditEntry) -> list[Fact]:
    """The entry's data as labels and values; what says nothing is left out."""
    return [
        _fact(name, value)
        for name, value in sorted(entry.data.items())
        if value not in (None, "", [], {})
    ]


def _fact(name: str, value: Any) -> Fact:
    label = name.replace("_", " ").replace("sha256", "SHA-256").replace(" id", " ID")
    label = f"{label[:1].upper()}{label[1:]}"
    if isinstance(value, str) and _HASH.fullmatch(value):
        return Fact(label, f"{value[:12]}…", value)
    return Fact(label, _value(value))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


@dataclass(frozen=True)
class ChainVerdict:
    """What checking the log's chain has shown."""

    entries: int
    checked: int
    problems: list[str]

    @property
    def is_intact(self) -> bool:
        return not self.problems

    @property
    def is_whole(self) -> bool:
        """Whether every entry was looked at."""
        return self.checked >= self.entries


def verdict(workspace: Workspace, limit: int = CHECKED_ON_A_PAGE) -> ChainVerdict:
    """Check the newest `limit` entries of a workspace's log."""
    head = AuditHead.objects.filter(workspace=workspace).first()
    entries = head.number if head else 0
    since = max(1, entries - limit + 1)
    problems = list(islice(audit.broken_links(workspace, since), PROBLEMS_SHOWN))
    return ChainVerdict(entries, entries - since + 1, problems)
