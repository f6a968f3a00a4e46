"""The moves as the page posts them: dialogs, answers, refusals, stale pages, plain forms."""

import pytest

from studio.storyboards.models import Project, Shot


@pytest.fixture
def film(long_board):
    """Six shots of 2 s."""
    return long_board(6)


@pytest.fixture
def pks(film):
    return list(film.shots.values_list("pk", flat=True))


def at(film, name):
    folder = "" if name in ("fit", "replace") else "shots/"
    return f"/projects/{film.pk}/{folder}{name}/"


def beats(film):
    return [prompt.removeprefix("Beat ") for prompt in film.shots.values_list("prompt", flat=True)]


@pytest.mark.parametrize(
    ("data", "order"),
    [
        ({"where": "start"}, "340125"),
        ({"where": "end"}, "012534"),
        ({"where": "place", "place": "2"}, "034125"),
        ({"where": "place", "place": "99"}, "012534"),
        ({"where": "before", "beside": 1}, "034125"),
        ({"where": "after", "beside": 1}, "013425"),
    ],
)
def test_move_to_says_where(film, pks, creative, post, data, order):
    if "beside" in data:
        data = data | {"beside": pks[data["beside"]]}
    chosen = {"base": 1, "shots": f"{pks[3]},{pks[4]}"}
    assert post(creative, at(film, "move"), chosen | data).status_code == 200
    assert "".join(beats(film)) == order


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("move", {"where": "place", "place": "x"}, "Type the number of the place"),
        ("move", {"where": "before", "beside": "0"}, "cannot be moved beside themselves"),
        ("split", {"at": "soon"}, "Type how many seconds into the shot"),
        ("split", {"at": "1.9"}, "Split shot 1 between 0.5 s and 1.5 s"),
    ],
)
def test_a_dialog_keeps_what_was_typed_and_says_what_is_wrong(
    film, pks, creative, post, name, data, says
):
    for answer in (
        post(creative, at(film, name), {"base": 1, "shots": pks[0], **data}),
        creative.post(at(film, name), {"base": 1, "shots": pks[0], **data}),
    ):
        text = answer.content.decode()
        assert answer.status_code == 422
        assert says in text
        assert data.get("place", data.get("at", "")) in text
        assert f'value="{pks[0]}"' in text
    assert Project.objects.get(pk=film.pk).revision == 1


@pytest.mark.parametrize("name", ["duplicate", "insert", "merge"])
def test_nothing_selected_and_shots_of_other_boards_are_refused(
    film, long_board, creative, post, name
):
    foreign = long_board(2).shots.first().pk
    for shots, says in (("", "No shot is selected"), (foreign, "not on this board any more")):
        answer = post(creative, at(film, name), {"base": 1, "shots": shots})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert Shot.objects.filter(pk=foreign).exists()


def test_the_new_shot_is_opened(film, pks, creative, post):
    answer = post(creative, at(film, "duplicate"), {"base": 1, "shots": pks[0]})
    new = film.shots.all()[1].pk
    assert answer["HX-Replace-Url"] == f"/projects/{film.pk}/?shot={new}"
    assert f'"shot": {new}' in answer["HX-Trigger-After-Settle"]


def test_the_merged_shot_is_opened_whatever_order_was_ticked(film, pks, creative, post):
    answer = post(creative, at(film, "merge"), {"base": 1, "shots": f"{pks[2]},{pks[1]}"})
    assert answer["HX-Replace-Url"] == f"/projects/{film.pk}/?shot={pks[1]}"


def test_plain_forms_do_the_same(film, pks, creative):
    page = creative.get(f"/projects/{film.pk}/?shot={pks[1]}").content.decode()
    for name in ("duplicate", "insert", "merge"):
        assert f'formaction="{at(film, name)}"' in page
    answer = creative.post(at(film, "insert"), {"base": 1, "shots": pks[1], "side": "before"})
    assert answer.status_code == 302
    assert beats(film) == ["0", "", "1", "2", "3", "4", "5"]
    chooser = creative.get(at(film, "split")).content.decode()
    assert chooser.count('type="radio"') == 7
    ticked = creative.post(at(film, "move"), {"base": 2, "shots": [pks[0], pks[5]], "where": "end"})
    assert ticked.status_code == 302
    assert beats(film)[-2:] == ["0", "5"]


@pytest.mark.parametrize("name", ["many/delete", "shots/merge", "shots/split"])
def test_a_locked_shot_says_so_where_it_is_seen(film, pks, creative, post, name):
    Shot.objects.filter(pk=pks[1]).update(is_locked=True)
    address = f"/projects/{film.pk}/{name}/"
    answer = post(creative, address, {"base": 1, "shots": pks[1], "at": "1"}, pks[1])
    assert answer.status_code == 422
    assert "<p>Shot 2 is locked. Unlock it to" in answer.content.decode()
    assert film.shots.count() == 6


@pytest.mark.parametrize("name", ["duplicate", "insert", "merge", "move", "split"])
def test_a_stale_move_shows_the_choice(film, pks, creative, producer, post, name):
    producer.post(f"/projects/{film.pk}/edit/", {"base": 1, "title": "Theirs"})
    data = {"base": 1, "shots": pks[0], "where": "end", "at": "1"}
    assert post(creative, at(film, name), data).status_code == 409
    assert film.shots.count() == 6


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("duplicate", {}),
        ("insert", {}),
        ("merge", {}),
        ("move", {"where": "end"}),
        ("split", {"at": "1"}),
        ("fit", {"total": "60"}),
        ("replace", {"find": "Beat", "replacement": "Bar"}),
    ],
)
def test_a_move_costs_as_much_on_40_shots_as_on_20(
    long_board, creative, post, django_assert_max_num_queries, name, data
):
    counts = []
    for project in (long_board(20), long_board(40)):
        half = list(project.shots.values_list("pk", flat=True))[: project.shots.count() // 2]
        shots = half[0] if name == "split" else ",".join(map(str, half))
        with django_assert_max_num_queries(40) as captured:
            answer = post(creative, at(project, name), {"base": 1, "shots": shots, **data})
        assert answer.status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
