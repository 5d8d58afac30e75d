"""A payment proposed as a question is a promise that is offered; a day that is lacking is no question."""

from datetime import date

import pytest

from flows.acts.readings.proposals import lacks_date, proposed
from flows.types.event import Message
from values import Money

TODAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)

PROPOSED = [
    # text, intent as read, certain, sum and day as read, sum and day that are offered
    ("¿y si doy 200 ahorita?", "other", True, (200, None), (200, TODAY)),
    ("te puedo dar 200 ahorita?", "other", False, (200, None), (200, TODAY)),
    ("qué tal si pago 300 hoy", "promise_to_pay", True, (300, TODAY), (300, TODAY)),
    ("aceptas 500?", "ask_balance", False, (None, None), (500, None)),
    ("me aceptan 400?", "ask_payment_methods", False, (None, None), (400, None)),
    ("que tal 400 el viernes?", "greet", False, (400, FRIDAY), (400, FRIDAY)),
    ("puedo abonar 250 hoy?", "request_plan", True, (250, TODAY), (250, TODAY)),
    ("what if i pay 200 now?", "other", False, (200, None), (200, TODAY)),
    ("puedo abonar 250?", "request_plan", True, (250, None), (250, None)),
    ("te mando 100 ahorita", "promise_to_pay", True, (100, None), (100, TODAY)),
    ("how about 300?", "other", False, (None, None), (300, None)),
    ("will you take 400?", "other", True, (None, None), (400, None)),
]


def _message(text: str, intent: str, certain: bool, amount: int | None, day: date | None) -> Message:
    return Message(
        text, intent, certain=certain, amount=Money(amount * 100) if amount is not None else None, date=day
    )


@pytest.mark.parametrize(("text", "intent", "certain", "read", "offered"), PROPOSED)
def test_a_sum_that_is_proposed(
    text: str,
    intent: str,
    certain: bool,
    read: tuple[int | None, date | None],
    offered: tuple[int, date | None],
) -> None:
    found = proposed(_message(text, intent, certain, *read), TODAY)
    assert (found.intent, found.certain) == ("promise_to_pay", True)
    assert (found.amount, found.date) == (Money(offered[0] * 100), offered[1])


@pytest.mark.parametrize(
    ("text", "intent", "certain"),
    [
        ("si pago 300 hoy me perdonan el resto?", "request_discount", True),
        ("cuánto me falta si pago 300?", "ask_balance", True),
        ("y si pago 300 cada quincena?", "other", False),
        ("y si no pago?", "other", False),
        ("ya te di 200 ayer", "report_payment", True),
        ("puedo pagar 500 en oxxo?", "ask_payment_methods", False),
    ],
)
def test_what_proposes_nothing(text: str, intent: str, certain: bool) -> None:
    message = _message(text, intent, certain, None, None)
    assert proposed(message, TODAY) is message


@pytest.mark.parametrize(
    "text",
    [
        "no sé cuándo",
        "no tengo fecha",
        "aún no sé cuándo voy a poder",
        "la verdad no sé qué día",
        "no tengo fecha exacta",
        "ni idea de cuándo",
        "I don't know when",
        "i don't have a date yet",
    ],
)
def test_no_day_yet(text: str) -> None:
    assert lacks_date(Message(text, "ask_due_date"))


@pytest.mark.parametrize(
    "text", ["no sé cuándo vence", "no sé cuándo me toca pagar", "¿no sé cuándo?", "no sé qué es esto"]
)
def test_a_question_of_the_due_date(text: str) -> None:
    assert not lacks_date(Message(text, "ask_due_date"))
