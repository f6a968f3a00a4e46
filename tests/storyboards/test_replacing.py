"""Find and replace in prompts: literal, previewed, and all or nothing."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.models import Project, Shot
from studio.storyboards.replacing import Search


@pytest.fixture
def film(long_board):
    """Beat 0 to Beat 3, each twice: `Beat 0 beat`."""
    board = long_board(4)
    for shot in board.shots.all():
        Shot.objects.filter(pk=shot.pk).update(prompt=f"{shot.prompt}: a beat, heartbeats")
    return board


@pytest.fixture
def replace(film, creative, post):
    def replace(**data):
        return post(creative, f"/projects/{film.pk}/replace/", {"base": 1, **data})

    return replace


@pytest.mark.parametrize(
    ("options", "becomes"),
    [
        ({}, "BAR 0: a BAR, heartBARs"),
        ({"matches_case": True}, "Beat 0: a BAR, heartBARs"),
        ({"whole_words": True}, "BAR 0: a BAR, heartbeats"),
        ({"matches_case": True, "whole_words": True}, "Beat 0: a BAR, heartbeats"),
    ],
)
def test_case_and_whole_words(options, becomes):
    assert Search("beat", "BAR", **options).replaced("Beat 0: a beat, heartbeats") == becomes


@given(st.text(max_size=40), st.text(min_size=1, max_size=5), st.text(max_size=5))
def test_it_replaces_as_literally_as_text_itself_does(text, find, replacement):
    search = Search(find, replacement, matches_case=True)
    assert search.replaced(text) == text.replace(find, replacement)
    assert search.count(text) == text.count(find)
    assert "".join(part for part, _ in search.parts(text)) == text


@pytest.mark.parametrize("find", ["(a+)+$", ".*", "\\1", "[", "a{9999}"])
def test_patterns_mean_nothing(find):
    assert Search(find, "x").replaced("a" * 4000) == "a" * 4000


def test_all_are_replaced_in_one_revision(film, replace):
    assert replace(find="beat", replacement="bar").status_code == 200
    assert film.shots.first().prompt == "bar 0: a bar, heartbars"
    project = Project.objects.get(pk=film.pk)
    assert project.revision == 2
    latest = project.revisions.get(number=2)
    assert latest.summary == "Replaced “beat” by “bar” in 4 prompts"


def test_only_the_selected_shots_are_changed_when_asked(film, replace):
    chosen = film.shots.last().pk
    replace(find="beat", replacement="bar", scope="selected", shots=chosen)
    changed = film.shots.filter(prompt__contains="heartbars")
    assert list(changed.values_list("pk", flat=True)) == [chosen]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"find": "", "replacement": "x"}, "Type what to find."),
        ({"find": "z" * 201}, "200 characters at most"),
        ({"find": "Zebra", "replacement": "x"}, "is in none of these prompts"),
        ({"find": "Beat 2", "replacement": "y" * 4000}, "Shot 3: A prompt holds 4,000"),
        ({"find": "Beat 2", "replacement": "y" * 4001}, "Type 4,000 characters at most to put"),
        ({"find": "Beat 1", "replacement": "<b>"}, "Shot 2: A prompt is plain text"),
    ],
)
def test_what_cannot_be_replaced_is_named_and_nothing_changes(film, replace, data, says):
    answer = replace(**data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert data["find"] in answer.content.decode()
    assert Project.objects.get(pk=film.pk).revision == 1


def test_a_locked_shot_refuses_the_whole(film, replace):
    Shot.objects.filter(pk=film.shots.last().pk).update(is_locked=True)
    answer = replace(find="beat", replacement="bar")
    assert answer.status_code == 422
    assert "Nothing was replaced. Shot 4 is locked." in answer.content.decode()
    assert not film.shots.filter(prompt__contains="bar ").exists()


def test_the_preview_shows_both_and_counts(film, creative):
    address = f"/projects/{film.pk}/replace/preview/?find=beat&replacement=%3Ci%3E"
    text = creative.get(address).content.decode()
    assert "12 places in 4 prompts" in text
    assert "<mark>Beat</mark> 0: a <mark>beat</mark>" in text
    assert "<i>" not in text
    plain = creative.get(f"/projects/{film.pk}/replace/?find=beat&whole_words=yes")
    assert "8 places in 4 prompts" in plain.content.decode()


def test_a_long_preview_is_short(long_board, creative):
    board = long_board(120)
    board.shots.update(prompt="e " * 1900)
    text = creative.get(f"/projects/{board.pk}/replace/preview/?find=e").content.decode()
    assert "228000 places in 120 prompts" in text
    assert "And 80 more prompts" in text
    assert len(text) < 60_000


def test_what_would_become_far_too_long_is_never_written(film, replace):
    film.shots.update(prompt="e" * 4000)
    tracemalloc.start()
    answer = replace(find="e", replacement="y" * 4000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 422
    assert "this one would have 16,000,000" in answer.content.decode()
    assert peak < 12_000_000


def test_a_stale_replacement_changes_nothing(film, producer, replace):
    producer.post(f"/projects/{film.pk}/edit/", {"base": 1, "title": "Theirs"})
    assert replace(find="beat", replacement="bar").status_code == 409
    assert not film.shots.filter(prompt__contains="bar ").exists()
