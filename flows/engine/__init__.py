"""The step function, states, effects, checks, diagrams. It knows nothing of debts: `flows/*.py` do."""

from flows.engine.conversation import Conversation, Frame
from flows.engine.state import (
    Ask,
    Catalogue,
    Context,
    Done,
    Flow,
    Go,
    HandOver,
    Line,
    Move,
    Reprompt,
    Start,
    line,
)
from flows.engine.step import Routing, Step, step

__all__ = [
    "Ask",
    "Catalogue",
    "Context",
    "Conversation",
    "Done",
    "Flow",
    "Frame",
    "Go",
    "HandOver",
    "Line",
    "Move",
    "Reprompt",
    "Routing",
    "Start",
    "Step",
    "line",
    "step",
]
