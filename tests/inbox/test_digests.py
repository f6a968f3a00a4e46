"""The daily e-mail: at the person's hour, over clock changes, once a day, unread only."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connections, transaction
from django_q.models import OrmQ

from studio.inbox import digests, due, mail, preferences
from studio.inbox.models import Kind, MailHabits, Notice, Way
from studio.inbox.outbox import announce
from studio.storyboards.models import Project

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def habits(zone: str = "UTC", hour: int = 8, last: date | None = None) -> MailHabits:
    return MailHabits(time_zone=zone, hour=hour, last_digest_on=last)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "then"),
    [
        ("UTC", 8, "2026-11-23T06:00Z", "2026-11-23T08:00Z"),
        ("UTC", 8, "2026-11-23T08:00Z", "2026-11-24T08:00Z"),
        ("Europe/Berlin", 8, "2026-11-23T06:59Z", "2026-11-23T07:00Z"),
        ("America/Los_Angeles", 20, "2026-11-23T06:00Z", "2026-11-24T04:00Z"),
        ("Pacific/Kiritimati", 8, "2026-11-23T17:00Z", "2026-11-23T18:00Z"),
        ("Asia/Kathmandu", 8, "2026-11-23T00:00Z", "2026-11-23T02:15Z"),
        # The day after the clocks went forward, and after they went back.
        ("Europe/Berlin", 8, "2026-03-28T07:30Z", "2026-03-29T06:00Z"),
        ("Europe/Berlin", 8, "2026-10-24T06:30Z", "2026-10-25T07:00Z"),
        # 02:00 is left out that night, and there twice in the other.
        ("Europe/Berlin", 2, "2026-03-28T23:30Z", "2026-03-29T01:00Z"),
        ("Europe/Berlin", 2, "2026-10-24T23:00Z", "2026-10-25T00:00Z"),
        ("Europe/Berlin", 2, "2026-10-25T00:30Z", "2026-10-26T01:00Z"),
        # No such place: UTC.
        ("Moon/Sea", 8, "2026-11-23T06:00Z", "2026-11-23T08:00Z"),
        ("../../etc/passwd", 8, "2026-11-23T06:00Z", "2026-11-23T08:00Z"),
    ],
)
def test_it_is_due_at_the_persons_hour(zone, hour, now, then):
    assert digests.next_at(habits(zone, hour), at(now)) == at(then)


def test_there_is_one_a_day_even_when_the_hour_is_moved():
    sent = date(2026, 11, 23)
    assert digests.next_at(habits("UTC", 20, sent), EIGHT) == at("2026-11-24T20:00Z")


def test_many_years_of_days_have_one_each():
    now, seen = at("2026-01-01T00:00Z"), []
    berlin = habits("Europe/Berlin", 2)
    for _ in range(800):
        now = digests.next_at(berlin, now)
        seen.append(now.astimezone(digests.zone_of(berlin)).date())
    assert seen == sorted(set(seen))
    assert seen[-1] - seen[0] == timedelta(days=799)


def released(workspace, *users, key="1", says="Released.", project=None) -> None:
    announce(workspace, Kind.RELEASED, says, key=key, url="/x/", users=users, project=project)


def test_all_of_a_day_is_one_message_by_workspace_and_project(
    workspace, other_workspace, viewer, mailoutbox, settings
):
    from studio.accounts.models import Membership, Role

    settings.STUDIO_PUBLIC_URL = "https://films.example"
    Membership.objects.create(workspace=other_workspace, user=viewer.user, role=Role.VIEWER)
    tokyo = Project.objects.create(workspace=workspace, title="Neon Tokyo")
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user, key="1", says="First of Tokyo.", project=tokyo.pk)
        released(other_workspace, viewer.user, key="2", says="Elsewhere.")
        released(workspace, viewer.user, key="3", says="Second of Tokyo.", project=tokyo.pk)
        assert not mail.send_due(viewer.user.pk)
        assert not OrmQ.objects.exists()
    with time_machine.travel(EIGHT, tick=False):
        due.sweep()
        due.sweep()
        assert OrmQ.objects.count() == 1
        assert mail.send_due(viewer.user.pk)
        assert not mail.send_due(viewer.user.pk)
    message = mailoutbox[0]
    assert len(mailoutbox) == 1
    assert message.subject == "Your day: 3 unread notices"
    assert "a member of these workspaces" in message.body
    body = message.body
    assert body.index("Kitchen Films · Neon Tokyo") < body.index("First of Tokyo.")
    assert body.index("First of Tokyo.") < body.index("Second of Tokyo.") < body.index("Elsewhere")
    html = message.alternatives[0][0]
    assert "Kitchen Films · Neon Tokyo" in html
    assert 'href="https://films.example/x/"' in html


def test_what_was_read_meanwhile_is_left_out_and_nothing_left_is_no_message(
    workspace, viewer, mailoutbox
):
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user)
        viewer.post(f"/inbox/{Notice.objects.get().pk}/read/")
    with time_machine.travel(EIGHT, tick=False):
        assert not mail.send_due(viewer.user.pk)
    assert not mailoutbox
    assert Notice.objects.get().mail_due_at is None


@pytest.mark.parametrize(
    "wish",
    [
        {"follows": "nothing", "is_of": "project"},
        {"ways": {Kind.RELEASED: Way.APP}, "is_of": "project"},
        {"ways": {Kind.RELEASED: Way.APP}, "is_of": "workspace"},
        {"ways": {Kind.RELEASED: Way.APP}, "is_of": "everywhere"},
    ],
)
def test_what_is_muted_or_unwanted_by_now_is_left_out(workspace, viewer, mailoutbox, wish):
    tokyo, kyoto = (Project.objects.create(workspace=workspace, title=title) for title in "TK")
    preferences.choose(
        viewer.user, {Kind.RELEASED: Way.DAILY}, workspace=workspace, project=kyoto.pk
    )
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user, key="1", says="Of Tokyo.", project=tokyo.pk)
        released(workspace, viewer.user, key="2", says="Of Kyoto.", project=kyoto.pk)
        preferences.choose(
            viewer.user,
            wish.get("ways", {}),
            follows=wish.get("follows", "usual"),
            workspace=None if wish["is_of"] == "everywhere" else workspace,
            project=tokyo.pk if wish["is_of"] == "project" else None,
        )
    with time_machine.travel(EIGHT, tick=False):
        assert mail.send_due(viewer.user.pk)
    assert "Of Tokyo." not in mailoutbox[0].body
    assert "Of Kyoto." in mailoutbox[0].body
    assert set(Notice.objects.values_list("mail_due_at", flat=True)) == {None}


def test_more_than_fit_are_counted_not_sent_in_a_second_message(workspace, viewer, mailoutbox):
    with time_machine.travel(MORNING, tick=False):
        for number in range(60):
            released(workspace, viewer.user, key=str(number))
    with time_machine.travel(EIGHT, tick=False):
        assert mail.send_due(viewer.user.pk)
        assert not mail.send_due(viewer.user.pk)
    assert "And 10 more in your inbox." in mailoutbox[0].body
    assert "60 unread" in mailoutbox[0].subject
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_what_comes_after_it_waits_for_tomorrow_though_the_hour_is_moved(
    workspace, viewer, mailoutbox
):
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user)
    with time_machine.travel(EIGHT, tick=False):
        assert mail.send_due(viewer.user.pk)
        released(workspace, viewer.user, key="2")
        digests.keep_hours(viewer.user, "UTC", 20, is_stopped=False, skips_digest=False)
    assert Notice.objects.get(key="2").mail_due_at == at("2026-11-24T20:00Z")


def test_a_new_hour_moves_what_waits(workspace, viewer):
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user)
        digests.keep_hours(viewer.user, "Europe/Berlin", 12, is_stopped=False, skips_digest=False)
    assert Notice.objects.get().mail_due_at == at("2026-11-23T11:00Z")
    assert not digests.drop_unwanted(MailHabits(user=viewer.user, skips_digest=True))
    assert Notice.objects.get().mail_due_at is None


def test_a_worker_that_dies_is_made_good_and_two_do_not_send_twice(workspace, viewer, mailoutbox):
    with time_machine.travel(MORNING, tick=False):
        released(workspace, viewer.user)
    with time_machine.travel(EIGHT, tick=False):
        assert mail._claim(viewer.user.pk, in_digest=True).pks  # and dies
        assert not mail.send_due(viewer.user.pk)  # another one, at the same time
    with time_machine.travel(EIGHT + timedelta(hours=1), tick=False):
        assert mail.wake_late() == 1
        assert mail.send_due(viewer.user.pk)
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_real_workers_race_for_a_daily_mail_and_one_sends_it(workspace, viewer, mailoutbox):
    import threading

    with transaction.atomic():
        released(workspace, viewer.user)
    Notice.objects.update(mail_due_at=EIGHT - timedelta(days=365 * 10))
    together = threading.Barrier(4)
    sent: list[bool] = []

    def work() -> None:
        try:
            together.wait(20)
            sent.append(mail.send_due(viewer.user.pk))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(sent) == [False, False, False, True]
    assert len(mailoutbox) == 1
