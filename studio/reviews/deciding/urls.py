from django.urls import path

from studio.reviews.deciding import views
from studio.reviews.deciding.policy_page import manage_policy

urlpatterns = [
    path("takes/<int:pk>/decision/", views.show_decision, name="decision"),
    path("takes/<int:pk>/decide/", views.decide_take, name="decide"),
    path("takes/<int:pk>/decision/withdraw/", views.withdraw_word, name="take-back"),
    path("takes/<int:pk>/release/", views.release_take, name="release"),
    path("takes/<int:pk>/withdraw/", views.withdraw_release, name="withdraw"),
    path("w/<slug:slug>/review-policy/", manage_policy, name="policy"),
]
