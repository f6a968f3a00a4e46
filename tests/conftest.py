"""The fixed actors: four members of one workspace, and a stranger from another."""

from collections.abc import Callable, Generator
from dataclasses import asdict
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from studio import settings as studio_settings
from studio.accounts.models import Membership, Role, User, Workspace
from studio.storyboards.models import CameraPreset
from studio.storyboards.presets import BUILT_INS
from tests.flushing import Flush

FIGURES = "figures"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say measured figures at the end of the run, whether the test passes or not."""
    return lambda text: record_property(FIGURES, text)


def pytest_configure() -> None:
    # A real hash is 0.1 s of work and 100 MB, some thousand times a run.
    settings.PASSWORD_HASHERS = ["tests.cheap_passwords.CheapArgon2"]
    get_commands()["flush"] = Flush()
    # How long an example takes is the machine's business: no test fails on a time.
    hypothesis_settings.register_profile(
        "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    hypothesis_settings.load_profile("house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What takes minutes and mostly waits begins first, beside all the others.
    items.sort(key=lambda item: item.get_closest_marker("faults") is None)


_EMPTYING = frozenset({"transactional_db", "live_server", "django_db_reset_sequences"})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Put back what migrations had brought: a test with real transactions empties every table, and
    with several processes that steal each other's work, others run after it."""
    yield
    if nextitem is None or not _empties_tables(item):  # with the last one, the database goes too
        return
    with item.config.stash[blocking_manager_key].unblock():
        if not CameraPreset.objects.exists():
            CameraPreset.objects.bulk_create(
                CameraPreset(position=place, **asdict(preset))
                for place, preset in enumerate(BUILT_INS)
            )


def _empties_tables(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    is_real = mark is not None and (mark.kwargs.get("transaction") or True in mark.args[:1])
    return bool(is_real or _EMPTYING & set(getattr(item, "fixturenames", ())))


@pytest.fixture
def kept_for_real(settings: Any) -> None:
    """Passwords are hashed as the studio does it outside tests."""
    settings.PASSWORD_HASHERS = studio_settings.PASSWORD_HASHERS


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, text in report.user_properties:
            if name == FIGURES and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}:\n{text}")


class Actor(Client):
    """A signed-in test client that remembers who it is."""

    user: User


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Kitchen Films", slug="kitchen")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Elsewhere", slug="elsewhere")


@pytest.fixture
def actor() -> Callable[[Workspace, Role], Actor]:
    def make(workspace: Workspace, role: Role) -> Actor:
        user = User.objects.create_user(f"{role}@{workspace.slug}.example", name=role.label)
        Membership.objects.create(workspace=workspace, user=user, role=role)
        client = Actor()
        client.user = user
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return make


@pytest.fixture
def admin(workspace: Workspace, actor: Callable[..., Actor]) -> Actor:
    return actor(workspace, Role.ADMIN)


@pytest.fixture
def producer(workspace: Workspace, actor: Callable[..., Actor]) -> Actor:
    return actor(workspace, Role.PRODUCER)


@pytest.fixture
def creative(workspace: Workspace, actor: Callable[..., Actor]) -> Actor:
    return actor(workspace, Role.CREATIVE)


@pytest.fixture
def viewer(workspace: Workspace, actor: Callable[..., Actor]) -> Actor:
    return actor(workspace, Role.VIEWER)


@pytest.fixture
def stranger(other_workspace: Workspace, actor: Callable[..., Actor]) -> Actor:
    """An admin, but of another workspace."""
    return actor(other_workspace, Role.ADMIN)
