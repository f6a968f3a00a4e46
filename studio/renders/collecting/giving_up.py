"""Giving up the files of a finished render that could not be fetched.

It is an end like any other, not a state that one comes back from. Until somebody gives up, waiting
costs nothing: the take stays where a person sees it, it may be collected again at any time, and the
vendor is asked to keep the files for up to 30 days. From here on nobody asks the vendor for that,
so a way back would be a promise that breaks within hours and without a word; and whoever is told of
a take's end (people, budgets, retention) could not rely on it. The page therefore says before what
is lost, and offers to collect again beside it.
"""

from django.db import transaction

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import failures
from studio.renders.lifecycle import Status, advance
from studio.renders.models import Take


def give_up(take: Take, actor: User) -> Take:
    """End an uncollected take without its files. Raises `IllegalTransition`.

    It costs what it costs: the render was made. What was fetched of it is left to retention, what
    was fetched in part is cleared up by the next sweep. The caller has checked `can.RESOLVE`.
    """
    says = f"{actor} gave up its files, which could not be fetched."
    with transaction.atomic():
        advance(
            take,
            Status.FAILED,
            expect=Status.UNCOLLECTED,
            says=says,
            actor=actor,
            leased_until=None,
            **failures.CLEARED
            | {
                "error_kind": failures.GIVEN_UP,
                "error_says": says,
                "error_resolution": "The render was made and is paid for all the same. Press "
                "Render to order another take, which is paid for anew.",
            },
        )
        audit.record(take.workspace, actor, "take.given_up", str(take))
    return take
