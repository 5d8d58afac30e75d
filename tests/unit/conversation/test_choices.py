"""A button is answered by its title, a shortened title, its number, or its words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.choices import may_pick, picked
from bot.conversation.incoming import Incoming
from bot.conversation.view import View
from flows import Conversation
from tests.facts import facts

MENU = [
    {"payload": "pay_now", "title": "Pagar ahora"},
    {"payload": "later", "title": "Pagar otro día"},
    {"payload": "agent", "title": "Hablar con alguien"},
]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("Pagar ahora", "pay_now"),
        ("pagar AHORA!", "pay_now"),
        ("pagar otro dia", "later"),
        ("1", "pay_now"),
        ("opción 2", "later"),
        ("number 2", "later"),
        ("the second one", "later"),
        ("la segunda opción", "later"),
        ("la 3", "agent"),
        ("hablar", "agent"),
        ("Hablar con…", "agent"),
        ("pagar", None),
        ("4", None),
        ("0", None),
        ("no", None),
        ("quiero otra cosa", None),
        ("", None),
    ],
)
def test_what_a_typed_answer_means(text: str, payload: str | None) -> None:
    assert picked(text, MENU, numbered=True) == payload


PLANS = [
    {"payload": "plan.a", "title": "2 de $300.00"},
    {"payload": "plan.b", "title": "3 de $200.00"},
    {"payload": "plan.c", "title": "4 de $150.00"},
]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("la primera", "plan.a"),
        ("La segunda, por favor", "plan.b"),
        ("quiero la tercera", "plan.c"),
        ("me quedo con la 2", "plan.b"),
        ("la opción 3 porfa", "plan.c"),
        ("prefiero el primero", "plan.a"),
        ("la 2a", "plan.b"),
        ("la de en medio", "plan.b"),
        ("la última", "plan.c"),
        ("the second", "plan.b"),
        ("3", "plan.b"),
        ("1", "plan.a"),
        ("la de 200", "plan.b"),
        ("la de 4 pagos", "plan.c"),
        ("en 4 pagos", "plan.c"),
        ("la quinta", None),
        ("la de 500", None),
        ("ninguna", None),
        ("la primera no", None),
    ],
)
def test_an_offer_is_chosen_by_its_place_or_by_a_number_of_its_own(text: str, payload: str | None) -> None:
    assert picked(text, PLANS, numbered=False) == payload


def test_a_number_that_was_shown_is_a_place() -> None:
    assert picked("3", PLANS, numbered=True) == "plan.c"


def _view(**values: Any) -> View:
    view = View(
        id=1,
        version=1,
        channel="sms",
        address="+525500000001",
        sender=None,
        handler="bot",
        expecting="date",
        last_in_at=None,
        contacted_at=None,
        conversation=Conversation(),
        points=(),
        facts=facts(),
    )
    return replace(view, **values)


@pytest.mark.parametrize(
    ("channel", "expecting", "text", "looked_at"),
    [
        ("sms", "date", "1", True),
        ("sms", "amount", "1", True),
        ("email", "date", "1", True),
        ("whatsapp", "date", "1", False),
        ("whatsapp", "choice", "1", True),
        ("sms", "clabe", "1", False),
        ("sms", None, "1", False),
        ("sms", "date", "x" * 41, False),
    ],
)
def test_when_a_number_may_be_a_choice(
    channel: str, expecting: str | None, text: str, *, looked_at: bool
) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    incoming = Incoming("sms", "+525500000001", "+525500000001", "+525550000000", "AC1", "SM1", text, at)
    assert may_pick(incoming, _view(channel=channel, expecting=expecting)) is looked_at


YES_NO = [{"payload": "yes", "title": "Sí"}, {"payload": "no", "title": "No"}]


def test_of_a_question_that_binds_the_first_is_no_yes() -> None:
    assert picked("la primera", YES_NO, numbered=False) is None
    assert picked("uno", YES_NO, numbered=False) is None
    assert picked("1", YES_NO, numbered=True) == "yes"
    assert picked("1", YES_NO, numbered=False) is None
    assert picked("el 1", YES_NO, numbered=True) is None
    assert picked("opción 1", YES_NO, numbered=True) == "yes"
    assert picked("la 2.", YES_NO, numbered=True) == "no"


def test_a_condition_picks_nothing() -> None:
    assert picked("la de 3 pero mensual", PLANS, numbered=False) is None
