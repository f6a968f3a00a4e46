"""Which column of a table is which of our fields: by headings in several tools and languages."""

import re
import unicodedata
from dataclasses import dataclass
from statistics import mean

from studio.storyboards.exchange.csv_table import Row
from studio.storyboards.exchange.lengths import parse_length
from studio.storyboards.timing import BadDuration


@dataclass(frozen=True)
class Field:
    """One of our fields: its name in forms, its label, the heading we export, and other names.

    `headings` are lower case without spaces and punctuation.
    """

    name: str
    label: str
    export: str
    headings: frozenset[str]


def _field(name: str, label: str, export: str, headings: str) -> Field:
    known = {normal(export), normal(label), *headings.split()}
    return Field(name, label, export, frozenset(known))


def normal(heading: str) -> str:
    """`Duration (s)`, `Duration` and `DURATION:` are one heading."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", text)
    return re.sub(r"[\W_]+", "", bare if bare.strip() else text)


FIELDS = (
    _field(
        "prompt",
        "Prompt",
        "Prompt",
        "description shotdescription sceneprompt text action visual visuals visualdescription "
        "video picture image content what beschreibung bildbeschreibung bild inhalt handlung "
        "descripción descripcion acción accion imagen descrizione azione descrição descricao ação "
        "omschrijving beschrijving opis описание 内容 説明 描述 画面 설명",
    ),
    _field(
        "duration",
        "Duration",
        "Duration s",
        "durationseconds durationsec durationms durationframes durationinseconds seconds sec secs "
        "length time shotlength shotduration runtime frames dauer dauers dauersek länge laenge "
        "sekunden zeit durée duree temps secondes duración duracion tiempo segundos durata tempo "
        "secondi duração duracao duur tijd czas длительность 秒数 秒 時間 时长 時長 길이",
    ),
    _field("scene_id", "Scene id", "Scene id", "id sceneid shotid szeneid plano カット 镜头 鏡頭"),
    _field(
        "motion",
        "Camera move",
        "Camera",
        "motion cameramotion cameramovement movement move kamera kamerabewegung bewegung "
        "mouvement mouvementcaméra cámara camara movimiento fotocamera movimento カメラ 运镜",
    ),
    _field("speed", "Camera speed", "Speed", "motionspeed geschwindigkeit vitesse velocidad"),
    _field(
        "light_temperature",
        "Colour temperature",
        "Temperature K",
        "temperature temp kelvin colortemperature lighttemperature farbtemperatur température",
    ),
    _field(
        "light_intensity", "Light intensity", "Intensity", "lightintensity intensität intensité"
    ),
    _field(
        "light_style", "Light style", "Style", "lighting light lightstyle licht lumière luz luce"
    ),
    _field(
        "transition",
        "Transition",
        "Transition",
        "transitionout transitiontype übergang uebergang transición transicion transizione",
    ),
    _field(
        "transition_ms",
        "Transition length",
        "Transition s",
        "transitionseconds transitionduration übergangslänge",
    ),
    _field(
        "notes",
        "Notes",
        "Notes",
        "note remarks remark comment comments anmerkung anmerkungen notiz notizen bemerkung "
        "bemerkungen kommentar remarques commentaire commentaires notas comentarios nota "
        "opmerkingen 備考 备注 備註 비고",
    ),
    _field(
        "dialogue",
        "Added to the notes",
        "Dialogue",
        "dialog audio sound voiceover vo narration script dialoge ton sprecher dialogues son "
        "diálogo dialogo sonido suono セリフ 台词 台詞 대사",
    ),
    _field("is_locked", "Locked", "Locked", "lock gesperrt verrouillé bloqueado bloccato"),
    _field("subject_x", "Subject, % from the left", "Subject x %", "subjectleft"),
    _field("subject_y", "Subject, % from the top", "Subject y %", "subjecttop"),
)
# A dialogue of its own is never exported: it has become part of the notes.
EXPORTED = tuple(field for field in FIELDS if field.name != "dialogue")
_BY_HEADING = {heading: field.name for field in reversed(FIELDS) for heading in field.headings}
# Known as headings, and not needed: a row's number is its place.
_NUMBERING = {"number", "no", "nr", "shot", "shotno", "scene", "szene", "einstellung", "plan"}
_WORDY = 15


def recognised(cells: list[str]) -> int:
    """How many of these cells are headings that we know."""
    known = (normal(cell) for cell in cells)
    return sum(heading in _BY_HEADING or heading in _NUMBERING for heading in known)


def guessed(header: list[str], rows: list[Row]) -> dict[str, int]:
    """The index of the column of each field that can be told by its heading or its content."""
    found: dict[str, int] = {}
    for index, heading in enumerate(header):
        if name := _BY_HEADING.get(normal(heading)):
            found.setdefault(name, index)
    tells_nothing = not found
    width = max([len(header), *(len(cells) for _, cells in rows)], default=0)
    free = [index for index in range(min(width, 50)) if index not in found.values()]
    if "prompt" not in found and free:
        wordiest = max(free, key=lambda index: _mean_length(rows, index))
        if tells_nothing or _mean_length(rows, wordiest) >= _WORDY:
            found["prompt"] = wordiest
            free.remove(wordiest)
    if "duration" not in found and tells_nothing:
        lengths = [i for i in free if _are_lengths(rows, i) and not _is_counting(rows, i)]
        found |= {"duration": lengths[0]} if lengths else {}
    return found


def is_header(rows: list[Row]) -> bool:
    """Whether the first row names columns: by a known heading, or above a column of durations."""
    if not rows:
        return False
    (_, first), *rest = rows
    if recognised(first):
        return True
    return any(
        cell.strip() and _are_lengths(rest, index) and not _are_lengths(rows[:1], index)
        for index, cell in enumerate(first[:50])
    )


def guessed_unit(header: list[str], columns: dict[str, int]) -> str:
    """What the numbers of the duration column count, by its heading."""
    index = columns.get("duration", len(header))
    heading = header[index].casefold() if index < len(header) else ""
    if re.search(r"\bms\b|milli", heading):
        return "ms"
    return "frames" if re.search(r"frames|\bfr\b|bilder", heading) else "s"


def _mean_length(rows: list[Row], index: int) -> float:
    return mean([len(cells[index]) for _, cells in rows if index < len(cells)] or [0])


def _are_lengths(rows: list[Row], index: int) -> bool:
    """Whether every cell of the column that says anything is a duration."""
    cells = _filled(rows, index)
    try:
        for cell in cells:
            parse_length(cell, "s", 24)
    except BadDuration:
        return False
    return bool(cells)


def _is_counting(rows: list[Row], index: int) -> bool:
    """Whether the column numbers the rows: 1, 2, 3."""
    cells = _filled(rows, index)
    return cells == [str(number) for number in range(1, len(cells) + 1)]


def _filled(rows: list[Row], index: int) -> list[str]:
    return [cells[index] for _, cells in rows if index < len(cells) and cells[index].strip()]
