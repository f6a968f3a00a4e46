import asyncio
import signal
from typing import Any

from studio.management.command import StudioCommand
from studio.renders.watching.loop import watch


class Command(StudioCommand):
    help = (
        "Follow all renders at the vendor, and see to whatever is overdue, until told to stop. "
        "Any number may run at once, on any machine."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_until_signal())


async def _until_signal() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await watch(stop)
