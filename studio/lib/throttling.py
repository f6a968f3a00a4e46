"""How often one address, or one thing, may be asked: counted in the cache, over all web processes.

The counting is django-allauth's, as for sign-ins; a rate reads `20/m/ip` (twenty a minute from one
address) or `100/h/key` (of one `key`), several stand behind each other with commas.
"""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest

_APP = "shotboard"


@dataclass(frozen=True, slots=True)
class Throttle:
    """One thing that is not to be done too often."""

    name: str
    rates: str

    def has_room(self, request: HttpRequest, key: str = "") -> bool:
        """Whether one more would be let through; counts nothing."""
        return self._ask(request, key, is_dry=True) is not None

    def take(self, request: HttpRequest, key: str = "") -> ratelimit.RateLimitUsage | None:
        """Count one; None where there were too many. `rollback()` takes it back."""
        return self._ask(request, key, is_dry=False)

    def _ask(
        self, request: HttpRequest, key: str, *, is_dry: bool
    ) -> ratelimit.RateLimitUsage | None:
        return ratelimit.consume(
            request,
            app=_APP,
            action=self.name,
            config={self.name: self.rates},
            key=f"{self.name}:{key}",
            dry_run=is_dry,
            limit_get=True,
        )


def address_of(request: HttpRequest) -> str:
    """The visitor's IP address, behind as many proxies as STUDIO_PROXIES says."""
    return str(get_adapter(request).get_client_ip(request))


def network_of(request: HttpRequest) -> str:
    """The same to count by: of an IPv6 address the network, for all of that is one visitor's."""
    return str(ratelimit.get_ip(request))
