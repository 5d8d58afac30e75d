"""What comes of a case: who did it, which hold it ends, and what its borrower is informed of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.money import lift_hold, payment_not_found
from bot.reach import News, notify_borrowers
from models import loan_table, task_table
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from models.task import HELD_BY, TASK_OUTCOMES

CLAIMS = ("dispute", "complaint", "privacy_request")
"""Of which the borrower has a folio."""
RESOLVED = {"privacy_request": ("privacy.answered", "privacy.resolved")}
"""The ledger's entry and the news of one whose names are not `<kind>.resolved`."""
_OUTCOMES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(CLAIMS, ("upheld", "partly", "dismissed")),
    "vulnerable": ("resumed", "kept"),
    "payment_reported": ("found", "not_found"),
    "same_money": (),
}
"""Of kinds that end in ways of their own; whether two reports are the same money is decided, not closed."""


class UnknownOutcome(ValueError):
    """No case of this kind ends so."""

    def __init__(self, kind: str, outcome: str) -> None:
        super().__init__(f"a case {kind} does not end as {outcome!r}: choose {', '.join(outcomes(kind))}")


class ClosedBefore(Exception):
    """By somebody else, or with another outcome."""

    def __init__(self, case: AnyRow) -> None:
        super().__init__(f"{case.done_by} closed case {case.id} before as {case.outcome!r}")


def outcomes(kind: str) -> Sequence[str]:
    """The ways in which a case of this kind ends."""
    return _OUTCOMES.get(kind, TASK_OUTCOMES)


def close_case(
    connection: Connection, task_id: int, outcome: str, *, notified: bool, now: datetime, actor: str
) -> None:
    """Whoever is first did it; the same again changes nothing. What is held for it goes on by its outcome; a
    borrower who was not `notified` by a person is by the bot, once it has the conversation. Raises
    NoResultFound, UnknownOutcome, ClosedBefore.
    """
    row = task_table.c
    case = connection.execute(select(task_table).where(row.id == task_id).with_for_update()).one()
    if outcome not in outcomes(case.kind):
        raise UnknownOutcome(case.kind, outcome)
    if case.done_at is not None:
        if (case.done_by, case.outcome) == (actor, outcome):
            return
        raise ClosedBefore(case)
    connection.execute(
        update(task_table)
        .where(row.id == task_id)
        .values(done_at=now, done_by=actor, outcome=outcome, notified_at=now if notified else None)
    )
    if outcome == "not_found" and case.loan_id is not None:
        payment_not_found(connection, case.loan_id, now, actor, notified=notified)
    if case.kind in HELD_BY or case.kind in CLAIMS:
        _end(connection, case, outcome, notified=notified, now=now, actor=actor)


def _end(
    connection: Connection, case: AnyRow, outcome: str, *, notified: bool, now: datetime, actor: str
) -> None:
    loans: Sequence[int] = case.data["loans"]
    if case.kind in CLAIMS:
        data = {"folio": case.data["folio"], "outcome": outcome}
        kind, news = RESOLVED.get(case.kind, (f"{case.kind}.resolved",) * 2)
        entry = NewEntry(kind, data, actor)
        append_many(connection, {loan: [entry] for loan in sorted(loans)}, now)
        if not notified:
            _notify(connection, case, news, data, now)
    if case.kind in HELD_BY and not _stays(case.kind, case.data, outcome):
        for loan in sorted(set(loans) - _held_by_another(connection, case)):
            lift_hold(connection, loan, case.kind, now, actor, because={"case": case.id})


def _stays(kind: str, data: Mapping[str, Any], outcome: str) -> bool:
    """A debt that is not the borrower's is asked of them no more; the lender's own books correct it."""
    return outcome == "kept" or (kind == "dispute" and data.get("about") == "debt" and outcome == "upheld")


def _held_by_another(connection: Connection, case: AnyRow) -> set[int]:
    """Loans for which a case of the same kind is open still, opened from another address."""
    row = task_table.c
    others = select(row.data).where(
        row.kind == case.kind, row.done_at.is_(None), row.loan_id.in_(case.data["loans"])
    )
    return {loan for data in connection.scalars(others) for loan in data["loans"]}


def _notify(connection: Connection, case: AnyRow, kind: str, data: Mapping[str, Any], now: datetime) -> None:
    """Each borrower once, under one of their loans."""
    one_each = (
        select(func.min(loan_table.c.id))
        .where(loan_table.c.id.in_(case.data["loans"]))
        .group_by(loan_table.c.borrower_id)
    )
    found = [
        News(loan, kind, f"{kind}:{case.id}:{loan}", data) for loan in connection.scalars(one_each).all()
    ]
    notify_borrowers(connection, found, now)
