"""Dry runs: what is tried out is seen before it is saved, drawn once, and never holds a page up."""

import gc
import os
import time
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from studio.pictures import dry_run as pictures
from studio.pictures.camera import footage
from studio.storyboards import dry_runs
from studio.storyboards.edits import own_presets
from studio.storyboards.models import Shot
from studio.storyboards.presets import BUILT_INS
from tests.storyboards.test_reference_pictures import a_file

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_VAULT = tmp_path / "vault"
    return tmp_path


@pytest.fixture
def at(tokyo) -> str:
    return f"/projects/{tokyo.pk}/shots/{tokyo.shots.first().pk}/dry-run.gif"


@pytest.fixture
def frames_drawn(monkeypatch) -> list[float]:
    """The moments of all frames that are drawn."""
    moments: list[float] = []
    draw = footage.Footage.frame
    monkeypatch.setattr(
        footage.Footage, "frame", lambda self, t: moments.append(t) or draw(self, t)
    )
    return moments


def body_of(answer) -> bytes:
    return answer.getvalue() if answer.streaming else answer.content


def loop_of(answer) -> Image.Image:
    return Image.open(BytesIO(body_of(answer)))


def kept(var):
    return sorted(path for path in (var / "cache" / "dry-runs").rglob("*") if path.is_file())


def slots_free() -> int:
    taken = 0
    while dry_runs._drawing.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        dry_runs._drawing.release()
    return taken


def test_a_dry_run_is_a_gif_of_a_few_seconds_that_loops_for_ever(at, viewer):
    answer = viewer.get(at)
    loop = loop_of(answer)
    assert (answer["Content-Type"], loop.format, loop.size) == ("image/gif", "GIF", dry_runs.SIZE)
    assert loop.info["loop"] == 0
    total = 0
    for number in range(loop.n_frames):
        loop.seek(number)
        total += loop.info["duration"]
    assert 2_000 <= total <= 3_000


def test_the_first_picture_leaves_when_one_frame_is_drawn(at, creative, frames_drawn):
    answer = creative.get(at)
    assert frames_drawn == [0.0]
    first = next(iter(answer.streaming_content))
    assert frames_drawn == [0.0]
    with Image.open(BytesIO(first + b";")) as shown:
        assert shown.size == dry_runs.SIZE
        shown.load()
    answer.close()


def test_asked_again_nothing_is_drawn(at, creative, frames_drawn):
    one = body_of(creative.get(at))
    count = len(frames_drawn)
    assert count > 20
    assert body_of(creative.get(at)) == one
    assert len(frames_drawn) == count


def test_what_the_browser_has_is_neither_sent_nor_drawn_again(at, creative, frames_drawn):
    etag = creative.head(at)["ETag"]
    answer = creative.get(at, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content, frames_drawn) == (304, b"", [])


def test_a_version_is_kept_for_ever_and_any_other_is_asked_again(at, creative, tokyo):
    name = dry_runs.DryRun(tokyo.shots.first(), tokyo).fingerprint
    assert "immutable" in creative.head(f"{at}?v={name[:12]}")["Cache-Control"]
    for query in ("", "?v=", "?v=0", f"?v={name[:12]}&motion=static"):
        assert creative.head(at + query)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "tried",
    [
        "motion=dolly-in",
        "speed=0.9",
        "temperature=2500",
        "intensity=0.5",
        "style=noir",
        "x=20&y=30",
    ],
)
def test_what_is_tried_out_goes_before_what_is_saved_and_saves_nothing(at, creative, tokyo, tried):
    saved = body_of(creative.get(at))
    assert body_of(creative.get(f"{at}?{tried}")) != saved
    assert body_of(creative.get(at)) == saved
    tokyo.refresh_from_db()
    assert tokyo.revision == 1


def test_what_is_left_empty_inherits_as_in_the_form(at, creative, tokyo):
    Shot.objects.filter(pk=tokyo.shots.first().pk).update(motion="static", speed=0.2)
    inherited = creative.head(f"{at}?motion=&speed=")["ETag"]
    assert inherited == creative.head(f"{at}?motion=orbit&speed=0.6")["ETag"]
    assert inherited != creative.head(at)["ETag"]


