"""How django-allauth behaves in this house: sign-in only, accounts are made by admins."""

import math
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):
    """No stranger signs up: members are added by an admin of their workspace."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This e-mail and password do not belong together. Check both and try again."
        ),
        "incorrect_password": "This is not your current password. Type it once more.",
        "enter_current_password": "This is not your current password. Type it once more.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: allauth would also follow to any other of ALLOWED_HOSTS."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; once there are too many, say for how long to wait."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = _in_words(_seconds_to_wait(request, key))
            raise ValidationError(
                f"Too many tries with a wrong password. Wait {wait}, then sign in again.",
                code="too_many_login_attempts",
            ) from None


def _seconds_to_wait(request: HttpRequest, key: str) -> float:
    """Until every rate of failed sign-ins has room again; allauth keeps the newest try first."""
    waits = [1.0]
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        place = ratelimit.get_cache_key(
            request, app="allauth.account", action="login_failed", rate=rate, key=key
        )
        tries = cache.get(place, [])
        if len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - time.time())
    return max(waits)


def _in_words(seconds: float) -> str:
    if seconds > 90:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds)} second{'s' if seconds > 1 else ''}"
