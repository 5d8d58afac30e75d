"""Amounts in Belvo's own form."""

from values import Money


def pesos(amount: Money) -> int | float:
    """As Belvo wants amounts: a number of pesos. JSON has no decimals of its own; any number of centavos
    below 2^53 survives the way.
    """
    return amount.centavos // 100 if amount.centavos % 100 == 0 else float(amount.pesos)
