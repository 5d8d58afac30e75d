"""What is said next: pure functions. One file per conversation; `routing.py` is the closed list of what works
in every state.
"""

from types import MappingProxyType

from flows import (
    abuse,
    balance,
    breakdown,
    cancel_debit,
    complaint,
    contact_preference,
    dispute,
    due_date,
    hardship,
    hello,
    human,
    identity,
    loan_request,
    mandate,
    media,
    news,
    optin,
    optout,
    payment_methods,
    payment_report,
    plan,
    privacy,
    promise,
    refusal,
    reminder,
    routing,
    thanks,
    third_party,
    unclear,
    vulnerability,
    who,
    wrong_person,
)
from flows.engine.conversation import Conversation
from flows.engine.step import Step
from flows.engine.step import step as _step
from flows.types.event import Event
from flows.types.facts import Facts

_MODULES = (
    abuse,
    balance,
    breakdown,
    cancel_debit,
    complaint,
    contact_preference,
    due_date,
    hardship,
    hello,
    human,
    identity,
    loan_request,
    mandate,
    media,
    news,
    optin,
    optout,
    payment_methods,
    payment_report,
    plan,
    privacy,
    promise,
    refusal,
    reminder,
    thanks,
    third_party,
    unclear,
    vulnerability,
    who,
    wrong_person,
)
CATALOGUE = MappingProxyType(
    {flow.name: flow for flow in (*(module.flow for module in _MODULES), *dispute.flows)}
)
"""Every flow by name."""


def step(conversation: Conversation, event: Event, facts: Facts) -> Step:
    """The engine's step over Acuerdo's own conversations."""
    return _step(conversation, event, facts, CATALOGUE, routing)


__all__ = ["CATALOGUE", "Conversation", "Step", "step"]
