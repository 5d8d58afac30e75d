"""A report of money, in: matched with what is known, posted where it is new, shown to a person where nobody
can tell.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, String, bindparam, cast, insert, literal, or_, select, update

from bot.money.holds import place_hold
from bot.money.matching import DebitWindow, Doubt, Held, New, Reported, Same, match, shared_references
from bot.money.promises import promise_news
from bot.money.reported import payment_seen
from bot.reach import News, NewTask, notify_borrowers, open_task
from models import charge_table, inflow_table, loan_table, payment_report_table, task_table
from models.base import AnyRow
from models.ledger import Payment, Posted, post_payment
from values import Money, city_day

RECENT = timedelta(days=7)
"""A receipt is sent for money paid since; older money is posted without a word."""
Status = Literal["posted", "duplicate", "review"]
_MAY_BE = (
    update(payment_report_table)
    .where(payment_report_table.c.id == bindparam("report"))
    .values(candidates=bindparam("may_be"))
)
_SHOWN = update(task_table).where(task_table.c.id == bindparam("case")).values(data=bindparam("shown"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a report. `inflow` and `entry` are null while a person decides."""

    report: int
    status: Status
    inflow: int | None = None
    entry: int | None = None


def receive(
    connection: Connection, loan: AnyRow, reported: Reported, now: datetime, *, account: str = "bank"
) -> Outcome:
    """`account` is where the money is. The loan is locked: two reports of one sum must not both be first."""
    known = read_known(connection, loan.id)
    if repeated := _same_report(connection, loan.id, reported):
        return repeated
    own = (loan.pay_reference, loan.cash_reference, loan.external_id)
    verdict = match(reported, list(known.values()), shared_references(own, list(known.values())))
    if isinstance(verdict, Doubt):
        return _ask(connection, loan, reported, verdict, now)
    if isinstance(verdict, Same):
        return attach(connection, loan.id, reported, verdict.held, now)
    report = _write(connection, loan.id, reported, "posted", now)
    return post_report(connection, report, reported, now, account=account)


def read_known(connection: Connection, loan_id: int) -> dict[int, Held]:
    """Every inflow of the loan by its id, those that were taken back too: a late report may be of them."""
    reports: dict[int, list[Reported]] = defaultdict(list)
    query = select(payment_report_table).where(
        payment_report_table.c.loan_id == loan_id, payment_report_table.c.inflow_id.is_not(None)
    )
    for row in connection.execute(query):
        reports[row.inflow_id].append(as_reported(row))
    rows = connection.execute(
        select(inflow_table, charge_table.c.key)
        .outerjoin(charge_table, charge_table.c.id == inflow_table.c.charge_id)
        .where(inflow_table.c.loan_id == loan_id)
        .order_by(inflow_table.c.id)
    )
    return {
        row.id: Held(
            row.id,
            row.amount,
            tuple(reports[row.id]),
            DebitWindow(row.key, row.credited_from, row.credited_until) if row.charge_id else None,
            row.reversed_at,
        )
        for row in rows
    }


def as_reported(row: AnyRow) -> Reported:
    return Reported(row.source, row.rail, row.reference, row.amount, row.paid_at, row.actor)


def _same_report(connection: Connection, loan_id: int, reported: Reported) -> Outcome | None:
    """The same words again: what became of them, unless their money was taken back since; the second of two
    equal rows of a file is the second report.
    """
    table = payment_report_table
    decided_since = (table.c.status == "duplicate") & (table.c.decided_at >= inflow_table.c.reversed_at)
    in_force = or_(inflow_table.c.reversed_at.is_(None), decided_since)
    row = connection.execute(
        select(table, inflow_table.c.entry_id)
        .outerjoin(inflow_table, inflow_table.c.id == table.c.inflow_id)
        .where(
            table.c.loan_id == loan_id,
            table.c.source == reported.source,
            table.c.rail == reported.rail,
            table.c.reference == reported.reference,
            table.c.amount == reported.amount,
            table.c.paid_at == reported.paid_at,
            table.c.status != "dismissed",
            in_force,
        )
        .order_by(table.c.id)
        .offset(reported.repeated)
        .limit(1)
    ).first()
    if row is None:
        return None
    status: Status = "review" if row.status == "review" else "duplicate"
    return Outcome(row.id, status, row.inflow_id, row.entry_id)


def _write(
    connection: Connection,
    loan_id: int,
    reported: Reported,
    status: Status,
    now: datetime,
    *,
    inflow: int | None = None,
    candidates: tuple[int, ...] = (),
) -> int:
    window = reported.debit
    charge = (
        connection.scalar(select(charge_table.c.id).where(charge_table.c.key == window.key))
        if window
        else None
    )
    row = {
        "loan_id": loan_id,
        "inflow_id": inflow,
        "source": reported.source,
        "rail": reported.rail,
        "reference": reported.reference,
        "amount": reported.amount,
        "paid_at": reported.paid_at,
        "actor": reported.actor,
        "status": status,
        "charge_id": charge,
        "credited_from": window.first if window else None,
        "credited_until": window.last if window else None,
        "candidates": list(candidates),
        "created_at": now,
    }
    statement = insert(payment_report_table).values(**row).returning(payment_report_table.c.id)
    return int(connection.execute(statement).scalar_one())


