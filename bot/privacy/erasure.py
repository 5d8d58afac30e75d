"""Erases what identifies a borrower. The ledger stays whole: it holds ids, codes, days and amounts alone, so
that its chains verify afterwards. Contracts stay until the law needs them no more (`papers_until`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    Connection,
    String,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from bot.audit import record
from bot.privacy.export import find_borrower
from bot.privacy.papers import erase_papers
from bot.privacy.reasons import PRIVACY_KINDS, NotErasable, reasons_against
from bot.privacy.records import conversations_of, loans_of, message_is_of
from bot.services import Services
from models import (
    agent_contact_table,
    bank_account_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    delivery_attempt_table,
    event_table,
    identity_file_table,
    ledger_entry_table,
    loan_table,
    message_file_table,
    message_table,
    name_word_table,
    page_access_table,
    page_file_table,
    read_tx,
    receipt_table,
    response_hour_table,
    tape_before_table,
    task_table,
    timer_table,
)
from models.base import AnyRow
from models.ledger import NewEntry, append_many

_PERSON: dict[str, Any] = {
    "name": "",
    **dict.fromkeys(
        (
            "birth_date",
            "curp",
            "rfc",
            "email",
            "state",
            "municipality",
            "preferred_channel",
            "preferred_from",
            "preferred_until",
            "best_hour",
        )
    ),
}
_MESSAGE: dict[str, Any] = {
    "body": "",
    "address": "",
    **dict.fromkeys(("choices", "wording", "media", "extra", "understood"), null()),
}
_THREAD: dict[str, Any] = {
    "address": "",
    "borrower_id": None,
    "state": {},
    **dict.fromkeys(("flow", "step", "expecting", "agent_id", "queue_reason", "queued_at")),
    **dict.fromkeys(("snoozed_at", "snoozed_until", "somebody_else_since")),
    "handler": "bot",
    "urgency": 0,
}


@dataclass(frozen=True, slots=True)
class Kept:
    what: str
    until: date | None
    """Null: for good."""
    why: str


@dataclass(frozen=True, slots=True)
class Erased:
    at: datetime
    kept: tuple[Kept, ...]


def check_erasable(services: Services, external_id: str) -> None:
    """What `erase` would say now, before anything is asked or done. Raises UnknownBorrower, NotErasable."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        person = find_borrower(connection, external_id)
        if person.erased_at is None:
            _refuse_needed(connection, services, person.id, now)


def _refuse_needed(connection: Connection, services: Services, borrower_id: int, now: datetime) -> None:
    contract = relativedelta(months=services.lender.retention.contract_months)
    if reasons := list(reasons_against(connection, borrower_id, now, now - contract)):
        raise NotErasable(reasons)


def erase(
    connection: Connection, services: Services, external_id: str, actor: str, *, request: str = "cancellation"
) -> Erased:
    """Erasing again changes nothing. Raises UnknownBorrower, NotErasable."""
    now = services.clock.now()
    contract = relativedelta(months=services.lender.retention.contract_months)
    person = find_borrower(connection, external_id)
    threads = _lock(connection, person.id)
    if person.erased_at is not None:
        return Erased(person.erased_at, _kept(person.papers_until))
    _refuse_needed(connection, services, person.id, now)
    papers_until = _papers_until(connection, person.id, contract, services.day(now))
    _erase_person(connection, person, now, papers_until)
    _erase_accounts(connection, services, person.id)
    _erase_messages(connection, person.id)
    forget_threads(connection, threads, now)
    _erase_cases(connection, person.id, now, actor)
    if papers_until is None:
        erase_papers(connection, person.id)
    loans = connection.scalars(loans_of(person.id)).all()
    entry = NewEntry("privacy.answered", {"request": request}, actor)
    append_many(connection, dict.fromkeys(loans, (entry,)), now)
    until = papers_until.isoformat() if papers_until else None
    record(connection, now, actor, "privacy.erased", external_id, request=request, papers_until=until)
    return Erased(now, _kept(papers_until))


def _lock(connection: Connection, borrower_id: int) -> list[int]:
    """As everywhere: the conversations first, then the loans by id. Answers the conversations."""
    threads = select(conversation_table.c.id).where(
        conversation_table.c.id.in_(conversations_of(borrower_id))
    )
    found = list(connection.scalars(threads.order_by(conversation_table.c.id).with_for_update()))
    connection.execute(loans_of(borrower_id).order_by(loan_table.c.id).with_for_update())
    return found


def _papers_until(
    connection: Connection, borrower_id: int, contract: relativedelta, today: date
) -> date | None:
    """From the last movement of the last loan; null where there is nothing to keep."""
    last: datetime | None = connection.scalar(
        select(func.max(ledger_entry_table.c.at)).where(
            ledger_entry_table.c.loan_id.in_(loans_of(borrower_id)),
            ledger_entry_table.c.kind.not_in(PRIVACY_KINDS),
        )
    )
    until = (last + contract).date() if last else today
    return until if until > today else None


