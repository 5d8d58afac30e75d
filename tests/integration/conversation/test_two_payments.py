"""«200 hoy y el resto el viernes»: both payments are promised by one yes, and judged one after the other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.money import Reported, lock_loan, receive
from models import Promise, write_tx
from models.ledger import verify
from tests.talk import Talk, talk

TUESDAY = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def ana(engine: Engine) -> Talk:
    one = talk(engine, TUESDAY)
    one.say("hoy 200 y el resto el viernes")
    one.say("sí")
    return one


def pay(one: Talk, pesos: int) -> None:
    with write_tx(one.services.engine) as connection:
        loan, now = lock_loan(connection, f"L{one.number}"), one.services.clock.now()
        assert loan is not None
        paid = Reported("api", "spei", f"R{now}", pesos * 100, now, "lender:test")
        receive(connection, loan, paid, now)


def promises(one: Talk) -> list[tuple[int, date, str]]:
    return [(row.amount, row.due_date, row.status) for row in one.rows(Promise)]


def answer_key(one: Talk) -> str:
    return one.ours()[-1].wording["lines"][0][0]


def test_one_yes_promises_both(ana: Talk) -> None:
    assert answer_key(ana) == "promise.made_both"
    (first,) = ana.rows(Promise)
    assert (first.amount, first.due_date) == (20_000, TUESDAY.date())
    assert [(part["amount"], part["date"]) for part in first.rest] == [(40_000, "2026-11-27")]
    assert ana.ledger("promise.made")[0].data["rest"] == [["2026-11-27", 40_000]]
    ana.say("¿en qué quedamos?")
    assert answer_key(ana) == "promise.agreed_both"


def test_the_second_stands_once_the_first_is_kept(ana: Talk) -> None:
    pay(ana, 200)
    assert promises(ana) == [(20_000, TUESDAY.date(), "kept"), (40_000, FRIDAY, "open")]
    made, kept, second = ana.ledger("promise")
    assert (made.kind, kept.kind, second.kind) == ("promise.made", "promise.kept", "promise.made")
    first, opened = ana.rows(Promise)
    assert kept.data == {"promise": first.id, "promised": 20_000, "paid": 20_000, "due_date": "2026-11-24"}
    assert second.data == {
        "promise": opened.id,
        "amount": 40_000,
        "due_date": "2026-11-27",
        "expires_on": "2026-12-01",
        "message": first.message_id,
        "after": first.id,
    }
    assert (opened.message_id, opened.rest, opened.expires_on) == (first.message_id, None, date(2026, 12, 1))
    assert opened.made_at == TUESDAY.replace(hour=6, minute=0) + timedelta(days=1)
    ana.advance(days=2)
    pay(ana, 400)
    assert [status for _, _, status in promises(ana)] == ["kept", "kept"]
    with write_tx(ana.services.engine) as connection:
        assert not list(verify(connection))


def test_what_is_paid_beyond_the_first_is_no_longer_promised(ana: Talk) -> None:
    pay(ana, 500)
    assert promises(ana)[1:] == [(10_000, FRIDAY, "open")]


def test_all_paid_at_once_promises_nothing_more(ana: Talk) -> None:
    pay(ana, 600)
    assert promises(ana) == [(20_000, TUESDAY.date(), "kept")]


def test_a_second_that_is_cancelled_stays_so(ana: Talk) -> None:
    pay(ana, 200)
    ana.say("cancela mi promesa")
    pay(ana, 100)
    assert [status for _, _, status in promises(ana)] == ["kept", "cancelled"]


def test_a_later_promise_takes_the_place_of_both(ana: Talk) -> None:
    ana.say("mejor 300 el lunes")
    ana.say("sí")
    pay(ana, 300)
    assert [status for _, _, status in promises(ana)] == ["cancelled", "kept"]


def test_of_three_payments_each_stands_once_the_one_before_it_is_kept(ana: Talk) -> None:
    ana.say("mejor hoy 100, 200 el viernes y el resto el 10")
    text = ana.ours()[-1].body
    assert "3 pagos" in text
    assert "$300.00 el jueves 10 de diciembre" in text
    ana.say("sí")
    assert ana.ledger("promise.made")[-1].data["rest"] == [["2026-11-27", 20_000], ["2026-12-10", 30_000]]
    ana.say("¿en qué quedamos?")
    assert answer_key(ana) == "promise.agreed_several"
    pay(ana, 350)
    assert promises(ana)[1:] == [(10_000, TUESDAY.date(), "kept"), (25_000, date(2026, 12, 10), "open")]
    with write_tx(ana.services.engine) as connection:
        assert not list(verify(connection))
