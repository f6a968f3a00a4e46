from django.urls import path

from studio.reviews.notes import views

_NOTE = "takes/<int:pk>/notes/<int:note>"

urlpatterns = [
    path("takes/<int:pk>/notes/", views.show_notes, name="notes"),
    path("takes/<int:pk>/notes/add/", views.add_note, name="note-add"),
    path("takes/<int:pk>/notes/names/", views.suggest_names, name="note-names"),
    path(f"{_NOTE}/reply/", views.reply_to_note, name="note-reply"),
    path(f"{_NOTE}/edit/", views.edit_note, name="note-edit"),
    path(f"{_NOTE}/delete/", views.delete_note, name="note-delete"),
    path(f"{_NOTE}/restore/", views.restore_note, name="note-restore"),
    path(f"{_NOTE}/resolve/", views.resolve_note, name="note-resolve"),
    path(f"{_NOTE}/reopen/", views.reopen_note, name="note-reopen"),
    path(f"{_NOTE}/history/", views.show_history, name="note-history"),
    path(f"{_NOTE}/drawing/", views.show_drawing, name="note-drawing"),
]
