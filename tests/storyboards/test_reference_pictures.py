"""The reference picture of a shot: an edit like any other, of a picture that is ours."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from studio.storyboards import frames, taking_in
from studio.storyboards.animatics.plans import NoAnimatic, plan_of
from studio.storyboards.animatics.rendering import render_animatic
from studio.storyboards.models import Project, Revision, Shot
from studio.vault import storing
from studio.vault.models import Asset
from tests.pictures.odd_stills import REFUSED, exif, jpeg, png, saved


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_VAULT = tmp_path / "vault"
    return tmp_path


@pytest.fixture
def shot(tokyo) -> Shot:
    return tokyo.shots.last()


def a_file(data: bytes | None = None, name: str = "sent.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png() if data is None else data, "image/png")


@pytest.fixture
def send(post, creative, tokyo, shot):
    """Sends a picture as the board does, for the last shot."""

    def sent(data: bytes | None = None, *, base: int = 1, client=creative, inspected=True, **more):
        fields = {"base": base, "reference": "1", "picture": a_file(data), **more}
        fields = {name: value for name, value in fields.items() if value is not None}
        address = f"/projects/{tokyo.pk}/shots/{shot.pk}/reference/"
        return post(client, address, fields, shot.pk if inspected else None)

    return sent


@pytest.fixture
def remove(post, creative, tokyo, shot):
    def removed(base: int):
        address = f"/projects/{tokyo.pk}/shots/{shot.pk}/reference/remove/"
        return post(creative, address, {"base": base, "reference": ""}, shot.pk)

    return removed


def frame(client, shot, query=""):
    return client.get(f"/shots/{shot.pk}/frame.jpg{query}")


def shown(answer) -> tuple[int, int, int]:
    """The colour in the middle of the picture that was answered."""
    image = Image.open(BytesIO(answer.content))
    return image.getpixel((image.width // 2, image.height // 2))


def test_an_uploaded_picture_is_the_frame_of_the_shot(send, shot, tokyo, creative):
    before = frame(creative, shot)["ETag"]
    answer = send(saved(Image.new("RGB", (1600, 900), (200, 30, 40)), "PNG"))
    assert answer.status_code == 200
    shot.refresh_from_db()
    assert shot.reference is not None
    after = frame(creative, shot)
    assert after["ETag"] != before
    red, green, _ = shown(after)
    assert red > 180 > 60 > green
    assert Image.open(BytesIO(after.content)).size == frames.SIZE
    large = frame(creative, shot, "?size=large")
    assert Image.open(BytesIO(large.content)).size == frames.LARGE
    assert large["ETag"] != after["ETag"]
    assert frame(creative, shot).status_code == 200
    again = creative.get(f"/shots/{shot.pk}/frame.jpg", headers={"if-none-match": after["ETag"]})
    assert again.status_code == 304


def test_one_upload_makes_one_revision_in_words(send, remove, tokyo):
    send()
    latest = tokyo.revisions.first()
    assert (latest.number, latest.summary) == (2, "Shot 2: reference picture added")
    send(png((64, 36)), base=2)
    assert tokyo.revisions.first().summary == "Shot 2: reference picture replaced"
    remove(3)
    assert tokyo.revisions.first().summary == "Shot 2: reference picture removed"
    assert tokyo.revisions.count() == 4


def test_the_answer_brings_the_card_and_the_inspectors_part(send, shot):
    answer = send().content.decode()
    version = frames.fingerprint(Shot.objects.get(pk=shot.pk), shot.project)[:12]
    assert f'id="card-{shot.pk}"' in answer
    assert f"frame.jpg?v={version}" in answer
    assert 'alt="Reference picture"' in answer
    assert f'id="inspect-{shot.pk}-part-reference"' in answer
    assert "size=large" in answer
    assert "Shot 2 has its reference picture." in answer


def test_the_same_picture_twice_changes_nothing(send, tokyo):
    send()
    assert send(base=2).status_code == 200
    assert tokyo.revisions.first().number == 2
    assert Asset.objects.count() == 1


def test_removing_what_is_not_there_changes_nothing(remove, tokyo):
    assert remove(1).status_code == 200
    assert tokyo.revisions.first().number == 1


def test_undo_and_redo_bring_pictures_back(send, remove, shot, tokyo, creative, post):
    send()
    kept = Shot.objects.get(pk=shot.pk).reference
    remove(2)
    for step, base, expected in (("undo", 3, kept), ("undo", 4, None), ("redo", 5, kept)):
        assert post(creative, f"/projects/{tokyo.pk}/{step}/", {"base": base}).status_code == 200
        assert Shot.objects.get(pk=shot.pk).reference == expected
    assert frame(creative, shot).status_code == 200


def test_a_deleted_shot_comes_back_with_its_picture(send, shot, tokyo, creative, post):
    send()
    post(creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/delete/", {"base": 2})
    post(creative, f"/projects/{tokyo.pk}/undo/", {"base": 3})
    assert Shot.objects.get(pk=shot.pk).reference is not None


def test_what_lies_in_the_vault_is_ours(send, shot):
    send(jpeg((800, 450), exif=exif(6, is_placed=True), comment=b"<script>"))
    asset = Shot.objects.get(pk=shot.pk).reference
    data = storing.path_of(asset).read_bytes()
    assert b"SecretCam" not in data
    assert b"script" not in data
    assert not Image.open(BytesIO(data)).getexif()
    assert asset.media_type in ("image/jpeg", "image/png")
    assert (asset.facts["width"], asset.facts["height"]) == (450, 800)
    assert not asset.facts["waits"]


@pytest.mark.parametrize("name", ["empty", "png bomb", "svg", "html", "heic", "jpeg cut short"])
def test_what_is_no_picture_is_refused_in_a_sentence(name, send, tokyo, shot):
    build, speaks_of = REFUSED[name]
    answer = send(build())
    assert answer.status_code == 422
    assert speaks_of in answer.content.decode()
    assert "X-Says" in answer
    assert 'id="inspector"' in answer.content.decode()
    assert Project.objects.get(pk=tokyo.pk).revision == 1
    assert not Asset.objects.exists()


def test_30_mb_are_refused_with_their_size(send):
    answer = send(jpeg() + bytes(30_000_000))
    assert answer.status_code == 422
    assert "30.0 MB and we take up to 20 MB" in answer.content.decode()


def test_nothing_chosen_is_said(send):
    answer = send(picture=None)
    assert answer.status_code == 422
    assert "Choose a file first" in answer.content.decode()


def test_a_refused_picture_leaves_nothing_behind(send, var):
    send(REFUSED["png bomb"][0]())
    assert [path for path in var.rglob("*") if path.is_file()] == []


def test_without_scripts_it_is_a_form_and_a_page(creative, tokyo, shot):
    address = f"/projects/{tokyo.pk}/shots/{shot.pk}/reference/"
    answer = creative.post(address, {"base": 1, "picture": a_file()})
    assert answer.status_code == 302
    assert answer["Location"] == f"/projects/{tokyo.pk}/?shot={shot.pk}"
    page = creative.get(answer["Location"]).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "reference/remove/" in page
    refused = creative.post(address, {"base": 2, "picture": a_file(b"no picture at all")})
    assert refused.status_code == 422
    assert "no picture that we read" in refused.content.decode()


def test_a_stale_picture_waits_for_the_choice(send, tokyo, shot, creative, post):
    post(creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/", {"base": 1, "prompt": "Another"})
    answer = send(base=1)
    assert answer.status_code == 409
    assert answer["X-Clash"] == "no"
    waiting = Asset.objects.get()
    assert waiting.facts["waits"]
    assert Shot.objects.get(pk=shot.pk).reference is None
    assert send(picture=None, asset=waiting.pk, base=2).status_code == 200
    assert Shot.objects.get(pk=shot.pk).reference == waiting
    assert not Asset.objects.get().facts["waits"]


def test_two_pictures_for_one_shot_clash_and_mine_can_be_kept(send, tokyo, shot):
    send(png((320, 180)))
    answer = send(png((64, 36)), base=1)
    assert (answer.status_code, answer["X-Clash"]) == (409, "yes")
    mine = Asset.objects.latest("pk")
    assert f'name="asset" value="{mine.pk}"' in answer.content.decode()
    assert send(picture=None, asset=mine.pk, base=2).status_code == 200
    assert Shot.objects.get(pk=shot.pk).reference == mine


def test_a_stale_removal_is_409(send, remove):
    send()
    assert remove(1).status_code == 409


def test_a_locked_shot_keeps_its_picture(send, shot, tokyo):
    Shot.objects.filter(pk=shot.pk).update(is_locked=True)
    answer = send()
    assert answer.status_code == 422
    assert "Unlock it" in answer.content.decode()
    assert tokyo.revisions.first().number == 1


def test_assets_of_other_workspaces_or_kinds_are_nobodys_reference(
    send, tokyo, other_workspace, tmp_path
):
    (tmp_path / "a.png").write_bytes(png())
    theirs = storing.keep(other_workspace, tmp_path / "a.png", "image/png", {"kind": "reference"})
    preview = storing.keep(tokyo.workspace, tmp_path / "a.png", "image/png", {"frames": 3})
    for pk in (theirs.pk, preview.pk, 4711):
        answer = send(picture=None, asset=pk)
        assert answer.status_code == 422
        assert "Add it again" in answer.content.decode()


def test_what_no_revision_names_goes_after_a_day_and_all_else_stays(send, tokyo, post, creative):
    send()
    kept = Asset.objects.get()
    assert send(png((64, 36)), base=1).status_code == 409
    waiting = Asset.objects.exclude(pk=kept.pk).get()
    assert taking_in.prune() == 0
    Asset.objects.update(created_at=timezone.now() - timedelta(days=2))
    path = storing.path_of(waiting)
    assert taking_in.prune() == 1
    assert not path.exists()
    assert storing.path_of(kept).exists()
    post(creative, f"/projects/{tokyo.pk}/undo/", {"base": 2})
    assert taking_in.prune() == 0
    answer = send(picture=None, asset=waiting.pk, base=3)
    assert "Add it again" in answer.content.decode()


def test_doctor_takes_no_reference_for_a_leftover(send, monkeypatch):
    send()
    path = storing.path_of(Asset.objects.get())
    monkeypatch.setattr(storing, "_ROW_WITHIN_S", -3600)
    assert list(storing.orphans()) == []
    path.with_name("left.png").write_bytes(b"")
    assert list(storing.orphans()) == [path.with_name("left.png")]


def test_pictures_cost_no_query_a_shot(creative, long_board, workspace, tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    counts = []
    for project in (long_board(10), long_board(20)):
        for one in project.shots.all():
            one.reference = storing.keep(
                workspace, tmp_path / "a.png", "image/png", {"kind": "reference"}
            )
            one.save()
        with CaptureQueriesContext(connection) as found:
            assert creative.get(f"/projects/{project.pk}/").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_edit_costs_as_much_on_20_shots_as_on_10(
    creative, long_board, workspace, tmp_path, post
):
    (tmp_path / "a.png").write_bytes(png())
    facts = {"kind": "reference", "waits": True}
    picture = storing.keep(workspace, tmp_path / "a.png", "image/png", facts)
    counts = []
    for project in (long_board(10), long_board(20)):
        shot = project.shots.last().pk
        address = f"/projects/{project.pk}/shots/{shot}/reference/"
        fields = {"base": 1, "asset": picture.pk, "reference": "1"}
        with CaptureQueriesContext(connection) as found:
            assert post(creative, address, fields, shot).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_animatic_shows_the_picture(send, tokyo, shot, tmp_path):
    send(saved(Image.new("RGB", (640, 360), (200, 30, 40)), "PNG"))
    plan = plan_of(tokyo)
    asset = Shot.objects.get(pk=shot.pk).reference
    assert [planned.still for planned in plan.shots] == [None, storing.path_of(asset)]
    tokyo.shots.exclude(pk=shot.pk).delete()
    tokyo.shots.update(duration_ms=500)
    render_animatic(tokyo, tmp_path / "plan.gif")
    with Image.open(tmp_path / "plan.gif") as film:
        red, green, _ = film.convert("RGB").getpixel((240, 100))
    assert red > 150 > 80 > green


def test_a_picture_lost_from_the_vault_is_said(send, tokyo, shot, creative):
    send()
    storing.path_of(Shot.objects.get(pk=shot.pk).reference).unlink()
    answer = frame(creative, shot)
    assert answer.status_code == 500
    assert "restore it from a backup" in answer.content.decode()
    with pytest.raises(NoAnimatic, match="shot 2 is missing"):
        plan_of(tokyo)


@pytest.mark.parametrize(
    ("size", "whole"), [((1600, 900), True), ((1200, 900), False), ((300, 900), True)]
)
def test_a_picture_of_quite_another_shape_is_shown_whole(send, shot, creative, size, whole):
    """4:3 covers the frame and loses its upper edge, a tall one does not."""
    image = Image.new("RGB", size, (240, 240, 240))
    image.paste((255, 0, 0), (0, 0, size[0], size[1] // 12))
    send(saved(image, "PNG"))
    red, green, _ = Image.open(BytesIO(frame(creative, shot).content)).getpixel((240, 3))
    assert (red > 200 > 120 > green) == whole


def test_too_many_pictures_at_once_are_asked_to_wait(send, monkeypatch, tokyo):
    monkeypatch.setattr(taking_in, "PATIENCE_S", 0.01)
    for _ in range(taking_in.LOOKS_AT_ONCE):
        assert taking_in._looking.acquire(blocking=False)
    try:
        answer = send()
    finally:
        for _ in range(taking_in.LOOKS_AT_ONCE):
            taking_in._looking.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "Wait%20a%20moment" in answer["X-Says"]
    assert Revision.objects.filter(project=tokyo).count() == 1


def test_a_full_disk_is_said(send, settings, var):
    (var / "file").write_text("")
    settings.STUDIO_VAULT = var / "file"
    answer = send()
    assert answer.status_code == 503
    assert "operator" in answer.content.decode()


def test_the_sketch_is_a_dialog_or_a_page(creative, tokyo, shot, post):
    address = f"/projects/{tokyo.pk}/shots/{shot.pk}/sketch/"
    dialog = creative.get(address, headers={"hx-request": "true"})
    assert dialog["HX-Retarget"] == "#dialog"
    assert "hx-post" in dialog.content.decode()
    page = creative.get(address).content.decode()
    assert "<html" in page
    assert "hx-encoding" not in page
    assert "sketching.js" in page
    assert creative.get(f"/projects/{tokyo.pk}/shots/4711/sketch/").status_code == 404


def test_a_viewer_sees_the_picture_and_no_buttons(send, viewer, tokyo, shot):
    send()
    page = viewer.get(f"/projects/{tokyo.pk}/?shot={shot.pk}").content.decode()
    assert "size=large" in page
    assert "Sketch" not in page
    assert "data-pictures" not in page


def test_a_picture_for_a_shot_of_another_board_is_404(creative, tokyo, long_board):
    foreign = long_board(1).shots.get()
    for name in ("reference/", "reference/remove/"):
        address = f"/projects/{tokyo.pk}/shots/{foreign.pk}/{name}"
        assert creative.post(address, {"base": 1, "picture": a_file()}).status_code == 404
    assert not Asset.objects.exists()
