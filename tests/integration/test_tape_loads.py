"""Tapes that are given in the console or in a folder: checked, confirmed by a manager, listed, and undone."""

import io
import os
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.console.access import accounts
from bot.portfolio import CannotUndo, process_tapes, take_from_folder, undo_load
from bot.services import Services
from models import AuditEntry, Borrower, Instalment, LedgerEntry, Loan, Task, read_tx, write_tx
from models.ledger import NewEntry, append_many, verify
from tests.desk import BASE, PASSWORD, Desk
from tests.services import make_test_services
from tests.talk import Talk, talk

HEADER = "loan_id,borrower_id,borrower_name,phone,instalment_no,due_date,amount_due,birth_date,as_of\n"
FIRST = (
    HEADER
    + "CR1,CB1,Luz Rey,5512340001,1,2026-11-30,500.00,1990-01-02,2026-11-20\n"
    + "CR1,CB1,Luz Rey,5512340001,2,2026-12-15,500.00,1990-01-02,2026-11-20\n"
)
CHANGES = ("tape.given", "tape.confirmed", "tape.undone")
SECOND = (
    HEADER
    + "CR1,CB1,Luz Rey,5512340001,1,2026-12-03,600.00,1991-01-02,2026-11-22\n"
    + "CR1,CB1,Luz Rey,5512340001,2,2026-12-15,500.00,1991-01-02,2026-11-22\n"
    + "CR2,CB2,Sol Paz,5512340002,1,2026-11-30,700.00,1990-01-02,2026-11-22\n"
)


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    at = talk(engine, now)
    for name, role in (("a@example.mx", "agent"), ("m@example.mx", "manager")):
        accounts.add_agent(at.services, name, role, PASSWORD)
    return at


def upload(desk: Desk, text: str, **form: str) -> str:
    fields = {
        "csrf": desk.token("/console/tapes"),
        "file": (io.BytesIO(text.encode()), "cartera.csv"),
        **form,
    }
    answer = desk.client.post("/console/tapes/upload", base_url=BASE, data=fields)
    assert answer.status_code == 302
    return answer.headers["Location"]


def state(services: Services) -> list[tuple[object, ...]]:
    people = (
        select(Loan.external_id, Loan.outstanding_centavos, Loan.as_of, Borrower.name, Borrower.birth_date)
        .join(Borrower, Borrower.id == Loan.borrower_id)
        .where(Loan.external_id.in_(("CR1", "CR2")))
    )
    parts = select(Instalment.loan_id, Instalment.number, Instalment.due_date, Instalment.unpaid_principal)
    with read_tx(services.engine) as connection:
        loans = [tuple(row) for row in connection.execute(people.order_by(Loan.id))]
        return loans + [tuple(row) for row in connection.execute(parts.order_by(Instalment.id))]


def test_a_tape_larger_than_a_form_is_taken(ana: Talk) -> None:
    manager, rows = Desk(ana, "m@example.mx"), FIRST.splitlines()
    text = "\n".join([rows[0], *rows[1:] * 2_000])
    assert len(text) > 2 * 64 * 1024
    assert upload(manager, text).startswith("/console/tapes/")


def test_a_tape_is_checked_confirmed_by_a_manager_and_undone(ana: Talk) -> None:
    agent, manager = Desk(ana, "a@example.mx"), Desk(ana, "m@example.mx")
    page = upload(agent, FIRST)
    assert "En revisión" in agent.get(page).text
    assert process_tapes(ana.services) == 1
    shown = agent.get(page).text
    assert "Por confirmar" in shown
    assert "$1,000.00" in shown
    assert agent.post(f"{page}/confirm").status_code == 403
    assert manager.post(f"{page}/confirm").status_code == 302
    assert manager.post(f"{page}/confirm").status_code == 302, "the answer to the first was lost"
    process_tapes(ana.services)
    assert "Nuevos: 1" in manager.get(page).text
    before = state(ana.services)

    second = upload(agent, SECOND)
    process_tapes(ana.services)
    manager.post(f"{second}/confirm")
    process_tapes(ana.services)
    assert state(ana.services) != before
    assert agent.post(f"{second}/undo").status_code == 403
    assert manager.post(f"{second}/undo").status_code == 302
    assert "lo deshizo" in manager.get(second).text
    after = state(ana.services)
    assert after[0] == before[0]
    assert [row for row in after if row in before[1:]] == before[1:]
    assert after[1][:4] == ("CR2", 0, None, "Sol Paz")
    with read_tx(ana.services.engine) as connection:
        assert list(verify(connection)) == []
    assert manager.post(f"{page}/undo").status_code == 409, "another tape was loaded since"
    done = [row.action for row in ana.rows(AuditEntry) if row.action in CHANGES]
    assert done == ["tape.given", "tape.confirmed", "tape.given", "tape.confirmed", "tape.undone"]


