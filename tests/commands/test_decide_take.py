"""`manage.py decide_take`: what a producer does on the page, for pipelines."""

import json

import pytest
from django.core.management import CommandError, call_command

from studio.accounts.models import AuditEntry
from studio.renders.lifecycle import Status
from studio.reviews.models import Decision
from studio.reviews.report import describe_take
from tests.builders import give_file, take_without_files


@pytest.fixture
def take(workspace, settings, tmp_path):
    settings.STUDIO_VAULT = tmp_path / "vault"
    take = take_without_files(workspace)
    for part, data, media_type in (
        ("preview_gif", b"GIF89a watermarked", "image/gif"),
        ("video", b"the film", "video/mp4"),
    ):
        source = tmp_path / part
        source.write_bytes(data)
        give_file(take, part, source, media_type)
    return take


def decided(capsys, *arguments):
    call_command("decide_take", *map(str, arguments))
    return json.loads(capsys.readouterr().out)


def test_approving_answers_with_the_release(take, producer, capsys):
    answer = decided(capsys, take.pk, "--as", producer.user.email.upper(), "--approve")
    assert answer == {"take": take.pk, "decision": "approved", "released": True}
    assert AuditEntry.objects.filter(action="take.approved", actor=producer.user).count() == 1


def test_requesting_changes_keeps_the_film_locked(take, admin, capsys):
    note = ["--note", "Slower."]
    answer = decided(capsys, take.pk, "--as", admin.user.email, "--request-changes", *note)
    assert answer == {"take": take.pk, "decision": "changes_requested", "released": False}
    assert Decision.objects.get().note == "Slower."


@pytest.mark.parametrize(
    ("who", "options", "says"),
    [
        ("creative", ["--approve"], "As a creative you may not approve takes"),
        ("viewer", ["--approve"], "As a viewer you may not approve takes"),
        ("stranger", ["--approve"], "is not a member of the workspace kitchen"),
        ("producer", ["--request-changes"], "Write what should change"),
    ],
)
def test_a_no_is_a_sentence_and_exit_code_1(request, take, who, options, says):
    person = request.getfixturevalue(who).user
    with pytest.raises(CommandError, match=says) as refused:
        call_command("decide_take", str(take.pk), "--as", person.email, *options)
    assert refused.value.returncode == 1
    assert not Decision.objects.exists()


def test_someone_who_left_decides_nothing(take, producer):
    producer.user.is_active = False
    producer.user.save(update_fields=["is_active"])
    with pytest.raises(CommandError, match="not a member"):
        call_command("decide_take", str(take.pk), "--as", producer.user.email, "--approve")


def test_a_take_that_is_not_ready_or_not_there(workspace, producer):
    running = take_without_files(workspace, Status.RUNNING)
    for pk, says in ((running.pk, "Wait until it is ready"), (running.pk + 1, "There is no take")):
        with pytest.raises(CommandError, match=says) as refused:
            call_command("decide_take", str(pk), "--as", producer.user.email, "--approve")
        assert refused.value.returncode == 1


@pytest.mark.parametrize("verdicts", [[], ["--approve", "--request-changes"]])
def test_one_verdict_and_only_one(take, producer, verdicts):
    with pytest.raises(CommandError) as misused:
        call_command("decide_take", str(take.pk), "--as", producer.user.email, *verdicts)
    assert misused.value.returncode != 0


def test_the_report_adds_decision_and_release(take, producer, capsys):
    report = describe_take(take)
    assert (report["take"], report["decision"], report["released"]) == (take.pk, None, False)
    assert report["payload_sha256"] == take.payload_sha256
    decided(capsys, take.pk, "--as", producer.user.email, "--approve")
    report = describe_take(take)
    assert (report["decision"], report["released"]) == ("approved", True)
    assert set(report["assets"]) >= {"preview_gif", "video"}
