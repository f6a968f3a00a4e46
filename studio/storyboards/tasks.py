"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.storyboards.animatics import drawing


def draw_animatic(animatic_id: int) -> None:
    """Draw one animatic, if it waits to be drawn."""
    drawing.draw(animatic_id)
