"""The document's own storyboard as a project, and clients that post as a board does."""

import pytest

from studio.storyboards.exchange.transend_json import import_board, read_body
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from tests.builders import CURL_BODY, STORYBOARD


@pytest.fixture
def tokyo(workspace, creative) -> Project:
    """The document's two scenes, 30 s, under the document's brief and camera; revision 1."""
    board = read_body(
        {**CURL_BODY, "duration_seconds": 30, "storyboard": STORYBOARD}, BUILT_IN_MOTIONS
    )
    return import_board(workspace, creative.user, "Neon Tokyo", board)


@pytest.fixture
def long_board(workspace, creative):
    """Makes a project of so many shots of 2 s."""

    def make(count: int) -> Project:
        scenes = [{"prompt": f"Beat {n}", "duration_seconds": 2} for n in range(count)]
        board = read_body(scenes, BUILT_IN_MOTIONS)
        return import_board(workspace, creative.user, f"{count} beats", board)

    return make


@pytest.fixture
def post():
    """Posts as the board's scripts do: through htmx, from the page with this shot inspected."""

    def send(client, address, data=None, shot=None):
        page = f"http://testserver/projects/1/{f'?shot={shot}' if shot else ''}"
        headers = {"hx-request": "true", "hx-current-url": page}
        return client.post(address, data or {}, headers=headers)

    return send
