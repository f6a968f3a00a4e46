"""The peer without any care: one `httpx.AsyncClient` of 100 connections, and nothing written down.

It gets the strongest form of that: never more than 100 questions wait for its pool, whose cost
would else grow with the square of them (at 1,000 none was answered within seconds).
"""

import asyncio
import time
from itertools import cycle

import httpx

from tests.bench.polls.measured import Measured

_CONNECTIONS = 100


def ask_for(url: str, count: int, seconds: float) -> Measured:
    """Ask about `count` tasks over and over."""
    return asyncio.run(_asking(url, count, seconds))


async def _asking(url: str, count: int, seconds: float) -> Measured:
    from tests.bench.polls.takes import KEY

    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
    tasks = cycle(f"{url}/v1/tasks/task_{number}" for number in range(count))
    headers = {"Authorization": f"Bearer {KEY}"}
    done = 0

    async with httpx.AsyncClient(limits=limits, timeout=30, trust_env=False) as client:

        async def ask() -> None:
            nonlocal done
            while True:
                response = await client.get(next(tasks), headers=headers)
                assert response.json()["status"] == "running"
                done += 1

        asking = [asyncio.create_task(ask()) for _ in range(min(count, _CONNECTIONS))]
        while done < len(asking):  # every connection is open
            await asyncio.sleep(0.05)
        began, cpu, before = time.perf_counter(), time.process_time(), done
        await asyncio.sleep(seconds)
        while done == before:  # a very busy machine
            await asyncio.sleep(0.05)
        found = Measured(done - before, time.perf_counter() - began, time.process_time() - cpu)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    return found
