"""Any answer at all becomes a task or one of our errors."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transend import errors
from studio.transend.answers import Answer, created_from, is_task_id, task_from
from studio.transend.types import TaskStatus
from tests.transend.test_wire import values

KEY = "demo-1234567890"

statuses = st.sampled_from([*TaskStatus, "moderating", ""])
results = st.dictionaries(
    st.sampled_from(["preview_gif", "video_url", "duration_seconds"]),
    values | st.just("https://edge.example/v.mp4?signature=x"),
)
answers = st.fixed_dictionaries(
    {"task_id": st.just("task_1")},
    optional={
        "status": statuses | values,
        "progress": values,
        "result": results | values,
        "trace_id": values,
        "error": values,
    },
)


@given(answers, st.integers(100, 599))
def test_a_question_ends_in_a_task_or_an_error(body: dict[str, Any], status: int) -> None:
    answer = Answer(status, {}, json.dumps(body).encode())
    try:
        task = task_from(answer, "task_1", KEY)
    except (errors.NothingCreated, errors.NotAnswered):
        return
    assert answer.is_success
    assert (task.result is not None) == (task.status is TaskStatus.SUCCEEDED)
    assert task.progress is None or 0 <= task.progress <= 100


@given(st.binary(max_size=200), st.integers(100, 599))
def test_any_bytes_after_a_generation_end_in_an_error(body: bytes, status: int) -> None:
    refused = {400, 401, 429}
    kind = errors.NothingCreated if status in refused else errors.OutcomeUnknown
    with pytest.raises(kind):
        created_from(Answer(status, {}, body), KEY)


@given(st.text(min_size=1, max_size=200), st.integers(200, 299))
def test_every_usable_id_is_kept_as_it_is(task_id: str, status: int) -> None:
    answer = Answer(status, {}, json.dumps({"task_id": task_id}).encode())
    if is_task_id(task_id):
        assert created_from(answer, KEY).task_id == task_id
    else:
        with pytest.raises(errors.OutcomeUnknown):
            created_from(answer, KEY)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("vid_sora_9f0a", "vid_sora_9f0a"),
        ("x" * 300, "x" * 200),
        ("vid\x00\ud8007\n", "vid 7"),
        ("\x00", None),
        ("", None),
        ("https://e/t?signature=SECRET", "https://e/t?[signed]"),
    ],
)
def test_a_trace_id_is_made_fit_to_be_stored(told: str, kept: str | None) -> None:
    body = {"task_id": "task_1", "status": "failed", "trace_id": told}
    answer = Answer(200, {}, json.dumps(body).encode())
    assert created_from(answer, KEY).trace_id == kept
    assert task_from(answer, "task_1", KEY).trace_id == kept


def test_the_longest_id_is_two_hundred_characters() -> None:
    assert is_task_id("x" * 200)
    assert not is_task_id("x" * 201)
    assert not is_task_id(12345)
