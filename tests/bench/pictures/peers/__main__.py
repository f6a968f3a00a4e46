"""Make the peers' venv, outside the checkout: `python -m tests.bench.pictures.peers [folder]`."""

import subprocess
import sys
import venv
from pathlib import Path

from tests.bench.pictures.peers.venv_of_peers import FOLDER


def main(folder: Path) -> int:
    venv.create(folder, with_pip=True)
    requirements = Path(__file__).with_name("requirements.txt")
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "-r", str(requirements)]
    return subprocess.run(pip, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
