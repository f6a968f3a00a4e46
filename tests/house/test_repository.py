"""What must hold of the repository itself: what is tracked, how big, and where it comes from."""

import hashlib
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
MAX_TEMPLATE_LINES = 150
_REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "--index" + "-url")
_MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/\w+)/")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def is_ours(path: Path) -> bool:
    return "vendor" not in path.parts and path.suffix not in {
        ".lock",
        ".woff2",
        ".ttf",
        ".png",
        ".svg",
    }


def text_of(path: Path) -> str:
    return path.read_text(errors="replace")


def test_vendored_files_are_those_that_were_published():
    listed = json.loads((ROOT / "static/vendor/vendored.json").read_text())
    assert listed
    for package in listed:
        assert {"package", "version", "licence", "package_sha512"} <= package.keys()
        for name, expected in package["files_sha512"].items():
            actual = hashlib.sha512((ROOT / name).read_bytes()).hexdigest()
            assert actual == expected, f"{name} is not the published file"


def test_every_vendored_file_is_listed():
    listed = json.loads((ROOT / "static/vendor/vendored.json").read_text())
    names = {name for package in listed for name in package["files_sha512"]}
    vendored = {
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if "vendor" in path.relative_to(ROOT).parts and path.name != "vendored.json"
    }
    assert vendored <= names


@pytest.mark.parametrize("name", ["run.lock", "dev.lock"])
def test_locks_pin_hashes_and_name_no_host(name):
    lock = text_of(ROOT / "requirements" / name)
    pins = re.findall(r"^[\w.\[\]-]+==", lock, re.MULTILINE)
    assert len(pins) > 20
    assert lock.count("--hash=sha256:") >= len(pins)
    assert "://" not in lock
    assert not [host for host in _REGISTRIES if host in lock]


def test_both_locks_agree():
    def pins(name: str) -> dict[str, str]:
        lock = text_of(ROOT / "requirements" / name)
        return dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", lock, re.MULTILINE))

    run, dev = pins("run.lock"), pins("dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_every_dependency_is_locked():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    lock = text_of(ROOT / "requirements/run.lock").lower().replace("_", "-")
    for dependency in project["dependencies"]:
        name = re.split(r"[\[<>=!~ ]", dependency, maxsplit=1)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[|==)", lock, re.MULTILINE), name


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    for path in filter(is_ours, tracked()):
        text = text_of(path)
        found = [host for host in _REGISTRIES if host in text]
        assert not found, f"{path.relative_to(ROOT)} names {found}"
        match = _MACHINE_PATHS.search(text)
        assert match is None, f"{path.relative_to(ROOT)} names the path {match and match[0]}"


def test_no_secret_is_tracked():
    names = {path.name for path in tracked()}
    assert not names & {"keyring.json", "secret_key", "sign-ins.json", "demo_api_key", ".env"}
    assert not [path for path in tracked() if path.suffix in {".pem", ".key", ".sqlite3"}]


def limit_of(name: str) -> int:
    if name.endswith(".html"):
        return MAX_TEMPLATE_LINES
    return MAX_LINES


@pytest.mark.parametrize("suffix", [".py", ".js", ".css", ".html"])
def test_files_stay_readable(suffix):
    sizes = {
        path.relative_to(ROOT).as_posix(): len(text_of(path).splitlines())
        for path in tracked()
        if path.suffix == suffix and is_ours(path)
    }
    assert sizes
    assert not {name: lines for name, lines in sizes.items() if lines > limit_of(name)}


def test_half_of_all_modules_are_short():
    sizes = sorted(len(text_of(path).splitlines()) for path in (ROOT / "studio").rglob("*.py"))
    assert sizes[len(sizes) // 2] < 100


def test_no_inline_script_or_style():
    """The Content-Security-Policy would refuse it in the browser, silently."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=\"", re.IGNORECASE)
    # An e-mail and a pack on somebody's disk have no such policy, and nothing they could link to.
    outside = {
        ROOT / "templates" / name for name in ("inbox/mail.html", "reviews/library/pack.html")
    }
    for path in set((ROOT / "templates").rglob("*.html")) - outside:
        match = inline.search(text_of(path))
        assert match is None, f"{path.relative_to(ROOT)}: {match and match[0]}"


def test_every_icon_is_shown_somewhere():
    """Its name stands behind `icon-`, or in quotes where a module chooses one."""
    css = text_of(ROOT / "static/css/icons.css")
    icons = set(re.findall(r"^  \.icon-([a-z0-9-]+)", css, re.MULTILINE))
    kept = {path.stem for path in (ROOT / "static/icons/lucide").glob("*.svg")}
    sources = [path for path in tracked() if path.suffix in {".html", ".js", ".py"}]
    text = "\n".join(
        text_of(path) for path in sources if is_ours(path) and "tests" not in path.parts
    )
    shown = set(re.findall(r"(?:\bicon-|[\"',])(?:icon-)?([a-z0-9-]+)(?![\w-])", text))
    assert kept == icons
    assert icons <= shown


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "manager", "misc", "common"])
def test_modules_are_named_after_their_subject(name):
    assert not list((ROOT / "studio").rglob(f"{name}.py"))
