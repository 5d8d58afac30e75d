"""The due work of agreements: counted, reminded of, reported; and offers that nobody took."""

from datetime import timedelta

from sqlalchemy import Connection, Select, bindparam, literal_column, select, update

from bot.reach import News, NewTask, notify_borrowers, open_tasks
from bot.services import Services
from models import charge_table, ledger, plan_instalment_table, plan_table, transition_table, write_tx
from models.base import word
from models.charge import OPEN_CHARGE
from models.ledger import JudgedPlan
from models.upsert import insert_new
from values import previous_banking_day

ACTOR = "system:plans"
BATCH = 500
_LONGEST_WAY = timedelta(days=7)
"""No banking day is further from the one before it."""


def judge_plans(services: Services) -> int:
    """Counts the money of agreements whose loan has moved, or whose day has passed; how many changed."""
    with write_tx(services.engine) as connection:
        return _judge(connection, services)


def judge_plans_of(connection: Connection, services: Services, loan_id: int) -> None:
    """The same for one loan, in the transaction that moved its money: who reported it sees what it did."""
    _judge(connection, services, loan_id)


def _judge(connection: Connection, services: Services, loan: int | None = None) -> int:
    now = services.clock.now()
    judged = ledger.judge_plans(connection, services.day(now), now, services.day, loan)
    notify_borrowers(connection, _news(judged), now)
    open_tasks(connection, [_late(plan, services) for plan in judged if plan.kind == "settlement.late"])
    return len(judged)


def _news(judged: tuple[JudgedPlan, ...]) -> list[News]:
    return [News(plan.loan_id, plan.kind, plan.key, plan.data) for plan in judged]


def _late(plan: JudgedPlan, services: Services) -> NewTask:
    now = services.clock.now()
    return NewTask("settlement_late", now, key=f"task:{plan.key}", loan_id=plan.loan_id, data=plan.data)


def remind_plans(services: Services) -> int:
    """Queues the reminder of each part on the banking day before it; how many are due. Queued once per
    part and day.
    """
    now = services.clock.now()
    today = services.day(now)
    parts = (
        select(plan_instalment_table, plan_table.c.loan_id, plan_table.c.folio)
        .join(plan_table, plan_table.c.id == plan_instalment_table.c.plan_id)
        .where(
            plan_table.c.status == word("active"),
            plan_instalment_table.c.status == word("open"),
            plan_instalment_table.c.due_date > today,
            plan_instalment_table.c.due_date <= today + _LONGEST_WAY,
            ~_charged().exists(),
        )
    )
    with write_tx(services.engine) as connection:
        due = [
            row
            for row in connection.execute(parts)
            if previous_banking_day(row.due_date) <= today and row.paid < row.amount
        ]
        news = [
            News(
                row.loan_id,
                "plan.reminder",
                f"plan:{row.plan_id}:reminder:{row.number}:{row.due_date.isoformat()}",
                {
                    "folio": row.folio,
                    "amount": row.amount - row.paid,
                    "due_date": row.due_date.isoformat(),
                },
            )
            for row in due
        ]
        notify_borrowers(connection, news, now)
    return len(due)


def _charged() -> Select[int]:
    """Of a part: a debit of it is under way, with a notice of its own."""
    return select(charge_table.c.id).where(
        charge_table.c.plan_instalment_id == plan_instalment_table.c.id,
        literal_column(f"charge.{OPEN_CHARGE}"),
    )


def expire_offers(services: Services) -> int:
    """Offers whose days are over are cancelled, a batch at a time; how many."""
    now = services.clock.now()
    today = services.day(now)
    over = (
        select(plan_table.c.id)
        .where(plan_table.c.status == word("offered"), plan_table.c.valid_until < today)
        .order_by(plan_table.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with write_tx(services.engine) as connection:
        ids = list(connection.scalars(over))
        if ids:
            connection.execute(
                update(plan_table).where(plan_table.c.id == bindparam("plan")).values(status="cancelled"),
                [{"plan": plan} for plan in ids],
            )
            rows = [
                {
                    "subject": "plan",
                    "subject_id": plan,
                    "seq": 2,
                    "from_status": "offered",
                    "to_status": "cancelled",
                    "at": now,
                    "actor": ACTOR,
                    "data": {"plan": plan, "reason": "expired"},
                }
                for plan in ids
            ]
            connection.execute(
                insert_new(connection, transition_table, ("subject", "subject_id", "seq")), rows
            )
    return len(ids)
