"""A person at a running studio, as far as HTTP goes: signed in, looking, pressing buttons."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back, errors included."""

    status: int
    headers: dict[str, str]
    body: bytes


class Visitor:
    """Signs in at once."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self._url = url
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self.get("/accounts/login/")
        signed_in = self.post("/accounts/login/", login=email, password=password)
        assert any(cookie.name == "sessionid" for cookie in self._cookies), signed_in

    def get(self, path: str, **headers: str) -> Answer:
        """Headers are named with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask(urllib.request.Request(self._url + path, headers=named))

    def post(self, path: str, **fields: str) -> Answer:
        """Post a form; a redirect is followed."""
        token = next((cookie.value for cookie in self._cookies if cookie.name == "csrftoken"), "")
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token or ""}).encode()
        return self._ask(urllib.request.Request(self._url + path, data=body))

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, dict(refused.headers), refused.read())
