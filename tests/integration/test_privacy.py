"""A borrower's own data: handed over whole, erased whole where nothing needs it, and the books still hold."""

import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert, select, update

from bot import evidence, privacy
from bot.api.keys import make_key
from bot.app import create_app
from bot.cli import privacy as command
from bot.debit import mandates
from bot.money import Reported, lift_hold, lock_loan, place_hold, receive
from bot.portfolio import load_tape
from bot.privacy.export import _records
from models import (
    AgentContact,
    AuditEntry,
    Base,
    Borrower,
    ContactPoint,
    Conversation,
    IdentityFile,
    Loan,
    Mandate,
    Message,
    MessageFile,
    PageFile,
    Task,
    read_tx,
    write_tx,
)
from models.ledger import verify, verify_records
from models.transitions import move
from tests.talk import CLABE, Talk, talk
from tests.tapes import rows_of, tape

WHO = {"curp": "LORA900315MDFPZN05", "email": "ana.lopez@correo.mx", "name": "Ana Yolotzin Ruiz"}
MARKS = (
    *WHO.values(),
    "Tia Chofi",
    "Yolotzin",
    "yolotzin",
    "5500000001",
    "1990-03-15",
    CLABE,
    "Tía Chofi",
    "me quedé",
)
ALL_PAID = 115_000


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """Who talked, authorised a debit and cancelled it; and another borrower, who is nobody's concern."""
    one = talk(engine, now, **WHO)
    other = talk(engine, now, 2, services=one.services, name="Beto Cruz", birth_date=date(1980, 1, 2))
    other.wire = one.wire
    other.say("me llamo Beto")
    one.to_authorized()
    mandates.issue_documents(one.services)
    one.say("me quedé sin trabajo")
    with write_tx(engine) as connection:
        move(connection, "mandate", 1, "cancelled", at=now, actor="test", data={})
        connection.execute(
            update(Loan).where(Loan.id == one.loan).values(guarantor_name="Tía Chofi", guarantor_phone="55")
        )
        own = {"borrower_id": one.borrower, "created_at": now}
        file = {"content": b"%PDF-1 Tia Chofi", "content_type": "application/pdf"}
        connection.execute(insert(PageFile).values(**own, **file))
        identity = {"mandate_id": 1, "kind": "id_front", "content": b"Tia Chofi"}
        connection.execute(insert(IdentityFile).values(**own, **identity))
        message = connection.scalars(select(Message.id).where(Message.conversation_id == one.conversation))
        of_message = {"conversation_id": one.conversation, "message_id": message.first(), "name": "Tía Chofi"}
        connection.execute(insert(MessageFile).values(**of_message, **file, created_at=now))
        call = {"channel": "call", "outcome": "answered", "at": now, "phone": one.phone, "made_by": "agent:1"}
        connection.execute(insert(AgentContact).values(**own, **call, reference="1"))
        note = {"kind": "note", "loan_id": one.loan, "data": {"text": "su Tía Chofi paga"}, "created_at": now}
        connection.execute(insert(Task).values(**note))
    return one


def settle(one: Talk) -> None:
    with write_tx(one.services.engine) as connection:
        loan = lock_loan(connection, "L1")
        assert loan is not None
        at = one.services.clock.now()
        receive(connection, loan, Reported("api", "spei", "R1", ALL_PAID, at, "lender:test"), at)


def held(one: Talk) -> dict[str, str]:
    """By table: all that the database holds, as text."""
    with read_tx(one.services.engine) as connection:
        return {
            table.name: "\n".join(
                " ".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row)
                for row in connection.execute(select(table))
            )
            for table in Base.metadata.sorted_tables
        }


def marks_in(tables: dict[str, str]) -> set[str]:
    return {name for name, text in tables.items() if any(mark in text for mark in MARKS)}


