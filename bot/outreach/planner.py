"""Who is reached out to today: one set-based statement for each step of the strategy, never a loop over loans."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, String, bindparam, case, cast, func, literal, literal_column, not_, or_, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import Allowed, ContactRequest, ContactRules, NotBefore, load_rules, may_contact
from bot.outreach.strategy import Step, Strategy, load_strategy
from bot.services import Services
from models import Borrower, Charge, ContactPoint, Conversation, Event, Hold, Loan, Message, Promise, reading, writing
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE

_B, _K, _P, _C, _E, _H, _L, _M, _R = (
    m.__table__ for m in (Borrower, Charge, ContactPoint, Conversation, Event, Hold, Loan, Message, Promise)
)  # fmt: skip


def plan(services: Services) -> int:
    """Queues today's outreach; how many. Run twice, or by two at once, it plans nothing twice: the event's key is unique."""
    now = services.clock.now()
    rules, strategy = load_rules(services.lender.lender.contact_country), load_strategy()
    role = services.lender.lender.sender_role
    with reading(services.engine) as connection:
        zones = list(connection.scalars(select(_B.c.zone).distinct()))
    openings = {zone: _opening(now, zone, rules, role) for zone in zones}
    planned = 0
    for step in strategy.steps:
        with writing(services.engine) as connection:
            planned += _plan_step(connection, services, step, strategy, now, openings, rules)
    return planned


def _opening(now: datetime, zone: str | None, rules: ContactRules, role: str) -> datetime:
    """The first lawful moment in a zone; what differs from borrower to borrower is asked again at dispatch."""
    verdict = may_contact(ContactRequest(now, ZoneInfo(zone) if zone else None, "email", "contact", sender_role=role), rules)  # type: ignore[arg-type]
    match verdict:
        case NotBefore(at=at):
            return at
        case Allowed():
            return now
        case _:
            return now + timedelta(days=1)


def _plan_step(
    connection: Connection,
    services: Services,
    step: Step,
    strategy: Strategy,
    now: datetime,
    openings: dict[str | None, datetime],
    rules: ContactRules,
) -> int:
    today = services.day(now)
    known = {zone: literal(at, UtcDateTime) for zone, at in openings.items() if zone is not None}
    fallback = literal(openings.get(None, now), UtcDateTime)
    due, reach = _due(step, now, rules).subquery("due"), _reach().subquery("reach")
    not_before = case(known, value=due.c.zone, else_=fallback) if known else fallback
    data = {"flow": step.flow, "step": step.name, "tone": step.tone, "strategy": f"{strategy.name}@{strategy.version}"}
    rows = (
        select(
            reach.c.conversation_id, due.c.loan_id, literal("outreach"), literal(data, Json), due.c.key, type_coerce(not_before, UtcDateTime), literal(0),
            literal(now, UtcDateTime),
        )
        .select_from(due.join(reach, reach.c.borrower_id == due.c.borrower_id))
        .where(due.c.rank == 1, reach.c.rank == 1)
    )  # fmt: skip
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(_E)
    columns = ["conversation_id", "loan_id", "kind", "data", "key", "not_before", "attempts", "created_at"]
    statement = insert.from_select(columns, rows).on_conflict_do_nothing(index_elements=["key"])
    window = {"first": today - timedelta(days=step.until), "last": today - timedelta(days=step.day), "since": now - timedelta(days=7)}
    return connection.execute(statement.execution_options(preserve_rowcount=True), window).rowcount


def _due(step: Step, now: datetime, rules: ContactRules) -> Select[Any]:
    """Loans in the step's window that may be chased, the most overdue first for each borrower: none that is promised or about to be charged."""
    key = literal("outreach:") + cast(_L.c.id, String) + literal(":") + cast(_L.c.overdue_since, String) + literal(f":{step.name}")
    held = select(_H.c.id).where(_H.c.loan_id == _L.c.id, _H.c.lifted_at.is_(None), or_(_H.c.until.is_(None), _H.c.until > now))
    promised = select(_R.c.id).where(_R.c.loan_id == _L.c.id, _R.c.status == "open")
    charged = select(_K.c.id).where(_K.c.loan_id == _L.c.id, literal_column(f"charge.{OPEN_CHARGE}"))
    asked = select(_E.c.id).where(_E.c.key == key)
    recent = (
        select(func.count())
        .where(_M.c.borrower_id == _B.c.id, _M.c.purpose == "contact", _M.c.created_at >= bindparam("since", type_=UtcDateTime))
        .scalar_subquery()
    )
    return (
        select(
            _L.c.id.label("loan_id"), _L.c.borrower_id, _B.c.zone, key.label("key"),
            func.row_number().over(partition_by=_L.c.borrower_id, order_by=(_L.c.overdue_since, _L.c.id)).label("rank"),
        )
        .select_from(_L.join(_B, _B.c.id == _L.c.borrower_id))
        .where(
            _L.c.overdue_since.between(bindparam("first"), bindparam("last")), _L.c.outstanding_centavos > 0,
            _L.c.status.in_(sorted(rules.claimable)), _B.c.opted_out_at.is_(None), not_(held.exists()), not_(promised.exists()), not_(charged.exists()),
            not_(asked.exists()), recent < rules.contact_per_7_days,
        )
    )  # fmt: skip


def _reach() -> Select[Any]:
    """Where each borrower is reached: a confirmed address first, then the channel they prefer, then the one given last; never one that a person has."""
    order = (case((_P.c.status == "confirmed", 0), else_=1), case((_P.c.channel == _B.c.preferred_channel, 0), else_=1), _P.c.id.desc())
    return (
        select(_P.c.borrower_id, _P.c.conversation_id, func.row_number().over(partition_by=_P.c.borrower_id, order_by=order).label("rank"))
        .select_from(_P.join(_B, _B.c.id == _P.c.borrower_id).join(_C, _C.c.id == _P.c.conversation_id))
        .where(_P.c.status.in_(("unverified", "confirmed")), _C.c.handler == "bot")
    )
