"""Two writers, each at a revision of their own: nothing is overwritten unseen, in any order."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.storyboards import clashes
from studio.storyboards.edits.revising import StaleEdit, create_project
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.models import Project, Shot

FIELDS = ("prompt", "notes")
steps = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(FIELDS), st.booleans()),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_only_what_was_seen_is_overwritten(workspace, creative, steps):
    shots = [Shot(scene_id=f"scene-{n}", duration_ms=2_000) for n in range(2)]
    pk = create_project(workspace, creative.user, "Walk", shots=shots).pk
    seen, written_at, texts = [1, 1], {}, {}
    for count, (writer, place, name, looks_first) in enumerate(steps):
        project = Project.objects.get(pk=pk)
        if looks_first:
            seen[writer] = project.revision
        base, values, shot = seen[writer], {name: f"{writer}.{count}"}, shots[place].pk
        try:
            board = edit_shot(project, base, creative.user, shot, values)
        except StaleEdit as stale:
            clashing = clashes.of_fields(stale, values, shot)
            assert clashing == (written_at.get((place, name), 1) > base)
            seen[writer] = stale.current.project.revision
            if clashing:
                continue
            project = Project.objects.get(pk=pk)
            board = edit_shot(project, seen[writer], creative.user, shot, values)
        seen[writer] = board.project.revision
        written_at[place, name], texts[place, name] = seen[writer], values[name]
    now = list(Project.objects.get(pk=pk).shots.all())
    for (place, name), text in texts.items():
        assert getattr(now[place], name) == text
