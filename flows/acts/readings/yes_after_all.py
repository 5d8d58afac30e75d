"""A yes that takes a no back: «perdón, sí», “sorry, yes”."""

import re
from collections.abc import Sequence
from dataclasses import replace

from flows.answers import agrees, plain
from flows.types.event import Message
from flows.types.facts import LoanFacts

_TAKES_BACK = re.compile(
    r"(?:(?:no|ay|uy|oh|bueno|pero|mejor|siempre|digo|perdon|disculp\w+|espera\w*|me equivoque|quise decir|"
    r"wait|sorry|actually|i mean|i meant) )+(?:que )?(?=\w)"
)
_RESUMED = {
    "mandate": "authorize_debit",
    "extension": "request_extension",
    "plan": "request_plan",
    "promise": "promise_to_pay",
}
"""The flow that was declined → the wish that begins it again."""


def yes_after_all(message: Message) -> bool:
    """Of a question that was just answered with a no."""
    flat = plain(message.text)
    found = _TAKES_BACK.match(flat)
    if found is None or message.payload is not None or "?" in message.text:
        return False
    return agrees(replace(message, text=flat[found.end() :]))


def resumed(message: Message, spoken_of: str, loans: Sequence[LoanFacts]) -> Message:
    """The same where nothing is open any more: what was declined is asked about anew."""
    if not yes_after_all(message):
        return message
    if spoken_of == "charge_moved" and any(loan.announced_charge for loan in loans):
        return message.acting("move.charge")
    wish = _RESUMED.get(spoken_of)
    if wish != "authorize_debit" and any(loan.promise or loan.plan for loan in loans):
        return message
    return message.meaning(wish) if wish else message
