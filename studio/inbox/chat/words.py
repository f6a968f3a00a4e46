"""What a chat is sent, and its answers in words."""

import re
from typing import Any

from django.conf import settings

from studio.inbox.models import ChatMessage
from studio.outbound.posting import Reply

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Kept apart by this, `@channel` calls nobody and `[here](https://…)` is no link.
_APART = "\u200b"
_CALL = re.compile(r"@(?=\w)")
_LINK = re.compile(r"\](?=\()")
# The codes that chats answer with, such as `no_service` or `channel_is_archived`.
_CODE = re.compile(rb"[a-z][a-z_ ]{1,59}")

_CODES = {
    "no_service": "This webhook was switched off or removed in the chat",
    "no_team": "This team is not there any more",
    "channel_not_found": "Its channel is not there any more",
    "channel_is_archived": "Its channel is archived",
    "action_prohibited": "The chat's admins forbid posting there",
    "posting_to_general_channel_denied": "Posting to this channel is not allowed",
    "invalid_token": "The address is not valid any more",
    "invalid_payload": "The chat does not take this form of message",
}
_STATUSES = {
    400: "The chat does not take this form of message",
    401: "The chat does not accept the address",
    403: "The chat does not accept the address",
    404: "Nothing listens at this address",
    405: "This is no address of a webhook",
    410: "This webhook is not there any more",
    429: "The chat asks for a pause",
}


def body_of(message: ChatMessage) -> dict[str, Any]:
    """The JSON to post, as Slack takes it; Mattermost, Rocket.Chat and others read the same.

    Links are not unfolded: the chat's own server would try to open them.
    """
    heading = f"*{escaped(message.workspace.name)}* · {escaped(message.label)}"
    lines = [heading, escaped(message.says)]
    if message.url and settings.STUDIO_PUBLIC_URL:
        lines.append(f"<{settings.STUDIO_PUBLIC_URL}{message.url}|Open it in Shotboard>")
    return {"text": "\n".join(lines), "unfurl_links": False, "unfurl_media": False}


def escaped(text: str) -> str:
    """`text` as a chat shows it: no mark-up, no link, and nobody is called by it."""
    plain = " ".join(text.split()).translate(_ESCAPED)
    return _LINK.sub(f"]{_APART}", _CALL.sub(f"@{_APART}", plain))


def in_words(reply: Reply) -> str:
    """What an answer means, as a sentence with its status."""
    if 200 <= reply.status < 300:
        return f"The chat took it (status {reply.status})."
    if 300 <= reply.status < 400:
        return f"The address leads on to another, which is not followed (status {reply.status})."
    code = reply.body.strip()
    named = code.decode() if _CODE.fullmatch(code) else ""
    if named in _CODES:
        return f"{_CODES[named]} (status {reply.status}, “{named}”)."
    usual = "The chat is in trouble" if reply.status >= 500 else "The chat refused it"
    says = _STATUSES.get(reply.status, usual)
    return f"{says} (status {reply.status}{f', “{named}”' if named else ''})."
