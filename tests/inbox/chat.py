"""A chat that listens on this machine and remembers what it was told."""

import json
from collections.abc import Callable
from typing import Any

from studio.accounts.models import User, Workspace
from studio.inbox.chat import hooks
from studio.inbox.models import ChatHook, Kind
from tests.transend.rude import RudeServer

SECRET = "T0SEKRET/B0/XXXXXXXXXXXXWxYz"
ALL = tuple(kind.value for kind in Kind)

MakeHook = Callable[..., ChatHook]


def hook_at(server: RudeServer, workspace: Workspace, actor: User, **given: Any) -> ChatHook:
    """A webhook of this workspace whose address is the server's."""
    address = f"{server.url}/services/{SECRET}"
    return hooks.add_hook(
        workspace, given.get("name", "#films"), address, given.get("kinds", ALL), actor
    )


def heard_by(server: RudeServer) -> list[str]:
    """The texts that were posted, in the order of their connections."""
    bodies = [talk.heard.partition(b"\r\n\r\n")[2] for talk in server.conversations]
    return [json.loads(body)["text"] for body in bodies if body]
