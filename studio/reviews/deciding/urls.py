from django.urls import path

from studio.reviews.views import takes

urlpatterns = [
    path("takes/<int:pk>/decide/", takes.decide_take, name="decide"),
    path("takes/<int:pk>/release/", takes.release_take, name="release"),
    path("takes/<int:pk>/withdraw/", takes.withdraw_release, name="withdraw"),
]
