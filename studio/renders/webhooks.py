"""The vendor calls back: "URL notified on status change" (document, section Optional fields).

The document shows neither a signature nor a body. So the address itself is the secret, nothing in
the body is believed, and all that a call can do is to have the vendor asked a little sooner. Of a
take whose outcome is unknown the body may name the task; that too is only a hint to ask about.
"""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from studio.lib.bodies import bounds_its_body
from studio.renders import lifecycle, news
from studio.renders.lifecycle import AT_VENDOR, Status
from studio.renders.models import Take, WebhookDelivery
from studio.transend.answers import is_task_id
from studio.transend.wire import decode_answer

MAX_BODY_BYTES = 64 * 1024
MAX_DELIVERIES = 50
_SALT = "studio.renders.webhooks"
# What is due within this time is soon enough; a flood of calls makes no flood of questions.
_SOON = timedelta(milliseconds=300)
# In these a take that was sent has no task: a person said so, or the vendor's own refusal.
_DECIDED = (Status.QUEUED, Status.FAILED, Status.CANCELLED)

log = logging.getLogger(__name__)


def mac_of(take_id: int, secret: str | bytes | None = None) -> str:
    """The unguessable end of a take's webhook address."""
    return salted_hmac(_SALT, str(take_id), secret=secret, algorithm="sha256").hexdigest()


def url_for(take_id: int) -> str:
    """The webhook_url to send for a take; empty where the vendor could not reach us."""
    base = settings.TRANSEND_WEBHOOK_BASE
    # Written out rather than reversed: the address is a promise to the vendor, not to our pages.
    return f"{base}/hooks/transend/{take_id}/{mac_of(take_id)}" if base else ""


@bounds_its_body
@csrf_exempt
@require_POST
@login_not_required
def receive(request: HttpRequest, take: int, mac: str) -> HttpResponse:
    """Take a call in: 204 at once, and the same 404 for everything that is refused."""
    body = _body_of(request) if _is_ours(take, mac) else None
    if body is None:
        return _unlogged(HttpResponse(status=404))
    try:
        known = note(take, body)
    except DatabaseError:
        # Without this the failed request would be logged with its address.
        log.exception("A webhook for take %s could not be noted.", take)
        return _unlogged(HttpResponse(status=503))
    return HttpResponse(status=204) if known else _unlogged(HttpResponse(status=404))


@transaction.atomic
def note(take_id: int, body: bytes) -> bool:
    """Write a call down and hasten the next question; False when there is no such take."""
    take = Take.objects.filter(pk=take_id).first()
    if take is None:
        return False
    candidate = _task_named_in(body)
    is_kept = take.deliveries.count() < MAX_DELIVERIES
    if is_kept:
        WebhookDelivery.objects.create(
            take=take,
            size_bytes=len(body),
            body_sha256=hashlib.sha256(body).hexdigest(),
            candidate_task_id=candidate,
        )
    now = timezone.now()
    Take.objects.filter(pk=take_id, status__in=AT_VENDOR, next_poll_at__gt=now + _SOON).update(
        next_poll_at=now
    )
    if candidate and not take.vendor_task_id:
        is_hint = _remember_candidate(take_id, candidate)
        if is_kept and not is_hint:
            _contradict(take, candidate)
    return True


def _contradict(take: Take, candidate: str) -> None:
    """Where it was settled, or put back, as if there were no task: tell whoever can look for it."""
    take.refresh_from_db()  # somebody may have decided while the hint waited for their lock
    if take.status not in _DECIDED or take.vendor_task_id or not take.attempts:
        return
    says = (
        f"Transend's webhook names the task {candidate} for this take: it may have been created "
        "all the same, and may be billed. Look for it in the Transend console."
    )[: lifecycle.MAX_SAYS]
    if not take.events.filter(says=says).exists():
        lifecycle.remark(take, says)
        news.tell_of_task_after_all(take, candidate)


def _remember_candidate(take_id: int, candidate: str) -> bool:
    """A take that does not know its task gets a hint; only a GET makes it true."""
    without_task = Take.objects.filter(pk=take_id, vendor_task_id="")
    sent = without_task.filter(status=Status.SUBMITTING).update(candidate_task_id=candidate)
    unknown = without_task.filter(status=Status.UNCERTAIN).update(
        candidate_task_id=candidate, next_poll_at=timezone.now()
    )
    return bool(sent or unknown)


def _is_ours(take_id: int, mac: str) -> bool:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(mac, mac_of(take_id, secret)) for secret in secrets)


def _body_of(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too large or breaks off."""
    try:
        body = request.read(MAX_BODY_BYTES + 1)
    except OSError:
        return None
    return body if len(body) <= MAX_BODY_BYTES else None


def _task_named_in(body: bytes) -> str:
    try:
        data = decode_answer(body)
    except ValueError:
        return ""
    task_id = data.get("task_id") if isinstance(data, dict) else None
    return str(task_id) if is_task_id(task_id) else ""


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Keep Django's log of failed requests silent: it would print the address, secret and all."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # read by django.utils.log
    return response
