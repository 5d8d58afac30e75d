"""What `acuerdo flows check` proves, of any wording."""

from collections.abc import Iterator

import bot.handoff
import bot.outreach  # noqa: F401  what these send is declared when they are imported
from bot.understanding import INTENTS
from bot.wording import Wording
from flows import CATALOGUE
from flows.acts import ACTS
from flows.engine.check import check
from flows.routing import ANSWERS
from flows.types.wording import DECLARED


def flow_faults(wording: Wording) -> list[str]:
    readings = [*(intent for intent in INTENTS if intent not in ANSWERS), *ACTS]
    faults = [*check(CATALOGUE, wording.inventory(), DECLARED.values(), readings), *_unread()]
    return [str(fault) for fault in faults]


def _unread() -> Iterator[str]:
    """Flows that nothing leads to: their intent is none that a message is read into."""
    for flow in CATALOGUE.values():
        for intent in flow.intents:
            if intent not in INTENTS and intent not in ACTS:
                yield f"{flow.name}: no message is read as {intent}: add it to bot/understanding/labels.py"
