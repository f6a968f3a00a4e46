"""How many statements a page and a move cost, transaction control not counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


@pytest.fixture
def statements():
    def count(act):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert act().status_code == 200
        return [
            row["sql"] for row in captured.captured_queries if not row["sql"].startswith(CONTROL)
        ]

    return count


@pytest.mark.parametrize("inspects", [False, True])
def test_a_board_of_20_shots_costs_9_and_of_40_as_many(creative, long_board, statements, inspects):
    counts = []
    for project in (long_board(20), long_board(40)):
        query = f"?shot={project.shots.first().pk}" if inspects else ""
        found = statements(lambda at=f"/projects/{project.pk}/{query}": creative.get(at))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 9


@pytest.mark.parametrize("count", [20, 40])
def test_a_reorder_costs_6(creative, long_board, statements, post, count):
    project = long_board(count)
    pks = list(project.shots.values_list("pk", flat=True))
    data = {"base": 1, "order": ",".join(map(str, reversed(pks))), "moved": pks[0]}
    found = statements(lambda: post(creative, f"/projects/{project.pk}/order/", data, pks[3]))
    assert len(found) <= 6, found
    assert list(project.shots.values_list("pk", flat=True)) == pks[::-1]


def test_an_edit_costs_as_much_on_40_shots_as_on_20(creative, long_board, statements, post):
    counts = []
    for project in (long_board(20), long_board(40)):
        shot = project.shots.last().pk
        at = f"/projects/{project.pk}/shots/{shot}/"
        found = statements(lambda at=at: post(creative, at, {"base": 1, "duration": "3"}))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 9


def test_projects_cost_as_much_for_20_as_for_10(creative, long_board, statements):
    counts = []
    for _ in range(2):
        for _ in range(10):
            long_board(1)
        counts.append(len(statements(lambda: creative.get("/"))))
    # Who asks (2), their workspaces, how many, the page; saved views and Recent; takes, decisions.
    assert counts[0] == counts[1] <= 11
