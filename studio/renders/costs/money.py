"""Amounts of money, as people read them. Rounding happens here and nowhere before."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_FINEST = Decimal("0.0001")


def money(amount: Decimal, currency: str) -> str:
    """`1,234.50 USD`: with two decimals, or up to four where the amount needs them."""
    return f"{digits(amount)} {currency}".rstrip()


def digits(amount: Decimal) -> str:
    """The number of `money` alone."""
    exact = amount.quantize(_FINEST, ROUND_HALF_UP)
    shown = exact.quantize(_CENT) if exact == exact.quantize(_CENT) else exact.normalize()
    return f"{shown:,f}".replace("-", "−")  # noqa: RUF001 - a minus, not a hyphen
