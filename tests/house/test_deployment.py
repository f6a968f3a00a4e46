"""The image, the services and the proxy: what can be held against their rules without a network."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from tests.faults.studio_processes import MANAGE, environment, free_ports

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = Path(__file__).parent / "vendor/compose-spec/compose-spec.json"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_compose_follows_the_specifications_schema(compose):
    schema = json.loads(SCHEMA.read_text())
    problems = [
        f"{list(error.path)}: {error.message}"
        for error in Draft201909Validator(schema).iter_errors(compose)
    ]
    assert not problems


def test_compose_runs_every_process_and_migrates_once(compose):
    commands = {
        name: service.get("command", [None])[0] for name, service in compose["services"].items()
    }
    assert commands["web"] == "serve"
    assert commands["worker"] == "qcluster"
    assert commands["watcher"] == "watch_takes"
    assert commands["migrate"] == "migrate"
    for name in ("web", "worker", "watcher"):
        waits = compose["services"][name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_only_the_proxy_is_reachable_from_outside(compose):
    published = {name for name, service in compose["services"].items() if "ports" in service}
    assert published == {"nginx"}


def test_our_services_may_do_little(compose):
    for name in ("web", "worker", "watcher", "migrate", "nginx"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_compose_holds_no_secret(compose):
    text = (ROOT / "compose.yaml").read_text()
    assert "PASSWORD:" not in text
    example = (ROOT / "deploy/studio.env.example").read_text()
    for name in ("STUDIO_SECRET_KEY", "POSTGRES_PASSWORD", "PGPASSWORD"):
        assert re.search(rf"^{name}=$", example, re.MULTILINE), f"{name} has a value in the example"
    assert "deploy/studio.env" in (ROOT / ".gitignore").read_text().replace("/deploy", "deploy")


def test_the_worker_may_end_its_tasks_before_it_is_killed(compose):
    worker = compose["services"]["worker"]
    grace = float(worker["command"][worker["command"].index("--grace") + 1])
    assert float(worker["stop_grace_period"].removesuffix("s")) > grace + 10


def test_the_image_pins_hashes_and_runs_as_nobody(dockerfile):
    assert "--require-hashes" in dockerfile
    users = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert users == ["10001:10001"]
    assert dockerfile.index("USER ") < dockerfile.index("ENTRYPOINT")
    assert re.search(r"^HEALTHCHECK ", dockerfile, re.MULTILINE)


def test_the_image_is_built_in_stages_from_a_pinned_python(dockerfile):
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(bases) == 2
    assert set(bases) == {bases[0]}
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", bases[0])
    assert version, "no registry's host name, a pinned version, a slim Debian"
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert supported == ">=3.11,<3.15"
    assert 11 <= int(version[1].split(".")[1]) < 15


def test_everything_the_image_copies_is_let_into_the_build(dockerfile):
    allowed = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }  # fmt: skip
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert sources <= allowed
    assert all((ROOT / source).exists() for source in sources)


def manage(tmp_path: Path, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", MANAGE, *argv],
        env=environment(tmp_path, *free_ports(2), **env),
        capture_output=True,
        text=True,
    )


def test_production_settings_pass_djangos_own_checks(tmp_path):
    done = manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING",
        STUDIO_PUBLIC_URL="https://studio.example.com",
        TRANSEND_BASE_URL="https://api.transendai.net",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"STUDIO_PUBLIC_URL": "http://studio.example.com"}, "studio.W001"),
        ({"STUDIO_PUBLIC_URL": "https://s.example", "STUDIO_DEBUG": "1"}, "studio.E002"),
        (
            {"TRANSEND_BASE_URL": "https://api.transendai.net", "TRANSEND_ALLOW_LOOPBACK": "1"},
            "studio.E001",
        ),
    ],
)
def test_dangerous_settings_do_not_pass(tmp_path, env, says):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **env)
    assert done.returncode == 1
    assert says in done.stderr


def test_static_files_get_hashed_names_for_the_image(tmp_path):

    out = tmp_path / "out"
    code = (
        "from django.test.utils import override_settings;"
        "from django.core.management import call_command;"
        f"override_settings(STATIC_ROOT={str(out)!r}).enable();"
        "call_command('collectstatic', interactive=False, verbosity=0)"
    )
    done = manage(tmp_path / "var", "shell", "-c", code, STUDIO_STATIC_MANIFEST="1")
    assert done.returncode == 0, done.stderr
    names = json.loads((out / "staticfiles.json").read_text())["paths"]
    assert re.fullmatch(r"css/base\.[0-9a-f]{12}\.css", names["css/base.css"])
    assert (out / names["css/base.css"]).exists()
