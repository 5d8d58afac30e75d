"""What collecting costs the lender: the prices of messages, and what its own file says of the rest."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from bot.lender import Lender, Prices
from bot.reports.kpi import Costs, MessagePrice
from values import Money

CATEGORIES = (("whatsapp", "utility"), ("whatsapp", "service"), ("sms", ""), ("email", ""))


def costs_of(lender: Lender) -> Costs:
    costs = lender.policy.costs
    prices = _prices(lender.prices, Decimal(costs.pesos_per_usd))
    return Costs(
        tuple(prices) or Costs().prices,
        *(Money.parse_pesos(each).centavos for each in (costs.debit, costs.call, costs.reply)),
    )


def _prices(prices: Prices, pesos_per_usd: Decimal) -> Iterator[MessagePrice]:
    """A price may change on each day that any of its channel does."""
    for channel, category in CATEGORIES:
        days = sorted({price.since for price in prices if price.channel == channel})
        for since, until in pairwise([*days, date.max]):
            usd = prices.usd(channel, category or None, since)
            yield channel, category, since, until, round(usd * pesos_per_usd * 100)