def faults(one: Talk) -> list[str]:
    with read_tx(one.services.engine) as connection:
        found = [*verify(connection), *verify_records(connection)]
        found += evidence.verify_kept_root(connection, one.services.settings.signing_key)
    return [fault.what for fault in found]


def erase(one: Talk, actor: str = "test") -> privacy.Erased:
    with write_tx(one.services.engine) as connection:
        return privacy.erase(connection, one.services, "B1", actor)


def why_not(one: Talk) -> list[str]:
    with pytest.raises(privacy.NotErasable) as refused:
        erase(one)
    return refused.value.reasons


def test_every_record_of_a_borrower_is_exported() -> None:
    """One that is added with a `borrower_id` is exported, or named here as no news to the borrower."""
    exported = {table for _, table, _ in _records(1)}
    owned = {table for table in Base.metadata.sorted_tables if "borrower_id" in table.c}
    assert {table.name for table in owned - exported} == {"conversation", "name_word", "page_access"}


def test_what_is_held_is_handed_over(
    ana: Talk, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "start_services", lambda: ana.services)
    done = CliRunner().invoke(command.command, ["export", "B1", "--out", str(tmp_path / "b1.zip")])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "b1.zip") as archive:
        names = archive.namelist()
        records: dict[str, Any] = json.loads(archive.read("records.json"))
        assert archive.read("given/1.pdf") == b"%PDF-1 Tia Chofi"
        assert archive.read("messages/1.pdf") == b"%PDF-1 Tia Chofi"
    mandate = ana.rows(Mandate)[0]
    assert f"papers/mandate-{mandate.folio}.pdf" in names
    assert records["borrower"][0]["curp"] == WHO["curp"]
    assert [row["address"] for row in records["contact_points"]] == [f"whatsapp:{ana.phone}"]
    assert "me quedé sin trabajo" in [row["body"] for row in records["messages"]]
    assert records["cases"][-1]["data"]["text"] == "su Tía Chofi paga"
    assert {*records["bank_accounts"][0]} == {"id", "borrower_id", "bank_code", "last4", "created_at"}
    empty = {name for name, rows in records.items() if not rows}
    assert empty <= {"promises", "plans", "charges", "payments", "payment_reports", "plan_instalments"} | {
        "papers",
        "hours_of_answers",
        "holds",
    }
    text = json.dumps(records, ensure_ascii=False)
    assert CLABE not in text
    assert "Beto" not in text
    assert ana.ledger("privacy")[-1].data == {"request": "access"}
    assert [row.action for row in ana.rows(AuditEntry)] == ["privacy.exported"]
    caller = create_app(ana.services).test_client()
    headers = {"Authorization": f"Bearer {make_key(ana.services, 'core', 'lender')}"}
    answer = caller.post("/api/v1/borrowers/B1/export", json={}, headers=headers)
    assert (answer.status_code, answer.json["records"]["borrower"]) == (200, records["borrower"])
    assert caller.post("/api/v1/borrowers/B9/export", json={}, headers=headers).status_code == 404
    refused = caller.post("/api/v1/borrowers/B1/erasure", json={}, headers=headers)
    assert (refused.status_code, "loan L1 is" in refused.json["title"]) == (409, True)
    settle(ana)
    for _ in range(2):
        erased = caller.post("/api/v1/borrowers/B1/erasure", json={}, headers=headers)
        assert (erased.status_code, erased.json["erased_at"]) == (200, now.isoformat())


