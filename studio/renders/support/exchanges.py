"""What was asked of the vendor about each take, and what it answered: kept as evidence.

Each paid order is kept; of questions, those that moved the take or failed. An answer that only
repeats the one before it is counted. Quiet answers leave no trace: five thousand takes are asked
about all the time.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from studio.renders import webhooks
from studio.renders.models import Exchange, Take
from studio.transend import errors
from studio.transend.redaction import EXCERPT_CHARS, without_secrets
from studio.transend.types import Created, Task

MAX_PER_TAKE = 60
_SUCCESS, _TOO_MANY = 200, 429

What = Exchange.What
Outcome = Task | Created | errors.TransendError


def exchange_of(
    take: Take,
    what: Exchange.What,
    outcome: Outcome,
    *,
    at: datetime | None = None,
    elapsed_ms: int | None = None,
    secret: str = "",
) -> Exchange:
    """The evidence of one answer, not saved yet. `secret` is the key, should it be echoed.

    `at` is when the answer was there (default: now), `elapsed_ms` how long it took.
    """
    status, says, body = _told(outcome)
    secrets = (webhooks.mac_of(take.pk), secret)
    return Exchange(
        take=take,
        what=what,
        at=at or timezone.now(),
        elapsed_ms=elapsed_ms,
        status=status,
        says=without_secrets(says, *secrets)[:300],
        body=without_secrets(body, *secrets)[:EXCERPT_CHARS],
        trace_id=without_secrets(outcome.trace_id or "", *secrets)[:200],
    )


def keep(found: Sequence[Exchange]) -> None:
    """Keep this evidence: one insert for all of it, and one update of what only repeats.

    Call it in the transaction of what the answers meant.
    """
    if not found:
        return
    takes = {exchange.take_id for exchange in found}
    newest, kept = _newest_of(takes), _counted(takes)
    repeated: list[int] = []
    added: list[Exchange] = []
    for exchange in found:
        former = newest.get(exchange.take_id)
        if former is not None and former.pk and _is_same(former, exchange):
            repeated.append(former.pk)
        else:
            added.append(exchange)
            newest[exchange.take_id] = exchange
    if repeated:
        Exchange.objects.filter(pk__in=repeated).update(
            times=F("times") + 1, last_at=timezone.now()
        )
    Exchange.objects.bulk_create(added)
    full = {exchange.take_id for exchange in added if kept.get(exchange.take_id, 0) >= MAX_PER_TAKE}
    if full:
        _make_room(full)


def note(
    take: Take, what: Exchange.What, outcome: Outcome, *, elapsed_ms: int | None = None
) -> None:
    """Keep the evidence of one answer."""
    keep([exchange_of(take, what, outcome, elapsed_ms=elapsed_ms)])


def _told(outcome: Outcome) -> tuple[int | None, str, str]:
    """Status, sentence and the start of the body."""
    match outcome:
        case Task():
            says = f"Transend calls the render “{outcome.raw_status}”"
            progress = "" if outcome.progress is None else f", at {outcome.progress} %"
            return _SUCCESS, f"{says}{progress}.", outcome.excerpt
        case Created():
            body = json.dumps(dict(outcome.raw), ensure_ascii=False)
            return _SUCCESS, f"Transend created the task {outcome.task_id}.", body
    return outcome.status, outcome.says, outcome.excerpt


def _is_same(former: Exchange, exchange: Exchange) -> bool:
    """Whether only its moment is new. What may have been paid for counts for itself."""
    if (former.what, former.status, former.says) != (exchange.what, exchange.status, exchange.says):
        return False
    may_be_paid = exchange.what == What.CREATE and exchange.status != _TOO_MANY
    return not may_be_paid or former.trace_id == exchange.trace_id


def _newest_of(takes: Collection[int]) -> dict[int, Exchange]:
    pks = _of(takes).values("take").annotate(newest=Max("pk")).values("newest")
    return {exchange.take_id: exchange for exchange in Exchange.objects.filter(pk__in=pks)}


def _counted(takes: Collection[int]) -> dict[int, int]:
    return dict(_of(takes).values_list("take").annotate(Count("pk")))


def _of(takes: Collection[int]) -> QuerySet[Exchange]:
    return Exchange.objects.filter(take__in=takes).order_by()


def _make_room(takes: Collection[int]) -> None:
    """Let go of the oldest questions; what was paid for, and what came last, tells the most."""
    newest_first = Window(RowNumber(), partition_by=F("take"), order_by=F("pk").desc())
    questions = _of(takes).exclude(what=What.CREATE).annotate(behind=newest_first)
    surplus = questions.filter(behind__gt=MAX_PER_TAKE // 2).values_list("pk", flat=True)
    Exchange.objects.filter(pk__in=list(surplus)).delete()
