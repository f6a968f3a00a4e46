"""A real Chromium against a whole studio of real processes."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.inside import Inside
from tests.browser.teams import PASSWORD, DemoTeam, Team
from tests.faults.studio_processes import ROOT, Studio

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Success costs nothing of it: a busy machine takes its time for a page, and for a film even more.
PATIENCE_MS = 90_000
DRAWN_MS = 300_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))  # a busy machine draws slowly
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-gpu",
        ],
    }


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio(tmp_path_factory.mktemp("browser"), speed=20.0) as running:
        yield running


@pytest.fixture(scope="session")
def inside(studio: Studio) -> Iterator[Inside]:
    with Inside(studio) as process:
        yield process


@pytest.fixture(scope="session")
def new_team(
    studio: Studio, inside: Inside, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Team]:
    """Makes teams that have nothing to do with each other."""
    numbers = itertools.count(1)

    def new_team() -> Team:
        slug = f"team-{next(numbers)}"
        inside.call("team", slug, PASSWORD)
        return Team(studio, inside, slug, tmp_path_factory.mktemp(slug))

    return new_team


@pytest.fixture(scope="session")
def demo_team(studio: Studio, inside: Inside, tmp_path_factory: pytest.TempPathFactory) -> DemoTeam:
    return DemoTeam(studio, inside, "demo", tmp_path_factory.mktemp("demo"))


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """This test's own."""
    return new_team()


@pytest.fixture
def sign_in(browser: Browser, studio: Studio, team: Team) -> Iterator[Callable[..., Page]]:
    """`sign_in("creative")`: a page of a context of its own, signed in, at the projects. `means`:
    what of its console this test brings about on purpose, as a pattern.

    Fails the test afterwards if the page ever said something wrong on its console.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sign_in(role: str, means: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if is_complaint(said, means) else None,
        )
        team.sign_in(context, role)
        page.goto(f"{studio.url}/")
        expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not complaints


# What Chromium and htmx say aloud of answers that we mean, and of a network that a test cut. 503:
# come again in a moment, as pictures do on a busy machine.
MEANT = re.compile(
    r"(status of|Status Error Code) (401|409|422|503)|ERR_INTERNET_DISCONNECTED|^htmx:"
)
# Of a shot that is deleted while its picture is on the way, there is none.
OF_A_SHOT = re.compile(r"/shots/\d+/(frame\.jpg|dry-run\.gif)")


def is_complaint(said: ConsoleMessage, means: str) -> bool:
    is_meant = MEANT.search(said.text) or (means and re.search(means, said.text))
    is_gone = "status of 404" in said.text and OF_A_SHOT.search(said.location["url"])
    return said.type in ("error", "warning") and not is_meant and not is_gone


@pytest.fixture
def snap(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Leave a screenshot under var/screenshots for people to look at."""

    def snap(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return snap


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """The accessibility violations of a page, one line each (WCAG 2.2 AA)."""

    def run(page: Page) -> list[str]:
        # Half styled, or led away from while it looks, a page is not what people see.
        page.wait_for_load_state()
        # Evaluated rather than added as a script: the Content-Security-Policy holds here too.
        page.evaluate(AXE.read_text())
        # What lies half under the bar at the top, scrolled as it is, would count as too small.
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        # Of a colour that is still changing it would see something in between. Nobody waits for it:
        # of what a swap takes away meanwhile the end is never told.
        page.evaluate(
            """() => document.getAnimations()
                .filter(one => one.effect.getComputedTiming().iterations !== Infinity)
                .forEach(one => one.finish())"""
        )
        found = page.evaluate(
            """() => axe.run(document, {runOnly: [
                "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})"""
        )
        return [
            f"{page.url}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
