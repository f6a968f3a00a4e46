"""Trying an API key without spending."""

import pytest

from studio.transend.client import KeyVerdict, TransendClient
from studio.transend.simulator import Simulator
from tests.transend.answers import Rude, hurried, nobody
from tests.transend.rude import answering


def test_a_good_key_is_accepted_without_spending(
    simulator: Simulator, client: TransendClient
) -> None:
    assert client.test_key().verdict is KeyVerdict.ACCEPTED
    assert [request.method for request in simulator.requests] == ["GET"]


def test_a_bad_key_is_refused(simulator: Simulator) -> None:
    test = TransendClient(simulator.url, "demo-wrong").test_key()
    assert test.verdict is KeyVerdict.REFUSED
    assert "rotate" in test.resolution.lower()


@pytest.mark.parametrize("status", [302, 403, 429, 500, 503])
def test_an_answer_that_says_nothing_about_the_key(rude: Rude, status: int) -> None:
    test = hurried(rude(answering(status)).url).test_key()
    assert test.verdict is KeyVerdict.NOT_KNOWN
    assert str(status) in test.says


@pytest.mark.parametrize("status", [200, 400, 404, 410])
def test_an_answer_about_the_task_means_an_accepted_key(rude: Rude, status: int) -> None:
    test = hurried(rude(answering(status)).url).test_key()
    assert test.verdict is KeyVerdict.ACCEPTED


def test_a_key_cannot_be_tested_while_the_vendor_is_away() -> None:
    test = hurried(nobody()).test_key()
    assert (test.verdict, test.says) == (KeyVerdict.NOT_KNOWN, "Transend cannot be reached.")


def test_a_key_that_no_header_can_carry_is_refused() -> None:
    assert TransendClient(nobody(), "a b").test_key().verdict is KeyVerdict.REFUSED
