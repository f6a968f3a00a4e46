"""Built-in templates: good first storyboards, to be written over."""

from dataclasses import dataclass, field
from typing import Any

from studio.storyboards.models import Shot, Transition
from studio.storyboards.timing import Budget, in_words

_SOFT = {"transition": Transition.CROSSFADE, "transition_ms": 500}


@dataclass(frozen=True)
class Beat:
    """One shot of a starter; `more` are other fields of `models.Shot`."""

    scene_id: str
    duration_ms: int
    prompt: str
    motion: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Starter:
    """A storyboard to start from. `fields` are the project's camera and light."""

    name: str
    title: str
    says: str
    brief: str
    fields: dict[str, Any]
    beats: tuple[Beat, ...]

    def shots(self) -> list[Shot]:
        """Its shots, not yet saved, in order."""
        return [
            Shot(
                scene_id=beat.scene_id,
                duration_ms=beat.duration_ms,
                prompt=beat.prompt,
                motion=beat.motion,
                **beat.more,
            )
            for beat in self.beats
        ]

    @property
    def facts(self) -> str:
        """Such as `30 s · 6 shots`."""
        total = Budget.of([beat.duration_ms for beat in self.beats]).total_ms
        return f"{in_words(total)} · {len(self.beats)} shots"


_TEASER = Starter(
    "teaser",
    "Product teaser",
    "From a detail nobody recognises to the product in use.",
    "A teaser for one product: hold back the whole of it until the last third. "
    "Replace “the product” by yours in each shot.",
    {"motion": "dolly-in", "speed": 0.4, "light_temperature": 5200.0, "light_style": "soft studio"},
    (
        Beat("detail", 4_000, "Macro detail of the product's surface, light gliding over it"),
        Beat("material", 4_000, "Hands choose the material the product is made of", "handheld"),
        Beat("making", 5_000, "The product takes shape on a workbench, dust in the light"),
        Beat("reveal", 6_000, "The product stands alone on a plain ground", "orbit", _SOFT),
        Beat("in-use", 7_000, "A person uses the product on an ordinary morning", "follow"),
        Beat("end", 4_000, "The product at rest by a window, room for a title", "static"),
    ),
)
# Its two ends are the scenes of the vendor's document, section Camera and Scene Presets.
_ARRIVAL = Starter(
    "arrival",
    "Establishing to close-up",
    "A place from far above, narrowing down to one small thing.",
    "Aerial establishing shot of a city at night, closing in step by step on one detail in "
    "the rain.",
    {"motion": "orbit", "speed": 0.6, "light_temperature": 4200.0, "light_style": "rainy-night"},
    (
        Beat("aerial", 12_000, "Wide aerial of the city at night, neon in the haze", "", _SOFT),
        Beat("district", 9_000, "Over the roofs of one district, signs reflected in wet streets"),
        Beat("street", 9_000, "Down a crowded street, people under umbrellas", "follow"),
        Beat("person", 8_000, "One person stops at a crossing and looks up", "dolly-in"),
        Beat("close-up", 7_000, "Close-up of an umbrella catching raindrops", "handheld"),
    ),
)
_PROOF = Starter(
    "proof",
    "Quick proof",
    "The shortest film a render takes: to try a look before it is paid for in full.",
    "A test of one look: the same subject from three distances.",
    {"motion": "orbit", "speed": 0.5},
    (
        Beat("wide", 5_000, "The subject in its surroundings, seen from afar"),
        Beat("middle", 5_000, "The subject from head to foot", "dolly-in"),
        Beat("close", 5_000, "A close detail of the subject", "static"),
    ),
)

STARTERS = {starter.name: starter for starter in (_TEASER, _ARRIVAL, _PROOF)}
