"""Money in templates."""

from decimal import Decimal

from django import template

from studio.renders.costs.money import money

register = template.Library()


@register.filter("money")
def shown(amount: Decimal, currency: str) -> str:
    """`{{ spent|money:currency }}`: `1,234.50 USD`."""
    return money(amount, currency)
