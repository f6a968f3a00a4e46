"""What the templates of a review need: one name for each room of it."""

from typing import Any

from studio.reviews.comparing.versions import Versions
from studio.reviews.deciding.panel import Panel
from studio.reviews.library.delivery import Delivery
from studio.reviews.notes.panel import panel_of
from studio.reviews.playing.player import player_of
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import room_of
from studio.reviews.shots.panel import ShotsPanel


def of_review(reviewer: Reviewer, **more: Any) -> dict[str, Any]:
    """The context of a take's page, for a member or a guest; `more` goes on top."""
    take = reviewer.take
    room = room_of(take)
    return {
        "reviewer": reviewer,
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": reviewer.role,
        "room": room,
        "delivery": Delivery(reviewer, room.finding.video),
        "decision": Panel(reviewer, room.finding, room.seal, room.broken, more.get("seen", "")),
        "notes": panel_of(reviewer),
        "player": player_of(reviewer),
        "shots": ShotsPanel(reviewer),
        "versions": Versions(take),
        **more,
    }
