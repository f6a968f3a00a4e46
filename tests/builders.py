"""Objects that tests of several apps need. Append small functions; import with care."""

import hashlib
import json
from pathlib import Path

from studio.accounts.models import Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.storyboards.models import Project, Revision
from studio.vault import storing

# Vendor document, section Create a Generation: the body of the curl example, as printed.
CURL_TEXT = """{
    "prompt":
      "Aerial neon Tokyo establishing shot transitioning to close-up umbrellas in the rain.",
    "duration_seconds": 45,
    "camera": { "motion": "orbit", "speed": 0.6 },
    "lighting": { "temperature": 4200, "style": "rainy-night" },
    "webhook_url": "https://api.example.com/hooks/sora"
  }"""
# Vendor document, section Camera and Scene Presets: the storyboard array, as printed.
STORYBOARD_TEXT = """[
  { "id": "scene-1", "prompt": "Wide aerial of neon Tokyo", "duration_seconds": 18 },
  { "id": "scene-2", "prompt": "Close-up of umbrellas catching raindrops", "duration_seconds": 12,
    "camera": { "motion": "handheld" } }
]"""
STORYBOARD = json.loads(STORYBOARD_TEXT)
# Less its webhook_url: that one is ours in real life.
CURL_BODY = {name: value for name, value in json.loads(CURL_TEXT).items() if name != "webhook_url"}


def planned_shot(scene_id: str, duration_ms: int, motion: str = "") -> dict[str, object]:
    """A shot as a revision's snapshot holds it."""
    return {
        "pk": 0,
        "scene_id": scene_id,
        "prompt": f"Neon rain, {scene_id}",
        "duration_ms": duration_ms,
        "motion": motion,
        "speed": None,
        "light_temperature": None,
        "light_intensity": None,
        "light_style": "",
        "transition": "cut",
        "transition_ms": 500,
        "notes": "",
        "is_locked": False,
        "reference_id": None,
        "subject_x": None,
        "subject_y": None,
    }


def take_without_files(
    workspace: Workspace, status: str = Status.READY, project: Project | None = None
) -> Take:
    """A take of two shots, 30.5 s, in any status, as if a render had brought it there."""
    project = project or Project.objects.create(workspace=workspace, title="Neon Tokyo")
    number = project.takes.count() + 1
    revision = Revision.objects.create(
        project=project,
        number=number,
        content_of=number,
        summary="Imported.",
        snapshot={
            "title": project.title,
            "brief": "",
            "motion": "orbit",
            "speed": None,
            "light_temperature": None,
            "light_intensity": None,
            "light_style": "",
            "webhook_metadata": {},
            "weaves_transitions": True,
            "soundtrack_id": None,
            "shots": [
                planned_shot("scene-1", 18_000),
                planned_shot("scene-2", 12_500, "handheld"),
            ],
        },
    )
    scenes = [
        {"id": "scene-1", "prompt": "Neon rain, scene-1", "duration_seconds": 18},
        {"id": "scene-2", "prompt": "Neon rain, scene-2", "duration_seconds": 12.5}
        | {"camera": {"motion": "handheld"}},
    ]
    body = CURL_BODY | {"prompt": "Neon Tokyo", "duration_seconds": 30.5, "storyboard": scenes}
    payload = json.dumps(body | {"webhook_metadata": {"number": number}})
    return Take.objects.create(
        workspace=workspace,
        project=project,
        revision=revision,
        number=number,
        payload=payload,
        payload_sha256=hashlib.sha256(payload.encode()).hexdigest(),
        duration_ms=30_500,
        status=status,
    )


def give_file(take: Take, part: str, source: Path, media_type: str) -> TakeAsset:
    """Bring `source` into the vault as this part of the take."""
    asset = storing.keep(take.workspace, source, media_type, {"width": 320, "height": 180})
    return TakeAsset.objects.create(take=take, part=part, asset=asset)
