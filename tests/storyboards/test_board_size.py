"""How much a board weighs: its page, and all that the page loads."""

import gzip
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders

from studio.storyboards.exchange.transend_json import import_board, read_body
from studio.storyboards.models import Project, Shot
from studio.storyboards.presets import BUILT_IN_MOTIONS

PROMPT = (
    "The baker slides loaves into a wood-fired oven, sparks rising, her face lit by embers and "
    "the first grey light of a winter morning ({n})"
)
IMPORT = re.compile(r'(?:import|from)\s*"(\.{1,2}/[^"]+)"')


@pytest.fixture
def hundred(workspace, creative) -> Project:
    """A board as people really have it: long prompts, own cameras, lights, transitions, notes."""
    scenes = [{"prompt": PROMPT.format(n=n), "duration_seconds": 0.6} for n in range(100)]
    board = read_body(scenes, BUILT_IN_MOTIONS)
    project = import_board(workspace, creative.user, "A hundred beats", board)
    every = Shot.objects.filter(project=project)
    every.update(motion="crane-up", speed=0.35, light_style="rainy-night", transition="crossfade")
    every.update(transition_ms=500, notes="Ask Ana about the oven.")
    every.filter(position__gte=90).update(is_locked=True)
    return project


@pytest.mark.parametrize("query", ["", "?shot={first}"])
def test_a_board_of_100_shots_is_under_250_kb(hundred, creative, query):
    at = f"/projects/{hundred.pk}/{query.format(first=hundred.shots.first().pk)}"
    page = creative.get(at).content
    assert page.count(b'class="card') == 100
    assert len(page) < 250_000


def test_an_edit_and_a_move_among_100_shots_answer_with_little(hundred, creative, post):
    shot = hundred.shots.all()[50]
    at = f"/projects/{hundred.pk}/"
    edit = post(creative, f"{at}shots/{shot.pk}/", {"base": 1, "duration": "0.7"}, shot.pk)
    assert len(edit.content) < 8_000
    order = list(reversed([row.pk for row in hundred.shots.all()]))
    data = {"base": 2, "order": ",".join(map(str, order)), "moved": shot.pk}
    assert len(post(creative, f"{at}order/", data, shot.pk).content) < 6_000


def modules(path: str) -> set[str]:
    """A script and everything it imports, by path under static/."""
    found, waiting = set(), [path]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        text = read(one).decode()
        waiting += [urljoin(f"/{one}", name).lstrip("/") for name in IMPORT.findall(text)]
    return found


def read(path: str) -> bytes:
    where = finders.find(path)
    assert where, path
    with open(where, "rb") as file:
        return file.read()


def test_all_scripts_and_styles_of_a_board_are_under_120_kb_gzipped(hundred, creative):
    page = creative.get(f"/projects/{hundred.pk}/").content.decode()
    linked = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+\.(?:js|css))"', page)
    paths = {urlsplit(address).path.removeprefix("/static/") for address in linked}
    scripts = {found for path in paths if path.endswith(".js") for found in modules(path)}
    assert len(scripts) > 10, "the modules are followed"
    weights = {path: len(gzip.compress(read(path), 9)) for path in paths | scripts}
    assert sum(weights.values()) < 120_000, weights
