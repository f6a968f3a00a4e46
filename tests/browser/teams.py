"""A team for each test: nobody else's films, takes, notices or settings are in its workspace."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.inside import Inside
from tests.faults.studio_processes import Studio

# Safe enough in a studio that lives as long as its tests.
PASSWORD = "dunes and kites"


class Team:
    """A workspace, with one member in each role, in the studio that runs."""

    def __init__(self, studio: Studio, inside: Inside, slug: str, folder: Path) -> None:
        self.slug = slug
        self._studio, self._inside, self._folder = studio, inside, folder

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.localhost"

    def address(self, path: str = "") -> str:
        """Of a page of the workspace: `address("desk/")`."""
        return f"{self._studio.url}/w/{self.slug}/{path}"

    def project(self, film: list[Any] | dict[str, Any], title: str = "Coast") -> int:
        """A new project with this storyboard or body of a create call."""
        file = self._folder / "film.json"
        file.write_text(json.dumps(film))
        of = ("--workspace", self.slug, "--title", title)
        return int(self.command("import_storyboard", str(file), *of)["project"])

    def board(self, film: list[Any] | dict[str, Any], title: str = "Coast") -> str:
        """The address of a new project's board."""
        return f"{self._studio.url}/projects/{self.project(film, title)}/"

    def order(self, project: int, by: str = "creative") -> int:
        """A take of the project, under way."""
        return int(self.command("submit_project", str(project), "--as", self.email(by))["take"])

    def ready_take(self, project: int, by: str = "creative") -> int:
        """A take of the project that can be watched."""
        who = ("--as", self.email(by), "--wait", "300")
        made = self.command("submit_project", str(project), *who)
        assert made["status"] == "ready", made
        return int(made["take"])

    def command(self, *argv: str) -> Any:
        """What a command of manage.py answers."""
        return self._inside.call("command", *argv)

    def sign_in(self, context: BrowserContext, role: str) -> None:
        """As if this person had just signed in."""
        cookie = self._inside.call("session", self.email(role))
        context.add_cookies([{**cookie, "url": self._studio.url}])

    def type_sign_in(self, page: Page, role: str) -> None:
        """Sign in by the form that `page` shows."""
        page.get_by_label("E-mail").fill(self.email(role))
        page.get_by_label("Password").fill(self._password(role))
        # Whoever went on at once would call the sign-in off.
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()

    def _password(self, role: str) -> str:
        return PASSWORD


class DemoTeam(Team):
    """The team that every new studio has, with its three films; shared by all who ask for it."""

    def _password(self, role: str) -> str:
        return self._studio.passwords[role]
