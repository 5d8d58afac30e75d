"""A charge that is not made on its day: moved to the first day on which it may be, the borrower notified
where another day was named to them; or given to a person.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.compliance import Allowed, ContactRules, NotBefore, load_rules, may_contact
from bot.debit.charging.banking_days import first_possible, next_contact_day
from bot.debit.charging.guard import blocked_by, first_allowed_day
from bot.debit.charging.snapshot import LoadedCharge
from bot.debit.charging.transitions import SYSTEM, cancel, open_case, record, send_news, transition
from bot.debit.notices import notice_key, take_back_notice
from bot.reach import contact_request
from bot.services import Services
from models import charge_table, event_table
from models.base import AnyRow
from values import city_day

AT_ONCE = frozenset({"missed", "late", "not_announced", "due_moved"})
"""Reasons that leave nothing to wait for: it is announced afresh as soon as may be."""
NOT_ANNOUNCED = frozenset({"not_announced", "unreachable"})


def postpone(
    connection: Connection,
    services: Services,
    loaded: LoadedCharge,
    reason: str,
    now: datetime,
    until: date | None = None,
) -> None:
    """To the first day on which it may be made when it is announced as soon as may be, or on the next contact
    day where something stands against it now. Its notice, if it has not left, is withdrawn.
    """
    row = loaded.row
    take_back_notice(connection, row, now)
    rules = load_rules(services.lender.lender.contact_country)
    opens = opens_at(services, row.zone, "whatsapp", rules, now) if reason in AT_ONCE else None
    announced_on = city_day(opens) if opens else next_contact_day(city_day(now), rules)
    day = first_possible(announced_on, until or date.min, row.retry)
    move_to(
        connection, loaded, first_allowed_day(replace(loaded.snapshot, charge_on=day)) or day, reason, now
    )
    if reason in NOT_ANNOUNCED:
        open_case(connection, "charge_not_announced", str(row.id), now, row.loan_id, charge=row.id)
    if reason == "over_period":
        open_case(connection, "charge_over_period", str(row.id), now, row.loan_id, charge=row.id)
    if reason not in AT_ONCE | NOT_ANNOUNCED or until is not None:
        _correct(connection, loaded, now)


def move_to(connection: Connection, loaded: LoadedCharge, day: date, reason: str, now: datetime) -> None:
    """Planned for `day`, to be announced afresh, even where that day was announced before."""
    row = loaded.row
    again = update(event_table).where(event_table.c.key == notice_key(loaded.row, day))
    connection.execute(again.values(key=event_table.c.key + f":{now.isoformat()}"))
    values: dict[str, Any] = {
        "charge_on": day,
        "planned_due_date": row.due_date,
        "notice_message_id": None,
        "notified_at": None,
        "failed_notices": row.failed_notices + (reason in NOT_ANNOUNCED),
    }
    if row.status == "planned":
        connection.execute(
            update(charge_table)
            .where(charge_table.c.id == row.id, charge_table.c.status == "planned")
            .values(**values)
        )
    else:
        transition(connection, row, "planned", now, because={"reason": reason}, **values)


def _correct(connection: Connection, loaded: LoadedCharge, now: datetime) -> None:
    """A day that was named to its borrower is not kept: they learn the new one, or that there is none yet."""
    row = loaded.row
    if row.expected_on is None:
        return
    moved_to = connection.scalar(select(charge_table.c.charge_on).where(charge_table.c.id == row.id))
    expected = None if blocked_by(loaded.snapshot) else moved_to
    if expected == row.expected_on:
        return
    connection.execute(update(charge_table).where(charge_table.c.id == row.id).values(expected_on=expected))
    notify_moved(connection, row, expected, now)


def notify_moved(
    connection: Connection, row: AnyRow, to: date | None, now: datetime, actor: str = SYSTEM
) -> None:
    """The ledger and the borrower learn that it is not made on the day that was named."""
    days = {"was": row.expected_on.isoformat(), **({"charge_on": to.isoformat()} if to else {})}
    once = f"{row.expected_on}:{now.isoformat()}"
    record(connection, row, "charge.moved", now, actor=actor, once=once, **days)
    send_news(connection, row, "charge.moved", now, once=once, **days)


def refuse(connection: Connection, row: AnyRow, reason: str, now: datetime) -> None:
    """Not by us: it is not planned again under this mandate before a person has decided."""
    cancel(connection, row, reason, now, return_code=reason)
    open_case(connection, f"charge_{reason}", str(row.id), now, row.loan_id, charge=row.id, amount=row.unpaid)


def opens_at(
    services: Services, zone: str | None, channel: str, rules: ContactRules, now: datetime
) -> datetime | None:
    """The first moment at which a notice may leave; what differs from message to message is asked again at
    dispatch.
    """
    match may_contact(contact_request(services, now, channel, "notice", zone=zone), rules):
        case Allowed():
            return now
        case NotBefore(at=at):
            return at
        case _:
            return None
