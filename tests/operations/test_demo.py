import json
import stat
from decimal import Decimal

import pytest

from studio.accounts import keys
from studio.accounts.models import ApiKey, Membership, User, Workspace
from studio.operations import demo, demo_key
from studio.storyboards import contract
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.snapshots import snapshot_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    return tmp_path


def body_of(project: Project) -> dict:
    return contract.body_of(snapshot_of(project, project.shots.all()))


def test_four_members_one_for_each_role():
    seeded = demo.seed()
    assert seeded["workspace"] == "demo"
    assert [person["role"] for person in seeded["sign_ins"]] == [
        "admin", "producer", "creative", "viewer",
    ]  # fmt: skip
    for person in seeded["sign_ins"]:
        user = User.objects.get(email=person["email"])
        assert user.check_password(person["password"])
        assert user.memberships.get().role == person["role"]


@pytest.mark.parametrize("is_simulated", [True, False])
def test_only_the_simulators_price_is_known(settings, is_simulated):
    settings.TRANSEND_IS_SIMULATED = is_simulated
    demo.seed()
    demo.seed()
    workspace = Workspace.objects.get()
    prices = workspace.rate_cards.values_list("per_second", "currency")
    assert list(prices) == ([(Decimal("0.1"), "USD")] if is_simulated else [])
    budgets = workspace.budgets.values_list("project", "is_hard")
    assert list(budgets) == ([(None, False)] if is_simulated else [])


def test_passwords_are_generated_and_kept_for_this_user_alone(var):
    first = demo.seed()["sign_ins"]
    assert stat.S_IMODE((var / "sign-ins.json").stat().st_mode) == 0o600
    assert len({person["password"] for person in first}) == 4
    assert all(len(person["password"]) >= 16 for person in first)


def test_no_two_studios_share_a_password(var, settings, tmp_path_factory):
    first = {person["password"] for person in demo.seed()["sign_ins"]}
    User.objects.all().delete()
    Project.objects.all().delete()
    settings.STUDIO_VAR = tmp_path_factory.mktemp("another")
    Workspace.objects.filter(slug="demo").update(slug="former")
    second = {person["password"] for person in demo.seed()["sign_ins"]}
    assert not first & second


def test_a_second_run_changes_nothing():
    first = demo.seed()
    second = demo.seed()
    assert first.pop("created") is True
    assert second.pop("created") is False
    assert second == first
    assert Project.objects.count() == 3
    assert Membership.objects.count() == 4
    assert ApiKey.objects.count() == 1


def test_what_people_changed_stays():
    seeded = demo.seed()
    user = User.objects.get(email="producer@demo.localhost")
    user.set_password("my own long password")
    user.save()
    Project.objects.filter(title="Neon Tokyo").update(title="Tokyo, my cut")
    Project.objects.get(title="The Night Ferry").delete()
    Membership.objects.get(user__email="viewer@demo.localhost").delete()
    again = demo.seed()
    assert {person["email"]: person["password"] for person in again["sign_ins"]} == {
        person["email"]: None if person["role"] == "producer" else person["password"]
        for person in seeded["sign_ins"]
        if person["role"] != "viewer"
    }
    titles = {project["title"] for project in again["projects"]}
    assert titles == {"Tokyo, my cut", "Bread Before Dawn"}


def test_neon_tokyo_is_the_documents_own_request():
    demo.seed()
    body = body_of(Project.objects.get(title="Neon Tokyo"))
    assert body == json.loads((demo.FILMS / "neon-tokyo.json").read_text())
    assert [scene["id"] for scene in body["storyboard"]] == ["scene-1", "scene-2"]
    assert body["duration_seconds"] == 30


def test_every_film_can_be_sent_as_it_is_written():
    demo.seed()
    projects = Project.objects.exclude(title="Neon Tokyo")
    assert len(projects) == 2
    for project in projects:
        snapshot = snapshot_of(project, project.shots.all())
        assert contract.problems_of(snapshot, BUILT_IN_MOTIONS) == []
        assert 6 <= project.shots.count() <= 9
        assert 45 <= body_of(project)["duration_seconds"] <= 60


def test_the_films_show_all_presets_and_many_lights():
    demo.seed()
    films = [body_of(project) for project in Project.objects.all()]
    scenes = [scene for film in films for scene in film["storyboard"]]
    used = {scene.get("camera", {}).get("motion") for scene in scenes}
    used |= {film["camera"]["motion"] for film in films}
    assert used - {None} == set(BUILT_IN_MOTIONS)
    styles = {scene.get("lighting", {}).get("style") for scene in scenes}
    assert len(styles - {None}) >= 6


def test_the_simulators_key_is_the_active_one():
    demo.seed()
    key = keys.active_key(Workspace.objects.get(slug="demo"))
    assert key is not None
    assert keys.plaintext(key) == demo_key.kept()
    assert demo_key.kept().startswith("demo-")
    assert stat.S_IMODE(demo_key.path().stat().st_mode) == 0o600


def test_another_vendor_is_not_given_the_simulators_key(settings):
    settings.TRANSEND_IS_SIMULATED = False
    demo.seed()
    assert not ApiKey.objects.exists()
