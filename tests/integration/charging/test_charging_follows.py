"""A charge follows its instalment's due date, sum and owner; what its borrower was notified of a day is
corrected; no instalment is debited twice without a person.
"""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from bot.debit import charging
from models import BankAccount, Charge, Hold, Instalment, write_tx
from tests import loans
from tests.charging import House
from tests.loans import OPENED, add_borrower


def move_due_date(house: House, to: date) -> None:
    with write_tx(house.services.engine) as connection:
        loans.move_due_date(connection, house.loan, 1, to)


def owe_again(house: House, amount: int = 60_000) -> None:
    with write_tx(house.services.engine) as connection:
        connection.execute(update(Instalment).where(Instalment.number == 1).values(unpaid_principal=amount))


def first(house: House):
    return house.charges()[0]


def test_moved_before_its_notice_it_waits_for_the_new_day(house: House) -> None:
    house.announce()
    assert first(house).status == "planned"
    move_due_date(house, date(2026, 12, 28))
    for day in ("2026-11-24", "2026-11-26", "2026-11-27"):
        house.at(f"{day}T09:00")
        house.announce()
        assert house.submit() == 0
    assert (first(house).status, first(house).charge_on, house.texts()) == ("planned", date(2026, 12, 28), [])


def test_moved_after_its_notice_the_borrower_is_told_and_nothing_is_charged_before(announced: House) -> None:
    announced.at("2026-11-26T12:00")
    move_due_date(announced, date(2026, 12, 28))
    announced.talk()
    announced.at("2026-11-27T09:00")
    announced.announce()
    assert (announced.submit(), first(announced).charge_on) == (0, date(2026, 12, 28))
    assert "avisé para el viernes 27 de noviembre se hará el lunes 28 de diciembre" in announced.texts()[1]
    assert announced.ledger("charge.moved") == ["charge.moved"]
    announced.at("2026-12-26T10:00")
    announced.announce()
    announced.at("2026-12-28T09:00")
    announced.announce()
    assert announced.submit() >= 0
    assert first(announced).status in ("notified", "submitted")
    announced.sound()


def test_moved_between_its_notice_and_its_submission_it_does_not_leave(announced: House) -> None:
    move_due_date(announced, date(2026, 12, 28))
    assert (announced.submit(), first(announced).charge_on) == (0, date(2026, 12, 28))


def test_moved_to_an_earlier_day_before_its_notice_it_comes_earlier(house: House) -> None:
    move_due_date(house, date(2026, 12, 1))
    house.announce()
    assert first(house).charge_on == date(2026, 12, 1)
    move_due_date(house, date(2026, 11, 26))
    house.talk()
    assert first(house).charge_on == date(2026, 11, 26)


def test_moved_by_a_day_to_a_day_that_is_no_banking_day(announced: House) -> None:
    move_due_date(announced, date(2026, 11, 28))
    announced.talk()
    assert first(announced).charge_on == date(2026, 11, 30)


def test_what_was_collected_and_is_owed_again_is_a_persons_to_decide_once(collected: House) -> None:
    """A tape that does not know the debit yet."""
    owe_again(collected)
    before = len(collected.charges())
    for day in ("2026-11-30", "2026-12-01"):
        collected.at(f"{day}T13:00")
        charging.plan(collected.services)
    assert [row.instalment_id for row in collected.charges()].count(first(collected).instalment_id) == 1
    assert len(collected.charges()) >= before
    assert collected.tasks().count("charge_again") == 1


def test_a_charge_planned_meanwhile_is_refused_by_the_guard(collected: House) -> None:
    owe_again(collected)
    row = first(collected)
    with write_tx(collected.services.engine) as connection:
        again = {
            "mandate_id": row.mandate_id,
            "loan_id": row.loan_id,
            "instalment_id": row.instalment_id,
            "attempt": 2,
            "amount": 60_000,
            "status": "planned",
            "charge_on": date(2026, 12, 2),
            "planned_due_date": date(2026, 11, 27),
            "key": "K-again",
            "provider": "belvo",
            "created_at": OPENED,
        }
        connection.execute(insert(Charge).values(**again))
    collected.at("2026-12-01T10:00")
    charging.notify(collected.services)
    assert collected.scalars(select(Charge.status).where(Charge.key == "K-again")) == ["cancelled"]
    assert "charge_again" in collected.tasks()


def test_an_account_of_somebody_else_is_never_debited(announced: House) -> None:
    """The loan has another borrower than the one who authorised."""
    with write_tx(announced.services.engine) as connection:
        other, _ = add_borrower(connection, 7)
        connection.execute(update(BankAccount).values(borrower_id=other))
    assert (announced.submit(), announced.statuses()) == (0, ["cancelled"])
    assert announced.tasks() == ["charge_owner"]
    assert charging.plan(announced.services) == 0


def test_a_retry_day_that_moves_is_told_again(submitted: House) -> None:
    """Named while it was free; by its notice day two others of the week have been made."""
    submitted.provider.turn_all("returned", "04")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert "Lo intentaremos de nuevo el martes 15 de diciembre" in submitted.texts()[-1]
    with write_tx(submitted.services.engine) as connection:
        loan = submitted.loan
        for number in (8, 9):
            instalment = connection.execute(
                insert(Instalment)
                .values(loan_id=loan, number=number, due_date=date(2026, 11, 1), amount_centavos=100)
                .returning(Instalment.id)
            ).scalar_one()
            row = {
                "mandate_id": submitted.mandate,
                "loan_id": loan,
                "instalment_id": instalment,
                "attempt": 1,
                "amount": 100,
                "status": "collected",
                "charge_on": date(2026, 12, 14),
                "key": f"K-{number}",
                "provider": "belvo",
                "created_at": OPENED,
            }
            connection.execute(insert(Charge).values(**row))
    submitted.at("2026-12-14T10:00")
    submitted.announce()
    submitted.talk()
    notices = [text for text in submitted.texts() if "avisé para el martes 15 de diciembre" in text]
    assert len(notices) == 1
    assert "se hará el jueves 31 de diciembre" in notices[0]


@pytest.mark.parametrize("hold", ["dispute", "payment_reported"])
def test_a_told_day_that_is_held_is_called_off_once(submitted: House, hold: str) -> None:
    submitted.provider.turn_all("returned", "04")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    with write_tx(submitted.services.engine) as connection:
        connection.execute(insert(Hold).values(loan_id=submitted.loan, kind=hold, placed_at=OPENED))
    for day in ("2026-12-14", "2026-12-15", "2026-12-16"):
        submitted.at(f"{day}T10:00")
        submitted.announce()
        assert submitted.submit() == 0
    assert submitted.events().count("charge.moved") == 1
