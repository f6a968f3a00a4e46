from django.urls import path

from studio.reviews.library import downloading, views

urlpatterns = [
    path("w/<slug:slug>/releases/", views.show_library, name="library"),
    path("releases/<int:pk>/", views.show_release, name="released"),
    path("takes/<int:pk>/downloads/", downloading.choose_downloads, name="downloads"),
    path("takes/<int:pk>/board.pdf", downloading.download_board, name="board-pdf"),
    path("takes/<int:pk>/timeline.otio", downloading.download_timeline, name="timeline"),
    path("takes/<int:pk>/notes.csv", downloading.download_table, name="notes-csv"),
    path("takes/<int:pk>/notes.edl", downloading.download_markers, name="notes-edl"),
    path("takes/<int:pk>/pack.html", downloading.download_pack, name="pack"),
]
