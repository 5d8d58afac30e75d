"""Who would get what from a strategy on a day: counted by step and channel, priced, with examples."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice, zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Subquery, and_, case, func, select

from bot.channels import as_numbered, refused_templates, template_category
from bot.compliance import load_rules
from bot.conversation import rehearse
from bot.lender import Prices
from bot.outreach.planning.addresses import as_in_force, by_number
from bot.outreach.planning.arms import Arm, arms
from bot.outreach.planning.candidates import candidates
from bot.outreach.planning.nobody import Nobody, why_nobody
from bot.outreach.planning.results import SEGMENTS, SERVICE, UTILITY
from bot.outreach.planning.strategy import Step, Strategy
from bot.outreach.planning.watching import stopped_variants
from bot.reach import WINDOW, channels_of
from bot.services import Services
from flows.types.effects import Say
from flows.types.event import Outreach
from models import borrower_table, conversation_table, loan_table, read_tx
from models.base import word
from values import LoanId, sms_segments

EXAMPLES = 10
MIDMORNING = time(10)


@dataclass(frozen=True, slots=True)
class Count:
    step: str
    variant: str
    """Empty where the step has none; `held-out` for those who are not written to on purpose."""
    channel: str
    category: str
    """By what WhatsApp charges: the template's category, `service` where the window is open; else empty."""
    borrowers: int
    usd: Decimal
    """At the lender's prices; answers to replies are not in it."""


@dataclass(frozen=True, slots=True)
class Example:
    borrower: str
    loan: str
    step: str
    channel: str
    category: str
    """Of the template that carries these words where WhatsApp's window is closed; else empty."""
    text: str
    segments: int | None = None
    """Of an SMS: each is paid for."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step that opens no conversation on WhatsApp for those who speak `language`."""

    step: str
    variant: str
    language: str
    template: str
    status: str
    is_proof: bool
    """For those alone who have not proved who they are."""


@dataclass(frozen=True, slots=True)
class Preview:
    day: date
    counts: tuple[Count, ...]
    examples: tuple[Example, ...]
    stopped: tuple[Stopped, ...] = ()
    """Who is left out of a step's counts."""
    nobody: tuple[Nobody, ...] = ()
    """Of steps without counts: why."""

    @property
    def usd(self) -> Decimal:
        return sum((count.usd for count in self.counts), Decimal())


def preview(services: Services, strategy: Strategy, day: date, *, explained: bool = True) -> Preview:
    """As the records stand now; a borrower who is in two steps is counted in both. `explained`: why a step
    reaches nobody is found out, too.
    """
    at = datetime.combine(day, MIDMORNING, ZoneInfo(services.settings.timezone))
    rules = load_rules(services.lender.lender.contact_country)
    if not strategy.runs_on(day):
        return Preview(day, (), (), nobody=(Nobody("", "", "not_running", 0),))
    counts: list[Count] = []
    examples: list[list[Example]] = []
    stopped: list[Stopped] = []
    nobody: list[Nobody] = []
    with read_tx(services.engine) as connection:
        for arm in _arms(connection, services, strategy):
            wanted = as_in_force(services, arm)
            chosen = candidates(wanted, strategy, at, day, rules).subquery("chosen")
            if wanted is not arm:
                chosen = by_number(chosen, arm.step.channels)
            if not arm.is_held_out:
                examples.append(list(_examples(connection, services, arm.step, chosen, at)))
                stopped += (Stopped(arm.step.name, arm.variant, *astuple(stop)) for stop in arm.stops)
            category, segments = _priced_as([] if arm.is_held_out else examples[-1])
            counted = list(_counts(connection, services.lender.prices, arm, chosen, at, category, segments))
            counts += counted
            if explained and not counted and not arm.is_held_out:
                nobody.append(why_nobody(connection, wanted, strategy, at, day, rules))
    by_turns = chain.from_iterable(zip_longest(*examples))  # one of each step, then the next of each
    shown = islice((each for each in by_turns if each), EXAMPLES)
    return Preview(day, tuple(counts), tuple(shown), tuple(stopped), tuple(nobody))


def _arms(connection: Connection, services: Services, strategy: Strategy) -> Iterator[Arm]:
    stopped = stopped_variants(connection, strategy.name)
    refused = refused_templates(connection, services.wording)
    held_out, channels = services.lender.policy.held_out_percent, channels_of(services)
    for step in strategy.steps:
        yield from arms(step, strategy, held_out, stopped, channels, refused)


def _priced_as(examples: list[Example]) -> tuple[str, Decimal]:
    """WhatsApp's category and the segments of an SMS: a step has one flow and one tone, its messages are
    alike.
    """
    by_sms = [each.segments for each in examples if each.segments]
    segments = Decimal(sum(by_sms)) / len(by_sms) if by_sms else Decimal(SEGMENTS)
    return next((each.category for each in examples if each.category), UTILITY), segments


def _counts(
    connection: Connection,
    prices: Prices,
    arm: Arm,
    chosen: Subquery,
    at: datetime,
    template: str,
    segments: Decimal,
) -> Iterator[Count]:
    """`template`: the category of what opens a conversation; `segments` of each SMS."""
    thread = conversation_table.c
    by_whatsapp = chosen.c.channel == word("whatsapp")
    is_open = and_(by_whatsapp, thread.channel == word("whatsapp"), thread.last_in_at > at - WINDOW)
    category = case((is_open, SERVICE), (by_whatsapp, template), else_="").label("category")
    query = (
        select(chosen.c.channel, category, func.count())
        .join(conversation_table, thread.id == chosen.c.conversation_id)
        .group_by(chosen.c.channel, category)
        .order_by(chosen.c.channel, category)
    )
    for channel, kind, count in connection.execute(query):
        paid_for = 0 if arm.is_held_out else count * (segments if channel == "sms" else 1)
        usd = paid_for * prices.usd(channel, kind or None, at.date())
        yield Count(arm.step.name, arm.variant, channel, kind, count, Decimal(usd))


def _examples(
    connection: Connection, services: Services, step: Step, chosen: Subquery, at: datetime
) -> Iterator[Example]:
    turn = func.row_number().over(partition_by=chosen.c.channel, order_by=chosen.c.loan_id)
    query = (
        select(
            chosen,
            borrower_table.c.external_id.label("borrower"),
            borrower_table.c.language,
            loan_table.c.external_id.label("loan"),
        )
        .join(borrower_table, borrower_table.c.id == chosen.c.borrower_id)
        .join(loan_table, loan_table.c.id == chosen.c.loan_id)
        .order_by(turn, chosen.c.loan_id)
        .limit(EXAMPLES)
    )
    wording = services.wording
    for row in connection.execute(query).all():
        event = Outreach(step.flow, LoanId(row.loan_id), {"tone": step.tone, "step": step.name})
        words = rehearse(connection, services, row.conversation_id, event, at)
        texts = [_shown(services, row.channel, say, row.language) for say in words]
        segments = sum(map(sms_segments, texts)) if row.channel == "sms" else None
        by_template = words[:1] if row.channel == "whatsapp" else []
        categories = [template_category(connection, wording, say, row.language) for say in by_template]
        yield Example(
            row.borrower,
            row.loan,
            step.name,
            row.channel,
            "".join(categories).lower(),
            "\n".join(texts),
            segments,
        )


def _shown(services: Services, channel: str, say: Say, language: str) -> str:
    rendered = services.wording.render(say, language)
    if channel != "sms":
        return rendered.text
    keys = [name for name, _ in say.lines]
    return services.lender.policy.in_sms(as_numbered(rendered.text, rendered.choices), keys)
