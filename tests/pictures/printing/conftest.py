"""Storyboards to print, over one small picture."""

from datetime import UTC, datetime

import pytest
from PIL import Image

from studio.pictures.printing.boards_pdf import render_boards
from studio.pictures.printing.storyboard import Panel, Storyboard
from tests.pictures.printing.pdf_reader import Pdf

FACTS = (("Camera", "Dolly in, speed 0.6"), ("Light", "4200 K"), ("Transition", "Cut"))


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "frame.jpg"
    Image.new("RGB", (96, 54), (40, 90, 160)).save(path)
    return path


@pytest.fixture
def board(picture):
    """`board("A", "B", notes="Mind the gap")`: a panel for each prompt."""

    def make(*prompts, notes="", title="Neon Tokyo", facts=FACTS, scene="scene-{}"):
        panels = [
            Panel(n, scene.format(n), picture, prompt, "4.5 s", f"0:0{n % 10} – 0:09", facts, notes)
            for n, prompt in enumerate(prompts, start=1)
        ]
        return Storyboard(title, "2 shots · 9 s", "22 Nov 2026 · revision 4", tuple(panels))

    return make


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """Fonts are unpacked once for all tests."""
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture
def printed(unpacked):
    def render(board, per_page=6, paper="a4"):
        made_at = datetime(2026, 11, 22, tzinfo=UTC)
        return Pdf(
            render_boards(board, paper=paper, per_page=per_page, fonts=unpacked, made_at=made_at)
        )

    return render