@pytest.mark.parametrize(
    ("tried", "says"),
    [
        ("motion=teleport", "no camera preset here"),
        ("speed=5", "camera speed is a number"),
        ("speed=nan", "camera speed is a number"),
        ("temperature=10", "in kelvin"),
        ("intensity=-1", "intensity is a number"),
        ("style=" + "x" * 61, "60 characters"),
        ("style=%00", "control characters"),
        ("x=101&y=3", "per cent"),
        ("x=20&y=", "top"),
    ],
)
def test_what_does_not_fit_is_answered_with_a_sentence(at, creative, frames_drawn, tried, says):
    answer = creative.get(f"{at}?{tried}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/plain")
    assert says in answer.content.decode()
    assert frames_drawn == []


def test_a_move_of_the_workspaces_own_is_said_not_drawn(at, creative, workspace, frames_drawn):
    values, errors = own_presets.checked(title="Whip", motion="whip-pan", description="")
    assert not errors
    own_presets.add_preset(workspace, values)
    answer = creative.get(f"{at}?motion=whip-pan")
    assert answer.status_code == 422
    assert "“whip-pan” is a move of your workspace's own" in answer.content.decode()
    assert frames_drawn == []


def test_a_style_without_a_look_is_said(at, creative, tokyo):
    assert "X-Says" not in creative.head(f"{at}?style=noir")
    assert "No%20look%20is%20known" in creative.head(f"{at}?style=quantum%20foam")["X-Says"]


def test_a_still_is_one_frame(at, creative, frames_drawn):
    assert loop_of(creative.get(f"{at}?still=1")).n_frames == 1
    assert frames_drawn == [0.0]


def test_an_own_picture_is_filmed(at, creative, tokyo, post):
    drawn = body_of(creative.get(at))
    address = f"/projects/{tokyo.pk}/shots/{tokyo.shots.first().pk}/reference/"
    answer = post(creative, address, {"base": 1, "picture": a_file()})
    assert answer.status_code == 200, answer.content
    assert body_of(creative.get(at)) != drawn


def test_a_shot_of_another_board_is_404(tokyo, long_board, creative):
    foreign = long_board(2).shots.first()
    for page in ("dry-run.gif", "moves/"):
        assert creative.get(f"/projects/{tokyo.pk}/shots/{foreign.pk}/{page}").status_code == 404


def test_a_reader_that_goes_away_frees_everything(at, creative, var):
    answer = creative.get(at)
    next(iter(answer.streaming_content))
    assert slots_free() == dry_runs.DRAWS_AT_ONCE - 1
    answer.close()
    gc.collect()
    assert slots_free() == dry_runs.DRAWS_AT_ONCE
    assert kept(var) == []


def test_a_reader_that_never_reads_frees_everything(at, creative, var):
    creative.get(at).close()
    assert slots_free() == dry_runs.DRAWS_AT_ONCE
    assert kept(var) == []


def test_a_failure_frees_its_place_and_keeps_nothing(at, creative, var, monkeypatch):
    def fails(*_args, **_options):
        raise OSError("The disk is gone.")

    monkeypatch.setattr(pictures, "Footage", fails)
    answer = creative.get(at)
    assert answer.status_code == 500
    assert "Ask your admin" in answer.content.decode()
    assert slots_free() == dry_runs.DRAWS_AT_ONCE
    assert kept(var) == []


def test_a_busy_house_says_when_to_come_again(at, creative, monkeypatch, caplog):
    monkeypatch.setattr(dry_runs, "PATIENCE_S", 0.01)
    for _ in range(dry_runs.DRAWS_AT_ONCE):
        assert dry_runs._drawing.acquire(blocking=False)
    try:
        answer = creative.get(at)
    finally:
        for _ in range(dry_runs.DRAWS_AT_ONCE):
            dry_runs._drawing.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert [line for line in caplog.records if line.name == "django.request"] == []  # no fault
    assert "Cache-Control" not in answer


