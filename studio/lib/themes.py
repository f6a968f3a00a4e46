"""Dark, light, or as the person's system has it: remembered by the browser, drawn by the server.

The page arrives in the right colours, so nothing flashes; css/tokens.css has both.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse

COOKIE: Final = "theme"
DARK: Final = "dark"
THEMES: Final = {"dark": "Dark", "light": "Light", "system": "As the system"}
_A_YEAR_S = 60 * 60 * 24 * 365


def theme_of(request: HttpRequest) -> str:
    """The theme that was chosen in this browser; dark where none was."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else DARK


def remember(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    """Keep the choice for a year."""
    response.set_cookie(
        COOKIE, theme, max_age=_A_YEAR_S, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def for_templates(request: HttpRequest) -> dict[str, object]:
    """`theme` and `themes`, on every page."""
    return {"theme": theme_of(request), "themes": THEMES.items()}
