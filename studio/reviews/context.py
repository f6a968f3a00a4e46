"""What the templates of a review need: one name for each room of it."""

from typing import Any

from studio.reviews.comparing.versions import Versions
from studio.reviews.playing.player import player_of
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import room_of


def of_review(reviewer: Reviewer, **more: Any) -> dict[str, Any]:
    """The context of a take's page, for a member or a guest; `more` goes on top."""
    take = reviewer.take
    return {
        "reviewer": reviewer,
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": reviewer.role,
        "room": room_of(take),
        "player": player_of(reviewer),
        "versions": Versions(take),
        **more,
    }
