"""Two orders at the same moment never spend the same remainder."""

import threading
from decimal import Decimal

import pytest
from django.db import connections

from studio.accounts.models import User
from studio.renders.models import Budget, Take
from studio.renders.resolution import NotResolved, send_again
from studio.renders.submission import NotSendable, order_take
from studio.storyboards.models import Project
from tests.renders.conftest import save_revision


def at_once(*deeds):
    """Do all of it at the same moment, each on a connection of its own; return the refusals."""
    barrier = threading.Barrier(len(deeds))
    refusals, trouble = [], []

    def run(deed):
        try:
            barrier.wait(30)
            deed()
        except (NotSendable, NotResolved) as refusal:
            refusals.append(str(refusal))
        except Exception as problem:  # noqa: BLE001 - told by the test's own thread
            trouble.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert trouble == []
    return refusals


def ordering(project, user):
    return lambda: order_take(Project.objects.get(pk=project.pk), User.objects.get(pk=user.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("projects", [1, 2])
def test_only_as_many_orders_pass_as_the_budget_holds(
    projects, project, other_project, creative, api_key, rate
):
    # Of two projects, the workspace's budget is one all the same.
    other_project.shots.create(scene_id="s", position=0, prompt="Rain", duration_ms=30_000)
    save_revision(other_project, creative.user)
    Budget.objects.create(
        workspace=project.workspace, currency="USD", amount=Decimal("7.5"), is_hard=True
    )
    of = [project, other_project][:projects]
    refusals = at_once(*(ordering(of[turn % projects], creative.user) for turn in range(6)))
    assert Take.objects.count() == 2
    assert len(refusals) == 4
    assert all("but 1.50 USD is left of 7.50 USD" in refusal for refusal in refusals)


@pytest.mark.django_db(transaction=True)
def test_sending_again_and_ordering_do_not_share_the_remainder(
    project, creative, producer, api_key, rate, make_take, now
):
    uncertain = make_take(created_at=now, status="uncertain")
    Budget.objects.create(workspace=project.workspace, currency="USD", amount=Decimal(6))
    refusals = at_once(
        ordering(project, creative.user),
        lambda: send_again(
            Take.objects.get(pk=uncertain.pk), User.objects.get(pk=producer.user.pk)
        ),
    )
    assert len(refusals) == 1
    assert "but nothing is left of 6.00 USD" in refusals[0]


def test_sending_again_is_refused_beyond_a_hard_stop(project, producer, rate, make_take, now):
    uncertain = make_take(created_at=now, status="uncertain")
    Budget.objects.create(workspace=project.workspace, currency="USD", amount=Decimal("5.9999"))
    with pytest.raises(NotResolved, match=r"but 2\.9999 USD is left"):
        send_again(uncertain, producer.user)
    uncertain.refresh_from_db()
    assert uncertain.status == "uncertain"
