"""The pages of django-allauth that this house has; the others answer 404.

Sign-up stays so that its address says that it is closed, the password reset so that it says whom
to ask: Shotboard sends no mail yet.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path(
        "password/reset/",
        login_not_required(TemplateView.as_view(template_name="account/password_reset.html")),
        name="account_reset_password",
    ),
]
