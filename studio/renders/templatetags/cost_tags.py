"""Money in templates."""

from decimal import Decimal

from django import template

from studio.renders.costs.money import money
from studio.renders.costs.wording import cost_in_words

register = template.Library()
register.filter("cost_in_words", cost_in_words)


@register.filter("money")
def shown(amount: Decimal, currency: str) -> str:
    """`{{ spent|money:currency }}`: `1,234.50 USD`."""
    return money(amount, currency)
