"""Fit to length and tap timing, as the page posts them."""

import pytest

from studio.storyboards.models import Project, Shot


@pytest.fixture
def durations(tokyo):
    return lambda: list(tokyo.shots.values_list("duration_ms", flat=True))


@pytest.fixture
def send(creative, post, tokyo):
    def send(name, **data):
        return post(creative, f"/projects/{tokyo.pk}/{name}/", {"base": 1, **data})

    return send


def lock_the_first(tokyo):
    Shot.objects.filter(pk=tokyo.shots.first().pk).update(is_locked=True)


@pytest.mark.parametrize(
    ("total", "lengths"),
    [("15", [9000, 6000]), ("60 s", [36_000, 24_000]), ("20,01", [12_006, 8004])],
)
def test_a_fit_is_one_exact_revision(send, durations, tokyo, total, lengths):
    assert send("fit", total=total).status_code == 200
    assert durations() == lengths
    assert Project.objects.get(pk=tokyo.pk).revision == 2


def test_a_locked_shot_keeps_its_length(send, durations, tokyo):
    lock_the_first(tokyo)
    send("fit", total="45")
    assert durations() == [18_000, 27_000]


@pytest.mark.parametrize(
    ("total", "says"),
    [
        ("14.999", "A film lasts 15 to 60 s"),
        ("60.001", "A film lasts 15 to 60 s"),
        ("", "Type seconds"),
        ("soon", "“soon” is not a duration"),
        ("18", "Shot 1 is locked and lasts 18 s"),
    ],
)
def test_what_cannot_be_fitted_says_why_in_dialog_and_preview(
    send, creative, durations, tokyo, total, says
):
    lock_the_first(tokyo)
    answer = send("fit", total=total)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    preview = creative.get(f"/projects/{tokyo.pk}/fit/preview/", {"total": total})
    assert says in preview.content.decode()
    assert durations() == [18_000, 12_000]


def test_the_preview_shows_every_shot_and_the_total(creative, tokyo):
    text = creative.get(f"/projects/{tokyo.pk}/fit/?total=45").content.decode()
    for words in ("30 s → 45 s", "18 s", "27 s", "Wide aerial"):
        assert words in text


def test_fitting_to_what_it_is_makes_no_revision(send, tokyo):
    send("fit", total="30")
    assert Project.objects.get(pk=tokyo.pk).revision == 1


def test_taps_are_previewed_then_applied(creative, durations, tokyo):
    address = f"/projects/{tokyo.pk}/tap/"
    page = creative.get(address, {"taps": "0.2 16.25"}).content.decode()
    for words in ("Tapped shorter, kept at 0.5 s", "30 s → 16.25 s", "15.75 s"):
        assert words in page
    assert durations() == [18_000, 12_000]
    assert creative.post(address, {"base": 1, "taps": "0.2 16.25"}).status_code == 302
    assert durations() == [500, 15_750]
    summary = Project.objects.get(pk=tokyo.pk).revisions.get(number=2).summary
    assert summary == "Timed the shots by tapping"


def test_a_locked_shot_keeps_its_length_while_tapping(creative, durations, tokyo):
    lock_the_first(tokyo)
    creative.post(f"/projects/{tokyo.pk}/tap/", {"base": 1, "taps": "21"})
    assert durations() == [18_000, 3000]


@pytest.mark.parametrize("taps", ["x", "5 3", "1 2 3"])
def test_wrong_taps_are_kept_and_said(creative, durations, tokyo, taps):
    address = f"/projects/{tokyo.pk}/tap/"
    for answer in (
        creative.get(address, {"taps": taps}),
        creative.post(address, {"taps": taps, "base": 1}),
    ):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert f"{taps}</textarea>" in answer.content.decode()
    assert durations() == [18_000, 12_000]


def test_no_taps_are_said_to_be_none(creative, tokyo):
    answer = creative.post(f"/projects/{tokyo.pk}/tap/", {"base": 1, "taps": " "})
    assert answer.status_code == 422
    assert "There is no tap yet." in answer.content.decode()


@pytest.mark.parametrize(("name", "data"), [("fit", {"total": "45"}), ("tap", {"taps": "3 9"})])
def test_stale_times_change_nothing(send, producer, durations, tokyo, name, data):
    producer.post(f"/projects/{tokyo.pk}/edit/", {"base": 1, "title": "Theirs"})
    assert send(name, **data).status_code == 409
    assert durations() == [18_000, 12_000]


def test_an_empty_board_says_what_to_do_first(creative, workspace):
    empty = Project.objects.create(workspace=workspace, title="Empty", revision=1)
    assert "Add shots to the board" in creative.get(f"/projects/{empty.pk}/tap/").content.decode()
    assert "There are no shots yet" in creative.get(f"/projects/{empty.pk}/fit/").content.decode()


def test_pages_cost_as_much_for_40_shots_as_for_20(
    long_board, creative, django_assert_max_num_queries
):
    for name in ("tap", "fit", "replace", "shots/move", "shots/split"):
        counts = []
        for project in (long_board(20), long_board(40)):
            with django_assert_max_num_queries(12) as captured:
                creative.get(f"/projects/{project.pk}/{name}/?find=Beat")
            counts.append(len(captured))
        assert counts[0] == counts[1]
