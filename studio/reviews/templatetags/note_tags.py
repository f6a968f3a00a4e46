"""What people wrote, with the names of whom they mean set off."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from studio.reviews.notes.mentions import pieces

register = template.Library()


@register.filter
def naming(text: str, handles: Sequence[str]) -> str | SafeString:
    """The text, escaped as ever; each `@Name` of `handles` is marked as a mention."""
    if not handles:
        return text
    mark = '<span class="mention">{}</span>'
    parts = (
        (format_html(mark, part) if is_name else part,) for is_name, part in pieces(text, handles)
    )
    return format_html_join("", "{}", parts)
