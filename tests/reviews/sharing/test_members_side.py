"""Making, changing and revoking links; the view log; the brand: members who may, and others."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from studio.accounts.models import AuditEntry
from studio.reviews.models import Brand, LinkView, ShareLink
from studio.reviews.sharing import brands, viewing
from studio.reviews.sharing.links import revoke
from studio.storyboards import taking_in
from studio.vault.models import Asset
from studio.vault.storing import path_of as file_of
from tests.reviews.sharing.conftest import path_of

TYPED = {
    "label": "Agency",
    "subject": "preview",
    "rights": "comment",
    "days": "14",
    "passphrase": "",
    "view_cap": "",
    "asks_name": "on",
    "marks_viewer": "on",
}
ADDRESS = re.compile(r'data-copy="(http://[^"]+/s/[A-Za-z0-9_-]{43})"')


def a_picture(size=(400, 120), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return io.BytesIO(file.getvalue())


@pytest.fixture
def paths(take, share):
    link = share().link
    own = f"/takes/{take.pk}/links/"
    return {
        "links": own,
        "change": f"{own}{link.pk}/",
        "revoke": f"{own}{link.pk}/revoke/",
        "log": f"{own}{link.pk}/log/",
        "all": "/w/kitchen/links/",
    }


@pytest.mark.any_database
def test_who_may_share_and_who_may_not(paths, admin, producer, creative, viewer, stranger):
    for name, path in paths.items():
        seen = {
            "admin": admin.get(path).status_code,
            "producer": producer.get(path).status_code,
            "creative": creative.get(path).status_code,
            "viewer": viewer.get(path).status_code,
            "stranger": stranger.get(path).status_code,
            "signed out": Client().get(path).status_code,
            "put": producer.put(path).status_code,
        }
        expected = dict(zip(seen, (200, 200, 403, 403, 404, 302, 405), strict=True))
        assert seen == expected, name
    for name in ("links", "change", "revoke"):
        assert creative.post(paths[name], TYPED).status_code == 403
        assert stranger.post(paths[name], TYPED).status_code == 404
    for name in ("log", "all"):
        assert producer.post(paths[name]).status_code == 405
    assert ShareLink.objects.filter(revoked_at=None).count() == 1


@pytest.mark.any_database
def test_who_may_change_the_brand(admin, producer, stranger):
    for path, status in (("", 200), ("mark/", 404)):
        assert admin.get(f"/w/kitchen/brand/{path}").status_code == status
        assert producer.get(f"/w/kitchen/brand/{path}").status_code == 403
        assert stranger.get(f"/w/kitchen/brand/{path}").status_code == 404
    assert admin.get("/w/kitchen/brand/remove/").status_code == 405
    assert producer.post("/w/kitchen/brand/remove/").status_code == 403
    assert stranger.post("/w/kitchen/brand/remove/").status_code == 404


@pytest.mark.any_database
def test_a_link_of_another_take_is_not_here(paths, make_take, producer):
    other = make_take()
    for name in ("change", "revoke", "log"):
        link = paths[name].split("/links/")[1]
        assert producer.get(f"/takes/{other.pk}/links/{link}").status_code == 404


@pytest.mark.any_database
def test_the_button_is_for_those_who_may_share(take, producer, creative, make_take):
    at = f'href="/takes/{take.pk}/links/"'
    assert at in producer.get(f"/takes/{take.pk}/").content.decode()
    assert at not in creative.get(f"/takes/{take.pk}/").content.decode()
    running = make_take("running")
    assert "/links/" not in producer.get(f"/takes/{running.pk}/").content.decode()


@pytest.mark.any_database
def test_the_address_is_shown_once(take, producer):
    made = producer.post(f"/takes/{take.pk}/links/", TYPED)
    assert made.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    address = ADDRESS.search(made.content.decode())[1]
    assert "it is not shown again" in made.content.decode()
    assert "/s/" not in producer.get(f"/takes/{take.pk}/links/").content.decode()
    opened = Client().get(address.removeprefix("http://127.0.0.1:8000"))
    assert opened.status_code == 302
    link = ShareLink.objects.get()
    assert (link.label, link.rights, link.created_by) == ("Agency", "comment", producer.user)
    entry = AuditEntry.objects.get(action="link.created")
    assert entry.data["rights"] == "comment"
    assert "token" not in str(entry.data)


@pytest.mark.any_database
def test_through_htmx_the_dialog_stays_open_with_the_address(take, producer):
    htmx = {"HX-Request": "true", "HX-Target": "dialog"}
    opened = producer.get(f"/takes/{take.pk}/links/", headers=htmx).content.decode()
    assert "<html" not in opened
    made = producer.post(f"/takes/{take.pk}/links/", TYPED, headers=htmx)
    assert made.headers["HX-Retarget"] == "#dialog"
    assert ADDRESS.search(made.content.decode())


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("days", "", "Type a number of days from 1 to 90."),
        ("days", "0", "Type a number of days from 1 to 90."),
        ("days", "91", "Type a number of days from 1 to 90."),
        ("days", "soon", "Type a number of days from 1 to 90."),
        ("view_cap", "0", "Type a number from 1 to 10,000, or leave it empty."),
        ("passphrase", "short", "Take at least 8 characters"),
        ("subject", "everything", "Select a valid choice"),
        ("rights", "admin", "Select a valid choice"),
        ("label", "x" * 121, "Shorten this to 120 characters"),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_nothing_typed_is_lost(
    take, producer, field, typed, says
):
    refused = producer.post(
        f"/takes/{take.pk}/links/", TYPED | {"label": "Agency"} | {field: typed}
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert says in page
    assert field == "label" or 'value="Agency"' in page
    assert not ShareLink.objects.exists()


@pytest.mark.any_database
def test_only_a_take_with_files_is_shared(producer, make_take):
    refused = producer.post(f"/takes/{make_take('running').pk}/links/", TYPED)
    assert refused.status_code == 422
    assert "Share it once it is ready" in refused.content.decode()


@pytest.mark.any_database
def test_a_film_is_never_marked(share):
    assert not share(subject="film", marks_viewer=True).link.marks_viewer


@pytest.mark.any_database
def test_renaming_extending_and_capping(paths, producer, share):
    link = share(label="Agency", days=1, passphrase="open sesame").link
    path = f"{paths['links']}{link.pk}/"
    typed = {"label": "Client", "days": "30", "view_cap": "5", "passphrase": ""}
    assert producer.post(path, typed).status_code == 302
    before = (link.expires_at, link.passphrase)
    link.refresh_from_db()
    assert (link.label, link.view_cap, link.passphrase) == ("Client", 5, before[1])
    assert 28 < (link.expires_at - before[0]).days < 30
    producer.post(path, {"label": "", "days": "", "view_cap": "", "opens_freely": "on"})
    link.refresh_from_db()
    assert (link.view_cap, link.passphrase) == (None, "")
    assert AuditEntry.objects.filter(action="link.changed").count() == 2
    refused = producer.post(path, {"days": "91"})
    assert refused.status_code == 422


@pytest.mark.any_database
def test_revoking_is_asked_done_once_and_final(paths, producer, share, visit):
    new = share(marks_viewer=False)
    guest = visit(new)
    path = f"{paths['links']}{new.link.pk}/"
    asked = producer.get(f"{path}revoke/").content.decode()
    assert "cannot be undone" in asked
    assert guest.get(f"{guest.base}preview.gif").status_code == 200
    assert producer.post(f"{path}revoke/").status_code == 302
    assert producer.post(f"{path}revoke/").status_code == 302
    assert AuditEntry.objects.filter(action="link.revoked").count() == 1
    assert guest.get(f"{guest.base}preview.gif").status_code == 410
    again = producer.post(path, {"label": "Client", "days": "30"})
    assert again.status_code == 422
    assert "Make a new one" in again.content.decode()


@pytest.mark.any_database
def test_the_log_tells_who_did_what_once(take, share, visit, producer):
    new = share(marks_viewer=False)
    guest = visit(new)
    agent = {"User-Agent": "Firefox\x07 on a phone"}
    for _ in range(3):
        guest.get(guest.base, headers=agent)
        guest.get(f"{guest.base}preview.gif", headers=agent)
        guest.head(f"{guest.base}preview.gif", headers=agent)
    guest.post(f"{guest.base}notes/add/", {"text": "Not mine to write"}, headers=agent)
    lines = LinkView.objects.filter(link=new.link).order_by("pk")
    assert [line.what for line in lines] == ["opened", "watched", "refused"]
    assert {str(line.guest) for line in lines} == {"Jane Client"}
    assert {line.agent for line in lines} == {"Firefox on a phone"}
    assert {line.address for line in lines} == {"127.0.0.1"}
    page = producer.get(f"/takes/{take.pk}/links/{new.link.pk}/log/").content.decode()
    for said in ("Jane Client", "Watched the preview", "Firefox on a phone", "127.0.0.1"):
        assert said in page


@pytest.mark.any_database
def test_places_are_forgotten_in_time_and_people_are_not(share, visit):
    guest = visit(share())
    guest.get(guest.base)
    LinkView.objects.update(at=timezone.now() - viewing.PLACES_KEPT_FOR + timedelta(minutes=1))
    assert viewing.prune() == 0
    LinkView.objects.update(at=timezone.now() - viewing.PLACES_KEPT_FOR)
    lines = LinkView.objects.count()
    assert viewing.prune() == lines > 0
    assert set(LinkView.objects.values_list("address", "agent")) == {(None, "")}
    assert LinkView.objects.filter(guest__isnull=False).exists()
    assert viewing.prune() == 0


def test_refusals_do_not_fill_the_log(share, producer):
    new = share()
    revoke(new.link, producer.user)
    for number in range(60):
        Client(REMOTE_ADDR=f"203.0.113.{number}").get(path_of(new))
    assert LinkView.objects.filter(link=new.link).count() == 50


@pytest.mark.any_database
def test_lists_of_links_and_views_cost_the_same_however_long(take, share, visit, producer):
    addresses = (
        f"/takes/{take.pk}/links/",
        "/w/kitchen/links/",
        f"/takes/{take.pk}/links/{share().link.pk}/log/",
    )

    def queries():
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert producer.get(address).status_code == 200
            counts.append(len(caught))
        return counts

    def grow():
        for _ in range(4):
            new = share()
            visit(new)
            LinkView.objects.create(link=ShareLink.objects.order_by("pk")[0], what="opened")

    grow()
    queries()  # the first time, sessions and content types are looked up
    few = queries()
    grow()
    assert queries() == few


def test_a_mark_is_drawn_anew_kept_and_shown_to_guests_alone(admin, share, visit, workspace):
    sent = a_picture(kind="JPEG")
    answer = admin.post("/w/kitchen/brand/", {"mark": sent})
    assert answer.status_code == 302
    mark = Brand.objects.get(workspace=workspace).mark
    assert mark.facts["waits"] is False
    assert file_of(mark).read_bytes() != sent.getvalue()
    guest = visit(share(), name=None)
    assert f'src="{guest.base}mark"' in guest.get(guest.base).content.decode()
    assert guest.get(f"{guest.base}mark").headers["Content-Type"] == mark.media_type
    assert Client().get(f"{guest.base}mark").status_code == 404
    admin.post("/w/kitchen/brand/remove/")
    assert guest.get(f"{guest.base}mark").status_code == 404
    assert AuditEntry.objects.filter(action="brand.changed").count() == 2


def test_a_mark_that_was_replaced_or_removed_leaves_the_vault(admin, workspace):
    sizes = ((400, 120), (120, 120))
    marks = []
    for size in sizes:
        admin.post("/w/kitchen/brand/", {"mark": a_picture(size)})
        marks.append(Brand.objects.get(workspace=workspace).mark)
    Asset.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert taking_in.prune() == 1
    assert [file_of(mark).exists() for mark in marks] == [False, True]
    admin.post("/w/kitchen/brand/remove/")
    assert taking_in.prune() == 1
    assert not Asset.objects.exists()
    admin.post("/w/kitchen/brand/", {"mark": a_picture(sizes[0])})
    assert Brand.objects.get(workspace=workspace).mark.facts["waits"] is False


@pytest.mark.parametrize("sent", [b"", b"<svg onload=alert(1)>", b"GIF89a no picture"])
def test_what_is_no_picture_is_no_mark(admin, workspace, sent):
    file = io.BytesIO(sent)
    file.name = "mark.png"
    refused = admin.post("/w/kitchen/brand/", {"mark": file})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert brands.brand_of(workspace).mark is None


@pytest.mark.any_database
def test_no_file_is_a_sentence(admin):
    refused = admin.post("/w/kitchen/brand/")
    assert refused.status_code == 422
    assert "Choose a picture first" in refused.content.decode()
