"""check_storyboard and import_storyboard: JSON out, sentences beside it, exit codes."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from studio.storyboards.models import Project
from tests.builders import CURL_BODY, STORYBOARD


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "neon.json"
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(raw)
        return str(path)

    return write


def run(*arguments):
    """Standard output as data, and the refusal if there was one."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=io.StringIO())
    except CommandError as refused:
        return json.loads(out.getvalue() or "null"), refused
    return json.loads(out.getvalue()), None


def test_the_documents_body_is_valid(file):
    answer, refused = run("check_storyboard", file(CURL_BODY))
    assert refused is None
    assert answer == {"valid": True, "total_seconds": 45, "problems": [], "remarks": []}


def test_problems_have_places_and_exit_1(file):
    scenes = [
        {**STORYBOARD[0], "duration_seconds": 49.5},
        {**STORYBOARD[1], "camera": {"motion": "spin"}},
    ]
    answer, refused = run("check_storyboard", file({**CURL_BODY, "storyboard": scenes}))
    assert (answer["valid"], refused.returncode) == (False, 1)
    assert [problem["where"] for problem in answer["problems"]] == ["storyboard[1].camera.motion"]
    assert "storyboard[1].camera.motion: “spin” is no camera preset" in str(refused)


@pytest.mark.parametrize("seconds", [60.0004, 14.9996])
def test_the_limits_are_held_against_the_number_as_it_stands(file, seconds):
    answer, refused = run("check_storyboard", file({**CURL_BODY, "duration_seconds": seconds}))
    assert (answer["valid"], refused.returncode) == (False, 1)
    assert f"The timeline is {seconds} s; 15 to 60 s" in str(refused)
    scenes = [
        {**STORYBOARD[0], "duration_seconds": 7},
        {**STORYBOARD[1], "duration_seconds": round(seconds - 7, 4)},
    ]
    body = {**CURL_BODY, "duration_seconds": round(seconds), "storyboard": scenes}
    answer, refused = run("check_storyboard", file(body))
    assert [problem["where"] for problem in answer["problems"]] == ["storyboard"]
    assert f"The scenes last {seconds} s together" in str(refused)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[" * 100_000, '{"a": 1}'.encode("utf-16"), b'{"a": 1, "a": 1}']
)
def test_what_is_no_json_is_a_problem_not_a_traceback(file, raw):
    answer, refused = run("check_storyboard", file(raw))
    assert (answer["valid"], answer["total_seconds"], refused.returncode) == (False, 0, 1)
    assert answer["problems"][0]["says"].endswith(".")


@pytest.mark.parametrize("name", ["/nowhere/at/all.json", "/", "nul\x00.json"])
@pytest.mark.parametrize("command", ["check_storyboard", "import_storyboard"])
def test_a_file_that_cannot_be_read_is_wrong_use(command, name, workspace):
    more = ["--workspace", "kitchen"] if command == "import_storyboard" else []
    _, refused = run(command, name, *more)
    assert refused.returncode == 2


def test_an_import_keeps_ids_and_names_the_project_after_the_file(file, workspace, creative):
    answer, refused = run(
        "import_storyboard", file(STORYBOARD), "--workspace", "kitchen", "--as", creative.user.email
    )
    project = Project.objects.get()
    assert refused is None
    assert answer == {"project": project.pk, "shots": 2}
    assert (project.title, project.created_by) == ("neon", creative.user)
    assert list(project.shots.values_list("scene_id", flat=True)) == ["scene-1", "scene-2"]


def test_a_files_name_cannot_turn_round_the_title(tmp_path, workspace):
    path = tmp_path / "Rain\u202egnp\u2066.json"
    path.write_text(json.dumps(CURL_BODY))
    run("import_storyboard", str(path), "--workspace", "kitchen")
    assert Project.objects.get().title == "Raingnp"


def test_a_title_may_be_given(file, workspace):
    run("import_storyboard", file(CURL_BODY), "--workspace", "kitchen", "--title", "Osaka")
    assert Project.objects.get().title == "Osaka"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--workspace", "nowhere"], 2),
        (["--workspace", "kitchen", "--title", " "], 2),
        (["--workspace", "kitchen", "--as", "viewer@kitchen.example"], 1),
        (["--workspace", "kitchen", "--as", "nobody@kitchen.example"], 1),
    ],
)
def test_refusals_import_nothing(file, workspace, viewer, more, code):
    _, refused = run("import_storyboard", file(CURL_BODY), *more)
    assert refused.returncode == code
    assert not Project.objects.exists()


def test_a_malformed_body_imports_nothing(file, workspace):
    body = {**CURL_BODY, "storyboard": [*STORYBOARD, {"id": "scene-3"}]}
    _, refused = run("import_storyboard", file(body), "--workspace", "kitchen")
    assert refused.returncode == 1
    assert "storyboard[2].prompt: The scene needs a prompt" in str(refused)
    assert not Project.objects.exists()


def test_other_formats_are_known_by_their_suffix(workspace, tmp_path):
    path = tmp_path / "night-ferry.csv"
    path.write_text("Description;Dauer\nRain;4,5\n")
    answer, refused = run("import_storyboard", str(path), "--workspace", "kitchen")
    project = Project.objects.get()
    assert (answer, refused) == ({"project": project.pk, "shots": 1}, None)
    assert (project.title, project.shots.get().duration_ms) == ("night-ferry", 4_500)


def test_rows_that_cannot_be_read_refuse_the_whole_file(workspace, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("Description;Dauer\nRain;4,5\nFog;soon\n")
    _, refused = run("import_storyboard", str(path), "--workspace", "kitchen")
    assert "Nothing was imported. Row 3: Duration: “soon” is not a duration." in str(refused)
    assert not Project.objects.exists()
