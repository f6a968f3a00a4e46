"""The line on a take that lists, the board and the take's own page show: true in each state."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.renders.models import Take
from studio.renders.outcomes import standing_now, standings_of
from studio.reviews.deciding.decisions import Verdict, decide, take_back
from studio.reviews.deciding.releases import release, withdraw
from studio.vault import storing
from studio.vault.integrity import _sha256

YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED
PLAIN = "The preview is ready to be looked at."
HTMX = {"HX-Request": "true"}


def line(take):
    """What a list says; the take's own page says the same."""
    [listed], own = standings_of([take]), standing_now(take)
    assert listed == own
    return f"{listed.label}: {listed.says}"


def test_a_take_goes_through_all_that_can_be_decided(take, producer, admin):
    assert line(take) == f"Ready: {PLAIN}"
    asked = decide(take, NO, admin.user, "Slower.").decided_at
    when = f"{asked.day} {asked:%b %Y, %H:%M} UTC"
    assert line(take) == f"Changes requested: {admin.user} requested changes, {when}."
    take_back(take, admin.user)
    assert line(take) == f"Ready: {PLAIN}"
    decide(take, YES, producer.user)
    assert line(take).startswith(f"Released: Released by {producer.user}, ")
    withdraw(take, admin.user)
    assert line(take).startswith("Approved: Approved. The release was withdrawn by Admin, ")
    release(take, admin.user)
    assert line(take).startswith("Released: Released by Admin, ")
    decide(take, NO, admin.user, "No.")
    assert line(take).startswith("Changes requested: Admin requested changes, ")
    take_back(take, admin.user)
    assert line(take).startswith("Release withdrawn: The release was withdrawn by Admin, ")


def test_what_waits_for_others_says_for_whom(take, rule, producer, admin):
    rule(approvals_needed=2, releases_itself=False)
    decide(take, YES, producer.user)
    assert line(take) == ("Ready: 1 of 2 approvals. Waiting for another producer or admin.")
    decide(take, YES, admin.user)
    assert line(take).startswith("Approved: Approved by Admin, ")
    assert standing_now(take).then == "A producer can release the film."


def test_advice_changes_nothing_and_a_guest_who_counts_is_named(take, rule, guest_of):
    jane = guest_of(take, "Jane Client")
    decide(take, YES, jane)
    assert line(take) == f"Ready: {PLAIN}"
    rule(guests_count=True)
    decide(take, YES, jane)
    assert line(take).startswith("Released: Released on the approval of Jane Client, a guest, ")


def test_a_film_that_is_not_the_approved_one_is_not_called_released(take, producer, asset_of):
    decide(take, YES, producer.user)
    storing.path_of(asset_of(take, "video")).write_bytes(b"another film")
    [listed], own = standings_of([take]), standing_now(take)
    for found in (listed, own):
        assert (found.label, found.tone) == ("Locked", "bad")
        assert "locked" in found.says


@pytest.mark.parametrize("part", ["video", "preview_gif"])
@pytest.mark.parametrize("what", ["gone", "longer", "another", "none", "deleted"])
def test_lists_tell_what_can_be_told_of_a_release_without_reading(
    take, producer, asset_of, keep, part, what
):
    decide(take, YES, producer.user)
    asset = asset_of(take, part)
    if what == "gone":
        storing.path_of(asset).unlink()
    elif what == "longer":
        storing.path_of(asset).write_bytes(b"." * (asset.size_bytes + 1))
    elif what == "another":
        other = keep(take.workspace, b"." * asset.size_bytes, asset.media_type)
        take.assets.filter(part=part).update(asset=other)
    elif what == "none":
        take.assets.filter(part=part).delete()
    else:
        type(asset).objects.filter(pk=asset.pk).update(deleted_at=timezone.now())
    before = _sha256.cache_info()
    [listed] = standings_of([take])
    assert _sha256.cache_info() == before, "no file is read for a list"
    assert (listed.label, listed.tone) == ("Locked", "bad")


def test_the_desk_and_the_board_call_no_film_released_that_is_not(viewer, take, producer, asset_of):
    decide(take, YES, producer.user)
    storing.path_of(asset_of(take, "video")).write_bytes(b"another film")
    for page in (f"/projects/{take.project_id}/takes/", f"/w/{take.workspace.slug}/desk/"):
        shown = viewer.get(page).content.decode()
        assert "so the film is locked" in shown, page
        assert f"Released by {producer.user}" not in shown, page


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_what_is_not_ready_is_as_it_was(make_take, status):
    assert line(make_take(status)).startswith(status.capitalize())


def test_the_page_the_board_and_the_desk_say_it_and_learn_of_it(viewer, producer, take):
    panel, desk = f"/projects/{take.project_id}/takes/", f"/w/{take.workspace.slug}/desk/"
    pages = (f"/takes/{take.pk}/", f"/takes/{take.pk}/status/", panel, desk)
    seen = viewer.get(panel).context["pulse"]
    assert viewer.get(f"{panel}?since={seen}", headers=HTMX).status_code == 204
    decide(take, YES, producer.user)
    for address in pages:
        page = viewer.get(address).content.decode()
        assert f"Released by {producer.user}" in page, address
        assert PLAIN not in page, address
    assert b"Released by" in viewer.get(f"{panel}?since={seen}", headers=HTMX).content
    seen = viewer.get(panel).context["pulse"]
    withdraw(take, producer.user)
    assert b"was withdrawn" in viewer.get(f"{panel}?since={seen}", headers=HTMX).content


def test_the_state_asks_anew_when_something_was_decided(viewer, take):
    page = viewer.get(f"/takes/{take.pk}/").content.decode()
    assert 'hx-trigger="load, decisionChanged from:body"' in page


def test_twice_the_takes_take_as_many_queries(make_take, producer, guest_of):
    def queries() -> int:
        takes = list(Take.objects.all())
        with CaptureQueriesContext(connection) as made:
            standings_of(takes)
        return len(made)

    def more(count: int) -> None:
        for _ in range(count):
            take = make_take()
            decide(take, YES, producer.user)
            withdraw(take, producer.user)
            decide(take, NO, guest_of(take), "Slower.")

    more(2)
    few = queries()
    more(2)
    assert queries() == few == 4
    for _ in range(2):
        decide(make_take(), YES, producer.user)
    few = queries()
    for _ in range(2):
        decide(make_take(), YES, producer.user)
    assert queries() == few == 5
