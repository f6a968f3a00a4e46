"""Keeps secrets out of what is stored, shown or logged: keys, bearer tokens, signed queries."""

import re

EXCERPT_CHARS = 500
"""How much of an answer is kept with an error."""

# An excerpt is cut from this much of the answer, so that a huge body costs no time.
_LOOKED_AT_CHARS = 20_000

_URL_QUERY = re.compile(r"(?i)(https?:(?:\\?/){2}[^\s\"'<>?#]*)[?#][^\s\"'<>]*")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"',;<>]+")
_SIGNATURE = re.compile(r"(?i)\b((?:signature|sig|token|api[-_]?key)\"?\s*[=:]\s*\"?)[^\s\"'&<>]+")
_COOKIE = re.compile(r"(?i)\b((?:set-)?cookie\"?\s*[=:]\s*\"?)(?=[^\s=\"]+=)[^\r\n\"<>]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufeff]+")


def excerpt_of(body: bytes, *secrets: str) -> str:
    """Return the start of an answer as one line of at most 500 characters, without secrets."""
    text = body[:_LOOKED_AT_CHARS].decode("utf-8", errors="replace")
    return without_secrets(text, *secrets)[:EXCERPT_CHARS]


def without_secrets(text: str, *secrets: str) -> str:
    """Return `text` on one line, with `secrets`, bearer tokens and URL queries taken out."""
    return _CONTROL.sub(" ", masked(text, *secrets)).strip()


def masked(text: str, *secrets: str) -> str:
    """Return `text` as it is, but for `secrets`, bearer tokens, cookies and URL queries."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[key]")
    text = _URL_QUERY.sub(r"\1?[signed]", text)
    text = _BEARER.sub(r"\1[key]", text)
    text = _COOKIE.sub(r"\1[secret]", text)
    return _SIGNATURE.sub(r"\1[secret]", text)


def without_query(url: str) -> str:
    """Return a link without its query and fragment, which may be a signature."""
    return re.split(r"[?#]", url, maxsplit=1)[0]
