"""The rule that tells a surprise from what any new drawing of a shot looks like."""

import pytest

from studio.reviews.comparing.surprises import Look, calm, percent, surprises_of


def looks(*totals, edited=(), retimed=()):
    return [
        Look(number, total, 0.0, total, number in edited, number in retimed)
        for number, total in enumerate(totals, start=1)
    ]


def odd(*totals, **which):
    return [(one.kind, one.number) for one in surprises_of(looks(*totals, **which))]


def test_the_one_shot_that_differs_though_nobody_edited_it():
    assert odd(0.01, 0.0, 0.9, 0.02) == [("changed", 3)]


def test_where_every_shot_is_drawn_anew_none_is_a_surprise():
    assert odd(0.45, 0.38, 0.52, 0.41, 0.47, 0.36) == []


def test_among_shots_drawn_anew_the_one_far_off_is():
    assert odd(0.30, 0.26, 0.33, 0.95, 0.29, 0.31) == [("changed", 4)]


def test_two_wild_shots_do_not_hide_each_other():
    assert odd(0.02, 0.9, 0.01, 0.02, 0.8, 0.01, 0.03) == [("changed", 2), ("changed", 5)]


def test_shots_that_all_changed_alike_are_no_surprise():
    assert odd(0.8, 0.8, 0.8) == []


def test_what_was_edited_may_look_as_different_as_it_likes():
    assert odd(0.01, 0.0, 0.9, 0.02, edited={3}) == []


def test_edited_shots_do_not_say_what_is_usual():
    assert odd(0.01, 0.9, 0.9, 0.9, 0.02, 0.3, edited={2, 3, 4}) == [("changed", 6)]


def test_a_shot_of_another_length_is_neither_a_surprise_nor_usual():
    assert odd(0.01, 0.0, 0.9, 0.02, retimed={3}) == []
    assert odd(0.4, 0.4, 0.2, 0.01, 0.01, 0.01, retimed={1, 2}) == [("changed", 3)]


def test_what_nobody_sees_is_no_surprise_however_alike_the_others_are():
    assert odd(0.0, 0.0, 0.049, 0.0) == []
    assert odd(0.0, 0.0, 0.051, 0.0) == [("changed", 3)]


@pytest.mark.parametrize(
    ("totals", "found"),
    [((0.01, 0.9), [2]), ((0.3, 0.8), []), ((0.3, 0.95), [2]), ((0.01, 0.2), []), ((0.9, 0.9), [])],
)
def test_of_two_shots_only_a_great_difference_counts(totals, found):
    assert [number for _, number in odd(*totals)] == found


@pytest.mark.parametrize(("total", "found"), [(0.59, []), (0.6, [("changed", 2)])])
def test_alone_it_must_be_another_scene(total, found):
    assert odd(0.9, total, edited={1}) == found


def test_an_edit_that_nobody_sees_is_a_surprise_too():
    assert odd(0.01, 0.02, 0.0, edited={2}) == [("same", 2)]
    assert odd(0.01, 0.2, 0.0, edited={2}) == []
    # Another length alone may look the same.
    assert odd(0.01, 0.02, 0.0, retimed={2}) == []


def test_an_edit_is_unseen_while_unedited_shots_stray_as_far():
    assert odd(0.06, 0.05, 0.07, edited={2}) == [("same", 2)]
    # Where the vendor drew everything anew, nobody can tell.
    assert odd(0.3, 0.25, 0.3, edited={2}) == []


def test_the_figures_stand_in_words():
    (found,) = surprises_of(looks(0.1, 0.42, 0.1, 0.1))
    assert found.says == "Shot 2 changed though nobody edited it."
    assert found.explains == (
        "It differs by 42 %, mostly in what is seen where: 4.2 × the median of the other 3 shots "
        "that nobody edited (10 %)."
    )
    (found,) = surprises_of(looks(0.0, 0.9, 0.0))
    assert found.explains.endswith(
        "; the other 2 shots that nobody edited by under 1 % in the median."
    )
    (found,) = surprises_of(looks(0.01, 0.02, 0.01, edited={2}))
    assert found.says == "Shot 2 was edited and looks the same."
    assert "It differs by 2 %, the shots that nobody edited by 1 % in the median." in found.explains


def test_with_few_others_the_words_say_so():
    (found,) = surprises_of(looks(0.01, 0.9))
    assert found.explains.endswith("; the only other shot that nobody edited by 1 %.")
    (found,) = surprises_of(looks(0.9, 0.9, edited={1}))
    assert "no other unedited shot to compare with" in found.explains


@pytest.mark.parametrize(
    ("structure", "colour", "says"),
    [
        (0.9, 0.1, "seen where"),
        (0.1, 0.9, "its colours and light"),
        (0.5, 0.5, "and in its colours"),
    ],
)
def test_it_says_what_of_the_picture_is_different(structure, colour, says):
    found = surprises_of([Look(1, structure, colour, 0.9), *looks(0, 0, 0)[1:]])
    assert says in found[0].explains


@pytest.mark.parametrize(
    ("shots", "says"),
    [
        (looks(), "no shot in common"),
        (looks(0.9, 0.9, edited={1}, retimed={2}), "Every shot was edited"),
        (looks(0.2, 0.9, edited={2}), "The shot that nobody edited differs by 20 %: no surprise."),
        (looks(0.1, 0.1), "The 2 shots that nobody edited differ by 10 % in the median"),
    ],
)
def test_a_calm_comparison_says_what_it_rests_on(shots, says):
    assert says in calm(shots)


@pytest.mark.parametrize(("share", "says"), [(0, "under 1 %"), (0.01, "1 %"), (1, "100 %")])
def test_per_cents(share, says):
    assert percent(share) == says
