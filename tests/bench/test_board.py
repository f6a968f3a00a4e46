"""The bench of the board works; its figures stand at the end of each run of all tests."""

import pytest

from tests.bench.board import measure, says


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_the_board_is_measured_beside_its_floor(tell):
    figures = measure(20, rounds=5)
    assert figures.edit_floor > 0
    assert figures.move_floor > 0
    tell(f"  {says(figures)}")


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_the_floor_does_what_the_real_view_does():
    """Or it would be the floor of something else."""
    from studio.storyboards.models import Project, Revision
    from tests.bench.board import Bench
    from tests.bench.floor import FLOOR, recorded

    bench = Bench(3)
    with bench.addresses():
        edit = {"base": 1, "duration": "3"}
        at = f"/projects/{bench.project.pk}/shots/{bench.pks[0]}/"
        bench.beside_the_floor(at, edit, rounds=1)
        assert Project.objects.get(pk=bench.project.pk).revision == 2
        assert Revision.objects.filter(project=bench.project).count() == 2
        assert bench.project.shots.first().duration_ms == 3_000
        real = bench.answer
        bench.put_back()
        with recorded() as statements:
            bench.post("/floor/", edit)
        assert bench.answer == real
        assert len(statements) > len(FLOOR.statements)
