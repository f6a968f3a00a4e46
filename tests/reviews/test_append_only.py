"""Neither the models nor the database let anyone rewrite what was decided."""

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import withdraw
from studio.reviews.models import Decision, Release
from tests.builders import take_without_files


@pytest.fixture
def decision(take, producer):
    return decide(take, Verdict.APPROVED, producer.user, "Yes.")


def refused(sql, *values):
    words = "stands as it was made|stays withdrawn"
    with pytest.raises(Error, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_models_refuse(decision):
    with pytest.raises(TypeError, match="Record a new one"):
        Decision.objects.update(verdict="changes_requested")
    with pytest.raises(TypeError, match="Record a new one"):
        Decision.objects.all().delete()
    with pytest.raises(TypeError, match="Record a new one"):
        decision.delete()
    assert Decision.objects.get().note == "Yes."


def test_the_database_refuses_a_changed_decision(decision):
    refused("UPDATE reviews_decision SET verdict = 'changes_requested' WHERE id = %s", decision.pk)
    decision.note = "No."
    with pytest.raises(Error, match="stands as it was made"), transaction.atomic():
        decision.save()
    assert Decision.objects.get().note == "Yes."


def test_the_database_refuses_to_delete_what_was_decided_or_released(decision, take):
    refused("DELETE FROM reviews_decision WHERE id = %s", decision.pk)
    refused("DELETE FROM reviews_release")
    withdraw(take, decision.decided_by)
    refused("DELETE FROM reviews_release")
    assert (Decision.objects.count(), Release.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_emptied_for_a_test_is_guarded_as_before(decision):
    call_command("flush", interactive=False, verbosity=0)
    assert not Decision.objects.exists()
    workspace = Workspace.objects.create(name="Afterwards", slug="afterwards")
    take = take_without_files(workspace, "ready")
    user = User.objects.create_user("late@afterwards.example")
    Decision.objects.create(take=take, verdict=Verdict.APPROVED, decided_by=user)
    refused("DELETE FROM reviews_decision")
    refused("UPDATE reviews_decision SET note = 'No.'")


@pytest.mark.parametrize("column", ["payload_sha256", "preview_sha256", "video_sha256"])
def test_the_database_refuses_another_seal_for_a_release(decision, column):
    refused(f"UPDATE reviews_release SET {column} = 'x'")  # noqa: S608  (a name of the list above)


def test_a_withdrawal_is_written_once(decision, take, producer):
    withdraw(take, producer.user)
    refused("UPDATE reviews_release SET withdrawn_at = NULL")
    refused("UPDATE reviews_release SET withdrawn_at = %s", timezone.now())
    assert Release.objects.get().withdrawn_by == producer.user


def test_a_take_with_a_history_cannot_be_removed(decision, take):
    with pytest.raises(ProtectedError):
        take.delete()
    with pytest.raises(ProtectedError):
        take.project.delete()
