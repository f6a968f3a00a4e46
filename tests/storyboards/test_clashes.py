"""Which stale edits clash: every kind of mine against every kind of theirs."""

import pytest

from studio.storyboards.models import Project
from studio.storyboards.snapshots import snapshot_of

# What each edit touches, in the words below; adding a shot at the end touches nothing.
CLASHES = {
    "prompt 1": {"prompt 1", "delete 1"},
    "duration 1": {"duration 1", "delete 1"},
    "transition 1": {"transition 1", "transition length 1", "delete 1"},
    "transition length 1": {"transition 1", "transition length 1", "delete 1"},
    "prompt 2": {"prompt 2", "delete 2"},
    "title": {"title"},
    "motion": {"motion"},
    "order": {"order", "add", "delete 1", "delete 2"},
    "move 1": {"order", "add", "delete 1", "delete 2"},
    "add": set(),
    "delete 1": {"prompt 1", "duration 1", "transition 1", "transition length 1", "delete 1"},
    "delete 2": {"prompt 2", "delete 2"},
}
THEIRS = [kind for kind in CLASHES if kind != "move 1"]


@pytest.fixture
def film(long_board) -> Project:
    """Three shots of 2 s, revision 1; the first crossfades for 0.5 s."""
    project = long_board(3)
    project.shots.filter(position=0).update(transition="crossfade", transition_ms=500)
    fresh = Project.objects.get(pk=project.pk)
    project.revisions.update(snapshot=snapshot_of(fresh, fresh.shots.all()))
    return project


@pytest.fixture
def edit(film, post):
    """`edit(client, "prompt 1", 1, "mine")`: this kind of edit, on a revision, by one of two."""
    pks = list(film.shots.values_list("pk", flat=True))

    def send(client, kind, base, who):
        address, data = _request(kind, pks, who)
        return post(client, f"/projects/{film.pk}/{address}", {"base": base, **data})

    return send


def _request(kind: str, pks: list[int], who: str) -> tuple[str, dict[str, str]]:
    is_mine = who == "mine"
    if kind in ("title", "motion"):
        return "edit/", {"title": who} if kind == "title" else {
            "motion": "static" if is_mine else "handheld"
        }
    if kind == "order":
        order = [pks[1], pks[0], pks[2]] if is_mine else [pks[2], pks[1], pks[0]]
        return "order/", {"order": ",".join(map(str, order))}
    if kind == "add":
        return "shots/", {}
    what, number = kind.rsplit(" ", 1)
    shot = f"shots/{pks[int(number) - 1]}/"
    if what in ("delete", "move"):
        return f"{shot}{what}/", {"direction": "right"}
    values = {
        "prompt": {"prompt": who},
        "duration": {"duration": "3" if is_mine else "4"},
        "transition": {"transition": "wipe" if is_mine else "dip-to-black"},
        "transition length": {"transition_length": "0.7" if is_mine else "0.9"},
    }
    return shot, values[what]


@pytest.mark.parametrize("theirs", THEIRS)
@pytest.mark.parametrize("mine", CLASHES)
def test_an_edit_clashes_with_what_touched_the_same(film, creative, producer, edit, mine, theirs):
    assert edit(producer, theirs, 1, "theirs").status_code == 200
    before = film.revisions.get(number=2).snapshot
    answer = edit(creative, mine, 1, "mine")
    clashes = theirs in CLASHES[mine]
    assert (answer.status_code, answer["X-Clash"]) == (409, "yes" if clashes else "no")
    assert ('id="keep-mine"' in answer.content.decode()) == clashes
    fresh = Project.objects.get(pk=film.pk)
    assert fresh.revision == 2
    assert snapshot_of(fresh, fresh.shots.all()) == before
    if not clashes:
        assert edit(creative, mine, 2, "mine").status_code == 200
        assert Project.objects.get(pk=film.pk).revision == 3


@pytest.mark.parametrize("step", ["undo", "redo"])
@pytest.mark.parametrize("theirs", THEIRS)
def test_undo_and_redo_always_clash(film, creative, producer, edit, post, step, theirs):
    edit(producer, theirs, 1, "theirs")
    answer = post(creative, f"/projects/{film.pk}/{step}/", {"base": 1})
    assert (answer.status_code, answer["X-Clash"]) == (409, "yes")


def test_both_meant_the_same(film, creative, producer, edit):
    edit(producer, "prompt 1", 1, "same")
    assert edit(creative, "prompt 1", 1, "same")["X-Clash"] == "no"


def test_what_was_changed_and_changed_back_is_as_it_was(film, creative, producer, edit, post):
    edit(producer, "prompt 1", 1, "theirs")
    post(producer, f"/projects/{film.pk}/undo/", {"base": 2})
    assert edit(creative, "prompt 1", 1, "mine")["X-Clash"] == "no"


@pytest.mark.parametrize("base", [0, 77])
@pytest.mark.parametrize("mine", CLASHES)
def test_an_edit_of_no_known_revision_clashes(film, creative, edit, mine, base):
    assert edit(creative, mine, base, "mine")["X-Clash"] == "yes"


def test_the_answer_brings_only_what_the_page_has_not_seen(film, creative, producer, edit, post):
    edit(producer, "prompt 1", 1, "first words")
    edit(producer, "prompt 2", 2, "second words")
    third = film.shots.last().pk
    data = {"base": 1, "seen": 2, "prompt": "mine"}
    answer = post(creative, f"/projects/{film.pk}/shots/{third}/", data)
    text = answer.content.decode()
    assert answer["X-Clash"] == "no"
    assert "second words</textarea>" in text
    assert "first words</textarea>" not in text
