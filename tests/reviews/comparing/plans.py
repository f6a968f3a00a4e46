"""Small plans of shots, as revisions hold them."""

from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS


def shot(pk, **fields):
    plain = dict.fromkeys(SHOT_FIELDS) | {
        "scene_id": f"scene-{pk}",
        "prompt": f"Prompt {pk}",
        "duration_ms": 5_000,
        "motion": "",
        "light_style": "",
        "transition": "cut",
        "transition_ms": 500,
        "notes": "",
        "is_locked": False,
    }
    return plain | {"pk": pk, **fields}


def plan(*shots, **fields):
    film = dict.fromkeys(PROJECT_FIELDS) | {
        "title": "Film",
        "brief": "A film",
        "motion": "orbit",
        "light_style": "",
        "webhook_metadata": {},
        "weaves_transitions": True,
    }
    return film | fields | {"shots": list(shots)}
