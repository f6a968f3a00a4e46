"""Addresses within a review, the same in a template for members and for guests."""

from typing import Any

from django import template

from studio.reviews.reviewing import Reviewer

register = template.Library()


@register.simple_tag
def address(reviewer: Reviewer, name: str, *args: Any) -> str:
    """`{% address reviewer "preview" %}`: where this person finds that page or file."""
    return reviewer.address(name, *args)
