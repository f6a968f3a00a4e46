"""A person's own process: orders and cancels takes as it is told, one line each.

order PROJECT    →  the take's id, not yet committed: that takes a line `go`
regret PROJECT   →  the take's id, ordered in a paused queue; after a line `go` it is cancelled
"""

import sys

import django


def main() -> None:
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from studio.accounts.models import User
    from studio.renders.models import Budget, Desk
    from studio.renders.submission import cancel, order_take
    from studio.storyboards.models import Project
    from tests.faults.stopping.steps import Step
    from tests.faults.stopping.stops import stand

    person = User.objects.get(email="creative@demo.localhost")
    Budget.objects.all().delete()  # the demo's would be used up
    paused = Desk.objects.filter(workspace__slug="demo")
    paused.update(paused_at=None)  # as whoever was killed has left it
    for line in iter(sys.stdin.readline, ""):
        what, project = line.split()
        if what == "order":
            with transaction.atomic():
                take = order_take(Project.objects.get(pk=project), person)
                tell(take.pk)
                stand(Step.ORDERING, take.pk)
        else:
            paused.update(paused_at=timezone.now())
            take = order_take(Project.objects.get(pk=project), person)
            tell(take.pk)
            cancel(take, person)
            paused.update(paused_at=None)
        tell("done")


def tell(answer: object) -> None:
    """Answer, and wait for the word to go on."""
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()
    if answer != "done":
        sys.stdin.readline()


if __name__ == "__main__":
    main()
