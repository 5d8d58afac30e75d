"""What `acuerdo flows check` proves, of any wording."""

from collections.abc import Iterator
from typing import Any

import bot.handoff
import bot.outreach  # noqa: F401  what these send is declared when they are imported
from bot.faults import Fault
from bot.understanding import INTENTS
from bot.wording import Wording
from flows import CATALOGUE
from flows.acts import ACTS
from flows.engine.check import Fault as FlowFault
from flows.engine.check import check
from flows.routing import ANSWERS
from flows.types.wording import DECLARED


def flow_faults(wording: Wording) -> list[Fault]:
    readings = [*(intent for intent in INTENTS if intent not in ANSWERS), *ACTS]
    found = check(CATALOGUE, wording.inventory(), DECLARED.values(), readings)
    return [*map(_named, found), *(Fault("flow", text) for text in _unread())]


def _named(fault: FlowFault) -> Fault:
    params: dict[str, Any] = {**fault.params}
    return Fault(fault.code or "flow", fault.what, where=f"{fault.flow}.{fault.state}", **params)


def _unread() -> Iterator[str]:
    """Flows that nothing leads to: their intent is none that a message is read into."""
    for flow in CATALOGUE.values():
        for intent in flow.intents:
            if intent not in INTENTS and intent not in ACTS:
                yield f"{flow.name}: no message is read as {intent}: add it to bot/understanding/labels.py"
