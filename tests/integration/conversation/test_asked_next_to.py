"""Two wishes in one message, through the real turn and the shipped model."""

from datetime import UTC, datetime

from sqlalchemy import Engine, update

from models import Message, Task, write_tx
from tests.talk import Talk, talk

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def answer(one: Talk, text: str) -> list[str]:
    before = len(one.ours())
    one.say(text)
    return [key for row in one.ours()[before:] for key, _ in row.wording["lines"]]


def test_a_question_is_answered_next_to_what_is_done(engine: Engine) -> None:
    one = talk(engine, NOON)
    lines = answer(one, "te pago 300 el viernes, ¿qué pasa si no pago?")
    assert lines[-1] == "promise.read_back"
    assert any(line.startswith("topic.") for line in lines)
    assert answer(one, "sí, ¿y dónde deposito?")[-1] == "promise.read_back_brief"
    assert not one.kinds("promise.made")
    assert "balance.loan" in answer(one, "ya pagué 300 ayer, ¿cuánto debo?")
    assert len(one.rows(Task, Task.kind == "payment_reported")) == 1
    answer(one, "pago 300 el viernes")
    answer(one, "sí")
    assert answer(one, "cancelen mi promesa y cuánto debo")[:2] == ["promise.cancelled", "balance.loan"]
    lines = answer(one, "BAJA. ¿y cómo pago?")
    assert lines[0] == "optout.done"
    assert "pay.spei_item" in lines
    assert one.kinds("optout.recorded")


def test_a_yes_to_a_question_that_failed_to_leave_binds_nobody(engine: Engine) -> None:
    one = talk(engine, NOON)
    answer(one, "te pago 300 el viernes")
    with write_tx(engine) as connection:
        connection.execute(update(Message).where(Message.id == one.ours()[-1].id).values(status="failed"))
    assert answer(one, "sí")[-1] == "promise.read_back"
    assert not one.kinds("promise.made")
    answer(one, "sí")
    assert one.kinds("promise.made")
