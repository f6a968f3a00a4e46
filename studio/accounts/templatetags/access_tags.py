"""The policy table and the audit log's words, for templates."""

from django import template

from studio.accounts.access import can, is_allowed
from studio.accounts.audit_words import data_in_words, deed_in_words
from studio.accounts.models import Role

register = template.Library()
register.filter("deed_in_words", deed_in_words)
register.filter("data_in_words", data_in_words)


@register.filter
def may(role: str, action: str) -> bool:
    """`{% if role|may:"MANAGE_KEYS" %}`; false for no role at all.

    What a role does not see, it is not tempted to press.
    """
    return is_allowed(role or "", can[action])


@register.filter
def role_name(role: str) -> str:
    """The role's name for people."""
    return str(Role(role).label)
