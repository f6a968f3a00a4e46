"""A few lines burned into a film beside its mark: who watches it.

They change the corner at each cut, so that no crop of the picture is without them.
"""

from bisect import bisect_right
from collections.abc import Sequence

from PIL import Image, ImageFilter

from studio.pictures.lettering.lines import fit, line_mask

_KIND, _LEAST_PX = 0.042, 9
_FACE, _EDGE = 0.82, 0.6
_STAYS_MS = 10_000


class Label:
    """Lines for the frames of one size. With no lines it leaves frames as they are."""

    def __init__(self, lines: Sequence[str], size: tuple[int, int], cuts_ms: Sequence[int]) -> None:
        self._size, self._cuts_ms = size, cuts_ms or [0]
        kind = max(_LEAST_PX, round(min(size) * _KIND))
        self._margin = max(2, kind // 2)
        shown = [fit(line, kind, size[0] - 2 * self._margin) for line in lines if line.strip()]
        masks = [line_mask(line, kind, bold=True) for line in shown if line]
        self._face = self._edge = None
        if masks:
            whole = _stacked(masks)
            self._face = whole.point(lambda value: round(value * _FACE))
            spread = whole.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.BoxBlur(1))
            self._edge = spread.point(lambda value: round(value * _EDGE))

    def burn(self, image: Image.Image, ms: int) -> None:
        """Set the lines upon the frame that is shown at `ms` of the film."""
        if self._face is None or self._edge is None:
            return
        corner = self._corner(ms, self._face.size)
        image.paste((0, 0, 0), corner, self._edge)
        image.paste((255, 255, 255), corner, self._face)

    def _corner(self, ms: int, label: tuple[int, int]) -> tuple[int, int]:
        shot = max(0, bisect_right(self._cuts_ms, ms) - 1)
        place = (shot + (ms - self._cuts_ms[shot]) // _STAYS_MS) % 4
        far_x = self._size[0] - label[0] - self._margin
        far_y = self._size[1] - label[1] - self._margin
        corners = (
            (self._margin, far_y), (far_x, self._margin),
            (far_x, far_y), (self._margin, self._margin),
        )  # fmt: skip
        return corners[place]


def _stacked(masks: Sequence[Image.Image]) -> Image.Image:
    # One pixel around, for the dark edge.
    whole = Image.new("L", (max(m.width for m in masks) + 2, sum(m.height for m in masks) + 2))
    y = 1
    for mask in masks:
        whole.paste(mask, (1, y))
        y += mask.height
    return whole
