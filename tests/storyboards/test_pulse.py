"""What a window learns of others, and what it costs when there is nothing to learn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.storyboards import presence
from studio.storyboards.models import Presence

WINDOW = "a1b2c3d4e5f6"


@pytest.fixture
def ask(tokyo):
    """`ask(client, rev=1)`: a pulse of this person's window; `here` of its last answer."""
    known = {}

    def send(client, rev=1, window=WINDOW, shot="", **more):
        query = {"rev": rev, "window": window, "shot": shot, "here": known.get(client, ""), **more}
        page = f"http://testserver/projects/{tokyo.pk}/{f'?shot={shot}' if shot else ''}"
        headers = {"hx-request": "true", "hx-current-url": page}
        answer = client.get(f"/projects/{tokyo.pk}/pulse/", query, headers=headers)
        if answer.status_code == 200:
            known[client] = answer.content.decode().split('data-here="')[1].split('"')[0]
        return answer

    return send


@pytest.fixture
def edit(tokyo, post):
    def send(client, base, number=1, **fields):
        shot = list(tokyo.shots.values_list("pk", flat=True))[number - 1]
        return post(client, f"/projects/{tokyo.pk}/shots/{shot}/", {"base": base, **fields})

    return send


def test_nothing_new_is_204(creative, viewer, ask):
    for client in (creative, viewer):
        ask(client, window=WINDOW + str(client.user.pk))
    for client in (creative, viewer):
        ask(client, window=WINDOW + str(client.user.pk))
        assert ask(client, window=WINDOW + str(client.user.pk)).status_code == 204


def test_the_quiet_case_costs_two_queries_beside_signing_in(creative, ask):
    ask(creative)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert ask(creative).status_code == 204
    sql = [row["sql"] for row in captured.captured_queries]
    assert len(sql) == 4, sql  # the session, the person, the project, who is here
    assert not [one for one in sql if not one.startswith("SELECT")]


def test_news_keep_the_inspector_of_several_shots(tokyo, creative, producer, ask, edit):
    several = list(tokyo.shots.values_list("pk", flat=True))[:2]
    board = creative.get(f"/projects/{tokyo.pk}/").content.decode()
    assert "data-with-selection" in board.split('id="pulse"')[1].split(">")[0]
    producer.post(f"/projects/{tokyo.pk}/shots/", {"base": 1})
    text = ask(creative, shots=",".join(map(str, several))).content.decode()
    assert 'id="inspector-name">2 shots' in text


def test_a_changed_card_comes_alone_with_who_changed_what(creative, producer, ask, edit):
    edit(producer, 1, 2, prompt="Umbrellas, said the producer")
    text = ask(creative).content.decode()
    assert "Umbrellas, said the producer" in text
    assert "Producer: Shot 2: prompt rewritten" in text
    assert 'id="card-' in text
    assert 'id="grid"' not in text
    assert 'data-revision="2"' in text


def test_other_shots_or_another_order_bring_the_whole_list(creative, producer, ask, post, tokyo):
    post(producer, f"/projects/{tokyo.pk}/shots/", {"base": 1})
    assert 'id="grid"' in ask(creative).content.decode()
    order = ",".join(str(shot.pk) for shot in reversed(tokyo.shots.all()))
    post(producer, f"/projects/{tokyo.pk}/order/", {"base": 2, "order": order})
    assert 'id="grid"' in ask(creative, rev=2).content.decode()


def test_the_inspector_comes_only_where_it_shows_something_else(
    creative, producer, ask, edit, tokyo
):
    first, second = tokyo.shots.all()
    edit(producer, 1, 2, prompt="Other words")
    assert 'id="inspector"' not in ask(creative, shot=first.pk).content.decode()
    assert 'id="inspector"' in ask(creative, shot=second.pk).content.decode()


def test_several_changes_are_told_in_one_line(creative, producer, ask, edit):
    for base in (1, 2, 3):
        edit(producer, base, prompt=f"Words {base}")
    assert (
        "Producer: Shot 1: prompt rewritten, and 2 more changes" in ask(creative).content.decode()
    )


def test_ones_own_other_window_is_called_so(creative, ask, edit):
    edit(creative, 1, prompt="From the other window")
    assert "You, in another window: Shot 1" in ask(creative).content.decode()


@pytest.mark.parametrize("rev", ["", "x", "99", "-1", "9" * 40])
def test_a_revision_that_is_none_brings_everything(creative, ask, rev):
    answer = ask(creative, rev=rev)
    assert answer.status_code == 200
    assert 'id="grid"' in answer.content.decode()


def test_people_are_seen_where_they_are_and_forgotten_soon(creative, producer, ask, tokyo):
    second = tokyo.shots.last().pk
    ask(producer, window="p" * 12, shot=second)
    text = ask(creative).content.decode()
    assert "Producer is here, at shot 2" in text
    assert ask(creative).status_code == 204
    Presence.objects.filter(user=producer.user).update(
        seen_at=timezone.now() - presence.GONE_AFTER - timedelta(seconds=1)
    )
    assert "Producer is here" not in ask(creative).content.decode()


def test_another_window_of_ones_own_is_told(creative, ask):
    ask(creative, window="first-window")
    assert "You are here in another window" in ask(creative, window="other-window").content.decode()


def test_presence_is_written_seldom_but_at_once_for_another_shot(creative, ask, tokyo):
    ask(creative)
    noted = Presence.objects.get().seen_at
    ask(creative)
    assert Presence.objects.get().seen_at == noted
    ask(creative, shot=tokyo.shots.first().pk)
    assert Presence.objects.get().shot == tokyo.shots.first().pk
    Presence.objects.update(seen_at=noted - presence.NOTED_EVERY)
    ask(creative, shot=tokyo.shots.first().pk)
    assert Presence.objects.get().seen_at > noted


@pytest.mark.parametrize("window", ["", "short", "x" * 37, "<script>", "a b c d e f"])
def test_a_window_without_a_name_is_not_noted(creative, ask, window):
    assert ask(creative, window=window).status_code == 200
    assert not Presence.objects.exists()


def test_nobody_fills_the_table_with_windows(creative, ask):
    for number in range(presence.MOST_WINDOWS + 5):
        ask(creative, window=f"window-{number:04}")
    assert Presence.objects.count() == presence.MOST_WINDOWS


def test_what_windows_said_long_ago_is_pruned(creative, ask):
    ask(creative, window="long-closed")
    Presence.objects.update(seen_at=timezone.now() - presence.KEPT - timedelta(seconds=1))
    ask(creative)
    assert presence.prune() == 1
    assert Presence.objects.get().window == WINDOW


def test_shots_that_are_on_no_board_are_not_named(creative, producer, ask):
    ask(producer, window="p" * 12, shot=987_654)
    text = ask(creative).content.decode()
    assert "Producer is here" in text
    assert "at shot" not in text


def test_the_answer_costs_as_much_for_40_shots_as_for_20(creative, producer, long_board, post):
    counts = []
    for project in (long_board(20), long_board(40)):
        shot = project.shots.last().pk
        post(producer, f"/projects/{project.pk}/shots/{shot}/", {"base": 1, "prompt": "Other"})
        with CaptureQueriesContext(connection) as captured:
            headers = {"hx-request": "true"}
            at = f"/projects/{project.pk}/pulse/?rev=1&window={WINDOW}"
            assert creative.get(at, headers=headers).status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1] <= 14
