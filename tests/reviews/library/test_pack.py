"""The offline review pack: one file, complete, that believes nobody's text and needs no network."""

import base64
import hashlib
import re
import subprocess
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.reviews.deciding.decisions import decide
from studio.reviews.deciding.history import Verdict
from studio.reviews.library.pack.stream import Contents, Pack, of_file, place
from studio.reviews.library.pack.strokes import paths_of
from studio.reviews.models import PreviewFilm, ShotVerdict
from studio.vault.streams import Slots, TooManyStreams
from tests.pictures.sounding_films import sounding
from tests.reviews.conftest import body_of

pytestmark = pytest.mark.any_database

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ css }}"
ARROW = {"kind": "arrow", "colour": "red", "points": [[0.1, 0.2], [0.5, 0.6]]}
BOX = {"kind": "box", "colour": "white", "points": [[0.1, 0.2], [0.5, 0.6]]}
PEN = {"kind": "pen", "colour": "blue", "points": [[0.5, 0.5]]}


def pack_of(client, take, query=""):
    response = client.get(f"/takes/{take.pk}/pack.html{query}")
    assert response.status_code == 200
    assert response.streaming
    return body_of(response).decode()


def embedded(pack, media_type):
    return [
        base64.b64decode(found, validate=True)
        for found in re.findall(rf'"data:{media_type};base64,([^"]*)"', pack)
    ]


def test_the_pictures_are_in_it_byte_for_byte(real_take, real_files, viewer):
    pack = pack_of(viewer, real_take)
    assert embedded(pack, "image/gif") == [real_files["preview_gif"][0].read_bytes()]
    assert real_files["filmstrip"][0].read_bytes() in embedded(pack, "image/jpeg")


