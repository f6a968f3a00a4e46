"""The history of a board: what each revision changed, and the way back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.storyboards.models import Project
from studio.storyboards.snapshots import snapshot_of


@pytest.fixture
def edited(tokyo, creative, producer, post):
    """Tokyo at revision 5: a prompt, a duration, a new shot, the first one deleted."""
    shot = tokyo.shots.first().pk
    at = f"/projects/{tokyo.pk}"
    post(creative, f"{at}/shots/{shot}/", {"base": 1, "prompt": "Wide aerial of quiet Tokyo"})
    post(producer, f"{at}/shots/{shot}/", {"base": 2, "duration": "17"})
    post(producer, f"{at}/shots/", {"base": 3})
    post(creative, f"{at}/shots/{shot}/delete/", {"base": 4})
    return tokyo


def content(project):
    fresh = Project.objects.get(pk=project.pk)
    return snapshot_of(fresh, fresh.shots.all())


def test_every_revision_with_author_words_and_totals(edited, viewer):
    page = viewer.get(f"/projects/{edited.pk}/history/").content.decode()
    for words in (
        "Shot 1: prompt rewritten",
        "Shot 1: duration 18 s → 17 s",
        "Added shot 3",
        "Deleted shot 1 (Wide aerial of quiet Tokyo)",
        "Producer",
        "3 shots, 34 s",
        "2 shots, 17 s",
    ):
        assert words in page
    assert page.index("rev 5") < page.index("rev 1")


def test_only_those_of_one_author(edited, creative, producer):
    page = creative.get(f"/projects/{edited.pk}/history/?by={producer.user.pk}").content.decode()
    assert "Added shot 3" in page
    assert "prompt rewritten" not in page


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, ["The board began with this version"]),
        (2, ["<del>neon </del><ins>quiet </ins>", "Prompt"]),
        (3, ["<del>18 s</del>", "<ins>17 s</ins>", "Duration"]),
        (4, ["Added. 5 s, without a prompt"]),
        (5, ["Shot 1, as it was", "Deleted. 17 s, “Wide aerial of quiet Tokyo”"]),
    ],
)
def test_what_a_revision_changed_and_the_board_as_it_was(edited, viewer, number, words):
    answer = viewer.get(f"/projects/{edited.pk}/history/{number}/")
    page = answer.content.decode()
    for said in words:
        assert said in page
    assert "Close-up of umbrellas catching raindrops" in page
    assert ("Wide aerial" in page.split("The board then")[1]) == (number < 5)


def test_a_new_order_is_told_by_the_old_numbers(edited, creative, post):
    pks = list(edited.shots.values_list("pk", flat=True))
    order = {"base": 5, "order": ",".join(map(str, reversed(pks)))}
    post(creative, f"/projects/{edited.pk}/order/", order)
    page = creative.get(f"/projects/{edited.pk}/history/6/").content.decode()
    assert "Now in this order, by the numbers they had: 2, 1." in page


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_restore_brings_back_all_of_it_under_the_same_keys(edited, creative, number):
    then = edited.revisions.get(number=number).snapshot
    before = content(edited)
    answer = creative.post(f"/projects/{edited.pk}/history/{number}/restore/", {"base": 5})
    assert answer["Location"] == f"/projects/{edited.pk}/"
    assert content(edited) == then
    latest = edited.revisions.get(number=6)
    assert (latest.summary, latest.author) == (f"Restored rev {number}", creative.user)
    creative.post(f"/projects/{edited.pk}/undo/", {"base": 6})
    assert content(edited) == before


def test_a_stale_restore_changes_nothing_and_says_so(edited, creative):
    answer = creative.post(f"/projects/{edited.pk}/history/1/restore/", {"base": 4})
    assert answer.status_code == 409
    assert "Look at the board again" in answer.content.decode()
    assert Project.objects.get(pk=edited.pk).revision == 5


@pytest.mark.parametrize("number", [0, 6, 999_999])
def test_no_such_revision(edited, creative, number):
    assert creative.get(f"/projects/{edited.pk}/history/{number}/").status_code == 404
    answer = creative.post(f"/projects/{edited.pk}/history/{number}/restore/", {"base": 5})
    assert answer.status_code == 404


def test_a_revision_of_another_board_is_not_restored(edited, long_board, creative):
    other = long_board(2)
    answer = creative.post(f"/projects/{other.pk}/history/5/restore/", {"base": 1})
    assert answer.status_code == 404


def test_a_viewer_looks_and_restores_nothing(edited, viewer):
    for at in ("history/", "history/2/"):
        page = viewer.get(f"/projects/{edited.pk}/{at}").content.decode()
        assert "Restore" not in page.replace("restoring", "")


def test_the_history_costs_as_much_for_60_revisions_as_for_30(edited, creative, post):
    shot = edited.shots.first().pk
    counts = []
    for count in (30, 60):
        for base in range(edited.revisions.count(), count):
            data = {"base": base, "prompt": f"Words {base}"}
            post(creative, f"/projects/{edited.pk}/shots/{shot}/", data)
        with CaptureQueriesContext(connection) as captured:
            assert creative.get(f"/projects/{edited.pk}/history/").status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1] <= 7


def test_undo_and_redo_say_what_they_are_about_and_whose_it_was(edited, producer, post):
    at = f"/projects/{edited.pk}"
    page = producer.get(f"{at}/").content.decode()
    assert 'title="Undo: Deleted shot 1 (Wide aerial of quiet Tokyo)"' in page
    post(producer, f"{at}/undo/", {"base": 5})
    latest = edited.revisions.first()
    assert latest.summary == "Undid “Deleted shot 1 (Wide aerial of quiet Tokyo)” of Creative"
    page = producer.get(f"{at}/").content.decode()
    assert 'title="Undo: Added shot 3"' in page
    assert 'title="Redo: Deleted shot 1 (Wide aerial of quiet Tokyo)"' in page


def test_a_number_that_no_database_holds_is_404(edited, viewer):
    assert viewer.get(f"/projects/{edited.pk}/history/{'9' * 30}/").status_code == 404
