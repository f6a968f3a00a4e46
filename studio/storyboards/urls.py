"""Projects, the board, and what the board posts to."""

from django.urls import path

from studio.storyboards.views import (
    board,
    clipboard,
    finding,
    history,
    many,
    moves,
    pacing,
    projects,
    replacing,
    shots,
    together,
)

app_name = "storyboards"
urlpatterns = [
    path("", projects.list_projects, name="projects"),
    path("find/", finding.find, name="find"),
    path("projects/new/", projects.start_project, name="start-project"),
    path("projects/import/", projects.import_project, name="import-project"),
    path("projects/<int:pk>/", board.show_board, name="board"),
    path("projects/<int:pk>/edit/", board.edit_project, name="edit-project"),
    path("projects/<int:pk>/order/", board.reorder_shots, name="reorder-shots"),
    path("projects/<int:pk>/undo/", board.undo, name="undo"),
    path("projects/<int:pk>/redo/", board.redo, name="redo"),
    path("projects/<int:pk>/pulse/", together.pulse, name="pulse"),
    path("projects/<int:pk>/history/", history.list_revisions, name="history"),
    path("projects/<int:pk>/history/<int:number>/", history.show_revision, name="revision"),
    path(
        "projects/<int:pk>/history/<int:number>/restore/",
        history.restore_revision,
        name="restore-revision",
    ),
    path("projects/<int:pk>/shots/", shots.add_shot, name="add-shot"),
    path("projects/<int:pk>/many/", many.set_on_many, name="set-many"),
    path("projects/<int:pk>/many/delete/", many.delete_many, name="delete-many"),
    path("projects/<int:pk>/many/durations/", many.retime_many, name="retime-many"),
    path(
        "projects/<int:pk>/many/durations/preview/",
        many.preview_retiming,
        name="preview-retiming",
    ),
    path("projects/<int:pk>/duplicate/", moves.duplicate_shots, name="duplicate-shots"),
    path("projects/<int:pk>/insert/", moves.insert_shot, name="insert-shot"),
    path("projects/<int:pk>/merge/", moves.merge_shots, name="merge-shots"),
    path("projects/<int:pk>/move/", moves.move_shots, name="move-shots"),
    path("projects/<int:pk>/split/", moves.split_shot, name="split-shot"),
    path("projects/<int:pk>/shots.json", clipboard.copy_shots, name="copy-shots"),
    path("projects/<int:pk>/paste/", clipboard.paste_shots, name="paste-shots"),
    path("projects/<int:pk>/replace/", replacing.replace_in_prompts, name="replace-in-prompts"),
    path(
        "projects/<int:pk>/replace/preview/",
        replacing.preview_replacing,
        name="preview-replacing",
    ),
    path("projects/<int:pk>/fit/", pacing.fit_length, name="fit-length"),
    path("projects/<int:pk>/fit/preview/", pacing.preview_fit, name="preview-fit"),
    path("projects/<int:pk>/tap/", pacing.tap_timing, name="tap-timing"),
    path("projects/<int:pk>/shots/<int:shot>/", shots.edit_shot, name="edit-shot"),
    path("projects/<int:pk>/shots/<int:shot>/delete/", shots.delete_shot, name="delete-shot"),
    path("projects/<int:pk>/shots/<int:shot>/move/", shots.move_shot, name="move-shot"),
    path("shots/<int:pk>/frame.jpg", shots.show_frame, name="frame"),
]
