"""The support bundle of a take: all that Transend's support needs, and no secret.

The document asks to contact support with the trace id and the scene parameters (section Error
Codes). Whatever goes in has passed `Censor`, including what the vendor or a user wrote.
"""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.utils import timezone

from studio.accounts import keys
from studio.accounts.keyring import KeyringError
from studio.renders import report, webhooks
from studio.renders.models import Exchange, Take
from studio.renders.payloads import Damaged
from studio.renders.sending.claiming import body_for
from studio.renders.support.documented import documented_error
from studio.renders.wording import in_words, standing_of
from studio.transend import wire
from studio.transend.redaction import masked

CHANGED = "Something that looked like a secret was taken out of these files: see “[…]” in them.\n"


class Censor:
    """Takes secrets out of plain data: this take's and its workspace's own, and whatever looks
    like one."""

    def __init__(self, take: Take) -> None:
        self._secrets = (webhooks.mac_of(take.pk), *_keys_of(take))
        self.has_changed = False

    def text(self, text: str) -> str:
        """The text without secrets, line by line as it was."""
        clean = masked(text, *self._secrets)
        self.has_changed |= clean != text
        return clean

    def data(self, value: Any) -> Any:
        """JSON data with every text in it, names included, without secrets."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(name)): self.data(inner) for name, inner in value.items()}
            case list() | tuple():
                return [self.data(inner) for inner in value]
        return value


def bundle_of(take: Take) -> bytes:
    """The zip: summary.txt, payload.json, take.json, events.json and exchanges.json."""
    censor = Censor(take)
    told = report.describe(take)
    events = told.pop("events")
    exchanges = list(take.exchanges.order_by("pk"))
    files = {
        "payload.json": _json(censor.data(payload_as_sent(take))),
        "take.json": _json(censor.data(told)),
        "events.json": _json(censor.data(events)),
        "exchanges.json": _json(censor.data([_exchange(row) for row in exchanges])),
    }
    summary = censor.text(_summary(take, exchanges))
    files["summary.txt"] = summary + (f"\n{CHANGED}" if censor.has_changed else "")
    return _zipped(files)


def name_of(take: Take) -> str:
    """What the file is called: `shotboard-take-42-support.zip`."""
    return f"shotboard-take-{take.pk}-support.zip"


def payload_as_sent(take: Take) -> Any:
    """The body of the paid request, less the address that Transend calls back; the stored text
    where that is damaged."""
    try:
        body = wire.decode_json(body_for(take))
    except Damaged:
        return take.payload
    body.pop("webhook_url", None)
    return body


def _summary(take: Take, exchanges: list[Exchange]) -> str:
    """What happened, to be pasted into a message to Transend support."""
    standing = standing_of(take)
    row = documented_error(take)
    lines = [
        f"Sora 2 render, our take {take.pk} (task {take.vendor_task_id or 'unknown'})",
        "",
        f"Task id: {take.vendor_task_id or 'none that we know of'}",
        f"Trace id: {take.trace_id or 'none was given'}",
        f"State: {standing.label}. {standing.says}",
        f"Ordered: {in_words(take.created_at)}",
        f"Taken on by Transend: {_moment(take.submitted_at)}",
        f"Ended: {_moment(take.finished_at)}",
        f"Times sent: {take.attempts}",
        f"SHA-256 of our payload: {take.payload_sha256}",
    ]
    if take.error_kind:
        lines += [f"Status of the answer: {take.error_status or 'none'}"]
    if row is not None:
        lines += [f"Your document on {row.code}: {row.meaning} {row.resolution}"]
    lines += ["", "Requests and answers (UTC):", *map(_line, exchanges)]
    if not exchanges:
        lines += ["- none yet"]
    lines += ["", "The scene parameters are in payload.json, the answers in exchanges.json."]
    return "\n".join(lines) + "\n"


def _line(row: Exchange) -> str:
    answer = f"status {row.status}" if row.status else "no answer"
    took = "" if row.elapsed_ms is None else f" after {row.elapsed_ms} ms"
    trace = f", trace id {row.trace_id}" if row.trace_id else ""
    times = f" ({row.times} times, last {row.last_at:%H:%M:%S})" if row.last_at else ""
    moment = f"{row.at:%Y-%m-%d %H:%M:%S}"
    return f"- {moment} {row.get_what_display()}: {answer}{took}{trace}{times}. {row.says}"


def _exchange(row: Exchange) -> dict[str, Any]:
    return {
        "what": row.get_what_display(),
        "at": row.at.isoformat(),
        "elapsed_ms": row.elapsed_ms,
        "status": row.status,
        "says": row.says,
        "body": row.body,
        "trace_id": row.trace_id or None,
        "times": row.times,
        "last_at": row.last_at.isoformat() if row.last_at else None,
    }


def _keys_of(take: Take) -> list[str]:
    """The plaintext of the workspace's keys, to be looked for; what cannot be opened cannot be in
    an answer that we could not have asked for."""
    found = []
    for key in take.workspace.api_keys.exclude(ciphertext=""):
        try:
            found.append(keys.plaintext(key))
        except KeyringError:
            continue
    return found


def _moment(at: datetime | None) -> str:
    return in_words(at) if at else "not yet"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    now = timezone.now().timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, now), text.encode(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