def attach(connection: Connection, loan_id: int, reported: Reported, inflow: int, now: datetime) -> Outcome:
    """One report more of money that is known. A debit's report makes it the debit's money."""
    report = _write(connection, loan_id, reported, "duplicate", now, inflow=inflow)
    link_charge(connection, report, inflow)
    entry = connection.scalar(select(inflow_table.c.entry_id).where(inflow_table.c.id == inflow))
    return Outcome(report, "duplicate", inflow, entry)


def link_charge(connection: Connection, report: int, inflow: int) -> None:
    row = connection.execute(select(payment_report_table).where(payment_report_table.c.id == report)).one()
    if row.charge_id is None:
        return
    connection.execute(
        update(inflow_table)
        .where(inflow_table.c.id == inflow, inflow_table.c.charge_id.is_(None))
        .values(charge_id=row.charge_id, credited_from=row.credited_from, credited_until=row.credited_until)
    )


def _ask(connection: Connection, loan: AnyRow, reported: Reported, doubt: Doubt, now: datetime) -> Outcome:
    """A case for a person, with both sides. Until it is decided nothing is posted, and nobody is chased."""
    report = _write(connection, loan.id, reported, "review", now, candidates=doubt.held)
    query = select(payment_report_table).where(payment_report_table.c.inflow_id.in_(doubt.held))
    sides = [_shown(row) | {"payment": row.inflow_id} for row in connection.execute(query)]
    data = {"report": report, **_shown_reported(reported), "may_be": sides}
    open_task(connection, NewTask("same_money", now, key=f"same_money:{report}", loan_id=loan.id, data=data))
    place_hold(connection, loan.id, "payment_reported", now, "system:money")
    return Outcome(report, "review")


def _shown(row: AnyRow) -> dict[str, object]:
    return _shown_reported(as_reported(row))


def _shown_reported(reported: Reported) -> dict[str, object]:
    return {
        "source": reported.source,
        "amount": reported.amount,
        "paid_at": reported.paid_at.isoformat(),
        "rail": reported.rail,
        "reference": reported.reference,
    }


def post_report(
    connection: Connection, report: int, reported: Reported, now: datetime, *, account: str = "bank"
) -> Outcome:
    """Posts the money of a report that is nobody else's, as an inflow of its own."""
    row = connection.execute(select(payment_report_table).where(payment_report_table.c.id == report)).one()
    kind = "charge.collected" if reported.source == "debit" else "payment.posted"
    payment = Payment(
        Money(reported.amount),
        reported.paid_at,
        reported.rail,
        reported.reference,
        reported.actor,
        kind,
        account=account,
        once=f"report:{report}",
    )
    posted = post_payment(connection, row.loan_id, payment, now, city_day(now))
    values = {
        "loan_id": row.loan_id,
        "entry_id": posted.entry_id,
        "amount": reported.amount,
        "charge_id": row.charge_id,
        "credited_from": row.credited_from,
        "credited_until": row.credited_until,
        "created_at": now,
    }
    inflow = int(
        connection.execute(insert(inflow_table).values(**values).returning(inflow_table.c.id)).scalar_one()
    )
    connection.execute(
        update(payment_report_table)
        .where(payment_report_table.c.id == report)
        .values(inflow_id=inflow, status="posted")
    )
    _add_to_reviews(connection, row.loan_id, Held(inflow, reported.amount, (reported,)), reported)
    _notify(connection, row.loan_id, reported, posted, now)
    return Outcome(report, "posted", inflow, posted.entry_id)


def _add_to_reviews(connection: Connection, loan_id: int, posted: Held, reported: Reported) -> None:
    """A report that waits for a person may be of this money too: two of one payment are not both posted."""
    case = task_table.c.key == literal("same_money:").concat(cast(payment_report_table.c.id, String))
    query = select(payment_report_table, task_table.c.id.label("case"), task_table.c.data).join(
        task_table, case
    )
    waiting = connection.execute(
        query.where(payment_report_table.c.loan_id == loan_id, payment_report_table.c.status == "review")
    ).all()
    side = _shown_reported(reported) | {"payment": posted.id}
    values = [
        {
            "report": row.id,
            "may_be": [*row.candidates, posted.id],
            "case": row.case,
            "shown": {**row.data, "may_be": [*row.data["may_be"], side]},
        }
        for row in waiting
        if not isinstance(match(as_reported(row), [posted], frozenset()), New)
    ]
    if values:
        connection.execute(_MAY_BE, values)
        connection.execute(_SHOWN, values)


def _notify(connection: Connection, loan_id: int, reported: Reported, posted: Posted, now: datetime) -> None:
    """The receipt for money of these days; a debit has news of its own."""
    news = promise_news(posted.promises)
    seen = reported.source != "debit" and payment_seen(connection, loan_id, reported.amount, now)
    if seen or (reported.source != "debit" and reported.paid_at >= now - RECENT):
        data = {"amount": reported.amount, "kept": posted.kept, "reported": seen}
        news.insert(0, News(loan_id, "payment.posted", f"payment.posted:{posted.entry_id}", data))
    notify_borrowers(connection, news, now)


def lock_loan(connection: Connection, external_id: str) -> AnyRow | None:
    query = select(loan_table).where(loan_table.c.external_id == external_id)
    return connection.execute(query.with_for_update()).first()
