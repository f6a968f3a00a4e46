"""The sound under a project's animatic: an edit like any other, of a sound that is ours."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.storyboards import clashes, soundtracks, taking_in
from studio.storyboards.edits import keeping, scoring
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.exchange.transend_json import check_body, import_board
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.vault import storing
from studio.vault.models import Asset
from tests.pictures.odd_sounds import wav


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_VAULT = tmp_path / "vault"
    return tmp_path


@pytest.fixture
def send(post, creative, tokyo):
    """Sends a sound as the board does."""

    def sent(data: bytes | None = None, *, name="Rain loop.wav", client=creative, **more):
        tokyo.refresh_from_db()
        file = SimpleUploadedFile(name, wav(0.5) if data is None else data, "audio/wav")
        fields = {"base": tokyo.revision, "soundtrack": "1", "sound": file, **more}
        fields = {name: value for name, value in fields.items() if value is not None}
        return post(client, f"/projects/{tokyo.pk}/soundtrack/", fields)

    return sent


@pytest.fixture
def kept(workspace, tmp_path):
    """A sound in the vault that waits for an edit; its bytes are nobody's concern here."""
    (tmp_path / "kept.m4a").write_bytes(bytes(range(200)) * 10)
    facts = {"kind": "soundtrack", "waits": True, "duration_ms": 12_000, "name": "Kept"}
    return storing.keep(workspace, tmp_path / "kept.m4a", "audio/mp4", facts)


def address(project):
    return f"/projects/{project.pk}/soundtrack.m4a"


def test_an_uploaded_sound_is_an_edit_that_undo_takes_back(send, tokyo, creative, post):
    answer = send()
    assert answer.status_code == 200
    assert 'id="project-part-sound"' in answer.text
    assert "Rain loop.wav" in answer.text
    assert "0.5 s" in answer.text
    tokyo.refresh_from_db()
    assert tokyo.soundtrack.media_type == "audio/mp4"
    assert storing.path_of(tokyo.soundtrack).suffix == ".m4a"
    latest = tokyo.revisions.first()
    assert latest.summary == "Project: sound for the animatic added"
    assert latest.snapshot["soundtrack_id"] == tokyo.soundtrack_id
    assert post(creative, f"/projects/{tokyo.pk}/undo/", {"base": 2}).status_code == 200
    assert Project.objects.get(pk=tokyo.pk).soundtrack is None
    assert post(creative, f"/projects/{tokyo.pk}/redo/", {"base": 3}).status_code == 200
    assert Project.objects.get(pk=tokyo.pk).soundtrack == tokyo.soundtrack


def test_a_sound_is_taken_away(send, tokyo, creative, post):
    send()
    removed = post(
        creative, f"/projects/{tokyo.pk}/soundtrack/remove/", {"base": 2, "soundtrack": ""}
    )
    assert removed.status_code == 200
    assert "<audio" not in removed.text
    tokyo.refresh_from_db()
    assert tokyo.soundtrack is None
    assert tokyo.revisions.first().summary == "Project: sound for the animatic removed"
    assert creative.get(address(tokyo)).status_code == 404


def test_without_scripts_a_plain_form_does_it(creative, tokyo):
    file = SimpleUploadedFile("a.wav", wav(0.5))
    answer = creative.post(f"/projects/{tokyo.pk}/soundtrack/", {"base": 1, "sound": file})
    assert answer.status_code == 302
    page = creative.get(answer["Location"]).text
    assert f'src="/projects/{tokyo.pk}/soundtrack.m4a?v=' in page


def test_it_is_played_by_ranges_to_members_alone(kept, tokyo, creative, viewer, stranger, client):
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    whole = viewer.get(address(tokyo))
    assert whole.status_code == 200
    assert whole["Content-Type"] == "audio/mp4"
    assert 'filename="Neon-Tokyo.m4a"' in whole["Content-Disposition"]
    assert whole["X-Content-Type-Options"] == "nosniff"
    part = viewer.get(address(tokyo), headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == bytes(range(10, 20))
    assert part["Content-Range"] == "bytes 10-19/2000"
    assert viewer.get(address(tokyo), headers={"Range": "bytes=9000-"}).status_code == 416
    assert viewer.head(address(tokyo)).status_code == 200
    assert stranger.get(address(tokyo)).status_code == 404
    assert client.get(address(tokyo)).status_code == 302
    assert creative.post(address(tokyo)).status_code == 405


def test_a_project_without_sound_plays_none(tokyo, viewer):
    assert viewer.get(address(tokyo)).status_code == 404


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty. Save the sound again"),
        (b"no sound\n" * 40, "no sound that we know"),
        (b"#EXTM3U\nhttp://localhost/a\n", "a list of files"),
        (bytes(30_000_001), "has 30.0 MB and we take up to 30 MB"),
    ],
)
def test_what_is_no_sound_is_said_at_its_place(send, tokyo, data, says):
    answer = send(data)
    assert answer.status_code == 422
    assert 'class="error small" role="alert">' in answer.text
    assert says in answer.text
    tokyo.refresh_from_db()
    assert tokyo.revision == 1
    assert not Asset.objects.exists()


