"""What a guest reaches: the link itself, and below its `uid` the pages and files of one take.

The names are those of the members' addresses, so that `Reviewer.address` finds both.
"""

from django.urls import path

from studio.reviews.sharing.views import decisions, media, notes, pages

_NOTE = "shared/<uuid:uid>/notes/<int:note>"

app_name = "shared"
urlpatterns = [
    path("s/<str:token>", pages.open_link, name="open"),
    path("shared/<uuid:uid>/", pages.show_room, name="take"),
    path("shared/<uuid:uid>/enter", pages.enter_room, name="enter"),
    path("shared/<uuid:uid>/open/", pages.tell_whether_open, name="still-open"),
    path("shared/<uuid:uid>/mark", pages.serve_mark, name="mark"),
    path("shared/<uuid:uid>/preview.gif", media.serve_preview, name="preview"),
    path("shared/<uuid:uid>/poster", media.serve_poster, name="poster"),
    path("shared/<uuid:uid>/filmstrip.jpg", media.serve_filmstrip, name="filmstrip"),
    path("shared/<uuid:uid>/preview.mp4", media.serve_film, name="preview-film"),
    path("shared/<uuid:uid>/preview.jpg", media.serve_film_poster, name="film-poster"),
    path("shared/<uuid:uid>/strip.jpg", media.serve_strip, name="strip"),
    path("shared/<uuid:uid>/stage/", media.show_stage, name="stage"),
    path("shared/<uuid:uid>/stage/redraw/", media.redraw_film, name="redraw-film"),
    path("shared/<uuid:uid>/video.mp4", media.serve_video, name="video"),
    path("shared/<uuid:uid>/notes/", notes.show_notes, name="notes"),
    path("shared/<uuid:uid>/notes/add/", notes.add_note, name="note-add"),
    path(f"{_NOTE}/reply/", notes.reply_to_note, name="note-reply"),
    path(f"{_NOTE}/edit/", notes.edit_note, name="note-edit"),
    path(f"{_NOTE}/delete/", notes.delete_note, name="note-delete"),
    path(f"{_NOTE}/restore/", notes.restore_note, name="note-restore"),
    path(f"{_NOTE}/history/", notes.show_history, name="note-history"),
    path(f"{_NOTE}/drawing/", notes.show_drawing, name="note-drawing"),
    path("shared/<uuid:uid>/decision/", decisions.show_decision, name="decision"),
    path("shared/<uuid:uid>/decide/", decisions.decide_take, name="decide"),
    path("shared/<uuid:uid>/decision/withdraw/", decisions.withdraw_word, name="take-back"),
]
