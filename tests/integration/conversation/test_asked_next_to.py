"""Two wishes in one message, through the real turn and the shipped model."""

from datetime import UTC, datetime

from sqlalchemy import Engine, update

from models import Message, Task, write_tx
from tests.mandates import add_mandate
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


def test_what_is_asked_in_two_ways_is_answered_once(engine: Engine) -> None:
    one = talk(engine, NOON)
    lines = answer(one, "se puedepagar en el oxxo?. esa cuenta la cerre, tengo una nueva")
    assert lines.count("pay.spei_item") == 1


def test_two_wishes_are_both_done(engine: Engine) -> None:
    one = talk(engine, NOON)
    assert answer(one, "te pago 300 el viernes y quiero domiciliar lo demas")[-1] == "promise.read_back"
    lines = answer(one, "sí")
    assert lines[0] == "promise.made"
    assert any(line.startswith("mandate.") for line in lines)  # the wish that waited
    assert "pages.letter_when_paid" in answer(one, "ya pague y quiero mi carta de no adeudo")
    lines = answer(one, "cuánto debo y quiero hablar con alguien")
    assert lines[0] == "human.wait"
    assert "balance.loan" in lines


def test_what_is_agreed_and_no_more_messages_are_both_done(engine: Engine) -> None:
    one = talk(engine, NOON)
    answer(one, "te pago 300 el viernes")
    lines = answer(one, "sí, pero ya no me escriban")
    assert (lines[0], lines[-1]) == ("promise.made", "optout.done")
    assert one.kinds("promise.made")
    assert one.kinds("optout.recorded")


def test_a_right_over_ones_data_is_heard_next_to_a_question(engine: Engine) -> None:
    one = talk(engine, NOON)
    answer(one, "quiero saber qué datos tienen de mí y por qué me cobran recargos")
    assert one.kinds("privacy.requested")


def test_the_second_wish_comes_when_the_first_is_over(engine: Engine) -> None:
    one = talk(engine, NOON)
    add_mandate_of(one)
    assert answer(one, "quiero cambiar de cuenta y pagar 300 el viernes")[-1] == "promise.read_back"
    assert "mandate.change" in " ".join(answer(one, "sí"))
    answer(one, "mejor no")
    lines = answer(one, "cancelen la domiciliación y ya no me marquen")
    assert lines[-1] == "contact_preference.person"
    assert one.kinds("mandate.cancelled")
    assert not one.kinds("optout.recorded")
    assert "offers.intro" in answer(one, "quiero un descuento y un plan")
    assert answer(one, "mándenme mi estado de cuenta y quiero domiciliar")[0] == "pages.papers_file"


def test_what_protects_is_done_before_what_is_wished(engine: Engine) -> None:
    one = talk(engine, NOON)
    add_mandate_of(one)
    lines = answer(one, "quitenme el cobro automatico y hagame un plan")
    assert one.kinds("mandate.cancelled")
    assert "offers.intro" in lines
    lines = answer(one, "cuánto debo y ya no me escriban")
    assert lines[:2] == ["optout.done", "balance.loan"]


def add_mandate_of(one: Talk) -> None:
    with write_tx(one.services.engine) as connection:
        add_mandate(connection, one.loan)


def test_a_yes_to_a_question_that_failed_to_leave_binds_nobody(engine: Engine) -> None:
    one = talk(engine, NOON)
    answer(one, "te pago 300 el viernes")
    with write_tx(engine) as connection:
        connection.execute(update(Message).where(Message.id == one.ours()[-1].id).values(status="failed"))
    assert answer(one, "sí")[-1] == "promise.read_back"
    assert not one.kinds("promise.made")
    answer(one, "sí")
    assert one.kinds("promise.made")
