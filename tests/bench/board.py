"""Server time of the board: its page, an edit, a move; and how near they come to the floor.

The floor is a bare view behind the same middleware that runs the same SQL by a raw cursor and
returns the same bytes. It takes turns with the real view, on the same rows: after each request the
board is put back. Run it with `make bench`, on a quiet machine.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.bench.floor import FLOOR, Statement, recorded

SIZES = (1, 20, 100, 500)
ROUNDS = 40
AIM = 1.5
FORM = "application/x-www-form-urlencoded"
PROMPT = "The baker slides loaves into a wood-fired oven, sparks rising, face lit by embers"


@dataclass(frozen=True)
class Figures:
    """Medians in ms for a board of so many shots."""

    shots: int
    page: float
    edit: float
    edit_floor: float
    move: float
    move_floor: float

    @property
    def edit_ratio(self) -> float:
        return self.edit / self.edit_floor

    @property
    def move_ratio(self) -> float:
        return self.move / self.move_floor


class Bench:
    """One board of so many shots, a signed-in client, and what puts the board back."""

    def __init__(self, shots: int) -> None:
        from django.test import Client

        from studio.accounts.models import Membership, Role, User, Workspace
        from studio.storyboards.edits.revising import create_project
        from studio.storyboards.models import Shot

        name = f"bench-{shots}"
        workspace, _ = Workspace.objects.get_or_create(slug=name, defaults={"name": name})
        user, _ = User.objects.get_or_create(email=f"{name}@example.com")
        Membership.objects.get_or_create(
            workspace=workspace, user=user, defaults={"role": Role.CREATIVE}
        )
        rows = [
            Shot(scene_id=f"scene-{n + 1}", prompt=f"{PROMPT} {n}", duration_ms=2_500)
            for n in range(shots)
        ]
        self.project = create_project(workspace, user, name, shots=rows)
        self.pks = [shot.pk for shot in self.project.shots.all()]
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user)
        self.floor: list[Statement] = []
        self.answer = b""

    @staticmethod
    def addresses() -> Any:
        """While it lasts, the floor has an address too."""
        from django.test import override_settings

        return override_settings(ROOT_URLCONF="tests.bench.urls")

    def put_back(self) -> None:
        from studio.storyboards.edits.ordering import put_in_order
        from studio.storyboards.models import Project, Revision

        Revision.objects.filter(project=self.project, number__gt=1).delete()
        Project.objects.filter(pk=self.project.pk).update(revision=1)
        self.project.shots.update(duration_ms=2_500)
        put_in_order(self.project, self.pks)

    def post(self, address: str, data: dict[str, Any]) -> float:
        """Milliseconds of one request, as the board's scripts send it."""
        at = f"http://localhost/projects/{self.project.pk}/?shot={self.pks[0]}"
        headers = {"hx-request": "true", "hx-current-url": at}
        began = time.perf_counter()
        response = self.client.post(address, urlencode(data), FORM, headers=headers)
        took = (time.perf_counter() - began) * 1000
        assert response.status_code == 200, response.content
        self.answer = response.content
        return took

    def page(self) -> float:
        began = time.perf_counter()
        response = self.client.get(f"/projects/{self.project.pk}/")
        took = (time.perf_counter() - began) * 1000
        assert response.status_code == 200
        return took

    def beside_the_floor(
        self, address: str, data: dict[str, Any], rounds: int
    ) -> tuple[float, float]:
        """Medians of the real request and of its floor, taking turns."""
        self.put_back()
        with recorded() as statements:
            self.post(address, data)
        FLOOR.answer = self.answer
        self.put_back()
        FLOOR.statements = []
        with recorded() as behind:
            self.post("/floor/", data)
        FLOOR.statements = statements[len(behind) :]
        real, bare = [], []
        for _ in range(rounds):
            self.put_back()
            real.append(self.post(address, data))
            self.put_back()
            bare.append(self.post("/floor/", data))
        return statistics.median(real), statistics.median(bare)


def measure(shots: int, rounds: int = ROUNDS) -> Figures:
    """The figures of a board of so many shots, in the database that Django has now."""
    with Bench.addresses():
        bench = Bench(shots)
        board = f"/projects/{bench.project.pk}/"
        order = [*bench.pks[1:], bench.pks[0]]
        page = statistics.median(bench.page() for _ in range(max(3, rounds // 4)))
        edit = {"base": 1, "duration": "3"}
        move = {"base": 1, "order": ",".join(map(str, order)), "moved": bench.pks[0]}
        if shots == 1:
            move["moved"] = 0
        return Figures(
            shots,
            page,
            *bench.beside_the_floor(f"{board}shots/{bench.pks[0]}/", edit, rounds),
            *bench.beside_the_floor(f"{board}order/", move, rounds),
        )


def says(figures: Figures) -> str:
    """The figures in a line."""
    return (
        f"Board of {figures.shots:3d} shots: page {figures.page:6.1f} ms · "
        f"edit {figures.edit:5.1f} ms, {figures.edit_ratio:.2f} × the floor "
        f"({figures.edit_floor:.1f} ms) · move {figures.move:5.1f} ms, "
        f"{figures.move_ratio:.2f} × the floor ({figures.move_floor:.1f} ms)"
    )


def growth(small: Figures, large: Figures) -> str:
    """How much longer each takes on the larger board."""
    return (
        f"From {small.shots} to {large.shots} shots: page × {large.page / small.page:.1f}, "
        f"edit × {large.edit / small.edit:.1f}, move × {large.move / small.move:.1f}"
    )


def main() -> int:
    import django
    from django.core.management import call_command

    import tests.environment  # noqa: F401  # a database of its own, before Django looks for one

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    measure(1, rounds=5)  # templates are compiled, modules loaded
    found = [measure(shots) for shots in SIZES]
    for figures in found:
        print(says(figures))
    print(growth(found[1], found[2]))
    print(growth(found[2], found[3]))
    print(f"Aim for edit and move at 20 and 100 shots: at most {AIM} × the floor.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
