"""The inbox and the bell: one's own notices, what is unread, and nothing of anybody else's."""

import re

import pytest
import time_machine
from django.test import Client

from studio.accounts.models import Membership, Role
from studio.inbox.models import Kind, MailHabits, Notice
from studio.inbox.outbox import announce
from studio.inbox.views.notices import NOTICES_ON_A_PAGE

HTMX = {"HX-Request": "true"}


def inbox(client, query: str = "", **headers: str) -> str:
    answer = client.get(f"/inbox/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def unread_on(client) -> str:
    """What the bell of an ordinary page says."""
    page = client.get("/").content.decode()
    bell = page[page.index('id="bell"') : page.index("</a>", page.index('id="bell"'))]
    found = re.search(r'class="count number">([0-9+]+)<', bell)
    return found[1] if found else ""


def test_whoever_has_been_told_nothing_reads_what_comes_here(viewer):
    text = inbox(viewer)
    assert "Nothing to tell you" in text
    assert "Mark all as read" not in text
    assert unread_on(viewer) == ""


def test_a_notice_says_what_where_when_and_leads_there(viewer, tell):
    notice = tell(viewer.user, "The <key> is paused.", url="/w/kitchen/keys/")
    text = inbox(viewer)
    assert f'<a href="/inbox/{notice.pk}/">The &lt;key&gt; is paused.</a>' in text
    assert "API key paused · Kitchen Films ·" in text
    assert "1 unread" in text
    assert unread_on(viewer) == "1"


def test_the_newest_come_first_and_unread_ones_alone_on_demand(viewer, tell):
    for says in ("Oldest.", "Middle.", "Newest."):
        tell(viewer.user, says)
    viewer.post(f"/inbox/{Notice.objects.get(says='Newest.').pk}/read/")
    text = inbox(viewer)
    assert text.index("Newest.") < text.index("Middle.") < text.index("Oldest.")
    text = inbox(viewer, "?unread=1")
    assert "Newest." not in text
    assert text.index("Middle.") < text.index("Oldest.")


def test_one_notice_is_read_by_its_button(viewer, tell):
    notice = tell(viewer.user)
    answer = viewer.post(f"/inbox/{notice.pk}/read/")
    assert answer.headers["Location"] == "/inbox/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert unread_on(viewer) == ""


def test_reading_twice_keeps_the_first_time(viewer, tell):
    notice = tell(viewer.user)
    viewer.post(f"/inbox/{notice.pk}/read/")
    first = Notice.objects.get().read_at
    viewer.post(f"/inbox/{notice.pk}/read/")
    assert Notice.objects.get().read_at == first


def test_all_are_read_but_for_what_came_after_the_page(viewer, tell):
    seen = [tell(viewer.user) for _ in range(3)]
    text = inbox(viewer)
    late = tell(viewer.user, "Late.")
    through = re.search(r'name="through" value="(\d+)"', text)[1]
    assert int(through) == seen[-1].pk
    viewer.post("/inbox/read/", {"through": through})
    assert list(Notice.objects.filter(read_at=None)) == [late]


@pytest.mark.parametrize("through", ["", "x", "-1", "9" * 500, "٣", "1e9"])
def test_a_mangled_form_reads_nothing_and_breaks_nothing(viewer, tell, through):
    tell(viewer.user)
    assert viewer.post("/inbox/read/", {"through": through}).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 1


def test_with_htmx_the_list_is_answered_and_the_bell_told(viewer, tell):
    notice = tell(viewer.user)
    answer = viewer.post(f"/inbox/{notice.pk}/read/", headers=HTMX)
    assert "noticesRead" in answer.headers["HX-Trigger"]
    text = answer.content.decode()
    assert text.lstrip().startswith('<div class="stack inbox" id="inbox-list"')
    assert "You have read everything." in text


def test_the_bell_answers_only_when_something_is_new(viewer, tell):
    tell(viewer.user)
    since = re.search(r"/inbox/bell/\?since=([0-9-]+)", inbox(viewer))[1]
    assert viewer.get(f"/inbox/bell/?since={since}").status_code == 204
    tell(viewer.user)
    rung = viewer.get(f"/inbox/bell/?since={since}")
    assert rung.status_code == 200
    assert '<span class="count number">2</span>' in rung.content.decode()
    assert rung.headers["Cache-Control"].startswith("max-age=0")


def test_one_read_and_one_new_is_news_too(viewer, tell):
    first = tell(viewer.user)
    since = re.search(r"/inbox/bell/\?since=([0-9-]+)", inbox(viewer))[1]
    viewer.post(f"/inbox/{first.pk}/read/")
    tell(viewer.user)
    assert viewer.get(f"/inbox/bell/?since={since}").status_code == 200


def test_ringing_costs_one_query_besides_signing_in(viewer, tell, django_assert_num_queries):
    tell(viewer.user)
    with django_assert_num_queries(3):  # session, person, bell
        viewer.get("/inbox/bell/?since=1-1")


def test_nobody_sees_or_reads_what_others_were_told(viewer, admin, tell):
    notice = tell(admin.user, "For the admin alone.")
    assert "For the admin alone." not in inbox(viewer)
    assert unread_on(viewer) == ""
    assert viewer.post(f"/inbox/{notice.pk}/read/").status_code == 404
    viewer.post("/inbox/read/", {"through": str(notice.pk)})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_whoever_leaves_a_workspace_leaves_its_notices(viewer, tell, other_workspace):
    notice = tell(viewer.user, "Of the kitchen.")
    Membership.objects.create(workspace=other_workspace, user=viewer.user, role=Role.VIEWER)
    announce(other_workspace, Kind.KEY_PAUSED, "Of elsewhere.", key="1", users=[viewer.user])
    assert "Of the kitchen." in inbox(viewer)
    Membership.objects.filter(workspace=notice.workspace, user=viewer.user).delete()
    text = inbox(viewer)
    assert "Of the kitchen." not in text
    assert "Of elsewhere." in text
    assert unread_on(viewer) == "1"
    assert viewer.post(f"/inbox/{notice.pk}/read/").status_code == 404


def test_pages_turn(viewer, tell):
    for number in range(NOTICES_ON_A_PAGE + 1):
        tell(viewer.user, f"Number {number}.")
    assert "Page 1 of 2" in inbox(viewer)
    assert "Number 0." in inbox(viewer, "?page=2")
    assert "Page 2 of 2" in inbox(viewer, "?page=99")


def test_more_notices_cost_no_more_queries(
    viewer, tell, django_assert_num_queries, django_assert_max_num_queries
):
    for _ in range(5):
        tell(viewer.user)
    with django_assert_max_num_queries(8) as few:
        inbox(viewer)
    for _ in range(5):
        tell(viewer.user)
    with django_assert_num_queries(len(few)):
        inbox(viewer)


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/bell/"])
def test_wrong_methods_are_refused(viewer, address):
    assert viewer.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/inbox/read/", "/inbox/1/read/"])
def test_a_link_marks_nothing_as_read(viewer, address):
    assert viewer.get(address).status_code == 405


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/bell/"])
@pytest.mark.django_db
def test_who_has_not_signed_in_is_sent_to_sign_in(address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_looking_at_what_it_is_about_is_reading_it(viewer, tell):
    notice = tell(viewer.user, url="/w/kitchen/desk/")
    answer = viewer.get(f"/inbox/{notice.pk}/", headers={"Sec-Purpose": "prefetch"})
    assert answer.headers["Location"] == "/w/kitchen/desk/"
    assert unread_on(viewer) == "1"
    viewer.head(f"/inbox/{notice.pk}/")
    assert unread_on(viewer) == "1"
    assert viewer.get(f"/inbox/{notice.pk}/").headers["Location"] == "/w/kitchen/desk/"
    assert unread_on(viewer) == ""


def test_a_notice_of_others_leads_nowhere(viewer, admin, tell):
    notice = tell(admin.user)
    assert viewer.get(f"/inbox/{notice.pk}/").status_code == 404
    assert viewer.post(f"/inbox/{notice.pk}/").status_code == 405


def test_it_is_filtered_by_workspace_and_kind(viewer, tell, other_workspace):
    Membership.objects.create(workspace=other_workspace, user=viewer.user, role=Role.VIEWER)
    tell(viewer.user, "A key.")
    tell(viewer.user, "An approval.", Kind.APPROVED)
    announce(other_workspace, Kind.APPROVED, "Elsewhere.", key="1", users=[viewer.user])

    def shown(query: str) -> set[str]:
        text = inbox(viewer, query)
        return {says for says in ("A key.", "An approval.", "Elsewhere.") if says in text}

    assert shown("?workspace=kitchen") == {"A key.", "An approval."}
    assert shown("?kind=approved") == {"An approval.", "Elsewhere."}
    assert shown("?kind=approved&workspace=elsewhere&unread=1") == {"Elsewhere."}
    assert shown("?kind=nonsense&workspace=nowhere") == {"A key.", "An approval.", "Elsewhere."}
    assert "Nothing like that" in inbox(viewer, "?kind=released")


def test_marking_all_as_read_keeps_to_the_filter(viewer, tell):
    tell(viewer.user, "A key.")
    tell(viewer.user, "An approval.", Kind.APPROVED)
    through = str(Notice.objects.first().pk)
    answer = viewer.post("/inbox/read/?kind=approved", {"through": through})
    assert answer.headers["Location"] == "/inbox/?kind=approved"
    assert [notice.says for notice in Notice.objects.filter(read_at=None)] == ["A key."]


@time_machine.travel("2026-11-23T23:30:00Z", tick=False)
def test_days_go_by_the_readers_clock(viewer, tell):
    tell(viewer.user, "Late.")
    assert "Today" in inbox(viewer)
    MailHabits.objects.create(user=viewer.user, time_zone="Europe/Berlin")
    Notice.objects.update(created_at="2026-11-23T22:30:00Z")  # still the 23rd there, now the 24th
    text = inbox(viewer)
    assert "Yesterday" in text
    assert ">23:30</time>" in text
