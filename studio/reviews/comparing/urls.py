from django.urls import path

from studio.reviews.comparing import views

urlpatterns = [
    path("projects/<int:pk>/compare/", views.show_comparison, name="compare"),
    path("projects/<int:pk>/compare/stage/", views.show_stage, name="compare-stage"),
    path("projects/<int:pk>/compare/findings/", views.show_findings, name="compare-findings"),
    path("projects/<int:pk>/compare/again/", views.compare_again, name="compare-again"),
]
