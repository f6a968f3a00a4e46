"""How django-allauth behaves in this house: sign-in only, accounts are made by admins."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No stranger signs up: members are added by an admin of their workspace."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
