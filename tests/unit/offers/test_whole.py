"""All that is owed in parts: a choice where policy has it, and said plainly where it does not."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import flows
from flows import Conversation
from flows.types.effects import HandOff, Say
from flows.types.event import Message
from flows.types.facts import Facts
from tests.facts import ANA, LENDER, TODAY

OFFERS = LENDER.terms.offers


def steps(*messages: Message, whole: bool) -> list[tuple[Any, ...]]:
    """The effects of each turn."""
    assert OFFERS.plan is not None
    terms = replace(LENDER.terms, offers=replace(OFFERS, plan=replace(OFFERS.plan, whole=whole)))
    now, ana = datetime.combine(TODAY, time(18), UTC), replace(ANA, notice_given=True)
    facts = Facts(now, TODAY, LENDER.facts, terms, (ana,), ana, "whatsapp")
    conversation, found = Conversation(), []
    for message in messages:
        step = flows.step(conversation, message, facts)
        conversation = step.conversation
        found.append(step.effects)
    return found


def says(effects: tuple[Any, ...]) -> Say:
    return next(each for each in effects if isinstance(each, Say))


def test_it_is_a_button_next_to_the_other_plans() -> None:
    ask, press = Message("quiero un plan", "request_plan"), Message("whole", "other", payload="whole")
    asked, pressed = map(says, steps(ask, press, whole=True))
    assert "whole" in [choice.payload for choice in asked.choices]
    (intro,) = (params for key, params in pressed.lines if key == "offers.intro")
    assert intro["owed"] == ANA.loans[0].outstanding.total
    assert "whole" not in [choice.payload for choice in pressed.choices]
    assert "whole" not in [choice.payload for choice in says(steps(ask, whole=False)[0]).choices]


def test_where_policy_has_none_it_is_said_once_and_then_is_a_persons() -> None:
    every = Message("pero de todo lo que debo", "ask_balance", certain=False)
    plan = Message("quiero un plan", "request_plan")
    _, first, second = steps(plan, every, every, whole=False)
    assert "offers.not_whole" in [key for key, _ in says(first).lines]
    assert any(isinstance(effect, HandOff) for effect in second)
    in_two = Message("todo mi crédito en 2 pagos", "request_plan", entities={"instalments": 2})
    (taken,) = steps(in_two, whole=False)
    assert says(taken).lines[0][0] == "offers.not_whole"
