"""Who would get what from a strategy on a day: counted by step and channel, priced, with examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice, zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from bot.compliance import ContactRules, load_rules
from bot.conversation import rehearse
from bot.outreach.planning.arms import Arm, arms
from bot.outreach.planning.candidates import candidates
from bot.outreach.planning.prices import price_of
from bot.outreach.planning.strategy import Strategy
from bot.outreach.planning.watching import stopped_variants
from bot.services import Services
from flows.types.event import Outreach
from models import borrower_table, loan_table, read_tx
from values import LoanId

EXAMPLES = 10
MIDMORNING = time(10)


@dataclass(frozen=True, slots=True)
class Count:
    step: str
    variant: str
    """Empty where the step has none; `held-out` for those who are not written to on purpose."""
    channel: str
    borrowers: int
    usd: Decimal
    """At the prices of the country; replies are not in it."""


@dataclass(frozen=True, slots=True)
class Example:
    borrower: str
    loan: str
    step: str
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    day: date
    counts: tuple[Count, ...]
    examples: tuple[Example, ...]

    @property
    def usd(self) -> Decimal:
        return sum((count.usd for count in self.counts), Decimal())


def preview(services: Services, strategy: Strategy, day: date) -> Preview:
    """As the records stand now; a borrower who is in two steps is counted in both."""
    at = datetime.combine(day, MIDMORNING, ZoneInfo(services.settings.timezone))
    rules = load_rules(services.lender.lender.contact_country)
    if not strategy.runs_on(day):
        return Preview(day, (), ())
    counts: list[Count] = []
    examples: list[Iterator[Example]] = []
    with read_tx(services.engine) as connection:
        for arm in _arms(connection, services, strategy):
            counts += _counts(connection, arm, strategy, at, rules)
            if not arm.is_held_out:
                examples.append(_examples(connection, services, arm, strategy, at, rules))
        by_turns = chain.from_iterable(zip_longest(*examples))  # one of each step, then the next of each
        shown = tuple(islice((each for each in by_turns if each), EXAMPLES))
    return Preview(day, tuple(counts), shown)


def _arms(connection: Connection, services: Services, strategy: Strategy) -> Iterator[Arm]:
    stopped = stopped_variants(connection, strategy.name)
    for step in strategy.steps:
        yield from arms(step, strategy, services.lender.policy.held_out_percent, stopped)


def _counts(
    connection: Connection, arm: Arm, strategy: Strategy, at: datetime, rules: ContactRules
) -> list[Count]:
    chosen = candidates(arm, strategy, at, at.date(), rules).subquery("chosen")
    query = select(chosen.c.channel, func.count()).group_by(chosen.c.channel).order_by(chosen.c.channel)
    return [
        Count(
            arm.step.name,
            arm.variant,
            channel,
            count,
            Decimal() if arm.is_held_out else count * price_of(rules.country, channel, at.date()),
        )
        for channel, count in connection.execute(query)
    ]


def _examples(
    connection: Connection,
    services: Services,
    arm: Arm,
    strategy: Strategy,
    at: datetime,
    rules: ContactRules,
) -> Iterator[Example]:
    chosen = candidates(arm, strategy, at, at.date(), rules).subquery("chosen")
    query = (
        select(
            chosen,
            borrower_table.c.external_id.label("borrower"),
            borrower_table.c.language,
            loan_table.c.external_id.label("loan"),
        )
        .join(borrower_table, borrower_table.c.id == chosen.c.borrower_id)
        .join(loan_table, loan_table.c.id == chosen.c.loan_id)
        .order_by(chosen.c.loan_id)
        .limit(EXAMPLES)
    )
    step = arm.step
    for row in connection.execute(query).all():
        event = Outreach(step.flow, LoanId(row.loan_id), {"tone": step.tone, "step": step.name})
        words = rehearse(connection, services, row.conversation_id, event, at)
        text = "\n".join(services.wording.render(say, row.language).text for say in words)
        yield Example(row.borrower, row.loan, step.name, row.channel, text)
