"""The bench works, and its figures stand at the end of each run of all tests."""

import pytest

from tests.bench.time_to_post import measure, says

RENDERS = 7


@pytest.mark.bench
def test_render_to_post_is_measured(tell):
    seconds = measure(RENDERS)
    assert len(seconds) == RENDERS
    assert min(seconds) > 0, "the clock starts before the POST arrives"
    tell(f"  {says(seconds)}")
