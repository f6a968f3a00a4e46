"""README speaks of everything that scripts outside rely on, and of nothing that is not there."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from studio.management.command import StudioCommand
from tests.faults.studio_processes import MANAGE, environment, free_ports

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()

# ../shared/SURFACES: names that scripts outside the project rely on.
VARIABLES = {
    "STUDIO_VAR", "STUDIO_PORT", "STUDIO_BIND", "STUDIO_PUBLIC_URL", "STUDIO_SECRET_KEY",
    "STUDIO_KEYRING", "STUDIO_ALLOWED_HOSTS", "STUDIO_DEBUG", "DATABASE_URL", "REDIS_URL",
    "STUDIO_S3_URL", "TRANSEND_BASE_URL", "TRANSEND_ASSET_HOSTS", "TRANSEND_ALLOW_LOOPBACK",
}  # fmt: skip
COMMANDS = (
    "run_studio", "transend_simulator", "seed_demo", "add_api_key", "check_storyboard",
    "import_storyboard", "submit_project", "show_take", "decide_take", "resolve_take",
    "render_animatic", "backup", "restore", "verify", "rotate_master_key", "verify_audit",
    "doctor", "qcluster", "watch_takes", "serve",
)  # fmt: skip
ADDRESSES = ("/healthz", "/readyz", "/metrics", "/accounts/login/", "/hooks/transend/")


def variables_read() -> set[str]:
    """The first argument of every call in settings.py and env.py that names a variable."""
    found = set()
    for name in ("studio/settings.py", "studio/env.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9]+(_[A-Z0-9]+)+", value):
                    found.add(value)
    return found


def test_settings_read_what_scripts_rely_on():
    assert variables_read() >= VARIABLES


def test_every_variable_is_in_the_readme():
    assert not {name for name in variables_read() if f"`{name}`" not in README}


def test_the_readme_names_no_variable_that_is_not_read():
    named = set(re.findall(r"`((?:STUDIO|TRANSEND)_[A-Z_]+)`", README))
    elsewhere = {"STUDIO_PUBLISH"}  # compose.yaml's own
    assert named - elsewhere <= variables_read()


def test_only_the_settings_read_the_environment():
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "studio").rglob("*.py")
        if re.search(r"os\.(environ\b(?!\.setdefault)|getenv)", path.read_text())
    }
    # What passes between our own processes is no setting.
    own = {
        "studio/env.py",
        "studio/lib/lifeline.py",
        "studio/lib/processes.py",
        "studio/operations/queues.py",
        "studio/operations/backups/database.py",
        "studio/management/commands/run_studio.py",
    }
    leaves = ("studio/outbound/", "studio/pictures/", "studio/transend/")
    assert {name for name in readers - own if not name.startswith(leaves)} == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"`{command}\b", README)


def test_the_readmes_commands_exist():
    named = set(re.findall(r"manage\.py (\w+)", README))
    assert named <= set(get_commands())


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_is_in_the_readme(address):
    assert address in README


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_in_sentences(command, capsys):
    loaded = load_command_class("studio", command)
    assert isinstance(loaded, StudioCommand), "it would not know our exit codes"
    with pytest.raises(SystemExit) as ended:
        loaded.run_from_argv(["manage.py", command, "--help"])
    assert ended.value.code == 0
    assert loaded.help.strip().endswith((".", ")."))
    assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_use_is_code_2_and_no_traceback(command, tmp_path):
    done = subprocess.run(
        [sys.executable, MANAGE, command, "--no-such-option"],
        env=environment(tmp_path, *free_ports(2)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_makefile_targets_named_in_the_documents_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z]+)", (ROOT / document).read_text()))
        assert named <= targets, document


def test_links_between_documents_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text()):
            target = document.parent / link
            assert target.exists(), f"{document.name} links to {link}"
