"""`python -m tests.bench.pictures`: the pictures beside ffmpeg, Pillow, imageio and moviepy.

Every contestant is a whole process at the same work: the same twelve stills of 1920 × 1080, a
camera move over each, the same size and rate, no captions. They take turns; medians are told. The
ratio is of wall time, ours by theirs, unless the row says otherwise, and that of CPU time stands
beside it: where other programs were at work the worse of both decides. Ours does more: of its
twelve moves most have parallax, the peers push and pan.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.bench.pictures.contest import Wrong
from tests.bench.pictures.figures import FIGURES
from tests.bench.pictures.process import Failed
from tests.bench.pictures.session import Session, missing
from tests.bench.pictures.table import Row, table

AIMED_S = 60.0


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the studio's own processes
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        session = Session(
            asked.folder or Path(temporary), asked.seconds, asked.rounds, not asked.quick
        )
        session.folder.mkdir(parents=True, exist_ok=True)
        for sentence in missing(session):
            print(sentence)
        rows, failures = _measured(session, asked.only or list(FIGURES))
    print(table(rows))
    print(_machine())
    if asked.seconds < AIMED_S:
        print(
            f"The aims are meant for films of {AIMED_S:g} s: in shorter ones the start weighs more."
        )
    for failure in failures:
        print(failure)
    return 1 if failures else 0


def _measured(session: Session, names: list[str]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    failures = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            found = list(FIGURES[name](session))
            rows += found
            print(table(found), file=sys.stderr, flush=True)  # in case the rest takes long
        except (Failed, Wrong) as failure:
            failures.append(f"{name} FAILED: {failure}")
    return rows, failures


def _machine() -> str:
    load, cores = os.getloadavg()[1], len(os.sched_getaffinity(0))
    busy = "; other programs were at work, so trust CPU more than wall" if load > cores else ""
    return f"{cores} cores; load over the last 5 minutes {load:.1f}{busy}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pictures", description=__doc__)
    parser.add_argument("--seconds", type=float, default=AIMED_S, help="the film's length")
    parser.add_argument("--rounds", type=int, default=3, help="how often all take turns")
    parser.add_argument("--only", action="append", choices=FIGURES, help="this figure alone")
    parser.add_argument("--quick", action="store_true", help="without Pillow, imageio and moviepy")
    parser.add_argument("--folder", type=Path, help="where to work, kept afterwards")
    return parser
