"""A database that somebody changed by hand, past its triggers: `ledger verify` names what does not hold."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.debit.mandates import issue_documents
from bot.documents import issue_papers
from bot.evidence import blocks, make_daily_root, verify_kept_root
from bot.money import Reported, lock_loan, receive
from bot.services import Services
from models import append_only, make_engine, read_tx, write_tx
from models.ledger import verify, verify_records
from tests.services import make_test_services
from tests.talk import talk

AT = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)

CONSISTENT = {
    "a consent": "DELETE FROM consent",
    "a consent's answer": "UPDATE consent SET answer_text = 'SI'",
    "a consent's time": "UPDATE consent SET at = '2026-12-01 17:00:00.000000'",
    "a step": "DELETE FROM transition WHERE subject = 'mandate' AND seq = 1",
    "the last step": "DELETE FROM transition WHERE subject = 'mandate' AND to_status = 'authorized'",
    "a whole history": "DELETE FROM transition WHERE subject = 'promise'",
    "a step's day": "UPDATE transition SET at = '2026-11-01 17:00:00.000000' WHERE subject = 'plan'",
    "an order": "UPDATE transition SET seq = seq + 100",
    "a step of nothing": "UPDATE transition SET subject_id = 77 WHERE subject = 'promise'",
    "the promise": "DELETE FROM promise",
    "the promise and its history": "DELETE FROM promise; DELETE FROM transition WHERE subject = 'promise'",
    "the promise's day": "UPDATE promise SET due_date = '2026-12-24', expires_on = '2026-12-28'",
    "the promise's grace": "UPDATE promise SET expires_on = '2026-12-31'",
    "the promise's sum": "UPDATE promise SET amount = 100",
    "the promise's status": "UPDATE promise SET status = 'kept'",
    "a mandate": "DELETE FROM mandate; DELETE FROM consent; DELETE FROM transition WHERE subject = 'mandate'",
    "the most to be charged": "UPDATE mandate SET max_amount = 9900000",
    "the account to be charged": "UPDATE mandate SET bank_account_id = bank_account_id + 1",
    "the terms": "UPDATE mandate SET terms_text = terms_text || ' x'",
    "the mandate's paper": "UPDATE mandate SET document = x'00', document_hash = 'x'",
    "a mandate of another loan": "UPDATE mandate SET loan_id = (SELECT max(id) FROM loan)",
    "a mandate that nobody asked for": (
        "UPDATE ledger_entry SET data = json_remove(data, '$.mandate') WHERE kind = 'mandate.requested'"
    ),
    "the plan": (
        "DELETE FROM plan_instalment; DELETE FROM plan; DELETE FROM transition WHERE subject = 'plan'"
    ),
    "a part of the plan": "DELETE FROM plan_instalment WHERE number = 1",
    "a part's sum": "UPDATE plan_instalment SET amount = amount - 1 WHERE number = 1",
    "a part's day": "UPDATE plan_instalment SET due_date = '2027-01-31' WHERE number = 2",
    "the plan's discount": "UPDATE plan SET discount = 500 WHERE status = 'active'",
    "the letter": "UPDATE plan SET terms_text = 'nada' WHERE status = 'active'",
    "a paper": "DELETE FROM document",
    "a paper's content": "UPDATE document SET content = x'00'",
    "a paper and its hash": "UPDATE document SET sha256 = 'x'",
    "a payment": "DELETE FROM inflow; DELETE FROM payment_report",
    "a payment's report": "DELETE FROM payment_report",
    "a payment's reference": "UPDATE payment_report SET reference = 'R9'",
    "a payment's day": "UPDATE payment_report SET paid_at = '2026-11-01 00:00:00.000000'",
    "a payment's sum": "UPDATE inflow SET amount = 1",
    "a payment of another loan": "UPDATE payment_report SET loan_id = 2",
    "an entry": "DELETE FROM ledger_entry WHERE seq = 2",
    "all entries of a kind": "DELETE FROM ledger_entry WHERE kind = 'promise.made'",
    "the entries of two loans": (
        "UPDATE ledger_entry SET loan_id = loan_id + 2; UPDATE ledger_entry SET loan_id = 5 - loan_id"
    ),
    "the postings of two loans": (
        "UPDATE posting SET entry_id = CASE entry_id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE entry_id END;"
        " UPDATE posting SET amount = amount + 1"
    ),
    "the names of two loans": (
        "UPDATE loan SET external_id = 'x' WHERE id = 1; UPDATE loan SET external_id = 'L1' WHERE id = 2;"
        " UPDATE loan SET external_id = 'L2' WHERE id = 1"
    ),
    "the head": "UPDATE loan SET ledger_seq = 0, ledger_hash = ''",
    "a borrower": "DELETE FROM borrower WHERE id = 1",
    "a loan": "DELETE FROM loan WHERE id = 1",
    "an instalment": "DELETE FROM instalment WHERE number = 2",
    "an instalment's sums": "UPDATE instalment SET unpaid_principal = 0",
    "the last entry, with its head": (
        "DELETE FROM ledger_entry WHERE kind = 'mandate.authorized';"
        " UPDATE loan SET ledger_seq = (SELECT max(seq) FROM ledger_entry WHERE loan_id = loan.id),"
        " ledger_hash = (SELECT hash FROM ledger_entry WHERE loan_id = loan.id ORDER BY seq DESC LIMIT 1)"
    ),
}
"""What follows from the rest of the database."""
_GONE = "; ".join(
    f"DELETE FROM {table} WHERE loan_id = 2"
    for table in ("ledger_entry", "balance", "instalment", "plan", "document", "event", "hold", "task")
)
ROOTED = {
    "a duplicate's report": "DELETE FROM payment_report WHERE status = 'duplicate'",
    "an audit entry": "DELETE FROM audit_entry",
    "the actor of a step": "UPDATE transition SET actor = 'nobody', hash = '' WHERE subject = 'promise'",
    "a loan with all that is its own": (
        f"{_GONE}; DELETE FROM loan WHERE id = 2; DELETE FROM posting WHERE entry_id NOT IN"
        " (SELECT id FROM ledger_entry); DELETE FROM transition WHERE subject = 'plan';"
        " DELETE FROM plan_instalment WHERE plan_id NOT IN (SELECT id FROM plan)"
    ),
    "the signature": "UPDATE ledger_root SET note = replace(note, 'acuerdo', 'acuerda')",
    "a head of the root": "UPDATE ledger_root SET heads = NULL",
}
"""What only a root shows: here the newest one, which the database keeps."""


@pytest.fixture(scope="module")
def books(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mandate and a promise of one borrower, an agreement and its papers of another, a payment, a root."""
    path = tmp_path_factory.mktemp("books") / "acuerdo.db"
    shutil.copy(migrated_sqlite, path)
    engine = make_engine(f"sqlite:///{path}")
    services = make_test_services(engine, AT)
    ana, bea = talk(engine, AT, 1, services), talk(engine, AT, 2, services)
    ana.to_authorized()
    for text in ("el viernes pago 500 pesos", "sí"):
        ana.say(text)
    for text in ("puedo pagar en 2 pagos?", "sí"):
        bea.say(text)
    issue_documents(services)
    issue_papers(services)
    with write_tx(engine) as connection:
        loan = lock_loan(connection, "L1")
        assert loan is not None
        for source in ("api", "file"):
            receive(connection, loan, Reported(source, "spei", "R1", 10_000, AT, "lender:x"), AT)  # type: ignore[arg-type]
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (at, actor, action, subject, data)"
            " VALUES ('2026-12-01 18:00:00.000000', 'cli:x', 'key.added', 'x', '{}')"
        )
    make_daily_root(services)
    engine.dispose()
    return path


