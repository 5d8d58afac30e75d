"""Whatever is held until somebody decides has a case, with a deadline, that ends it."""

from dataclasses import replace
from itertools import product

import pytest

from bot.handoff import outcomes
from flows import CATALOGUE, step
from flows.engine import Conversation
from flows.types.effects import OpenTask, PlaceHold, Record
from flows.types.event import Message, Released
from flows.types.facts import CaseFacts
from models.hold import HOLD_KINDS
from models.task import BANKING_DAYS, HELD_BY, TASK_KINDS, TASK_OUTCOMES
from tests.facts import TODAY, facts
from values import add_banking_days

LENDERS = {"deceased", "legal", "opt_out", "missing"}
"""Placed by a tape or by the lender's systems, which lift them."""
TIMED = {"payment_reported", "hardship", "quiet"}
CLAIMS = [("dispute_debt", "dispute"), ("dispute_charge", "dispute"), ("complain", "complaint")]


def read(intent: str) -> Message:
    return Message("así es", intent)


def test_every_hold_ends() -> None:
    assert {*HELD_BY, *LENDERS, *TIMED} == set(HOLD_KINDS)
    for kind in HELD_BY:
        assert kind in TASK_KINDS
        assert BANKING_DAYS[kind]
        assert set(outcomes(kind)).isdisjoint(TASK_OUTCOMES)


def test_what_holds_without_end_opens_its_case() -> None:
    """By any first message, of somebody who proved to be writing or not, aloud or while a person has it."""
    intents = {name for flow in CATALOGUE.values() for name in flow.intents}
    people = (facts(confirmed="yes", mandate="yes"), facts(people="shared"))
    found: set[str] = set()
    for intent, given, silent in product(sorted(intents), people, (False, True)):
        effects = step(Conversation(), read(intent), given, silent=silent).effects
        held = {effect.kind for effect in effects if isinstance(effect, PlaceHold) and effect.until is None}
        assert held <= {effect.kind for effect in effects if isinstance(effect, OpenTask)}, intent
        found |= held
    assert found == {*HELD_BY}


@pytest.mark.parametrize(("intent", "kind"), CLAIMS)
def test_a_claim_has_a_folio_and_a_day_once(intent: str, kind: str) -> None:
    first = step(Conversation(), read(intent), facts(confirmed="yes")).effects
    (opened,) = [effect for effect in first if isinstance(effect, OpenTask)]
    assert opened.due == add_banking_days(TODAY, 30)
    assert any(
        isinstance(effect, Record) and effect.data["folio"] == opened.data["folio"] for effect in first
    )
    known = replace(facts(confirmed="yes"), cases=(CaseFacts(kind, "A-1", TODAY),))
    again = step(Conversation(), read(intent), known).effects
    assert not any(isinstance(effect, Record) for effect in again), "it is the same one"
    assert "A-1" in str(again)
    asked = step(Conversation(), Message("cuál es mi folio", "other"), known).effects
    assert "A-1" in str(asked)


def test_while_a_person_decides_an_open_question_is_not_asked_again() -> None:
    """Given back to the bot: with the dispute still open, and without one."""
    given = facts(confirmed="yes")
    asked = step(Conversation(), Message("¿cuánto debo?", "ask_balance"), given).conversation
    assert step(asked, Released(), given).effects
    person = given.borrower
    assert person is not None
    held = replace(person, loans=tuple(replace(loan, holds=frozenset({"dispute"})) for loan in person.loans))
    silent = step(asked, Released(), replace(given, borrower=held, candidates=(held,)))
    assert (silent.effects, silent.conversation.stack) == ((), ())
