"""Finding projects: words, filters, orders, Recent, and what the palette gets."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.models import Membership, Role
from studio.lib.folding import Folded, fold
from studio.renders.lifecycle import Status
from studio.reviews.deciding import releases
from studio.reviews.models import Decision, Release
from studio.storyboards import finding
from studio.storyboards.edits import keeping
from studio.storyboards.edits.revising import create_project
from studio.storyboards.finding import Search
from studio.storyboards.models import Project, ProjectVisit, Shot
from studio.storyboards.visits import ONE_VISIT
from tests.builders import take_without_files


@pytest.fixture
def make(workspace, creative):
    """Makes a project with shots of these (prompt, seconds)."""

    def make(title, *shots, **fields):
        rows = [
            Shot(scene_id=f"scene-{n}", prompt=prompt, duration_ms=seconds * 1000)
            for n, (prompt, seconds) in enumerate(shots, 1)
        ]
        return create_project(
            fields.pop("workspace", workspace),
            fields.pop("author", creative.user),
            title,
            shots=rows,
            **fields,
        )

    return make


@pytest.fixture
def titles(creative):
    """The titles found by a search, in order."""

    def found(**search):
        mine = Project.objects.filter(workspace__memberships__user=creative.user)
        return [row.title for row in finding.found_by(Search.of(search), mine, creative.user)]

    return found


def test_every_word_must_be_somewhere_in_the_project(make, titles):
    make("Harbour", ("Rain on the quay", 20), brief="A quiet film")
    make("Rain", ("Dry desert", 20))
    assert titles(q="rain") == ["Rain", "Harbour"]
    assert titles(q="rain quiet") == ["Harbour"]
    assert titles(q="QUAY harb") == ["Harbour"]
    assert titles(q="scene-1 desert") == ["Rain"]
    assert titles(q="rain snow") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Élan vital", "elan"),
        ("CAFÉ", "café"),
        ("Straße", "STRASSE"),
        ("Ночь", "НОЧЬ"),
        ("İz", "iz"),
        ("λόγος", "ΛΟΓΟΣ"),
        ("がん", "がん"),
    ],
)
def test_case_and_accents_do_not_count(make, titles, written, typed):
    make(written)
    make("Another")
    assert titles(q=typed) == [written]


@pytest.mark.parametrize("typed", ["100%", "a_b", "it's", 'say "go"', "back\\slash", "'); --"])
def test_what_databases_take_for_signs_is_plain_text(make, titles, typed):
    make(f"With {typed} in it")
    make("With 100 axb its say go backslash in it")
    assert titles(q=typed) == [f"With {typed} in it"]


@pytest.mark.parametrize(
    "text", ["Ünïcödé", "ﬁlm", "Ⅳ", "日本語", "Æ", "がん", "λόγος", "plain", "", "ẞ"]
)
def test_the_database_folds_as_we_do(workspace, text):
    project = Project.objects.create(workspace=workspace, title=text)
    folded = Project.objects.annotate(folded=Folded("title")).get(pk=project.pk).folded
    assert folded == fold(text)


def test_lengths_filter_by_the_vendors_limits(make, titles):
    for title, seconds in (("empty", 0), ("short", 14), ("least", 15), ("most", 60), ("over", 61)):
        make(title, *([("x", seconds)] if seconds else []))
    assert titles(status="short", sort="title") == ["empty", "short"]
    assert titles(status="fits", sort="title") == ["least", "most"]
    assert titles(status="long") == ["over"]


def test_takes_and_decisions_filter_too(titles, workspace, producer):
    waits, approved, released, plain = (
        Project.objects.create(workspace=workspace, title=title) for title in "ABCD"
    )
    take_without_files(workspace, Status.RUNNING, waits)
    for project in (approved, released):
        take = take_without_files(workspace, Status.READY, project)
        decision = Decision.objects.create(
            take=take, verdict=Decision.Verdict.APPROVED, decided_by=producer.user
        )
    Release.objects.create(take=take, decision=decision, released_by=producer.user)
    assert titles(status="in-flight") == ["A"]
    assert titles(status="approved", sort="title") == ["B", "C"]
    assert titles(status="released") == ["C"]
    Decision.objects.create(
        take=take, verdict=Decision.Verdict.CHANGES_REQUESTED, decided_by=producer.user
    )
    assert releases.close_for(take, producer.user)
    assert titles(status="approved") == ["B"]
    assert titles(status="released") == []
    assert plain.title in titles()


def test_kinds_keep_apart_what_is_archived(make, titles, creative):
    make("Plain")
    keeping.mark_template(make("Pattern"), is_template=True)
    keeping.archive(make("Gone"), creative.user)
    assert titles(sort="title") == ["Pattern", "Plain"]
    assert titles(kind="templates") == ["Pattern"]
    assert titles(kind="archived") == ["Gone"]


def test_mine_and_workspaces(make, titles, creative, producer, other_workspace):
    Membership.objects.create(workspace=other_workspace, user=creative.user, role=Role.VIEWER)
    make("Mine")
    make("Hers", author=producer.user)
    make("There", workspace=other_workspace, author=None)
    assert titles(mine="yes") == ["Mine"]
    assert titles(workspace="elsewhere") == ["There"]
    assert titles(workspace="nowhere") == []


def test_orders(make, titles):
    make("ß", ("x", 30))
    make("B", ("x", 40))
    make("a", ("x", 20))
    assert titles(sort="title") == ["a", "B", "ß"]
    assert titles(sort="length") == ["B", "ß", "a"]
    assert titles(sort="created") == titles() == ["a", "B", "ß"]


def test_an_address_of_nonsense_lists_everything(make, titles):
    make("One")
    nonsense = {"status": "x", "kind": "x", "sort": "-pk", "mine": "1"}
    assert titles(**nonsense) == ["One"]
    assert Search.of(nonsense).address == ""
    assert Search.of({"q": " a\x00b ", "sort": "title"}).address == "q=ab&sort=title"


def test_cards_say_who_changed_what(make, viewer):
    make("Harbour")
    assert "by Creative" in viewer.get("/").content.decode()


def test_cards_say_where_the_latest_take_is(viewer, workspace):
    project = Project.objects.create(workspace=workspace, title="Harbour")
    take_without_files(workspace, Status.FAILED, project)
    take_without_files(workspace, Status.RUNNING, project)
    page = viewer.get("/").content.decode()
    assert "Take 2 running" in page
    assert "Take 1" not in page


def test_typing_swaps_the_list_alone_and_keeps_the_address(make, viewer):
    make("Harbour")
    make("Desert")
    answer = viewer.get("/?q=harb&sort=&status=", headers={"hx-request": "true"})
    assert answer["HX-Push-Url"] == "/?q=harb"
    swapped = answer.content.decode()
    assert "Harbour" in swapped
    assert "Desert" not in swapped
    assert "<html" not in swapped
    back = viewer.get(
        "/?q=harb", headers={"hx-request": "true", "hx-history-restore-request": "true"}
    )
    assert "<html" in back.content.decode()


def test_pages_of_a_search_keep_the_search(make, viewer):
    for number in range(49):
        make(f"Film {number}")
    page = viewer.get("/?q=film&sort=title").content.decode()
    assert 'href="/?q=film&amp;sort=title&amp;page=2"' in page


def test_what_is_not_found_says_what_to_do(make, viewer):
    make("Harbour")
    assert "Type fewer letters" in viewer.get("/?q=zebra").content.decode()
    assert "Nothing is archived" in viewer.get("/?kind=archived").content.decode()
    assert "Use as template" in viewer.get("/?kind=templates").content.decode()


def test_recent_is_ones_own_and_the_last_first(make, creative, viewer):
    first, second = make("First"), make("Second")
    for project in (first, second):
        creative.get(f"/projects/{project.pk}/")
    ProjectVisit.objects.filter(project=second).update(visited_at=timezone.now() - ONE_VISIT)
    viewer.get(f"/projects/{second.pk}/")
    found = creative.get("/find/").json()["found"]
    assert [row["words"] for row in found] == ["First", "Second"]
    assert [row["words"] for row in viewer.get("/find/").json()["found"]] == ["Second"]


def test_looking_again_within_five_minutes_writes_nothing(tokyo, viewer):
    viewer.get(f"/projects/{tokyo.pk}/")
    before = ProjectVisit.objects.get().visited_at
    viewer.get(f"/projects/{tokyo.pk}/")
    assert ProjectVisit.objects.get().visited_at == before
    ProjectVisit.objects.update(visited_at=before - timedelta(minutes=6))
    viewer.get(f"/projects/{tokyo.pk}/")
    assert ProjectVisit.objects.get().visited_at >= before


def test_the_inspector_is_no_visit(tokyo, viewer):
    viewer.get(f"/projects/{tokyo.pk}/?shot=1", headers={"hx-request": "true"})
    assert not ProjectVisit.objects.exists()


def test_the_palette_gets_posters_and_nothing_of_others(tokyo, viewer, stranger):
    (row,) = viewer.get("/find/?q=umbrellas neon").json()["found"]
    assert row == {
        "words": tokyo.title,
        "says": "30 s of 60 s · 2 shots",
        "url": f"/projects/{tokyo.pk}/",
        "poster": f"/shots/{tokyo.shots.first().pk}/frame.jpg",
    }
    assert stranger.get("/find/?q=neon").json()["found"] == []
    assert viewer.post("/find/").status_code == 405


@pytest.mark.parametrize("query", ["", "?q=beat+film&status=fits&sort=length&mine=yes"])
def test_a_list_costs_as_much_for_40_as_for_20(make, creative, query):
    counts = []
    for _ in range(2):
        for number in range(20):
            make(f"Film {number}", ("Beat", 20), ("Beat", 10))
        with CaptureQueriesContext(connection) as captured:
            assert creative.get(f"/{query}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
