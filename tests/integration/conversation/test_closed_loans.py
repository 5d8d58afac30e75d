"""A borrower who owes nothing any more still has a say about the loan that was closed."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from models import Hold, Loan
from tests.integration.conversation.acting import set_all
from tests.talk import Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    one = talk(engine, now)
    set_all(one, Loan, status="settled", outstanding_centavos=0)
    return one


@pytest.mark.parametrize(
    ("text", "kind", "hold"),
    [
        ("no reconozco ese cargo que me hicieron", "dispute.opened", "dispute"),
        ("yo nunca pedí ese préstamo, no reconozco la deuda", "dispute.opened", "dispute"),
        ("BAJA", "optout.recorded", None),
    ],
)
def test_what_is_reported_is_kept_on_the_newest_closed_loan(
    ana: Talk, text: str, kind: str, hold: str | None
) -> None:
    ana.say(text)
    assert kind in ana.kinds()
    assert [each.kind for each in ana.rows(Hold)] == ([hold] if hold else [])
    assert ana.rows(Loan, Loan.id == ana.loan)[0].status == "settled"


@pytest.mark.parametrize("text", ["hola", "cuánto debo", "dónde pago", "pago 300 hoy", "quiero un plan"])
def test_a_loan_that_was_written_off_is_not_said_to_be_paid(engine: Engine, now: datetime, text: str) -> None:
    one = talk(engine, now)
    set_all(one, Loan, status="written_off")
    one.say(text)
    assert [key for key, _ in one.ours()[-1].wording["lines"]] == ["balance.written_off"]
