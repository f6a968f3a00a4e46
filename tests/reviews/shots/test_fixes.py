"""From the fixes to the board: exactly those shots, with their words and open notes at hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.reviews.models import Channel, Note
from studio.reviews.shots import fixes
from studio.reviews.shots.verdicts import give
from studio.storyboards import flags
from studio.storyboards.boards import board_of
from studio.storyboards.edits import arranging, history
from studio.storyboards.edits.shots import delete_shot, edit_shot
from studio.storyboards.flagged import Flagged
from studio.storyboards.models import Project, ShotFlag

pytestmark = pytest.mark.any_database


def pks(take):
    return [shot["pk"] for shot in take.revision.snapshot["shots"]]


def flagged(take):
    return list(Flagged(board_of(Project.objects.get(pk=take.project_id))).open)


def start(client, take, **data):
    at = f"/takes/{take.pk}/shots/start/"
    return client.post(at, data, headers={"HX-Request": "true"})


@pytest.fixture
def judged(rain, producer, member):
    """Shots 1 and 3 are to be fixed, shot 2 is fine."""
    give(member(rain, producer), "scene-1", "fix", "Too dark.")
    give(member(rain, producer), "scene-2", "fine")
    give(member(rain, producer), "scene-3", "fix", "Too slow.")
    return rain


def test_the_board_opens_with_exactly_those_shots_flagged(judged, creative):
    first, _, third = pks(judged)
    answer = start(creative, judged)
    assert answer["HX-Redirect"] == f"/projects/{judged.project_id}/?shot={first}"
    assert flagged(judged) == [first, third]
    flag = ShotFlag.objects.get(shot=third)
    assert (flag.says, flag.source) == ("Too slow.", "Take 1, Producer")
    assert flag.url == f"/takes/{judged.pk}/#shot-3"
    assert (flag.take, flag.take_number, flag.made_by) == (judged.pk, 1, creative.user)
    entry = AuditEntry.objects.get(action="fixes.started")
    assert entry.data == {"shots": ["scene-1", "scene-3"]}


def test_without_scripts_it_is_a_form_and_a_page(judged, creative):
    answer = creative.post(f"/takes/{judged.pk}/shots/start/", follow=True)
    assert answer.redirect_chain == [(f"/projects/{judged.project_id}/?shot={pks(judged)[0]}", 302)]
    assert b"2</span> shots to fix</strong> from take 1" in answer.content


def test_started_twice_there_is_no_second_flag(judged, creative, producer):
    start(creative, judged)
    start(producer, judged)
    assert ShotFlag.objects.count() == 2


def test_a_verdict_taken_back_takes_its_flag_along(judged, creative, producer, member):
    start(creative, judged)
    give(member(judged, producer), "scene-1", "open")
    start(creative, judged)
    assert flagged(judged) == [pks(judged)[2]]


def test_open_notes_at_the_shot_come_along_for_members(judged, creative, guest_of):
    guest = guest_of(judged).guest

    def note(text, channel=Channel.INTERNAL, **more):
        who = {"guest": guest} if channel == Channel.CLIENT else {"author": creative.user}
        row = {"workspace": judged.workspace, "take": judged, "channel": channel, "text": text}
        return Note.objects.create(**row, **who, **more)

    note("On all of the film.")
    note("At four seconds.", from_ms=4_250)
    note("By the client.", Channel.CLIENT, from_ms=1_000)
    note("Named, at no moment.", scene_id="scene-1")
    note("In the fine one.", from_ms=7_000)
    note("At the cut.", from_ms=12_000)
    note("Resolved.", from_ms=2_000, resolved_at=timezone.now())
    note("Deleted.", from_ms=2_000, deleted_at=timezone.now())
    note("An answer.", from_ms=2_000, parent=Note.objects.first())
    start(creative, judged)
    first, third = (ShotFlag.objects.get(shot=pk) for pk in (pks(judged)[0], pks(judged)[2]))
    assert first.notes == [
        {"at": "", "who": "Creative", "says": "Named, at no moment.", "is_client": False},
        {"at": "0:01", "who": "Gil", "says": "By the client.", "is_client": True},
        {"at": "0:04.25", "who": "Creative", "says": "At four seconds.", "is_client": False},
    ]
    assert [one["says"] for one in third.notes] == ["At the cut."]


def test_a_board_that_moved_on_is_asked_about_first(judged, creative):
    project = judged.project
    first, second, third = pks(judged)
    edit_shot(project, 1, creative.user, third, {"prompt": "Faster rain", "duration_ms": 5_000})
    delete_shot(project, 2, creative.user, first)
    arranging.reorder(project, 3, creative.user, [third, second])
    asked = start(creative, judged)
    text = asked.content.decode()
    assert asked["HX-Retarget"] == "#dialog"
    assert not ShotFlag.objects.exists()
    assert "Changed since take 1: duration and prompt." in text
    assert "was shot 3 in take 1" in text
    assert "Shot 1 of take 1</b>" in text
    assert "Too dark." in text
    done = start(creative, judged, confirmed=confirmed(text))
    assert done["HX-Redirect"] == f"/projects/{project.pk}/?shot={third}"
    assert flagged(judged) == [third]
    history.restore(project, 4, creative.user, 1)
    assert flagged(judged) == [first, third]


def confirmed(text):
    return text.split('name="confirmed" value="')[1].split('"')[0]


def test_an_edit_of_a_fine_shot_asks_nothing(judged, creative):
    edit_shot(judged.project, 1, creative.user, pks(judged)[1], {"prompt": "Other"})
    assert "HX-Redirect" in start(creative, judged)


def test_a_board_that_moved_on_again_is_asked_about_again(judged, creative):
    edit_shot(judged.project, 1, creative.user, pks(judged)[0], {"prompt": "Other"})
    seen = confirmed(start(creative, judged).content.decode())
    edit_shot(judged.project, 2, creative.user, pks(judged)[0], {"prompt": "Another"})
    assert "HX-Redirect" not in start(creative, judged, confirmed=seen)
    assert not ShotFlag.objects.exists()


def test_a_board_without_any_of_them_opens_all_the_same(judged, creative):
    first, _, third = pks(judged)
    delete_shot(judged.project, 1, creative.user, first)
    delete_shot(judged.project, 2, creative.user, third)
    text = start(creative, judged).content.decode()
    assert "To be flagged on the board" not in text
    answer = start(creative, judged, confirmed=confirmed(text))
    assert answer["HX-Redirect"] == f"/projects/{judged.project_id}/"


@pytest.mark.parametrize("keeps", [False, True])
def test_flags_of_an_earlier_take_make_room_or_are_kept(
    judged, take_of, creative, producer, member, keeps
):
    start(creative, judged)
    first, second, third = pks(judged)
    later = take_of(judged.project)
    give(member(later, producer), "scene-2", "fix", "Now this one.")
    text = start(creative, later).content.decode()
    assert "Still open from earlier takes" in text
    data = {"confirmed": confirmed(text)} | ({"keep": "yes"} if keeps else {})
    start(creative, later, **data)
    assert flagged(judged) == ([first, second, third] if keeps else [second])


def test_what_was_ticked_off_stays_so_and_the_dialog_says_it(judged, creative):
    start(creative, judged)
    project, first = Project.objects.get(pk=judged.project_id), pks(judged)[0]
    flags.finish(project, ShotFlag.objects.get(shot=first).pk, creative.user)
    text = start(creative, judged).content.decode()
    assert text.count("Ticked off already") == 1
    assert "Flag 1 shot and open the board" in text
    start(creative, judged, confirmed=confirmed(text))
    assert flagged(judged) == pks(judged)[2:]


def test_what_is_done_is_not_asked_about(judged, take_of, creative, producer, member):
    start(creative, judged)
    project = Project.objects.get(pk=judged.project_id)
    for flag in ShotFlag.objects.all():
        flags.finish(project, flag.pk, creative.user)
    later = take_of(project)
    give(member(later, producer), "scene-2", "fix", "Now this one.")
    assert "HX-Redirect" in start(creative, later)
    assert flagged(judged) == [pks(judged)[1]]


def test_nothing_to_fix_is_said(rain, creative):
    answer = start(creative, rain)
    assert answer.status_code == 422
    assert b"No shot of take 1 is marked Fix any more." in answer.content


def test_an_archived_project_starts_nothing(judged, creative):
    Project.objects.filter(pk=judged.project_id).update(archived_at=timezone.now())
    answer = start(creative, judged)
    assert answer.status_code == 403
    assert "archived" in answer["X-Says"]
    assert not ShotFlag.objects.exists()
    shown = creative.get(f"/takes/{judged.pk}/").content.decode()
    assert "Start next revision from the fixes" not in shown


def test_planning_costs_as_much_for_12_shots_as_for_6(
    board, take_of, producer, member, django_assert_num_queries
):
    for count in (6, 12):
        take = take_of(board(count))
        reviewer = member(take, producer)
        for n in range(1, count + 1):
            give(reviewer, f"scene-{n}", "fix", "Slower.")
        with django_assert_num_queries(7):
            assert len(fixes.plan_of(reviewer).fixes) == count


def test_the_board_is_held_before_the_audit_log(judged, member, producer):
    plan = fixes.plan_of(member(judged, producer))
    with CaptureQueriesContext(connection) as asked:
        fixes.start(plan, producer.user)
    said = [query["sql"] for query in asked]
    held = next(n for n, sql in enumerate(said) if sql.startswith('UPDATE "storyboards_project"'))
    logged = next(n for n, sql in enumerate(said) if 'FROM "accounts_workspace"' in sql)
    assert held < logged, "whoever submits the board at this moment would wait for ever"
