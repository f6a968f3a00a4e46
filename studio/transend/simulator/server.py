"""The simulator as a listening server: inside a test's process, or as a process of its own."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from errno import EADDRINUSE
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from studio.transend.simulator.connection import serve_connection
from studio.transend.simulator.console import tell
from studio.transend.simulator.footage import Draw, FootageStore, Sizes
from studio.transend.simulator.journal import Journal, Received
from studio.transend.simulator.scenario import BadScenario, Scenario, ScenarioFile
from studio.transend.simulator.tasks import Clock, Ledger
from studio.transend.simulator.vendor import Vendor

_STARTS_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything a listening simulator is made of."""

    host: str
    port: int
    keys: Collection[str]
    speed: float
    storage: Path
    scenario: Callable[[], Scenario]
    journal: Journal
    draw: Draw | None = None
    sizes: Sizes = Sizes()
    clock: Clock = time.time


async def serve(setup: Setup, stop: asyncio.Event, on_ready: Callable[[int], None]) -> None:
    """Listen until `stop` is set; `on_ready` gets the port. Raises OSError when it is taken."""
    connections: set[asyncio.Task[None]] = set()
    vendor = _vendor(setup)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Our own task: asyncio's complains on standard error about each one that is cancelled.
        connection = asyncio.create_task(serve_connection(reader, writer, vendor.handle))
        connections.add(connection)
        connection.add_done_callback(connections.discard)

    server = await asyncio.start_server(connected, setup.host, setup.port, backlog=512)
    port = int(server.sockets[0].getsockname()[1])
    vendor.start(f"http://{setup.host}:{port}")
    on_ready(port)
    try:
        await stop.wait()
    finally:
        server.close()
        for connection in [*connections]:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await vendor.close()


class Simulator:
    """The vendor in a thread of this process, listening on a real socket. A context manager.

    Tasks and footage stay in `storage`: a second simulator on it knows them. `draw` takes the
    place of the drawing process; `clock` gives Unix seconds and moves the renders.
    """

    def __init__(
        self,
        *,
        keys: Collection[str],
        storage: Path,
        speed: float = 1.0,
        scenario: Mapping[str, Any] | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        log_path: Path | None = None,
        footage: Draw | None = None,
        sizes: Sizes | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._scenario = Scenario.parse(dict(scenario or {}))
        self._journal = Journal(log_path)
        self._setup = Setup(
            host=host,
            port=port,
            keys=keys,
            speed=speed,
            storage=storage,
            scenario=lambda: self._scenario,
            journal=self._journal,
            draw=footage,
            sizes=sizes or Sizes(),
            clock=clock,
        )
        self.port = port
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="transend-simulator", daemon=True)

    @property
    def url(self) -> str:
        """The vendor's address."""
        return f"http://{self._setup.host}:{self.port}"

    @property
    def requests(self) -> list[Received]:
        """The requests received so far, oldest first."""
        return self._journal.entries

    def set_scenario(self, scenario: Mapping[str, Any]) -> None:
        """Put other rules in force from the next request on. Raises BadScenario."""
        self._scenario = Scenario.parse(dict(scenario))

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self._thread.start()
        if not self._ready.wait(_STARTS_WITHIN_S):
            raise TimeoutError("The simulator did not start in time.")
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def close(self) -> None:
        """Stop listening and drop every connection, as a vendor that goes down does."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._journal.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as problem:  # noqa: BLE001 - handed to the thread that waits in start
            self._failure = problem
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        await serve(self._setup, self._stop, self._listening)

    def _listening(self, port: int) -> None:
        self.port = port
        self._ready.set()


def run(
    *,
    port: int,
    host: str = "127.0.0.1",
    keys: Collection[str],
    speed: float = 1.0,
    scenario_path: Path | None = None,
    log_path: Path | None = None,
    storage: Path,
    sizes: Sizes | None = None,
) -> int:
    """Be the vendor until SIGTERM or SIGINT; belongs in the main thread.

    Returns the exit code: 0 after a signal, 2 with one sentence on standard error when the port
    is taken, the scenario is wrong or a path cannot be written.
    """
    try:
        setup = Setup(
            host=host,
            port=port,
            keys=keys,
            speed=speed,
            storage=storage,
            scenario=ScenarioFile(scenario_path).current if scenario_path else _no_scenario(),
            journal=Journal(log_path),
            sizes=sizes or Sizes(),
        )
        asyncio.run(_until_signal(setup))
    except BadScenario as problem:
        tell(str(problem))
        return 2
    except OSError as problem:
        tell(_why_not(problem, host, port))
        return 2
    return 0


async def _until_signal(setup: Setup) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await serve(
            setup, stop, lambda port: tell(f"Transend simulator: http://{setup.host}:{port}")
        )
    finally:
        setup.journal.close()


def _vendor(setup: Setup) -> Vendor:
    setup.storage.mkdir(parents=True, exist_ok=True)
    return Vendor(
        storage=setup.storage,
        keys=setup.keys,
        ledger=Ledger(setup.storage, clock=setup.clock, speed=setup.speed),
        footage=FootageStore(setup.storage, sizes=setup.sizes, draw=setup.draw),
        journal=setup.journal,
        scenario=setup.scenario,
        clock=setup.clock,
    )


def _no_scenario() -> Callable[[], Scenario]:
    scenario = Scenario()
    return lambda: scenario


def _why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == EADDRINUSE:
        return (
            f"Port {port} on {host} is in use. Stop what listens there, or choose another with "
            "--port."
        )
    where = f" {problem.filename}" if problem.filename else ""
    return f"The simulator cannot start: {problem.strerror or problem}{where}."
