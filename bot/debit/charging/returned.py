"""A charge came back: what that calls for, decided by values; then done."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from bot.debit.charging.banking_days import APART, first_possible
from bot.debit.charging.guard import ATTEMPTS, ENDED, OtherCharge, Snapshot, first_allowed_day
from bot.debit.charging.mandates import stop_mandate
from bot.debit.charging.snapshot import load_charges
from bot.debit.charging.transitions import open_case, plan_retry, record, send_news, transition
from bot.debit.port import ChargeReport
from bot.debit.returns import Return, meaning_of
from models.base import AnyRow
from values import city_day

Retry = Literal["payday", "technical"]


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after a return: another attempt on a day, or the mandate stopped, or a person; and what the
    borrower is notified of.
    """

    say: Literal["retry", "new_account", "stopped", "person"]
    retry: Retry | None = None
    retry_on: date | None = None
    mandate: Literal["suspended", "disputed", "cancelled"] | None = None

    @property
    def person(self) -> bool:
        return self.say in ("person", "stopped")


def after(meaning: Return, *, attempt: int, retry: str | None, charge_on: date, today: date) -> Next:
    """Lack of funds: the next payday, three days later at least. A technical return: the next banking day,
    once. At most three attempts in all.
    """
    match meaning.action:
        case "retry_payday" if attempt < ATTEMPTS:
            return Next("retry", "payday", first_possible(today, charge_on + APART, "payday"))
        case "resend_next_day" if attempt < ATTEMPTS and retry != "technical":
            return Next("retry", "technical", first_possible(today))
        case "new_account":
            return Next("new_account", mandate="cancelled")
        case "stop_contact":
            return Next("stopped", mandate="cancelled" if meaning.ends_mandate else "suspended")
        case "dispute":
            return Next("stopped", mandate="disputed")
        case _:
            return Next("person")


def returned(connection: Connection, provider: str, row: AnyRow, report: ChargeReport, now: datetime) -> None:
    """Records it, plans what comes next, notifies the borrower: of the day that the guard allows as things
    stand, of none where something stands against another attempt, of nothing where nothing is owed.
    """
    (loaded,) = load_charges(connection, [row.id], now)
    snapshot, actor = loaded.snapshot, f"provider:{provider}"
    meaning = meaning_of(provider, report.return_code, report.return_text)
    attempt = 1 + sum(snapshot.is_same(other) for other in snapshot.others)
    then = after(meaning, attempt=attempt, retry=snapshot.retry, charge_on=row.charge_on, today=city_day(now))
    retries = snapshot.unpaid > 0 and snapshot.mandate not in ENDED
    named = _allowed_day(snapshot, then) if retries else None
    retry_day: dict[str, Any] = {"retry_on": named.isoformat()} if named else {}
    _record_return(connection, row, report, meaning, now, actor, retry_day)
    if then.retry and then.retry_on and retries:
        day = named or then.retry_on
        plan_retry(connection, row, then.retry, day, now, snapshot.unpaid, named=named is not None)
    if then.mandate:
        stop_mandate(connection, row.mandate_id, then.mandate, f"returned_{meaning.kind}", now, actor)
    if then.person:
        code = {"code": report.return_code, "meaning": meaning.kind}
        open_case(connection, "charge_returned", str(row.id), now, row.loan_id, charge=row.id, **code)
    if snapshot.unpaid > 0:
        send_news(connection, row, "charge.returned", now, next=then.say, **retry_day)


def _allowed_day(failed: Snapshot, then: Next) -> date | None:
    """The day of the next attempt as the guard sees it, this one having failed."""
    if then.retry_on is None:
        return None
    this = OtherCharge(
        failed.id,
        failed.mandate_id,
        failed.instalment_id,
        "returned",
        failed.amount,
        failed.charge_on,
        failed.plan_part,
    )
    attempt = replace(
        failed,
        id=sys.maxsize,
        charge_on=then.retry_on,
        retry=then.retry,
        others=(*failed.others, this),
    )
    return first_allowed_day(attempt)


def _record_return(
    connection: Connection,
    row: AnyRow,
    report: ChargeReport,
    meaning: Return,
    now: datetime,
    actor: str,
    retry_day: Mapping[str, Any],
) -> None:
    because = {"code": report.return_code, "kind": meaning.kind}
    values = {"return_code": report.return_code[:16] or "none", "return_text": report.return_text[:200]}
    transition(connection, row, "returned", now, actor=actor, because=because, **values)
    details = {"code": report.return_code, "meaning": meaning.kind, **retry_day}
    record(connection, row, "charge.returned", now, actor=actor, **details)
