"""Questions about a render cost nothing and change nothing."""

import pytest

from studio.transend import errors
from studio.transend.types import TaskStatus
from tests.transend.answers import BROKEN, MALFORMED, MARK, Rude, hurried, named, nobody, running
from tests.transend.rude import Manners, answering


def test_the_documents_running_task_is_read(rude: Rude) -> None:
    task = hurried(rude(answering(200, running())).url).get_task("task_1")
    assert (task.status, task.progress) == (TaskStatus.RUNNING, 42)
    assert (task.result, task.trace_id) == (None, "vid_sora_9f0a")


def test_a_byte_order_mark_before_the_answer_is_passed_over(rude: Rude) -> None:
    task = hurried(rude(answering(200, MARK + running())).url).get_task("task_1")
    assert (task.progress, task.excerpt[:1]) == (42, "{")


@pytest.mark.parametrize("manners", named(BROKEN))
def test_a_question_without_an_answer_can_be_asked_again(rude: Rude, manners: Manners) -> None:
    with pytest.raises(errors.NoAnswer):
        hurried(rude(manners).url, total_s=0.5).get_task("task_1")


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_an_answer_that_is_not_the_documents_is_malformed(rude: Rude, body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer, match="makes no sense"):
        hurried(rude(answering(200, body)).url).get_task("task_1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, errors.NotFound),
        (500, errors.RenderingFailure),
        (503, errors.UnexpectedStatus),
        (302, errors.UnexpectedStatus),
        (418, errors.UnexpectedStatus),
    ],
)
def test_a_failed_question_is_told_apart(
    rude: Rude, status: int, kind: type[errors.TransendError]
) -> None:
    with pytest.raises(kind) as caught:
        hurried(rude(answering(status, b'{"trace_id":"vid_7"}')).url).get_task("task_1")
    assert (caught.value.status, caught.value.trace_id) == (status, "vid_7")


def test_an_unknown_status_is_carried(rude: Rude) -> None:
    task = hurried(rude(answering(200, running(status="moderating"))).url).get_task("task_1")
    assert (task.status, task.raw_status) == (None, "moderating")


@pytest.mark.parametrize(
    ("progress", "read"), [(-5, 0), (0, 0), (41.9, 41), (100, 100), (4200, 100), (None, None)]
)
def test_progress_is_kept_in_its_range(rude: Rude, progress: object, read: int | None) -> None:
    task = hurried(rude(answering(200, running(progress=progress))).url).get_task("task_1")
    assert task.progress == read


@pytest.mark.parametrize(
    "duration", [{}, *({"duration_seconds": odd} for odd in (None, "9", True, [], {}))]
)
def test_a_result_without_its_duration_still_has_its_links(
    rude: Rude, duration: dict[str, object]
) -> None:
    result = {"preview_gif": "https://e/p.gif", "video_url": "https://e/v.mp4?signature=x"}
    body = running(status="succeeded", result=result | duration)
    task = hurried(rude(answering(200, body)).url).get_task("task_1")
    assert task.result is not None
    assert task.result.video_url == result["video_url"]
    assert task.result.duration_ms is None


@pytest.mark.parametrize(
    "odd",
    [None, "", 1, [], "v.mp4", "file:///etc/passwd", "https://[", "https://e/\n", "x" * 9_000],
)
@pytest.mark.parametrize("name", ["preview_gif", "video_url"])
def test_one_unreadable_link_does_not_hide_the_other(rude: Rude, name: str, odd: object) -> None:
    links = {"preview_gif": "https://e/p.gif?s=x", "video_url": "https://e/v.mp4?s=x"}
    body = running(status="succeeded", result=links | {name: odd})
    result = hurried(rude(answering(200, body)).url).get_task("task_1").result
    assert result is not None
    for each, link in links.items():
        assert getattr(result, each) == (None if each == name else link)
    assert "s=x" not in repr(result)


@pytest.mark.parametrize("progress", ["100", "done", True, [], 1e308])
def test_an_end_is_heard_whatever_its_progress_says(rude: Rude, progress: object) -> None:
    links = {"preview_gif": "https://e/p.gif", "video_url": "https://e/v.mp4"}
    for change in ({"status": "succeeded", "result": links}, {"status": "failed"}):
        body = running(progress=progress, **change)
        task = hurried(rude(answering(200, body)).url).get_task("task_1")
        assert task.status == change["status"]
        assert task.progress in (None, 100)


@pytest.mark.parametrize("task_id", ["a/b", "a?b#c", "ü %2e", "task 1"])
def test_an_id_is_quoted_in_the_path(rude: Rude, task_id: str) -> None:
    server = rude(answering(200, running(task_id=task_id)))
    assert hurried(server.url).get_task(task_id).task_id == task_id
    path = server.conversations[0].heard.split()[1]
    assert path.count(b"/") == 3
    assert b"?" not in path


@pytest.mark.parametrize("task_id", ["", ".", "..", "x" * 201, "a\nb", "\ud800"])
def test_what_cannot_be_an_id_is_not_asked_for(task_id: str) -> None:
    with pytest.raises(errors.NotFound):
        hurried(nobody()).get_task(task_id)
