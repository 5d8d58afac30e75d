"""The people of a tape: who they are, as the newest tape says, and the address at which each is reached."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.portfolio.tape import TapeLoan, TapeRow
from models import borrower_table, contact_point_table, conversation_table, index_names
from models.base import AnyRow
from models.upsert import insert_new
from values import zone_of


def write_borrowers(connection: Connection, batch: Sequence[TapeLoan], now: datetime) -> dict[str, int]:
    """Ids by external id; rows are written only where they are new, or a tape that is not older than the last
    says something else.
    """
    if not batch:
        return {}
    newest = sorted(batch, key=lambda loan: loan.first.as_of or date.max)
    wanted = {str(loan.first.borrower["external_id"]): _person(loan.first) for loan in newest}
    insert_borrowers = insert_new(connection, borrower_table, ("external_id",)).returning(
        borrower_table.c.external_id
    )
    query = select(borrower_table).where(borrower_table.c.external_id.in_(list(wanted)))
    held = {row.external_id: row for row in connection.execute(query)}
    new = [wanted[key] | {"created_at": now} for key in sorted(wanted.keys() - held.keys())]
    added = set(connection.scalars(insert_borrowers, new)) if new else set()
    if new:
        held = {row.external_id: row for row in connection.execute(query)}
    for key in wanted.keys() - added:
        _update(connection, held[key], wanted[key])
    renamed = {
        row.id: wanted[key]["name"]
        for key, row in held.items()
        if key in added or (row.name != wanted[key]["name"] and not _knows_better(row, wanted[key]))
    }
    index_names(connection, renamed)
    return {key: row.id for key, row in held.items()}


def those_described(
    connection: Connection, batch: Sequence[TapeLoan], known: Mapping[str, AnyRow]
) -> list[TapeLoan]:
    """Without the closed loans of borrowers who were erased: only a loan that is new, or owes, describes them
    anew.
    """
    people = sorted({str(loan.first.borrower["external_id"]) for loan in batch})
    erased = set(
        connection.scalars(
            select(borrower_table.c.external_id).where(
                borrower_table.c.external_id.in_(people), borrower_table.c.erased_at.is_not(None)
            )
        )
    )
    return [
        loan
        for loan in batch
        if loan.first.borrower["external_id"] not in erased
        or loan.first.loan_id not in known
        or any(any(row.unpaid.values()) for row in loan.rows)
    ]


def _update(connection: Connection, row: AnyRow, person: Mapping[str, Any]) -> None:
    if _knows_better(row, person):
        return
    changed = {
        name: value for name, value in person.items() if value is not None and getattr(row, name) != value
    }
    if row.erased_at is not None:
        changed |= {"erased_at": None, "papers_until": None}
    if changed:
        connection.execute(update(borrower_table).where(borrower_table.c.id == row.id).values(**changed))


def _knows_better(row: AnyRow, person: Mapping[str, Any]) -> bool:
    """Whether a newer tape has described them, of this loan or of another."""
    return row.as_of is not None and person["as_of"] is not None and person["as_of"] < row.as_of


def _person(row: TapeRow) -> dict[str, Any]:
    zone = zone_of(row.borrower["state"], row.borrower["municipality"])
    return {**row.borrower, "zone": zone.key if zone else None, "as_of": row.as_of}


def write_contact_points(
    connection: Connection, batch: Sequence[TapeLoan], borrowers: Mapping[str, int], now: datetime
) -> None:
    """A conversation for each phone, and each borrower's contact point in it; one that was closed opens again
    only for another number.
    """
    if not batch:
        return
    phones = sorted({phone for loan in batch for phone in loan.phones})
    thread = {
        "channel": "whatsapp",
        "state": {},
        "version": 0,
        "handler": "bot",
        "urgency": 0,
        "created_at": now,
    }
    rows = [thread | {"key": phone, "address": f"whatsapp:{phone}"} for phone in phones]
    connection.execute(insert_new(connection, conversation_table, ("key",)), rows)
    query = select(conversation_table.c.key, conversation_table.c.id).where(
        conversation_table.c.key.in_(phones)
    )
    threads = dict(connection.execute(query).all())
    points = {
        (borrower, phone): {
            "borrower_id": borrower,
            "conversation_id": threads[phone],
            "channel": "whatsapp",
            "key": phone,
            "address": f"whatsapp:{phone}",
            "status": "unverified",
            "additional": phone != loan.first.terms.phone,
            "failures": 0,
            "created_at": now,
        }
        for loan in reversed(batch)
        for borrower in [borrowers[str(loan.first.borrower["external_id"])]]
        for phone in loan.phones
    }
    insert_points = insert_new(connection, contact_point_table, ("borrower_id", "channel", "key"))
    connection.execute(insert_points, [points[key] for key in sorted(points)])
