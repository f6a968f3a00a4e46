"""Flags against a plain model: whatever is started, ticked and deleted, what is open is open."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.storyboards import flags
from studio.storyboards.boards import board_of
from studio.storyboards.edits import history
from studio.storyboards.edits.revising import create_project
from studio.storyboards.edits.shots import delete_shot
from studio.storyboards.flagged import Flagged
from studio.storyboards.flags import Fix, Round
from studio.storyboards.models import Project, Shot

SHOTS = 3
places = st.integers(0, SHOTS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.sampled_from([1, 2]), st.sets(places), st.booleans()),
        st.tuples(st.sampled_from(["finish", "reopen", "delete"]), places),
        st.tuples(st.just("undo")),
    ),
    max_size=14,
)


class Model:
    """What a person would say is flagged: {(take, shot): is it done}."""

    def __init__(self, project, pks):
        self.project, self.pks, self.by = project, pks, project.created_by
        self.shown, self.hidden = {}, {}

    def start(self, take, chosen, keep):
        pks = {self.pks[place] for place in chosen}
        fixes = [Fix(pk, "Brighter.", "Take", "/takes/1/") for pk in sorted(pks)]
        flags.start(self.project, Round(take, take, fixes), self.by, keep_others=keep)
        known = {**self.hidden, **self.shown}
        stays = {
            key for key, is_done in self.shown.items() if key[0] != take and keep and not is_done
        }
        meant = {(take, pk) for pk in pks}
        self.shown = {key: known.get(key, False) for key in stays | meant}
        self.hidden = {key: done for key, done in known.items() if key not in self.shown}

    def tick(self, place, is_done):
        pk = self.pks[place]
        for row in self.project.flags.filter(shot=pk, is_set_aside=False):
            act = flags.finish if is_done else flags.reopen
            assert act(self.project, row.pk, *([self.by] if is_done else [])) == (
                self.shown[row.take, pk] != is_done
            )
            self.shown[row.take, pk] = is_done

    def board(self):
        project = Project.objects.get(pk=self.project.pk)
        return board_of(project)

    def check(self):
        board = self.board()
        there = [shot.pk for shot in board.shots]
        found = Flagged(board)
        expected = {(take, pk) for (take, pk), done in self.shown.items() if not done}
        assert list(found.open) == [pk for pk in there if any(pk == one for _, one in expected)]
        assert {(row.take, row.shot): row.done_at is not None for row in found.all} == {
            key: done for key, done in self.shown.items() if key[1] in there
        }


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_what_is_open_is_what_was_started_and_not_ticked(workspace, creative, steps):
    shots = [Shot(scene_id=f"scene-{n}", duration_ms=6_000) for n in range(SHOTS)]
    project = create_project(workspace, creative.user, "Walk", shots=shots)
    model = Model(project, [shot.pk for shot in board_of(project).shots])
    for step in steps:
        if step[0] == "start":
            model.start(*step[1:])
        elif step[0] == "undo":
            if model.board().can_undo:
                history.undo(project, project.revision, creative.user)
        elif step[0] == "delete":
            if board_of(project).shot(model.pks[step[1]]):
                delete_shot(project, project.revision, creative.user, model.pks[step[1]])
        else:
            model.tick(step[1], step[0] == "finish")
        model.check()
