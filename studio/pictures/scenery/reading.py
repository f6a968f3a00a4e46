"""What a prompt's words ask to be drawn: a setting, a time, weather and subjects."""

import hashlib
import re
from dataclasses import dataclass

from studio.pictures.plan import Light

_LONGEST = 2_000

_SETTINGS = {
    "city": "city cities urban skyline skyscraper downtown neon tokyo street alley rooftop tower "
    "building metropolis new york london paris shibuya bridge traffic subway station town market "
    "plaza 東京 都市 城市 街 渋谷 ネオン",
    "sea": "sea ocean beach wave coast harbor harbour lake river island boat ship sail shore surf "
    "water bay lighthouse 海 湖 河 波",
    "mountains": "mountain hill alps alpine valley peak canyon cliff volcano glacier summit ridge "
    "countryside field meadow landscape 山 谷",
    "forest": "forest tree woods woodland jungle pine bamboo park garden grove 森 林",
    "desert": "desert dune sand mesa sahara mars 砂漠 沙漠",
    "interior": "interior room office kitchen cafe café desk lab laboratory studio warehouse hall "
    "corridor bedroom restaurant shop gallery library classroom stage indoors house bar 部屋 室内",
}
_TIMES = {
    "neon": "neon cyberpunk rainy-night ネオン 霓虹",
    "noir": "noir monochrome black-and-white",
    "night": "night midnight moonlight moonlit stars starry 夜",
    "dusk": "dusk sunset golden golden-hour evening twilight candlelit warm 夕",
    "dawn": "dawn sunrise morning pastel 朝",
    "overcast": "overcast cloudy gloomy storm winter grey gray cold bleak foggy misty",
    "day": "day daylight noon sunny midday bright summer clear high-key",
}
_WEATHERS = {
    "rain": "rain rainy raindrop rainfall storm drizzle wet 雨",
    "snow": "snow snowy snowfall blizzard winter 雪",
    "mist": "mist misty fog foggy haze hazy smoke steam 霧 雾",
}
_SUBJECTS = {
    "umbrella": "umbrella parasol 傘 伞",
    "person": "person people man men woman women girl boy child children hiker runner dancer "
    "walker worker crowd actress hero heroine detective traveller traveler cyclist skater "
    "she he they 人 女 男",
    "portrait": "face portrait eyes smile expression 顔 脸",
    "car": "car taxi vehicle truck van cab 車 车",
    "boat": "boat ship sail sailboat yacht ferry 船",
    "flower": "flower blossom rose petal tulip 花",
    "bottle": "bottle perfume product can package jar bottle",
    "cup": "cup coffee tea mug latte espresso 茶 咖啡",
    "screen": "phone smartphone laptop screen tablet device computer",
    "bird": "bird birds gull crane seagull swallow flock 鳥 鸟",
}
_COLOURS = {
    "red": "red crimson scarlet ruby 赤 红", "orange": "orange tangerine", "yellow": "yellow amber",
    "green": "green emerald 緑 绿", "blue": "blue azure navy 青 蓝", "violet": "violet purple",
    "pink": "pink magenta", "white": "white ivory", "black": "black ebony",
}  # fmt: skip
_CLOSE = "close-up closeup close up macro detail extreme close portrait insert tight"
_WIDE = "wide aerial establishing panorama panoramic drone overhead vista landscape"


@dataclass(frozen=True)
class Reading:
    """`seed` is the prompt's own number, from which all chance in its picture comes."""

    setting: str
    time: str
    weather: str | None
    subjects: tuple[str, ...]
    is_close: bool
    colour: str | None
    seed: int


def _pattern(words: str) -> re.Pattern[str]:
    ascii_words = [re.escape(w) for w in words.split() if w.isascii()]
    others = [re.escape(w) for w in words.split() if not w.isascii()]
    latin = rf"(?<![a-z])(?:{'|'.join(ascii_words)})(?:e?s)?(?![a-z])"
    return re.compile("|".join([latin, *others]))


def _compiled(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: _pattern(words) for name, words in table.items()}


_PATTERNS = {
    "setting": _compiled(_SETTINGS),
    "time": _compiled(_TIMES),
    "weather": _compiled(_WEATHERS),
    "subject": _compiled(_SUBJECTS),
    "colour": _compiled(_COLOURS),
    "frame": _compiled({"close": _CLOSE, "wide": _WIDE}),
}


def _found(kind: str, text: str) -> list[str]:
    """The names whose words occur, in the order of their first occurrence."""
    hits = [
        (match.start(), name)
        for name, pattern in _PATTERNS[kind].items()
        if (match := pattern.search(text))
    ]
    return [name for _, name in sorted(hits)]


def read(prompt: str, light: Light) -> Reading:
    """Read the prompt and the light's style; what neither says, the prompt's hash decides."""
    text = prompt[:_LONGEST].casefold()
    style = _style(light.style)
    seed = int.from_bytes(hashlib.sha256(prompt.encode("utf-8", "replace")).digest()[:8])
    settings = _found("setting", text) or _found("setting", style)
    weathers = _found("weather", style) or _found("weather", text)
    times = _found("time", style) or _found("time", text)
    # An hour says more about colour than the weather does: a misty dawn is a dawn.
    times.sort(key=lambda time: time == "overcast")
    frames = _found("frame", text)
    return Reading(
        settings[0] if settings else ("mountains", "sea", "city")[seed % 3],
        times[0] if times else _time_by_light(light, seed, bool(weathers)),
        weathers[0] if weathers else None,
        tuple(_found("subject", text)),
        bool(frames) and frames[0] == "close",
        next(iter(_found("colour", text)), None),
        seed,
    )


def reads(style: str | None) -> bool:
    """Whether a scene is drawn in this lighting style: its hour or its weather."""
    said = _style(style)
    return bool(_found("time", said) or _found("weather", said))


def _style(said: str | None) -> str:
    return (said or "").casefold().replace("_", "-")


def _time_by_light(light: Light, seed: int, has_weather: bool) -> str:
    if has_weather:
        return "overcast"
    if light.temperature_k is None:
        return ("day", "dusk", "dawn", "night")[seed // 3 % 4]
    return (
        "dusk"
        if light.temperature_k < 3_600
        else "day"
        if light.temperature_k < 7_500
        else "overcast"
    )