def test_a_borrower_is_erased_and_the_books_hold(ana: Talk, now: datetime) -> None:
    evidence.make_daily_root(ana.services)
    assert "contract is still being carried out" in why_not(ana)[0]
    settle(ana)
    with write_tx(ana.services.engine) as connection:
        place_hold(connection, ana.loan, "legal", now, "test")
    assert why_not(ana) == ["loan L1 is held: lift its hold first"]
    with write_tx(ana.services.engine) as connection:
        lift_hold(connection, ana.loan, "legal", now, "test")
        before = connection.execute(select(Message.status, Message.created_at).order_by(Message.id)).all()
    kept = {each.what: each.until for each in erase(ana, "agent:7").kept}
    assert kept == {"contracts": date(2036, 11, 24), "ledger": None, "consent": None, "external_id": None}
    text = held(ana)
    assert marks_in(text) == {"mandate"}, "whose terms name who signed them"
    assert "me llamo Beto" in text["message"], "the other borrower's messages stay"
    assert ana.ledger("privacy")[-1].data == {"request": "cancellation"}
    assert ana.rows(AuditEntry)[-1].actor == "agent:7"
    assert faults(ana) == []
    with read_tx(ana.services.engine) as connection:
        after = connection.execute(select(Message.status, Message.created_at).order_by(Message.id)).all()
    assert after == before, "what is counted stays"
    ana.advance(days=366 * 10)
    assert privacy.retain(ana.services) == 1
    assert marks_in(late := held(ana)) == set()
    assert CLABE[-4:] not in late["bank_account"]
    assert ana.rows(Mandate)[0].document == b""
    assert faults(ana) == []
    assert privacy.retain(ana.services) == 0
    with write_tx(ana.services.engine) as connection:
        document = update(Mandate).where(Mandate.id == 1).values(document=b"another")
        connection.execute(document)
    assert faults(ana) == ["mandate 1: its document was changed"]


def test_who_was_erased_is_a_stranger_until_a_new_loan(ana: Talk, tmp_path: Path) -> None:
    settle(ana)
    erase(ana)
    sent = len(ana.wire.sent)
    ana.say("hola, soy Ana")
    assert len(ana.wire.sent) > sent
    stranger = ana.rows(Conversation, Conversation.key == ana.phone)[0]
    assert (stranger.borrower_id, stranger.id != ana.conversation) == (None, True)
    row = rows_of(1)[0] | {"borrower_id": "B1", "borrower_name": "Ana Ruiz", "phone": "5500000001"}
    paid = row | {"loan_id": "L1", "amount_paid": row["amount_due"]}
    for number, each in enumerate((paid, row | {"loan_id": "L77"})):
        report = load_tape(ana.services, tape(tmp_path, [each], f"{number}.csv"), accept=True)
        assert report.errors == []
        person = ana.rows(Borrower, Borrower.external_id == "B1")[0]
        points = ana.rows(ContactPoint, ContactPoint.borrower_id == ana.borrower)
        assert (person.name, len(points)) == (("", 1), ("Ana Ruiz", 2))[number]
        assert (person.erased_at is None) == bool(number)
    assert faults(ana) == []


def test_what_nobody_needs_is_erased_in_time(ana: Talk, engine: Engine) -> None:
    settle(ana)
    stranger = Talk(ana.services, 9, 0, 0, 0, ana.wire)
    stranger.say("¿quién eres?")
    assert privacy.retain(ana.services) == 0
    ana.advance(days=366)
    assert privacy.retain(ana.services) == 1
    assert "¿quién eres?" not in held(ana)["message"]
    assert "me quedé sin trabajo" in held(ana)["message"]
    ana.advance(days=366 * 9)
    with write_tx(engine) as connection:
        until = ana.services.clock.now() + timedelta(days=1)
        place_hold(connection, ana.loan, "legal", ana.services.clock.now(), "test", until=until)
    ana.advance(days=366 * 10)
    with write_tx(engine) as connection:
        connection.execute(update(Mandate).values(status="active"))
    assert privacy.retain(ana.services) == 0, "kept beyond its time: a mandate still stands"
    with write_tx(engine) as connection:
        connection.execute(update(Mandate).values(status="cancelled"))
    assert privacy.retain(ana.services) == 1
    assert "me quedé sin trabajo" not in held(ana)["message"]
    assert "me llamo Beto" in held(ana)["message"], "whose loan is open"
    assert faults(ana) == []
