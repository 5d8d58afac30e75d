"""All that is held about a borrower, as they may ask for it: records as JSON, and their files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Table, select

from bot.audit import record
from bot.files import ENDINGS
from bot.privacy.records import loans_of, mandates_of, message_is_of, messages_of
from bot.services import Services
from models import (
    agent_contact_table,
    balance_table,
    bank_account_table,
    borrower_table,
    charge_table,
    consent_table,
    contact_point_table,
    delivery_attempt_table,
    document_table,
    hold_table,
    identity_file_table,
    inflow_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    message_file_table,
    message_table,
    page_file_table,
    payment_report_table,
    plan_instalment_table,
    plan_table,
    posting_table,
    promise_table,
    response_hour_table,
    task_table,
    write_tx,
)
from models.base import AnyRow
from models.ledger import NewEntry, append_many

_OURS = {"fingerprint", "key_id", "account_sid", "claimed_by", "claimed_at", "reply_key", "tape_hash"}
"""Columns that tell nothing about the person: how this installation finds and processes its rows."""


class UnknownBorrower(Exception):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no borrower {external_id[:64]!r}")


@dataclass(frozen=True, slots=True)
class Export:
    records: dict[str, Any]
    """By kind of record, each with all its columns; account numbers as bank and last four digits."""
    files: dict[str, bytes]
    """By name: papers that were issued, and what the borrower gave."""


def find_borrower(connection: Connection, external_id: str, *, lock: bool = False) -> AnyRow:
    """Raises UnknownBorrower."""
    query = select(borrower_table).where(borrower_table.c.external_id == external_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UnknownBorrower(external_id)
    return row


def export(services: Services, external_id: str, actor: str) -> Export:
    """That it was handed over is an entry of each loan's ledger, and of the audit. Raises UnknownBorrower."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        person = find_borrower(connection, external_id)
        records = {name: _rows(connection, table, which) for name, table, which in _records(person.id)}
        files = dict(_files(connection, person.id))
        loans = connection.scalars(loans_of(person.id)).all()
        entry = NewEntry("privacy.answered", {"request": "access"}, actor)
        append_many(connection, dict.fromkeys(loans, (entry,)), now)
        record(connection, now, actor, "privacy.exported", external_id, loans=len(loans), files=len(files))
    return Export({"exported_at": now.isoformat(), **records}, files)


def _records(person: int) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    loans, messages = loans_of(person), messages_of(person)
    yield "borrower", borrower_table, borrower_table.c.id == person
    for name, table in (
        ("contact_points", contact_point_table),
        ("bank_accounts", bank_account_table),
        ("calls_and_visits", agent_contact_table),
        ("files", page_file_table),
        ("identity_files", identity_file_table),
        ("hours_of_answers", response_hour_table),
        ("loans", loan_table),
    ):
        yield name, table, table.c.borrower_id == person
    for name, table in (
        ("instalments", instalment_table),
        ("balances", balance_table),
        ("ledger", ledger_entry_table),
        ("holds", hold_table),
        ("promises", promise_table),
        ("plans", plan_table),
        ("mandates", mandate_table),
        ("charges", charge_table),
        ("payments", inflow_table),
        ("payment_reports", payment_report_table),
        ("papers", document_table),
        ("cases", task_table),
    ):
        yield name, table, table.c.loan_id.in_(loans)
    entries = select(ledger_entry_table.c.id).where(ledger_entry_table.c.loan_id.in_(loans))
    plans = select(plan_table.c.id).where(plan_table.c.loan_id.in_(loans))
    yield "postings", posting_table, posting_table.c.entry_id.in_(entries)
    yield "plan_instalments", plan_instalment_table, plan_instalment_table.c.plan_id.in_(plans)
    yield "consents", consent_table, consent_table.c.mandate_id.in_(mandates_of(person))
    yield "messages", message_table, message_is_of(person)
    yield "message_files", message_file_table, message_file_table.c.message_id.in_(messages)
    yield "deliveries", delivery_attempt_table, delivery_attempt_table.c.message_id.in_(messages)


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [
        column for column in table.c if column.name not in _OURS and not isinstance(column.type, LargeBinary)
    ]
    found = connection.execute(select(*columns).where(which).order_by(*table.primary_key))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in found]  # noqa: SLF001 - SQLAlchemy's own name


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _files(connection: Connection, person: int) -> Iterator[tuple[str, bytes]]:
    loans = loans_of(person)
    papers = select(document_table.c.kind, document_table.c.code, document_table.c.content)
    for row in connection.execute(papers.where(document_table.c.loan_id.in_(loans))):
        if row.content:
            yield f"papers/{row.kind}-{row.code}.pdf", row.content
    mandates = select(mandate_table.c.folio, mandate_table.c.document)
    for mandate in connection.execute(mandates.where(mandate_table.c.loan_id.in_(loans))):
        if mandate.document:
            yield f"papers/mandate-{mandate.folio}.pdf", mandate.document
    given = select(page_file_table).where(page_file_table.c.borrower_id == person)
    for file in connection.execute(given):
        yield f"given/{file.id}.{file.content_type.rpartition('/')[2]}", file.content
    sent = select(message_file_table).where(message_file_table.c.message_id.in_(messages_of(person)))
    for file in connection.execute(sent.where(message_file_table.c.content.is_not(None))):
        yield f"messages/{file.id}.{ENDINGS.get(file.content_type, 'bin')}", file.content
