"""What is sent next: pure functions. One file per conversation, in a folder for its kind of talk;
`routing.py` decides what a message leads to.
"""

import sys

from flows.catalogue import collect
from flows.engine.conversation import Conversation
from flows.engine.step import Step
from flows.engine.step import step as _step
from flows.routing import Routing
from flows.types.event import Event
from flows.types.facts import Facts

CATALOGUE = collect(sys.modules[__name__])
"""Every flow by name."""
ROUTING = Routing(CATALOGUE)
"""What leads to them."""


def step(conversation: Conversation, event: Event, facts: Facts, *, silent: bool = False) -> Step:
    """The engine's step over Acuerdo's own conversations. `silent`: a person has the conversation."""
    return _step(conversation, event, facts, CATALOGUE, ROUTING, silent=silent)


__all__ = ["CATALOGUE", "ROUTING", "Conversation", "Step", "step"]
