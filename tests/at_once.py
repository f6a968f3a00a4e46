"""Several acts at the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(
    *acts: Callable[[], object], refusals: tuple[type[Exception], ...] = ()
) -> list[object]:
    """What each act gave, in their order; one of `refusals` that it raised stands for an answer.

    Any other exception of a thread fails the test. Needs a test whose transactions are real.
    """
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(30)
            results[place] = act()
        except refusals as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
