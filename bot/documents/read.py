"""The papers of a loan, and whether one is genuine and still in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from models import document_table, ledger_entry_table, loan_table, mandate_table, plan_table
from models.base import AnyRow
from models.mandate import LIVE_STATES

_MANDATE_ID = "mandate-"
_LISTED = (
    document_table.c.id,
    document_table.c.kind,
    document_table.c.code,
    document_table.c.sha256,
    document_table.c.data,
    document_table.c.issued_at,
)


Fate = Literal["in_force", "kept", "of_its_day", "over"]
"""`kept`: an agreement that was paid. `of_its_day`: a statement, which was true on its day."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a paper shows anyone: nothing about the person."""

    kind: str
    issued_at: datetime
    sha256: str
    fate: Fate
    data: dict[str, Any]
    brand: str | None
    """The loan's own trade name."""

    @property
    def in_force(self) -> bool:
        return self.fate != "over"


def documents_of(connection: Connection, loan_id: int) -> list[dict[str, Any]]:
    """Oldest first; the mandate's document among them."""
    rows = connection.execute(
        select(*_LISTED).where(document_table.c.loan_id == loan_id).order_by(document_table.c.id)
    )
    found = [
        {
            "id": str(row.id),
            "kind": row.kind,
            "issued_at": row.issued_at.isoformat(),
            "sha256": row.sha256,
            "code": row.code,
            "folio": row.data.get("folio"),
        }
        for row in rows
    ]
    mandates = connection.execute(
        select(
            mandate_table.c.id,
            mandate_table.c.folio,
            mandate_table.c.document_hash,
            mandate_table.c.authorized_at,
        )
        .where(mandate_table.c.loan_id == loan_id, mandate_table.c.document.is_not(None))
        .order_by(mandate_table.c.id)
    )
    found += [
        {
            "id": f"{_MANDATE_ID}{row.id}",
            "kind": "mandate",
            "issued_at": row.authorized_at.isoformat(),
            "sha256": row.document_hash,
            "code": row.folio,
            "folio": row.folio,
        }
        for row in mandates
    ]
    return sorted(found, key=lambda each: str(each["issued_at"]))


def documents_of_closed(connection: Connection, borrower_id: int) -> list[dict[str, Any]]:
    """The papers of a borrower's loans that are settled: they outlive the debt."""
    closed = loan_table.select().where(
        loan_table.c.borrower_id == borrower_id, loan_table.c.status == "settled"
    )
    rows = connection.execute(
        select(*_LISTED)
        .where(document_table.c.loan_id.in_(closed.with_only_columns(loan_table.c.id)))
        .order_by(document_table.c.id)
    )
    return [{"id": str(row.id), "kind": row.kind, "folio": row.data.get("folio")} for row in rows]


def document_of(connection: Connection, text: str) -> tuple[int, str, bytes] | None:
    """Its loan, a name for the file, and its bytes; null too where they were erased with their borrower."""
    number = text.removeprefix(_MANDATE_ID)
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    if text.startswith(_MANDATE_ID):
        row = connection.execute(
            select(mandate_table.c.loan_id, mandate_table.c.folio, mandate_table.c.document).where(
                mandate_table.c.id == int(number), mandate_table.c.document.is_not(None)
            )
        ).first()
        return (row.loan_id, f"mandate-{row.folio}.pdf", row.document) if row and row.document else None
    row = connection.execute(select(document_table).where(document_table.c.id == int(number))).first()
    return (row.loan_id, f"{row.kind}-{row.code}.pdf", row.content) if row and row.content else None


def check(connection: Connection, code: str) -> Checked | None:
    """Null for a code that was never issued; a mandate's is its folio."""
    query = (
        select(document_table, loan_table.c.lender.label("brand"))
        .join(loan_table, loan_table.c.id == document_table.c.loan_id)
        .where(document_table.c.code == code)
    )
    row = connection.execute(query).first()
    if row is None:
        return _mandate(connection, code)
    return Checked(row.kind, row.issued_at, row.sha256, _fate(connection, row), row.data, row.brand)


def _mandate(connection: Connection, folio: str) -> Checked | None:
    query = (
        select(mandate_table, loan_table.c.lender.label("brand"))
        .join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
        .where(mandate_table.c.folio == folio, mandate_table.c.document_hash.is_not(None))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    fate: Fate = "in_force" if row.status in LIVE_STATES else "over"
    data = {"folio": row.folio, "max_amount": row.max_amount}
    return Checked("mandate", row.authorized_at, row.document_hash, fate, data, row.brand)


def _fate(connection: Connection, row: AnyRow) -> Fate:
    """An agreement holds while it is kept, a letter while the loan is settled, a receipt while its payment
    stands.
    """
    match row.kind:
        case "agreement":
            status = connection.scalar(select(plan_table.c.status).where(plan_table.c.id == row.data["plan"]))
            return {"active": "in_force", "kept": "kept"}.get(str(status), "over")  # type: ignore[return-value]
        case "settlement_letter":
            settled = select(loan_table.c.status).where(loan_table.c.id == row.loan_id)
            return "in_force" if connection.scalar(settled) == "settled" else "over"
        case "receipt":
            undone = select(ledger_entry_table.c.id).where(
                ledger_entry_table.c.reverses_id == row.data["entry"],
                ledger_entry_table.c.kind != "payment.reallocated",
            )
            return "in_force" if connection.scalar(undone) is None else "over"
        case _:
            return "of_its_day"
