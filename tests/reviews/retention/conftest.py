"""Takes of any age, a policy, and a look at the whole disk."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.renders.models import Take
from studio.reviews.models import RetentionPolicy


@pytest.fixture(autouse=True)
def var(settings, tmp_path) -> Path:
    """STUDIO_VAR, with the vault in it."""
    settings.STUDIO_VAR = tmp_path
    return tmp_path


@pytest.fixture
def policy(workspace: Workspace) -> RetentionPolicy:
    """30 days, announced 7 days before."""
    return RetentionPolicy.objects.create(workspace=workspace, days=30, warn_days=7)


@pytest.fixture
def aged() -> Callable[[Take, float], Take]:
    """Make a take that ended so many days ago."""

    def make(take: Take, days: float) -> Take:
        ended = timezone.now() - timedelta(days)
        Take.objects.filter(pk=take.pk).update(finished_at=ended, created_at=ended)
        take.refresh_from_db()
        return take

    return make


@pytest.fixture
def days_pass() -> Callable[[float], None]:
    """Let so many days pass for everything that was announced, and for the next sweep."""

    def pass_by(days: float) -> None:
        for take in Take.objects.all():
            if take.deletion_due_at:
                take.deletion_due_at -= timedelta(days)
            ended = take.finished_at or take.created_at
            take.finished_at = ended - timedelta(days)
            take.save(update_fields=["deletion_due_at", "finished_at"])

    return pass_by


@pytest.fixture
def on_disk(var: Path) -> Callable[[], set[str]]:
    """The SHA-256 (hex) of every file below STUDIO_VAR, whatever it is called, but for the one
    that the test itself brought in."""

    def read() -> set[str]:
        return {
            hashlib.sha256(path.read_bytes()).hexdigest()
            for path in var.rglob("*")
            if path.is_file() and path != var / "arrived"
        }

    return read
