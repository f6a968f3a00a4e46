"""Shots that reviewers want fixed, on the board: flagged, stepped through, ticked off."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.storyboards import flags
from studio.storyboards.edits import history
from studio.storyboards.edits.revising import Archived
from studio.storyboards.edits.shots import add_shot, delete_shot
from studio.storyboards.flags import Fix, Round
from studio.storyboards.models import Project, ShotFlag

pytestmark = pytest.mark.any_database


def fix(shot, says="Too dark.", **more):
    return Fix(shot, says, "Take 2, Mira", f"/takes/7/#shot-{shot}", **more)


@pytest.fixture
def shots(tokyo):
    return list(tokyo.shots.values_list("pk", flat=True))


@pytest.fixture
def flagged(tokyo, creative, shots):
    """The board with both of its shots flagged, from take 2."""
    flags.start(tokyo, Round(7, 2, [fix(pk, f"Fix {pk}.") for pk in shots]), creative.user)
    return tokyo


def page(client, project, query=""):
    answer = client.get(f"/projects/{project.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def marked(text):
    """The pks of the shots whose cards, rows and segments carry the mark; all agree."""
    cards = re.findall(r'id="card-(\d+)"[^>]* data-flagged', text)
    segments = re.findall(r'id="segment-(\d+)"[^>]* data-flagged', text)
    listed = re.search(r'id="flags"[^>]* data-shots="([\d,]*)"', text)[1]
    assert cards == segments == [pk for pk in listed.split(",") if pk]
    return [int(pk) for pk in cards]


@pytest.mark.parametrize("view", ["grid", "table"])
def test_the_board_marks_exactly_what_is_flagged(tokyo, creative, viewer, shots, view):
    assert marked(page(viewer, tokyo, f"?view={view}")) == []
    flags.start(tokyo, Round(7, 2, [fix(shots[1])]), creative.user)
    shown = page(viewer, tokyo, f"?view={view}")
    assert marked(shown) == [shots[1]]
    assert "shot to fix</strong> from take 2" in shown


def test_a_board_without_flags_says_nothing_of_them(tokyo, viewer):
    shown = page(viewer, tokyo)
    assert re.search(r'id="flags"[^>]* hidden', shown)
    assert "to fix<" not in shown


def test_the_inspector_has_the_words_and_the_open_notes(tokyo, creative, viewer, shots):
    notes = [
        flags.Note(at="0:03.2", who="Jane", says="The <b>sign</b> flickers.", is_client=True),
        flags.Note(at="", who="Max", says="Slower.", is_client=False),
    ]
    flags.start(tokyo, Round(7, 2, [fix(shots[0], notes=notes)]), creative.user)
    shown = page(viewer, tokyo, f"?shot={shots[0]}")
    for words in ("Too dark.", "Take 2, Mira", "0:03.2", "The &lt;b&gt;sign&lt;/b&gt; flickers."):
        assert words in shown
    assert f'href="/takes/7/#shot-{shots[0]}"' in shown
    assert shown.count('class="badge">Client') == 1
    assert "Too dark." not in page(viewer, tokyo, f"?shot={shots[1]}")


def test_only_editors_are_offered_to_tick_off(flagged, creative, viewer, shots):
    assert "Mark this fix as done" in page(creative, flagged, f"?shot={shots[0]}")
    assert "Mark this fix as done" not in page(viewer, flagged, f"?shot={shots[0]}")


@pytest.mark.parametrize(("selected", "expected"), [(None, 0), (0, 1), (1, 0)])
def test_next_leads_from_flag_to_flag_and_round(flagged, viewer, shots, selected, expected):
    query = "" if selected is None else f"?shot={shots[selected]}"
    link = re.search(r'id="next-fix"[^>]* href="([^"]+)"', page(viewer, flagged, query))[1]
    assert link == f"/projects/{flagged.pk}/?shot={shots[expected]}"


def test_done_and_not_done_yet(flagged, creative, producer, shots, post):
    flag = ShotFlag.objects.get(shot=shots[0])
    at = f"/projects/{flagged.pk}/flags/{flag.pk}/"
    text = post(creative, f"{at}done/", shot=shots[0]).content.decode()
    assert f'data-shots="{shots[1]}"' in text
    assert "Done by Creative" in text
    post(producer, f"{at}done/")  # the second click finds it done
    flag.refresh_from_db()
    assert flag.done_by == creative.user
    assert marked(page(creative, flagged)) == [shots[1]]
    text = post(producer, f"{at}reopen/", shot=shots[0]).content.decode()
    assert f'data-shots="{shots[0]},{shots[1]}"' in text
    flag.refresh_from_db()
    assert (flag.done_at, flag.done_by) == (None, None)


def test_without_scripts_a_tick_leads_back_to_the_shot(flagged, creative, shots):
    flag = ShotFlag.objects.get(shot=shots[1])
    answer = creative.post(f"/projects/{flagged.pk}/flags/{flag.pk}/done/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/projects/{flagged.pk}/?shot={shots[1]}",
    )


def test_when_all_is_done_the_bar_says_so_and_is_put_away(flagged, creative, post):
    for flag in ShotFlag.objects.all():
        post(creative, f"/projects/{flagged.pk}/flags/{flag.pk}/done/")
    assert "Every fix from take 2 is done." in page(creative, flagged)
    post(creative, f"/projects/{flagged.pk}/flags/put-away/")
    assert re.search(r'id="flags"[^>]* hidden', page(creative, flagged))
    assert ShotFlag.objects.exclude(done_at=None).count() == 2


def test_a_flag_goes_with_its_shot_and_comes_back_with_it(flagged, creative, shots):
    delete_shot(flagged, 1, creative.user, shots[0])
    assert marked(page(creative, flagged)) == [shots[1]]
    history.undo(flagged, 2, creative.user)
    assert marked(page(creative, flagged)) == shots
    history.redo(flagged, 3, creative.user)
    history.restore(flagged, 4, creative.user, 1)
    assert marked(page(creative, flagged)) == shots


def test_an_edit_and_its_undo_leave_flags_alone(flagged, creative, shots, post):
    at = f"/projects/{flagged.pk}/"
    text = post(creative, f"{at}shots/{shots[0]}/", {"base": 1, "prompt": "Brighter"}).content
    assert b"data-flagged" in text
    text = post(creative, f"{at}undo/", {"base": 2}).content.decode()
    assert marked(text) == shots
    assert Project.objects.get(pk=flagged.pk).revision == 3


def test_the_answer_to_a_deletion_counts_anew(flagged, creative, shots, post):
    text = post(creative, f"/projects/{flagged.pk}/shots/{shots[0]}/delete/", {"base": 1})
    assert marked(text.content.decode()) == [shots[1]]


def test_starting_twice_makes_no_second_flag_and_undoes_no_tick(flagged, creative, shots):
    flags.finish(flagged, ShotFlag.objects.get(shot=shots[0]).pk, creative.user)
    same = Round(7, 2, [fix(pk, f"Fix {pk}.") for pk in shots])
    flags.start(flagged, same, creative.user)
    assert ShotFlag.objects.count() == 2
    assert marked(page(creative, flagged)) == [shots[1]]


def test_other_words_ask_again_for_what_was_done(flagged, creative, shots):
    flags.finish(flagged, ShotFlag.objects.get(shot=shots[0]).pk, creative.user)
    flags.start(flagged, Round(7, 2, [fix(shots[0], "Darker, rather.")]), creative.user)
    assert marked(page(creative, flagged)) == [shots[0]]
    assert "Darker, rather." in page(creative, flagged, f"?shot={shots[0]}")


def test_the_next_takes_fixes_take_the_place_of_the_last(flagged, creative, shots):
    flags.start(flagged, Round(8, 3, [fix(shots[1], "Still too dark.")]), creative.user)
    shown = page(creative, flagged)
    assert marked(shown) == [shots[1]]
    assert "from take 3" in shown


def test_those_still_open_can_be_kept_beside_them(flagged, creative, shots):
    flags.finish(flagged, ShotFlag.objects.get(shot=shots[1]).pk, creative.user)
    later = Round(8, 3, [fix(shots[1], "Still too dark.")])
    flags.start(flagged, later, creative.user, keep_others=True)
    shown = page(creative, flagged)
    assert marked(shown) == shots
    assert "from takes 2 and 3" in shown
    assert ShotFlag.objects.filter(is_set_aside=True).get().shot == shots[1]


def test_an_archived_board_keeps_its_flags_as_they_are(flagged, creative, shots, post):
    Project.objects.filter(pk=flagged.pk).update(archived_at=flagged.created_at)
    with pytest.raises(Archived):
        flags.start(flagged, Round(8, 3, [fix(shots[0])]), creative.user)
    for does in (f"{ShotFlag.objects.first().pk}/done/", "put-away/"):
        answer = post(creative, f"/projects/{flagged.pk}/flags/{does}")
        assert answer.status_code == 403
        assert "archived" in answer["X-Says"]
    assert not ShotFlag.objects.exclude(done_at=None).exists()


def test_a_flag_of_another_board_is_not_touched(flagged, long_board, creative, post):
    other = long_board(2)
    flag = ShotFlag.objects.first()
    post(creative, f"/projects/{other.pk}/flags/{flag.pk}/done/")
    flag.refresh_from_db()
    assert flag.done_at is None


def test_others_learn_of_a_tick_by_their_pulse(flagged, creative, viewer, shots, post):
    version = flagged.flags_version

    def ask(flags, shot=""):
        query = {"rev": 1, "flags": flags, "window": "a1b2c3d4e5f6", "here": "", "shot": shot}
        at = f"http://testserver/projects/{flagged.pk}/?shot={shot}"
        headers = {"hx-request": "true", "hx-current-url": at}
        return viewer.get(f"/projects/{flagged.pk}/pulse/", query, headers=headers)

    quiet = ask(version).content.decode()
    assert 'id="flags"' not in quiet
    flag = ShotFlag.objects.get(shot=shots[0])
    post(creative, f"/projects/{flagged.pk}/flags/{flag.pk}/done/")
    told = ask(version, shots[0])
    text = told.content.decode()
    assert f'data-shots="{shots[1]}"' in text
    assert "Done by Creative" in text
    assert 'id="grid"' not in text
    assert 'id="inspector"' not in text
    assert "HX-Trigger" not in told.headers
    assert 'id="flags"' not in ask(version + 1).content.decode()


def test_a_quiet_pulse_of_a_flagged_board_is_204(flagged, creative):
    query = {"rev": 1, "flags": flagged.flags_version, "window": "a1b2c3d4e5f6"}
    at = f"/projects/{flagged.pk}/pulse/"
    first = creative.get(at, query | {"here": ""}).content.decode()
    here = re.search(r'data-here="(\w+)"', first)[1]
    assert creative.get(at, query | {"here": here}).status_code == 204


def test_a_clash_counts_anew_what_somebody_deleted(flagged, creative, producer, shots, post):
    delete_shot(flagged, 1, producer.user, shots[1])
    at = f"/projects/{flagged.pk}/shots/{shots[0]}/"
    answer = post(creative, at, {"base": 1, "prompt": "Mine", "seen": 1})
    assert answer.status_code == 409
    assert marked(answer.content.decode()) == [shots[0]]


def test_a_clash_brings_no_old_flags(flagged, creative, shots, post):
    add_shot(flagged, 1, creative.user)
    at = f"/projects/{flagged.pk}/shots/{shots[0]}/"
    answer = post(creative, at, {"base": 1, "prompt": "Mine", "seen": 1})
    assert answer.status_code == 409
    assert b"data-flagged" in answer.content


@pytest.mark.parametrize("view", ["grid", "table"])
def test_flags_cost_one_query_however_many_there_are(creative, long_board, view):
    counts = []
    for count in (20, 40):
        project = long_board(count)
        at = f"/projects/{project.pk}/?view={view}&shot={project.shots.first().pk}"
        creative.get(at)
        without = queries(lambda at=at: creative.get(at))
        pks = project.shots.values_list("pk", flat=True)
        flags.start(project, Round(7, 2, [fix(pk) for pk in pks]), creative.user)
        counts.append(queries(lambda at=at: creative.get(at)) - without)
    assert counts == [1, 1]


def queries(act):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert act().status_code == 200
    return len(captured)


def test_starting_costs_as_much_for_40_as_for_20(creative, long_board):
    counts = []
    for count in (20, 40):
        project = long_board(count)
        fixes = [fix(pk) for pk in project.shots.values_list("pk", flat=True)]
        for _ in range(2):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                flags.start(project, Round(7, 2, fixes), creative.user)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_flags_are_in_no_revision(flagged):
    assert "flag" not in json.dumps(flagged.revisions.get().snapshot)
