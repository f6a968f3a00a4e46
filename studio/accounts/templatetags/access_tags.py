"""The policy table for templates: what a role does not see, it is not tempted to press."""

from django import template

from studio.accounts.access import can, is_allowed
from studio.accounts.models import Role

register = template.Library()


@register.filter
def may(role: str, action: str) -> bool:
    """`{% if role|may:"MANAGE_KEYS" %}`; false for no role at all."""
    return is_allowed(role or "", can[action])


@register.filter
def role_name(role: str) -> str:
    """The role's name for people."""
    return str(Role(role).label)
