"""The step function, states, effects, checks, diagrams. It knows nothing of debts: `flows/*.py` do."""

from flows.engine.conversation import Conversation, Frame
from flows.engine.state import Again, Ask, Catalogue, Done, Flow, Go, HandOver, Line, Move, Scene, Start, line
from flows.engine.step import Repair, Step, step

__all__ = [
    "Again", "Ask", "Catalogue", "Conversation", "Done", "Flow", "Frame", "Go", "HandOver", "Line", "Move", "Repair", "Scene", "Start", "Step",
    "line", "step",
]  # fmt: skip