def test_what_followed_from_a_load_keeps_it(ana: Talk) -> None:
    manager = Desk(ana, "m@example.mx")
    page = upload(manager, FIRST)
    process_tapes(ana.services)
    manager.post(f"{page}/confirm")
    process_tapes(ana.services)
    with write_tx(ana.services.engine) as connection:
        loan = connection.scalar(select(Loan.id).where(Loan.external_id == "CR1"))
        assert loan is not None
        append_many(
            connection, {loan: [NewEntry("hold.placed", {"hold": "legal"}, "test")]}, ana.services.clock.now()
        )
    with pytest.raises(CannotUndo, match="1 of its loans"):
        undo_load(ana.services, int(page.rsplit("/", 1)[1]), "agent:1")


def test_a_bad_tape_is_shown_with_what_to_do_and_loads_nothing(ana: Talk) -> None:
    manager = Desk(ana, "m@example.mx")
    page = upload(manager, FIRST.replace("2026-11-30", "30/11/2026"))
    process_tapes(ana.services)
    shown = manager.get(page).text
    assert "Rechazado" in shown
    assert "dd/mm/yyyy" in shown
    assert manager.post(f"{page}/confirm").status_code == 409
    broken = upload(manager, "nothing\n")
    process_tapes(ana.services)
    assert "línea 1: al encabezado le falta loan_id" in manager.get(broken).text.casefold()


def test_payments_are_checked_confirmed_by_a_manager_and_posted_once(ana: Talk) -> None:
    agent, manager = Desk(ana, "a@example.mx"), Desk(ana, "m@example.mx")
    (loan,) = ana.rows(Loan)
    rows = [f"{loan.external_id},{amount},2026-11-23T10:00:00,SPEI,R{amount}\n" for amount in (100, 50)]
    text = "loan_id,amount,paid_at,rail,reference\n" + "".join(rows)
    for posted, known in ((2, 0), (0, 2)):
        page = upload(agent, text, kind="payments")
        process_tapes(ana.services)
        shown = agent.get(page).text
        assert "Pagos que se registrarían" in shown
        assert "$150.00" in shown
        assert len(ana.kinds("payment.posted")) == 2 - posted, "nothing before a manager confirms it"
        assert agent.post(f"{page}/confirm").status_code == 403
        manager.post(f"{page}/confirm")
        process_tapes(ana.services)
        assert f"Pagos registrados: {posted} · ya estaban: {known}" in manager.get(page).text
        assert "Deshacer" not in manager.get(page).text
    bad = upload(agent, text.replace("100,2026", "-1,2026").replace("SPEI,R50", "giro,R50"), kind="payments")
    process_tapes(ana.services)
    shown = agent.get(bad).text
    for words in (
        "Rechazado",
        f"<td>{loan.external_id}</td>",
        "<td>-1</td>",
        "<td>giro</td>",
        "no es uno de spei",
    ):
        assert words in shown, words
    assert manager.post(f"{bad}/confirm").status_code == 409


def test_a_folder_is_taken_when_its_files_are_whole(engine: Engine, now: datetime, tmp_path: Path) -> None:
    services = make_test_services(engine, now)
    folder = tmp_path / "in"
    folder.mkdir()
    services.settings.tape_folder = folder
    path = folder / "cartera.csv"
    path.write_text(FIRST, encoding="utf-8")
    assert take_from_folder(services) == 0, "it may still be growing"
    old = path.stat().st_mtime - 60
    os.utime(path, (old, old))
    assert take_from_folder(services) == 1
    assert (process_tapes(services), process_tapes(services), process_tapes(services)) == (1, 1, 0)
    with read_tx(engine) as connection:
        assert connection.scalar(select(Loan.outstanding_centavos)) == 100_000
        assert connection.scalar(select(LedgerEntry.actor)) == "lender:folder"
    bad = folder / "mala.csv"
    bad.write_text("x\n", encoding="utf-8")
    os.utime(bad, (old, old))
    take_from_folder(services)
    process_tapes(services)
    with read_tx(engine) as connection:
        assert connection.scalars(select(Task.kind)).all() == ["tape_refused"]