@pytest.fixture
def copy(books: Path, tmp_path: Path) -> Path:
    with sqlite3.connect(books) as source, sqlite3.connect(tmp_path / "copy.db") as target:
        source.backup(target)
    return tmp_path / "copy.db"


@pytest.fixture
def engine(copy: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{copy}")
    yield engine
    engine.dispose()


def change(path: Path, statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        before = connection.total_changes
        connection.executescript(f"PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; {statements}")
        assert connection.total_changes > before, "nothing was changed"
    connection.close()


def faults(services: Services, *, rooted: bool) -> list[str]:
    with read_tx(services.engine) as connection:
        found = [*verify(connection, today=services.day(AT)), *verify_records(connection)]
        if rooted:
            found += verify_kept_root(connection, services.settings.signing_key)
        return [f"{fault.loan}: {fault.what}" for fault in found]


def test_nobody_changed_anything(engine: Engine) -> None:
    assert faults(make_test_services(engine, AT), rooted=True) == []


@pytest.mark.parametrize("what", CONSISTENT)
def test_what_contradicts_the_rest_is_named(what: str, copy: Path, engine: Engine) -> None:
    change(copy, CONSISTENT[what])
    assert faults(make_test_services(engine, AT), rooted=False) != []


@pytest.mark.parametrize("what", ROOTED)
def test_what_contradicts_nothing_but_the_root_is_named(what: str, copy: Path, engine: Engine) -> None:
    change(copy, ROOTED[what])
    services = make_test_services(engine, AT)
    found = faults(services, rooted=True)
    assert found != []


def test_a_later_root_hides_no_change(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that was full when it was signed stands as it was signed."""
    monkeypatch.setattr(blocks, "BLOCK", 1)
    services = make_test_services(engine, AT)
    services.clock.advance(days=1)  # type: ignore[attr-defined]
    make_daily_root(services)
    with write_tx(engine) as connection:
        append_only.remove(connection)
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'nobody'")
    services.clock.advance(days=1)  # type: ignore[attr-defined]
    make_daily_root(services)
    named = "-: of the rows 1 to 1 of audit_entry one was changed since the root was signed"
    assert faults(services, rooted=True) == [named]
