"""Durations as shot lists write them.

`4`, `4,5 s`, `500 ms`, `90 frames`, `1 min 30 s`, `0:04`, `mm:ss`, `hh:mm:ss` (both with decimals)
and `hh:mm:ss:ff`, whose last part counts frames at the chosen rate. A bare number is in the
chosen unit.
"""

import re
from decimal import Decimal, localcontext

from studio.lib import unseen
from studio.storyboards import timing

_MAX_CHARACTERS = 40
_NUMBER = r"(?P<number>[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_UNITS = {
    "s": r"s|sec|secs|seconds?|sek|sekunden?|segundos?|secondes?|secondi|秒|\"|″",
    "ms": r"ms|msec|milliseconds?|millisekunden?",
    "frames": r"f|fr|frames?|bilder|images?|fotogramas?",
    "min": r"m|min|mins|minutes?|minuten?|'|′",
}
_BARE = re.compile(_NUMBER)
_WITH_UNIT = {unit: re.compile(rf"{_NUMBER}\s*(?:{names})\.?") for unit, names in _UNITS.items()}
_MINUTES_AND_SECONDS = re.compile(rf"([0-9]+)\s*(?:{_UNITS['min']})\s*([0-9].*)")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,2}(?:[.,][0-9]*)?)")
_TIMECODE = re.compile(r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})[:;]([0-9]{1,3})")


def parse_length(text: str, unit: str, frame_rate: int) -> int:
    """Milliseconds. Raises `timing.BadDuration` with a sentence."""
    said = text.strip().lower()
    with localcontext(prec=60):
        seconds = _seconds(said, unit, frame_rate) if len(said) <= _MAX_CHARACTERS else None
        if seconds is None:
            shown = unseen.without_controls(text)[:40]
            raise timing.BadDuration(
                f"“{shown}” is not a duration. Write seconds, such as 4.5, or 0:04."
            )
        return timing.whole_ms(seconds)


def _seconds(said: str, unit: str, rate: int) -> Decimal | None:
    if found := _TIMECODE.fullmatch(said):
        hours, minutes, seconds, frames = map(int, found.groups())
        if frames >= rate:
            raise timing.BadDuration(
                f"“{said}” has frame {frames}, and a second has {rate}. Choose another frame rate."
            )
        return hours * 3600 + minutes * 60 + seconds + Decimal(frames) / rate
    if found := _CLOCK.fullmatch(said):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + _decimal(found[3])
    for named, pattern in ((unit, _BARE), *_WITH_UNIT.items()):
        if found := pattern.fullmatch(said):
            return _decimal(found["number"]) * _SECONDS[named] / (rate if named == "frames" else 1)
    if found := _MINUTES_AND_SECONDS.fullmatch(said):
        rest = _WITH_UNIT["s"].fullmatch(found[2]) or _BARE.fullmatch(found[2])
        return int(found[1]) * 60 + _decimal(rest["number"]) if rest else None
    return None


_SECONDS = {"s": Decimal(1), "ms": Decimal("0.001"), "frames": Decimal(1), "min": Decimal(60)}


def _decimal(text: str) -> Decimal:
    number = text.replace(",", ".")
    return Decimal(f"0{number}" if number.startswith(".") else number.removesuffix("."))
