"""The step function, states, effects, checks, diagrams. It knows nothing of debts: the other folders do."""

from flows.engine.conversation import Conversation, Frame, Lately
from flows.engine.domain import Domain, UndeclaredExit
from flows.engine.replies import Reply
from flows.engine.state import (
    Ask,
    BaseContext,
    Catalogue,
    Done,
    Flow,
    Go,
    HandOver,
    Move,
    Reprompt,
    Start,
)
from flows.engine.step import Step, step

__all__ = [
    "Ask",
    "BaseContext",
    "Catalogue",
    "Conversation",
    "Domain",
    "Done",
    "Flow",
    "Frame",
    "Go",
    "HandOver",
    "Lately",
    "Move",
    "Reply",
    "Reprompt",
    "Start",
    "Step",
    "UndeclaredExit",
    "step",
]
