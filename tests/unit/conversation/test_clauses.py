"""What is asked next to something else is answered next to it; what protects goes first."""

from typing import Any

import pytest

from bot.conversation.clauses import taken_apart
from flows import ROUTING
from flows.acts.readings.apart import apart
from flows.engine import Ask
from flows.types.event import AccountGiven, Message
from tests.facts import LENDER, facts

WAYS = LENDER.facts.ways

READ: dict[str, tuple[str, str | None]] = {
    "cuánto debo?": ("ask_balance", None),
    "cuánto debo": ("ask_balance", None),
    "y cómo pago?": ("ask_payment_methods", None),
    "cómo pago?": ("ask_payment_methods", None),
    "me cobran recargos?": ("ask_breakdown", "late_fees"),
    "me cobran": ("dispute_charge", None),
    "es seguro?": ("other", "insurance"),
    "qué pasa si no pago?": ("other", "not_paying"),
    "BAJA.": ("opt_out", None),
    "te pago 300 el viernes": ("promise_to_pay", None),
    "cancelen mi promesa": ("cancel_debit", None),
    "quiero domiciliar": ("authorize_debit", None),
    "sí": ("affirm", None),
    "hola": ("greet", None),
    "vivo lejos": ("other", None),
    "soy ana": ("third_party", None),
    "hola cuánto debo": ("ask_balance", None),
    "cuándo vence": ("ask_due_date", None),
    "quitenme el cobro": ("cancel_debit", None),
    "ya no me escriban": ("opt_out", None),
    "no me escriban hasta el lunes": ("opt_out", None),
    "háganme un plan": ("request_plan", None),
    "quítenme de su lista": ("opt_out", None),
    "dejen de escribirme": ("opt_out", None),
    "ese crédito no lo saqué yo": ("dispute_debt", None),
    "ese seguro no lo pedí": ("dispute_debt", None),
    "que me marque alguien": ("talk_to_human", None),
    "no me cobren mañana": ("cancel_debit", None),
    "desactiven el cargo automático": ("cancel_debit", None),
    "para que ya no me escriban": ("opt_out", None),
    "ya no me marquen": ("opt_out", None),
    "no me llamen al trabajo": ("contact_preference", None),
    "sea en la tarde": ("contact_preference", None),
    "se puede pagar en el oxxo": ("ask_payment_methods", None),
    "ya pagué el chico": ("report_payment", None),
    "el grande el 10": ("promise_to_pay", None),
    "del chico 300 el viernes": ("promise_to_pay", None),
    "del grande en pagos": ("request_plan", None),
    "quiero cambiar de cuenta": ("change_account", None),
    "muevan el cobro al lunes": ("request_extension", None),
    "me hacen una quita": ("request_discount", None),
    "mándenme mi estado de cuenta": ("ask_balance", None),
    "dónde deposito": ("ask_payment_methods", None),
    "cuando pague 300": ("report_payment", None),
}
DEBIT, ACCOUNT, PROMISE, PAPER = ["authorize_debit"], ["change_account"], ["promise_to_pay"], ["ask.document"]
TOPICS: dict[str, Any] = dict.fromkeys(("late_fees", "not_paying", "debit_safety"))


def read(text: str) -> Message:
    intent, topic = READ.get(text, ("other", None))
    return Message(text, intent, topic=topic)


@pytest.mark.parametrize(
    ("text", "whole", "does", "asks"),
    [
        ("te pago 300 el viernes, me cobran recargos?", "ask_breakdown", "promise_to_pay", ["late_fees"]),
        ("hola, cuánto debo y qué pasa si no pago?", "ask_balance", "not_paying", ["ask_balance"]),
        ("BAJA. y cómo pago?", "ask_payment_methods", "opt_out", ["ask_payment_methods"]),
        ("quiero domiciliar, es seguro?", "authorize_debit", "authorize_debit", ["debit_safety"]),
        ("sí, cómo pago?", "ask_payment_methods", "ask_payment_methods", []),
        ("vivo lejos, cómo pago?", "ask_payment_methods", "ask_payment_methods", []),
        ("cuánto debo?", "ask_balance", "ask_balance", []),
        ("cuándo me cobran", "ask_due_date", "ask_due_date", []),
        ("hola, cuánto debo cuándo vence", "ask_due_date", "ask_due_date", ["ask_balance"]),
        ("cancelen mi promesa y cuánto debo", "cancel_debit", "cancel_debit", ["ask_balance"]),
        (
            "quiero domiciliar, mándenme mi estado de cuenta",
            "ask_balance",
            "authorize_debit",
            ["ask.document"],
        ),
        ("quiero domiciliar dónde deposito", "authorize_debit", "authorize_debit", ["ask_payment_methods"]),
        ("cuando pague 300, dónde deposito", "report_payment", "ask_payment_methods", []),
    ],
)
def test_questions_are_answered_next_to_what_is_done(
    text: str, whole: str, does: str, asks: list[str]
) -> None:
    topics = {**TOPICS, "insurance": None}
    message, asked = apart(taken_apart(Message(text, whole), read, WAYS), topics)
    assert (message.topic or message.intent) == does
    assert [ask.act or ask.topic or ask.intent for ask in asked] == asks


def test_what_protects_stays_with_what_protects() -> None:
    whole = Message("BAJA. y cómo pago?", "complain", also=("cancel_debit",))
    message, _ = apart(taken_apart(whole, read, WAYS), TOPICS)
    assert {message.intent, *message.also} == {"opt_out", "complain", "cancel_debit"}


def test_what_protects_is_read_before_a_question_that_no_sign_parts() -> None:
    whole = Message("ya no me escriban se puede pagar en el oxxo", "ask_payment_methods")
    message, _ = apart(taken_apart(whole, read, WAYS), TOPICS)
    assert "opt_out" in {message.intent, *message.also}


