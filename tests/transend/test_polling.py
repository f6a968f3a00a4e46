"""Many questions at once, over kept connections."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.polling import Poller
from studio.transend.simulator import Simulator
from studio.transend.types import Task
from tests.transend.answers import BODY, BROKEN, MALFORMED, REFUSALS, named, nobody, running
from tests.transend.conftest import KEY
from tests.transend.rude import Conversation, Manners, RudeServer, answering, seconds_of

Rude = Callable[[Manners], RudeServer]


def ask(url: str, *task_ids: str, key: str = KEY, total_s: float = 5.0) -> list[Task]:
    async def questions() -> list[Task]:
        async with Poller(url, connections=6, total_s=total_s) as poller:
            asked = [poller.get_task(key, task_id) for task_id in task_ids]
            return await asyncio.gather(*asked)

    return asyncio.run(questions())


def test_hundreds_of_questions_share_few_connections(
    simulator: Simulator, client: TransendClient
) -> None:
    task_id = client.create_generation(BODY).task_id
    tasks = ask(simulator.url, *[task_id] * 200, total_s=20)
    assert {task.task_id for task in tasks} == {task_id}
    assert len(simulator.requests) == 201


def test_each_question_uses_its_own_key(simulator: Simulator, client: TransendClient) -> None:
    task_id = client.create_generation(BODY).task_id
    with pytest.raises(errors.InvalidKey):
        ask(simulator.url, task_id, key="demo-other")
    assert ask(simulator.url, task_id)[0].task_id == task_id


@pytest.mark.parametrize("manners", named(BROKEN))
def test_no_answer(rude: Rude, manners: Manners) -> None:
    with pytest.raises(errors.NoAnswer):
        ask(rude(manners).url, "task_1", total_s=0.5)


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_answer(rude: Rude, body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer):
        ask(rude(answering(200, body)).url, "task_1")


@pytest.mark.parametrize(("status", "kind", "resolution"), REFUSALS)
def test_a_refusal(
    rude: Rude, status: int, kind: type[errors.TransendError], resolution: str
) -> None:
    with pytest.raises(kind, match=resolution):
        ask(rude(answering(status)).url, "task_1")


def test_nobody_listens() -> None:
    with pytest.raises(errors.Unreachable):
        ask(nobody(), "task_1")


def test_one_bad_answer_does_not_hold_up_the_others(rude: Rude) -> None:
    server = rude(lambda talk: (talk.listen(), talk.linger())[0])
    assert seconds_of(lambda: _all_late(server.url)) < 5


def _answers(url: str, count: int, total_s: float) -> list[Task | BaseException]:
    async def questions() -> list[Task | BaseException]:
        async with Poller(url, connections=2, total_s=total_s) as poller:
            asked = [poller.get_task(KEY, f"task_{number}") for number in range(count)]
            return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(questions())


def _all_late(url: str) -> None:
    answers = _answers(url, 8, total_s=0.5)
    assert all(isinstance(answer, errors.NoAnswer) for answer in answers)


def test_waiting_for_a_connection_of_our_own_is_no_slowness_of_the_vendor(rude: Rude) -> None:
    refusal = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    def unhurried(talk: Conversation) -> None:
        talk.listen()
        talk.drip([refusal], every_s=0.6)

    # Four rounds of two: the last ones have waited longer than any of them may take.
    answers = _answers(rude(unhurried).url, 8, total_s=2.0)
    assert all(isinstance(answer, errors.NotFound) for answer in answers), answers


def test_the_transport_can_be_given() -> None:
    async def question() -> Task:
        transport = httpx.MockTransport(
            lambda _: httpx.Response(200, stream=httpx.ByteStream(running()))
        )
        async with Poller("https://v.example", transport_factory=lambda: transport) as poller:
            return await poller.get_task(KEY, "task_1")

    assert asyncio.run(question()).progress == 42


def test_no_error_is_chained_to_the_librarys(rude: Rude) -> None:
    with pytest.raises(errors.NoAnswer) as caught:
        ask(rude(BROKEN[0][1]).url, "task_1")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
