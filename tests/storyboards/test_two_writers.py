"""Writers who really cross: threads with connections of their own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from studio.accounts.models import User, Workspace
from studio.storyboards.edits.arranging import reorder
from studio.storyboards.edits.revising import StaleEdit, create_project
from studio.storyboards.edits.shots import add_shot, edit_shot
from studio.storyboards.models import Project, Revision

WRITERS, EDITS = 4, 12


def write(project_pk, author, writer):
    """Make every edit, trying again on the newer board after each lost race; count those."""
    lost = 0
    try:
        for edit in range(EDITS):
            while True:
                project = Project.objects.get(pk=project_pk)
                shots = list(project.shots.all())
                try:
                    if edit % 3 == 0:
                        order = [shot.pk for shot in shots[1:] + shots[:1]]
                        reorder(project, project.revision, author, order)
                    else:
                        shot = shots[edit % len(shots)]
                        fields = {"prompt": f"{writer}.{edit}"}
                        edit_shot(project, project.revision, author, shot.pk, fields)
                    break
                except StaleEdit:
                    lost += 1
    finally:
        connection.close()
    return lost


@pytest.mark.django_db(transaction=True)
def test_no_edit_is_silently_overwritten():
    workspace = Workspace.objects.create(name="Kitchen", slug="kitchen")
    author = User.objects.create_user("kim@kitchen.example")
    project = create_project(workspace, author, "Crossing")
    for base in (1, 2, 3):
        add_shot(project, base, author)
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(write, project.pk, author, writer) for writer in range(WRITERS)]
        for job in jobs:
            job.result()
    revisions = list(Revision.objects.filter(project=project).order_by("number"))
    assert [revision.number for revision in revisions] == list(range(1, 5 + WRITERS * EDITS))
    for before, after in zip(revisions[3:], revisions[4:], strict=False):
        texts = [
            {shot["pk"]: shot["prompt"] for shot in row.snapshot["shots"]}
            for row in (before, after)
        ]
        assert sum(texts[0][pk] != texts[1][pk] for pk in texts[0]) <= 1
    latest = revisions[-1].snapshot["shots"]
    assert [(shot["pk"], shot["prompt"]) for shot in latest] == list(
        project.shots.values_list("pk", "prompt")
    )