@pytest.mark.parametrize(
    ("text", "whole", "does", "wish"),
    [
        ("quitenme el cobro y háganme un plan", "cancel_debit", "cancel_debit", ["request_plan"]),
        ("háganme un plan y quitenme el cobro", "request_plan", "cancel_debit", ["request_plan"]),
        ("te pago 300 el viernes y quiero domiciliar", "other", "promise_to_pay", ["authorize_debit"]),
        ("te pago 300 el viernes y la otra que me la cobren", "change_account", "promise_to_pay", DEBIT),
        ("te pago 300 el viernes y lo demás cóbrenmelo", "promise_to_pay", "promise_to_pay", DEBIT),
        ("te pago 300 el viernes y mejor que me descuenten el resto", "other", "promise_to_pay", DEBIT),
        ("te pago 300 el viernes y charge me the rest", "other", "promise_to_pay", DEBIT),
        ("te pago 300 el viernes y ya no me escriban", "opt_out", "opt_out", ["promise_to_pay"]),
        ("te pago 300 el viernes y no me escriban hasta el lunes", "other", "other", []),
        ("vivo lejos y háganme un plan", "request_plan", "request_plan", []),
        ("te pago 300 el viernes, ya no me marquen", "opt_out", "opt_out", []),
        ("te pago 300 el viernes háganme un plan", "request_plan", "request_plan", []),
        ("quiero cambiar de cuenta y ya no me marquen", "opt_out", "other", ["change_account"]),
        (
            "muevan el cobro al lunes y quiero cambiar de cuenta",
            "other",
            "request_extension",
            ["change_account"],
        ),
        (
            "muevan el cobro al lunes y te pago 300 el viernes",
            "other",
            "request_extension",
            ["promise_to_pay"],
        ),
        ("quiero cambiar de cuenta y te pago 300 el viernes", "other", "promise_to_pay", ["change_account"]),
        ("me hacen una quita y te pago 300 el viernes", "other", "promise_to_pay", ["request_discount"]),
        ("quiero domiciliar ya no me marquen", "opt_out", "other", DEBIT),
        ("ya pagué el chico, el grande el 10", "report_payment", "report_payment", ["promise_to_pay"]),
        ("del chico 300 el viernes y del grande en pagos", "other", "promise_to_pay", ["request_plan"]),
    ],
)
def test_a_wish_begins_after_what_is_done(text: str, whole: str, does: str, wish: list[str]) -> None:
    message, waiting = apart(taken_apart(Message(text, whole), read, WAYS), TOPICS)
    assert message.intent == does
    assert [each.intent for each in waiting] == wish


def test_an_account_is_not_taken_apart() -> None:
    whole = Message("••••7899, es seguro?", "other", account=AccountGiven("clabe"))
    assert taken_apart(whole, read, WAYS) is whole


def test_a_wish_next_to_who_is_writing_waits_for_it() -> None:
    whole = taken_apart(Message("soy ana, cuánto debo?", "ask_balance"), read, WAYS)
    assert ROUTING.apart(whole, None, facts())[0] is whole
    assert ROUTING.apart(whole, None, facts(confirmed="yes"))[0] is not whole


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sí, pero no me llamen al trabajo", "sí"),
        ("sí pero ya no me marquen", "sí"),
        ("sí pero ya no me escriban", "sí"),
        ("sí pero que sea en la tarde", "sí pero que sea en la tarde"),
        ("sí, pero cómo pago?", "sí, pero cómo pago?"),
    ],
)
def test_a_yes_stands_next_to_how_to_be_written_to(text: str, says: str) -> None:
    whole, facts_now = taken_apart(Message(text, "contact_preference"), read, WAYS), facts(confirmed="yes")
    read_back = Ask((), "yes_no", lambda _context, _message: None, binds=True)
    assert ROUTING.apart(whole, read_back, facts_now)[0].text == says
    assert ROUTING.apart(whole, None, facts_now)[0].text == text
    consent = Ask((), "consent", lambda _context, _message: None, binds=True)
    assert ROUTING.apart(whole, consent, facts_now)[0].text == text  # a condition is no consent


@pytest.mark.parametrize(
    ("text", "whole", "acts"),
    [
        ("hola y quítenme de su lista", "promise_to_pay", ["opt_out"]),
        ("quítenme de su lista, que me marque alguien", "talk_to_human", ["opt_out"]),
        ("te pago 300 el viernes. ese crédito no lo saqué yo", "promise_to_pay", ["dispute_debt"]),
        ("me cobran de más, ese seguro no lo pedí", "dispute_charge", []),
        ("te pago 300 el viernes y desactiven el cargo automático", "promise_to_pay", ["cancel_debit"]),
        ("te pago 300 el viernes, no me cobren mañana", "promise_to_pay", []),
        ("te pago 300 el viernes, para que ya no me escriban", "promise_to_pay", []),
        ("te pago 300 el viernes quítenme de su lista", "promise_to_pay", ["opt_out"]),
        ("te pago 300 el viernes ese crédito no lo saqué yo", "promise_to_pay", ["dispute_debt"]),
        ("te pago 300 el viernes no dejen de escribirme", "promise_to_pay", []),
        ("mejor por correo y ya no me escriban", "contact_preference", []),
    ],
)
def test_what_protects_is_heard_in_a_clause(text: str, whole: str, acts: list[str]) -> None:
    assert list(taken_apart(Message(text, whole), read, WAYS).also) == acts


def test_what_something_is_done_for_is_not_done() -> None:
    whole = Message("te pago 300 el viernes para que ya no me escriban", "opt_out")
    assert taken_apart(whole, read, WAYS).intent == "promise_to_pay"
