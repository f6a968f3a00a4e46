"""One run of the bench, and what it lacks."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.bench.pictures.peers.venv_of_peers import python_with
from tests.bench.pictures.stills import stills

SHOTS = 12


@dataclass(frozen=True)
class Session:
    """One run of the bench: where it works, how long its film is, how often all take turns."""

    folder: Path
    seconds: float = 60.0
    rounds: int = 3
    with_slow: bool = True

    @property
    def stills(self) -> list[Path]:
        return stills(self.folder / "stills", SHOTS)

    def out(self, name: str) -> Path:
        return self.folder / name

    @property
    def has_ffmpeg(self) -> bool:
        return shutil.which("ffmpeg") is not None


def missing(session: Session) -> list[str]:
    """What is skipped, and what to do about it, a sentence each."""
    said = []
    if not session.has_ffmpeg:
        said.append("ffmpeg is not on the PATH: all that stands beside it is skipped. "
                    "Install Debian's package ffmpeg.")  # fmt: skip
    for module in ("imageio", "moviepy"):
        if session.with_slow and python_with(module) is None:
            said.append(f"{module} is not there: skipped. "
                        "Run python -m tests.bench.pictures.peers once.")  # fmt: skip
    return said
