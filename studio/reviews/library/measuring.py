"""The technical facts of films that were collected before such were measured.

They speak of a file that is written once, so they may be filled in later; no page waits for them.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from studio.lib.waking import enqueue
from studio.renders.collecting.measuring import MEASURED, measured
from studio.reviews.work import QUEUE
from studio.vault.integrity import is_intact
from studio.vault.models import Asset
from studio.vault.storing import path_of

_TASK = "studio.reviews.tasks.measure_film"
_ASKED = "measuring_since"
# A worker that took the order has died by then, or the film is not what was stored.
_ASK_AGAIN_AFTER = timedelta(minutes=10)

log = logging.getLogger(__name__)


def order_missing(films: Iterable[Asset]) -> None:
    """Have the queue measure those of the films that were not, each once for all who ask."""
    for film in films:
        if _is_due(film):
            _order(film.pk)


def measure(film_id: int) -> None:
    """Measure one film, if that is still to be done."""
    film = Asset.objects.filter(pk=film_id).first()
    if film is None or MEASURED in film.facts:
        return
    if not is_intact(film):
        log.warning("Film %s is not what was stored, so it was not measured.", film_id)
        return
    found = measured(path_of(film))
    with transaction.atomic():
        film = Asset.objects.select_for_update().get(pk=film_id)
        film.facts = {name: fact for name, fact in film.facts.items() if name != _ASKED} | found
        film.save(update_fields=["facts"])


def _order(film_id: int) -> None:
    with transaction.atomic():
        film = Asset.objects.select_for_update().filter(pk=film_id).first()
        if film is None or not _is_due(film):  # somebody else was faster
            return
        film.facts[_ASKED] = timezone.now().isoformat()
        film.save(update_fields=["facts"])
        enqueue(_TASK, film_id, QUEUE)


def _is_due(film: Asset) -> bool:
    if film.deleted_at is not None or MEASURED in film.facts:
        return False
    asked = film.facts.get(_ASKED)
    return asked is None or datetime.fromisoformat(asked) < timezone.now() - _ASK_AGAIN_AFTER
