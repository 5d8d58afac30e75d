"""What collecting costs the lender: the prices of messages, and what its own file says of the rest."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.lender import Lender
from bot.outreach import price_list
from bot.reports.kpi import Costs, Price
from values import Money


def costs_of(lender: Lender) -> Costs:
    costs = lender.policy.costs
    prices = _prices(lender.lender.contact_country, Decimal(costs.pesos_per_usd))
    return Costs(
        tuple(prices) or Costs().prices,
        *(Money.parse_pesos(each).centavos for each in (costs.debit, costs.call, costs.reply)),
    )


def _prices(country: str, pesos_per_usd: Decimal) -> Iterator[Price]:
    known = price_list(country)
    for place, (channel, since, usd) in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else None
        until = following[1] if following and following[0] == channel else date.max
        yield channel, since, until, round(usd * pesos_per_usd * 100)
