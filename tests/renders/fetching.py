"""Collecting a finished take by hand, and what the vendor was asked for meanwhile."""

from studio.renders.collecting import collector
from studio.renders.models import Take

FILES = [{"path": "/previews/*"}, {"path": "/secure/*"}]


def downloads(vendor):
    return [
        r.path.rpartition(".")[2].partition("?")[0]
        for r in vendor.requests
        if r.path.startswith(("/previews/", "/secure/"))
    ]


def free(take):
    """The next try may begin at once."""
    Take.objects.filter(pk=take.pk).update(leased_until=None)


def collected(take):
    free(take)
    collector.collect(take.pk)
    take.refresh_from_db()
    return take