def _erase_person(connection: Connection, person: AnyRow, now: datetime, papers_until: date | None) -> None:
    """Who they are and how they were reached. That they wanted no contact stays known."""
    table = borrower_table
    erased = {**_PERSON, "erased_at": now, "papers_until": papers_until}
    connection.execute(update(table).where(table.c.id == person.id).values(erased))
    for owned in (name_word_table, response_hour_table, page_file_table, identity_file_table):
        connection.execute(delete(owned).where(owned.c.borrower_id == person.id))
    points, contacts, access = contact_point_table, agent_contact_table, page_access_table
    connection.execute(
        update(points)
        .where(points.c.borrower_id == person.id)
        .values(key=_erased(points), address="", status="closed", closed_reason="erased", confirmed_at=None)
    )
    connection.execute(update(contacts).where(contacts.c.borrower_id == person.id).values(phone=None))
    connection.execute(
        update(access)
        .where(access.c.borrower_id == person.id)
        .values(generation=access.c.generation + 1, changed_at=now)
    )
    loans = loan_table
    connection.execute(
        update(loans)
        .where(loans.c.borrower_id == person.id)
        .values(guarantor_name=None, guarantor_phone=None)
    )
    before = tape_before_table
    connection.execute(delete(before).where(before.c.loan_id.in_(loans_of(person.id))))


def _erased(table: Any) -> Any:
    """A value for a unique column that tells nothing."""
    return literal("erased:").concat(cast(table.c.id, String))


def _erase_accounts(connection: Connection, services: Services, borrower_id: int) -> None:
    """The number itself; its bank and last digits go with the contract that names them."""
    accounts, vault = bank_account_table, services.vault
    ids = connection.scalars(select(accounts.c.id).where(accounts.c.borrower_id == borrower_id)).all()
    rows = [
        {
            "account": account,
            "encrypted": vault.encrypt(f"erased:{account}", borrower_id),
            "fingerprint": vault.fingerprint(f"erased:{account}"),
            "key_id": vault.key_id,
        }
        for account in ids
    ]
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in ("encrypted", "fingerprint", "key_id")}
        connection.execute(update(accounts).where(accounts.c.id == bindparam("account")).values(values), rows)


def _erase_messages(connection: Connection, borrower_id: int) -> None:
    """Words, addresses and what was read in them. Times, kinds and states stay: reports and the auditor count
    them.
    """
    table = message_table
    which = select(table.c.id).where(message_is_of(borrower_id))
    attempts, receipts = delivery_attempt_table, receipt_table
    connection.execute(update(attempts).where(attempts.c.message_id.in_(which)).values(address=""))
    connection.execute(delete(message_file_table).where(message_file_table.c.message_id.in_(which)))
    connection.execute(update(receipts).where(receipts.c.message_id.in_(which)).values(extra=null()))
    connection.execute(
        update(table)
        .where(table.c.id.in_(which), table.c.status == "queued")
        .values(status="suppressed", reason="erased")
    )
    connection.execute(update(table).where(table.c.id.in_(which)).values(_MESSAGE))


def forget_threads(connection: Connection, threads: Sequence[int], now: datetime) -> None:
    """These conversations are nobody's any more: who writes from there again is a stranger."""
    if not threads:
        return
    table, messages = conversation_table, message_table
    left = messages.c.conversation_id.in_(threads)
    which = select(messages.c.id).where(left)
    attempts = delivery_attempt_table
    connection.execute(update(attempts).where(attempts.c.message_id.in_(which)).values(address=""))
    files = message_file_table
    connection.execute(delete(files).where(files.c.conversation_id.in_(threads)))
    connection.execute(update(messages).where(left).values(_MESSAGE))
    thread = {**_THREAD, "key": _erased(table), "version": table.c.version + 1}
    connection.execute(update(table).where(table.c.id.in_(threads)).values(thread))
    timers, events = timer_table, event_table
    connection.execute(
        update(timers)
        .where(timers.c.conversation_id.in_(threads), timers.c.fired_at.is_(None))
        .values(fired_at=now)
    )
    connection.execute(
        update(events)
        .where(events.c.conversation_id.in_(threads), events.c.done_at.is_(None))
        .values(done_at=now, error="erased")
    )


def _erase_cases(connection: Connection, borrower_id: int, now: datetime, actor: str) -> None:
    """What people noted goes; the request itself is done, and what else stood open is needed no more."""
    table = task_table
    own = or_(
        table.c.loan_id.in_(loans_of(borrower_id)),
        table.c.message_id.in_(select(message_table.c.id).where(message_is_of(borrower_id))),
    )
    ids = connection.scalars(select(table.c.id).where(own)).all()
    if not ids:
        return
    mine = table.c.id.in_(ids)
    connection.execute(update(table).where(mine).values(data={}))
    done = {"done_at": now, "done_by": actor[:64]}
    for which, outcome in (
        (table.c.kind == "privacy_request", "solved"),
        (table.c.kind != "privacy_request", "not_needed"),
    ):
        standing = update(table).where(mine, which, table.c.done_at.is_(None))
        connection.execute(standing.values(outcome=outcome, **done))


def _kept(papers_until: date | None) -> tuple[Kept, ...]:
    books = Kept("ledger", None, "ids, codes, days and amounts: the lender's books, which identify nobody")
    consent = Kept("consent", None, "the word by which a debit was authorised, sealed in the ledger's chain")
    own = Kept("external_id", None, "your own id of the borrower and of their loans")
    if papers_until is None:
        return books, consent, own
    papers = Kept(
        "contracts", papers_until, "terms, papers and masked accounts, as long as the law wants them"
    )
    return papers, books, consent, own
