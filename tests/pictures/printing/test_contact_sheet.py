"""The contact sheet as an image."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from studio.pictures.printing.contact_sheet import WIDTH, render_contact_sheet


def sheet_of(board):
    image = Image.open(BytesIO(render_contact_sheet(board)))
    image.load()
    return image


@pytest.mark.parametrize(("count", "columns"), [(1, 4), (16, 4), (17, 6), (61, 8), (201, 10)])
def test_every_frame_is_on_the_sheet(board, count, columns):
    sheet = sheet_of(board(*(f"Beat {n}" for n in range(count))))
    assert sheet.format == "PNG"
    assert sheet.width == WIDTH
    assert sheet.height < 9000
    blue = np.asarray(sheet.convert("RGB")).astype(int)
    is_frame = np.abs(blue - (40, 90, 160)).max(axis=2) < 24
    tile = (WIDTH - 2 * 48 - (columns - 1) * 20) // columns
    assert 0.75 < is_frame.sum() / (count * tile * tile * 9 / 16) <= 1.02


def test_the_same_board_gives_the_same_sheet(board):
    assert render_contact_sheet(board("霓虹", "مرحبا")) == render_contact_sheet(
        board("霓虹", "مرحبا")
    )


def test_a_lost_picture_leaves_its_place(board):
    whole = board("Rain", "Sun")
    lost = type(whole)(whole.title, whole.summary, whole.edition,
                       tuple(type(p)(p.number, p.scene, None, p.prompt, p.duration, p.times)
                             for p in whole.panels))  # fmt: skip
    assert sheet_of(lost).size == sheet_of(whole).size