def test_loops_that_nobody_looks_at_any_more_are_pruned(at, creative, var):
    body_of(creative.get(at))
    (path,) = kept(var)
    assert dry_runs.prune() == 0
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    assert dry_runs.prune() == 1
    assert kept(var) == []


@pytest.mark.parametrize("page", ["dry-run.gif?still=1", "moves/"])
def test_long_boards_cost_no_more_queries(long_board, creative, page):
    counts = []
    for length in (3, 6):
        project = long_board(length)
        address = f"/projects/{project.pk}/shots/{project.shots.last().pk}/{page}"
        with CaptureQueriesContext(connection) as seen:
            body_of(creative.get(address))
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.fixture
def gallery(tokyo) -> str:
    return f"/projects/{tokyo.pk}/shots/{tokyo.shots.first().pk}/moves/"


def test_all_moves_stand_side_by_side_on_a_page_of_their_own(gallery, creative):
    page = creative.get(gallery).content.decode()
    assert page.count('loading="lazy"') == len(BUILT_INS)
    assert "speed=0.6" in page
    for move in BUILT_INS:
        assert f'aria-label="Choose {move.title}"' in page
        assert f"dry-run.gif?motion={move.motion}&amp;" in page
    assert page.count(">Current<") == 1
    assert page.count("Unverified") == 8
    assert page.count("Documented") == 4


def test_a_move_is_chosen_with_one_edit(gallery, creative, tokyo, post):
    shot = tokyo.shots.first()
    address = gallery.replace("moves/", "")
    answer = post(creative, address, {"base": 1, "motion": "crane-up"}, shot.pk)
    assert answer.status_code == 200
    tokyo.refresh_from_db()
    shot.refresh_from_db()
    assert (tokyo.revision, shot.motion) == (2, "crane-up")


def test_another_speed_is_shown_and_chosen_with_the_move(gallery, creative):
    page = creative.get(f"{gallery}?speed=0.25").content.decode()
    assert "speed=0.25" in page
    assert '<input type="hidden" name="speed" value="0.25">' in page
    assert 'name="speed" value="0.6" disabled' in creative.get(gallery).content.decode()
    refused = creative.get(f"{gallery}?speed=7").content.decode()
    assert "camera speed is a number from 0.1 to 1" in refused
    assert 'value="0.6" disabled' in refused


def test_all_moves_can_be_held_still(gallery, creative):
    page = creative.get(f"{gallery}?still=1").content.decode()
    assert page.count("still=1") >= len(BUILT_INS)
    assert "Play" in page


def test_the_workspaces_own_moves_stand_there_without_a_picture(gallery, creative, workspace):
    values, _ = own_presets.checked(title="Whip", motion="whip-pan", description="")
    own_presets.add_preset(workspace, values)
    page = creative.get(gallery).content.decode()
    assert 'aria-label="Choose Whip"' in page
    assert "not drawn" in page
    assert "motion=whip-pan" not in page


def test_who_may_not_edit_looks_and_is_offered_no_choice(gallery, viewer, creative, tokyo):
    assert "Choose Orbit" not in viewer.get(gallery).content.decode()
    tokyo.shots.update(is_locked=True)
    page = creative.get(gallery).content.decode()
    assert "Choose Orbit" not in page
    assert "Unlock it to choose another move" in page


def test_the_inspector_shows_the_saved_move(tokyo, creative):
    shot = tokyo.shots.first()
    page = creative.get(f"/projects/{tokyo.pk}/?shot={shot.pk}").content.decode()
    version = dry_runs.DryRun(shot, tokyo).fingerprint[:12]
    assert f"dry-run.gif?v={version}" in page
    assert 'media="(prefers-reduced-motion: reduce)"' in page
    several = ",".join(str(pk) for pk in tokyo.shots.values_list("pk", flat=True))
    assert (
        "dry-run.gif" not in creative.get(f"/projects/{tokyo.pk}/?shots={several}").content.decode()
    )
