"""Looking up by a name that a variable holds."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def holds(found: Mapping[str, Any], name: str) -> bool:
    """`{% if places|holds:comment.still %}`."""
    return name in found


@register.filter
def at(found: Mapping[str, Any], name: str) -> Any:
    """`{{ places|at:comment.still }}`; raises KeyError where it is not."""
    return found[name]
