"""A film of two short shots, and a worker that does what is queued for it, in this thread."""

import pytest
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from studio.storyboards.animatics import orders, rendering
from studio.storyboards.animatics.options import GIF, Options
from studio.storyboards.edits.revising import create_project
from studio.storyboards.models import Shot
from studio.vault import storing

SMALL = Options(GIF, (320, 180))


@pytest.fixture(autouse=True)
def house(settings, tmp_path, monkeypatch):
    """A folder of its own for the vault and the caches; films are drawn in this process, for
    starting others takes longer than drawing so little."""
    monkeypatch.setattr(rendering, "MOST_PROCESSES", 1)
    settings.STUDIO_VAR = tmp_path / "var"
    settings.STUDIO_VAULT = tmp_path / "var" / "vault"
    settings.STUDIO_VAR.mkdir()
    return settings.STUDIO_VAR


@pytest.fixture
def coast(workspace, creative):
    """Two shots, 0.9 s."""
    shots = [
        Shot(scene_id="a", prompt="Gulls over the surf", duration_ms=500, motion="static"),
        Shot(scene_id="b", prompt="A lighthouse at dusk", duration_ms=400, motion="pan-left"),
    ]
    return create_project(workspace, creative.user, "Coast", shots=shots)


@pytest.fixture
def ordered(coast, creative):
    return orders.order(coast, creative.user, SMALL)


def queued():
    """The animatics whose turn comes, by the entries of the queue."""
    entries = OrmQ.objects.filter(key=orders.PICTURES).order_by("pk")
    packages = [SignedPackage.loads(entry.payload) for entry in entries]
    return [package["args"][0] for package in packages]


def work():
    """Do all that is queued for the pictures' workers."""
    for entry in OrmQ.objects.filter(key=orders.PICTURES).order_by("pk"):
        package = SignedPackage.loads(entry.payload)
        entry.delete()
        import_string(package["func"])(*package["args"])


def incoming():
    """What lies in the vault, and no row speaks of."""
    return storing.incoming_of("animatic")