def test_no_file_at_all_is_said(send):
    assert "Choose a file first" in send(sound=None).text


def test_the_same_sound_is_kept_once(send, tokyo, creative, post):
    data = wav(0.5)
    send(data)
    post(creative, f"/projects/{tokyo.pk}/soundtrack/remove/", {"base": 2, "soundtrack": ""})
    send(data, name="again.wav")
    assert Asset.objects.count() == 1


def test_a_stale_one_clashes_with_another_sound_alone(kept, tokyo, creative, producer):
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    with pytest.raises(StaleEdit) as stale:
        scoring.set_soundtrack(tokyo, 1, producer.user, None)
    assert clashes.of_fields(stale.value, {"soundtrack_id": None})
    assert not clashes.of_fields(stale.value, {"soundtrack_id": kept.pk})
    assert not clashes.of_fields(stale.value, {"brief": "Rain"})


def test_a_stale_upload_need_not_be_sent_again(send, tokyo, creative, kept):
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    answer = send(base=1)
    assert answer.status_code == 409
    waiting = Asset.objects.exclude(pk=kept.pk).get()
    assert send(sound=None, asset=waiting.pk).status_code == 200
    tokyo.refresh_from_db()
    assert tokyo.soundtrack == waiting


def test_sounds_of_others_and_pictures_are_no_soundtracks(send, other_workspace, tokyo, tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    facts = {"kind": "soundtrack", "waits": False, "duration_ms": 1}
    theirs = storing.keep(other_workspace, tmp_path / "a", "audio/mp4", facts)
    picture = storing.keep(tokyo.workspace, tmp_path / "a", "image/png", {"kind": "reference"})
    for pk in (theirs.pk, picture.pk, 4711):
        answer = send(sound=None, asset=pk)
        assert answer.status_code == 422
        assert "Add it again" in answer.text


def test_what_no_revision_names_goes_after_a_day(kept, tokyo, creative, workspace, tmp_path):
    (tmp_path / "b").write_bytes(b"b")
    facts = {"kind": "soundtrack", "waits": True, "duration_ms": 1}
    unused = storing.keep(workspace, tmp_path / "b", "audio/mp4", facts)
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    scoring.set_soundtrack(tokyo, 2, creative.user, None)
    assert taking_in.prune() == 0
    Asset.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert taking_in.prune() == 1
    assert not storing.path_of(unused).exists()
    assert storing.path_of(kept).exists()
    assert list(storing.orphans()) == []


def test_copies_and_templates_have_it(kept, tokyo, creative):
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    assert keeping.duplicate(tokyo, creative.user).soundtrack == kept
    keeping.mark_template(tokyo, True)
    started = keeping.start_from(tokyo, creative.user, "Another")
    assert Project.objects.get(pk=started.pk).soundtrack == kept


def test_exports_say_that_they_do_not_carry_it(kept, tokyo, creative, workspace):
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    body = json.loads(creative.get(f"/projects/{tokyo.pk}/export.json").content)
    assert body["webhook_metadata"]["shotboard"]["left_out"] == ["sound for the animatic"]
    found = check_body(body, BUILT_IN_MOTIONS)
    assert "Not in this file: the sound for the animatic." in " ".join(found.remarks)
    assert import_board(workspace, None, "", found.board).soundtrack is None
    body["webhook_metadata"]["shotboard"]["left_out"] = ["<b>"]
    [problem] = check_body(body, BUILT_IN_MOTIONS).malformed
    assert problem.where == "webhook_metadata.shotboard.left_out"


def test_an_archived_project_takes_none(send, tokyo, creative):
    keeping.archive(tokyo, creative.user)
    assert send().status_code == 403


def test_viewers_hear_it_and_change_nothing(kept, tokyo, creative, viewer):
    board = f"/projects/{tokyo.pk}/"
    assert "None." in viewer.get(board).text
    scoring.set_soundtrack(tokyo, 1, creative.user, kept)
    page = viewer.get(board).text
    assert "<audio" in page
    assert "data-sound" not in page


def test_a_sound_costs_one_query_whatever_the_shots(kept, long_board, creative):
    counts = []
    for project in (long_board(10), long_board(20)):
        scoring.set_soundtrack(project, 1, creative.user, kept)
        with CaptureQueriesContext(connection) as found:
            assert creative.get(f"/projects/{project.pk}/").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("lasts_ms", "says"),
    [(8_000, "8 s of 23 s; the rest is silent"), (23_000, "23 s"), (60_000, "60 s")],
)
def test_a_sound_shorter_than_the_film_says_so(kept, tokyo, lasts_ms, says):
    kept.facts["duration_ms"] = lasts_ms
    tokyo.soundtrack = kept
    assert soundtracks.soundtrack_of(tokyo, 23_000).lasts == says