def test_it_asks_no_network_and_runs_nothing(real_take, viewer):
    pack = pack_of(viewer, real_take)
    assert "<script" not in pack
    assert not re.search(r'(src|href|srcset|action)="(?!data:)', pack)
    assert not re.search(r"url\(|@import|https?:", pack)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', pack)[1]
    style = re.search(r"<style>(.*?)</style>", pack, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")


def test_texts_are_texts(real_take, creative, producer, viewer, note_on):
    revision = real_take.revision
    revision.snapshot["shots"][0] |= {"prompt": HOSTILE, "scene_id": HOSTILE[:60]}
    revision.save()
    real_take.project.title = HOSTILE
    real_take.project.save()
    creative.user.name = HOSTILE[:100]
    creative.user.save()
    note_on(real_take, creative.user, HOSTILE, from_ms=100)
    ShotVerdict.objects.create(
        take=real_take, scene_id=HOSTILE[:60], verdict="fix", says=HOSTILE, given_by=creative.user
    )
    decide(real_take, Verdict.CHANGES_REQUESTED, producer.user, HOSTILE)
    pack = pack_of(viewer, real_take, "?for=house")
    assert "<script" not in pack
    assert "onerror=alert(2)&gt;" in pack
    assert "<img src=x" not in pack
    assert pack.count("</style>") == 1


def test_it_says_on_its_face_who_may_read_it(real_take, creative, viewer, note_on, producer):
    note_on(real_take, creative.user, "Softer, please.")
    note_on(real_take, creative.user, "They never pay.", channel="internal")
    ShotVerdict.objects.create(
        take=real_take, scene_id="scene-2", verdict="fix", says="Jumps.", given_by=creative.user
    )
    decide(real_take, Verdict.CHANGES_REQUESTED, producer.user, "Too dear.")
    client, house = pack_of(viewer, real_take), pack_of(viewer, real_take, "?for=house")
    assert "For the client: with the notes of the client channel only." in client
    assert "Internal: with notes and verdicts of the house. Do not pass it on." in house
    for text in ("They never pay.", "Jumps.", "Too dear."):
        assert text in house
        assert text not in client
    for pack in (client, house):
        assert "Softer, please." in pack
        assert "Changes requested" in pack
    assert "@" not in re.sub(r"<style>.*?</style>", "", client, flags=re.DOTALL)


def test_answers_of_others_channels_and_deleted_notes_stay_out(
    real_take, creative, viewer, note_on
):
    thread = note_on(real_take, creative.user, "Inside", channel="internal")
    note_on(real_take, creative.user, "A stray answer", parent=thread)
    gone = note_on(real_take, creative.user, "Deleted words")
    note_on(real_take, creative.user, "It still stands", parent=gone)
    gone.deleted_at = gone.created_at
    gone.save()
    pack = pack_of(viewer, real_take)
    assert "A stray answer" not in pack
    assert "Deleted words" not in pack
    assert "This note was deleted." in pack
    assert "It still stands" in pack


def test_drawings_are_drawn(real_take, creative, viewer, note_on):
    note_on(real_take, creative.user, "", from_ms=300, drawing=[ARROW, BOX, PEN])
    pack = pack_of(viewer, real_take)
    assert 'aria-label="Drawing: 1 arrow, 1 box, 1 pen stroke"' in pack
    assert 'viewBox="0 0 1600 900"' in pack
    for colour in ("red", "white", "blue"):
        assert f'<path class="ink-{colour}"' in pack


@pytest.fixture
def preview_film(real_take, keep, tmp_path, asset_of):
    """The preview as a film, as the queue makes it."""
    film = keep(real_take.workspace, sounding(None, seconds=2.0), "video/mp4")
    return PreviewFilm.objects.create(
        take=real_take,
        status="ready",
        made_from=asset_of(real_take, "preview_gif").sha256,
        film=film,
    )


def test_notes_stand_beside_the_frame_they_speak_of(
    real_take, preview_film, creative, viewer, note_on
):
    thread = note_on(real_take, creative.user, "Here", from_ms=300)
    note_on(real_take, creative.user, "And here", parent=thread, drawing=[BOX])
    note_on(real_take, creative.user, "All of it")
    stills = re.findall(
        r'<img src="data:image/jpeg;base64,([^"]+)"[^>]*alt="The preview at',
        pack_of(viewer, real_take),
    )
    assert len(stills) == 2
    assert all(base64.b64decode(still).startswith(b"\xff\xd8") for still in stills)


@pytest.mark.parametrize("wrong", ["of another preview", "the locked film", "not made yet"])
def test_frames_are_of_this_preview_or_there_are_none(
    real_take, preview_film, creative, viewer, note_on, asset_of, wrong
):
    note_on(real_take, creative.user, "Here", from_ms=300, drawing=[BOX])
    if wrong == "of another preview":
        preview_film.made_from = "0" * 64
    elif wrong == "the locked film":
        preview_film.film = asset_of(real_take, "video")
    else:
        preview_film.status = "working"
    preview_film.save()
    pack = pack_of(viewer, real_take)
    assert "The preview at" not in pack
    assert "Drawing: 1 box" in pack


def test_twice_as_many_notes_take_as_many_queries(real_take, creative, producer, viewer, note_on):
    counts = []
    for verdict in (Verdict.APPROVED, Verdict.CHANGES_REQUESTED):
        for number in range(3):
            thread = note_on(real_take, creative.user, f"Note {number}", from_ms=number)
            note_on(real_take, producer.user, "Answer", parent=thread)
        decide(real_take, verdict, producer.user, "So it is.")
        with CaptureQueriesContext(connection) as queries:
            pack_of(viewer, real_take, "?for=house")
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_strokes_as_paths():
    arrow, box, pen = (path.d for path in paths_of([ARROW, BOX, PEN], 900))
    assert box == "M160.0 180.0H800.0V540.0H160.0Z"
    assert arrow.startswith("M160.0 180.0L800.0 540.0M")
    assert arrow.count("800.0 540.0") == 2
    assert pen == "M800.0 450.0L800.0 450.0"


def test_the_commands_in_it_verify_the_files(real_take, real_files, viewer, producer, tmp_path):
    decide(real_take, Verdict.APPROVED, producer.user)
    pack = pack_of(viewer, real_take)
    (tmp_path / "neon-tokyo-take-1.mp4").write_bytes(real_files["video"][0].read_bytes())
    check, seal = (
        found.replace("&lt;", "<").replace("&#x27;", "'")
        for found in re.findall(r"<pre[^>]*>(.*?)</pre>", pack, re.DOTALL)
    )
    run = {"shell": True, "cwd": tmp_path, "capture_output": True, "text": True}
    assert "take-1.mp4: OK" in subprocess.run(check, check=True, **run).stdout
    printed = subprocess.run(seal, check=True, **run).stdout.split()[0]
    assert f"<dt>Seal</dt><dd><code>{printed}</code>" in pack
    (tmp_path / "neon-tokyo-take-1.mp4").write_bytes(b"another film")
    assert subprocess.run(check, check=False, **run).returncode != 0


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.gif"
    with path.open("wb") as file:
        file.truncate(40_000_000)
    return Contents(f"<p>{place('m', 'gif')}</p>", "m", {"gif": of_file(path)})


def test_a_large_preview_is_never_all_in_memory(large):
    tracemalloc.start()
    try:
        length = sum(len(piece) for piece in Pack(large, Slots(1)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length == len("<p></p>") + 4 * -(-40_000_000 // 3)
    assert peak < 4_000_000


def test_a_slot_is_held_until_the_pack_is_closed(large):
    slots = Slots(1)
    pack = Pack(large, slots)
    next(pack)
    with pytest.raises(TooManyStreams):
        Pack(large, slots)
    pack.close()
    pack.close()
    again = Pack(large, slots)
    del again
    assert next(Pack(large, slots)) == b"<p>"


def test_a_file_that_is_gone_meanwhile_breaks_the_download_and_frees_the_slot(tmp_path):
    slots = Slots(1)
    contents = Contents(place("m", "gif"), "m", {"gif": of_file(tmp_path / "gone.gif")})
    with pytest.raises(FileNotFoundError):
        list(Pack(contents, slots))
    Pack(contents, slots).close()
