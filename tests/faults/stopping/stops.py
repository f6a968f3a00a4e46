"""Standing still on command. A step is armed by a file, and a process that comes to it renames the
file to say that it stands there; it goes on when that file is taken away.

A rename happens once: of several processes one stands, the others pass by.
"""

import os
import time
from pathlib import Path

from tests.faults.stopping.steps import Step

FOLDER = "STUDIO_STOPS"
_LOOK_EVERY_S = 0.005


def stand(step: Step, take: int | None) -> None:
    """Stand still if the step is armed for this take."""
    folder = Path(os.environ[FOLDER])
    reached = folder / f"{step.name}.{take}.at.{os.getpid()}"
    try:
        os.rename(folder / f"{step.name}.{take}", reached)
    except FileNotFoundError:
        return
    while reached.exists():
        time.sleep(_LOOK_EVERY_S)


class Stops:
    """The tester's side: arms steps, sees who stands, lets go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def arm(self, step: Step, take: int) -> None:
        """Have the next process that comes to `step` with this take stand there."""
        (self.folder / f"{step.name}.{take}").touch()

    def standing(self) -> dict[tuple[Step, int], int]:
        """Who stands where: (step, take) → process id."""
        found = {}
        for file in self.folder.glob("*.at.*"):
            step, take, _, pid = file.name.split(".")
            found[Step[step], int(take)] = int(pid)
        return found

    def release(self, step: Step, take: int) -> None:
        """Let whoever stands there go on."""
        for file in self.folder.glob(f"{step.name}.{take}.at.*"):
            file.unlink()

    def clear(self, take: int) -> None:
        """Disarm everything of a take, and let everybody go who stands with it."""
        for file in self.folder.glob(f"*.{take}*"):
            if file.name.split(".")[1] == str(take):
                file.unlink(missing_ok=True)
