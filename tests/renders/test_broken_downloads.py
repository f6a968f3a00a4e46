"""What has arrived of a broken download is gone on with, and never at the disk's expense."""

from studio.pictures.probe import Unacceptable
from studio.renders.collecting import leftovers, parts
from studio.renders.models import Take
from studio.vault import storing
from tests.renders.fetching import FILES, collected, downloads


def asked_ranges(vendor):
    return [r.headers.get("range", "") for r in vendor.requests if r.path.startswith("/secure/")]


def test_a_broken_download_goes_on_where_it_broke(finished, vendor, settings):
    when = FILES[1] | {"nth": 1}
    vendor.set_scenario({"rules": [{"do": "half_body", "when": when}]})
    assert collected(finished).status == "collecting"
    [folder] = (settings.STUDIO_VAULT / ".incoming").iterdir()
    there = (folder / "video.mp4").stat().st_size
    vendor.set_scenario({"rules": [{"do": "expired_link", "when": when}]})
    assert collected(finished).status == "ready"
    assert there > 100
    assert asked_ranges(vendor) == ["", f"bytes={there}-", f"bytes={there}-"]
    assert list((settings.STUDIO_VAULT / ".incoming").iterdir()) == []
    video = finished.assets.select_related("asset").get(part="video").asset
    assert storing.path_of(video).stat().st_size == video.size_bytes > there


def test_pieces_that_make_no_film_together_are_fetched_whole_at_once(
    finished, vendor, settings, monkeypatch
):
    vendor.set_scenario({"rules": [{"do": "half_body", "when": FILES[1] | {"nth": 1}}]})
    collected(finished)
    really, seen = parts.probe_mp4, []

    def refused_once(path, limits):
        seen.append(path.read_bytes())
        if len(seen) == 1:
            raise Unacceptable("The video is damaged or cut short.")
        return really(path, limits)

    monkeypatch.setattr(parts, "probe_mp4", refused_once)
    assert collected(finished).status == "ready"
    assert (finished.collect_attempts, len(seen)) == (2, 2)
    assert downloads(vendor).count("mp4") == 3


def test_pieces_of_takes_that_are_over_are_removed(finished, vendor, settings):
    vendor.set_scenario({"rules": [{"do": "half_body", "when": FILES[1]}]})
    collected(finished)
    waiting = settings.STUDIO_VAULT / ".incoming"
    assert leftovers.prune() == 0
    assert len(list(waiting.iterdir())) == 1
    Take.objects.update(status="ready")  # by another collector, which died before it cleared up
    assert leftovers.prune() == 1
    assert list(waiting.iterdir()) == []


def test_what_an_overtaken_collector_still_writes_is_not_gone_on_with(finished, vendor):
    with leftovers.pieces_of(finished) as held:
        (held / "video.mp4").mkdir()  # whoever opened this would fail
        assert collected(finished).status == "ready"


def test_below_the_reserve_nothing_is_fetched(finished, settings):
    settings.STUDIO_VAULT_RESERVE_BYTES = 10**18
    assert collected(finished).status == "collecting"
    assert finished.error_says.startswith("The vault's disk is full: ")
    assert finished.waits_for == "room and health of the vault's disk"
    assert list((settings.STUDIO_VAULT / ".incoming").iterdir()) == []
    settings.STUDIO_VAULT_RESERVE_BYTES = 0
    assert collected(finished).status == "ready"
