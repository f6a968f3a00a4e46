"""Whose turn it is to be sent: workspaces in turns, and in each its line.

A queue entry wakes a sender, which sends whichever take's turn it is by then: two hundred takes of
one team do not keep another's waiting. Places in a line are given by start-time fair queueing, so
that projects take turns as well, and what the render desk shows is the order in which they go.
"""

from django.db import transaction
from django.db.models import Max

from studio.lib.waking import lying_in_queue
from studio.renders import queueing
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, Take
from studio.renders.sending import lines
from studio.storyboards.models import Project

# How many wake-ups of one workspace lie in the queue at most, for a few workers to find.
_AHEAD = 8
# With so many lines that move, the others' turn comes within the next sweeps.
_LINES_AT_ONCE = 50


def next_place(project: Project, desk: Desk) -> int:
    """Where a new take of this project stands: behind its own, between those of others.

    The caller holds the `desk`. Places may be equal; then the take that was ordered first goes
    first. Whoever rearranges a line has to give every take in it a place of its own.
    """
    waiting = Take.objects.filter(project=project, status=Status.QUEUED)
    last = waiting.aggregate(last=Max("place"))["last"]
    return max(desk.reached, desk.reached if last is None else last) + 1


def sweep() -> list[lines.Line]:
    """Wake senders for the takes whose turn it is, and have the others say what they wait for.

    Any number may do so at once. Returns the lines that do not move for want of a usable key.
    """
    surveyed = lines.survey()
    for line in surveyed:
        lines.note(line)
    for line in [line for line in surveyed if line.moves][:_LINES_AT_ONCE]:
        _wake(line)
    return [line for line in surveyed if line.key is not None and line.key.is_paused]


def _wake(line: lines.Line) -> None:
    room = _AHEAD if line.free_slots is None else min(line.free_slots, _AHEAD)
    first = list(lines.sendable(line.workspace).only("pk", "queue_entry")[:room])
    lying = lying_in_queue([take.queue_entry for take in first if take.queue_entry is not None])
    for take in first:
        if take.queue_entry not in lying:
            with transaction.atomic():
                queueing.wake_submission(take.pk)
