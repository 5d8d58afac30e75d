"""What was done a moment ago is taken back: «no, mejor déjenla», once the debit was cancelled."""

import re

from flows.acts.signals import Signals
from flows.answers import plain
from flows.types.event import Message

_UNDOES = re.compile(
    r"\b(?:no|mejor|si|siempre|perdon|sorry)\b.*\bdej(?:a|e|en|ame|enme)(?:la|lo|melo|mela)?\b(?! asi)|"
    r"\bcomo estaba\b|\bme equivoque\b|\b(?:fue|por|era) (?:un |una )?(?:error|equivocacion|broma)\b|"
    r"\bme arrepenti\b|\bcambie de (?:opinion|idea|parecer)\b|\bsiempre si\b|"
    r"\bno (?:la|lo|los|las|me|se) (?:la |lo )?(?:quite|cancele|elimine|borre|den de baja)|"
    r"\b(?:leave|keep|put) it\b|\bundo\b|\bmy mistake\b|\bby mistake\b|\bchanged my mind\b|"
    r"\bdid(?: not|n t) mean\b|\bi take (?:it|that) back\b"
)
RESTORED = {
    "cancel_debit": "restore.debit",
    "charge_cancelled": "restore.charge",
    "promise_cancelled": "restore.promise",
    "plan_cancelled": "restore.plan",
    "optout": "restore.messages",
}
"""The flow that did something → the act that takes it back."""


def undone(message: Message, done: str) -> str | None:
    """The act, where the message takes back what the flow `done` has just done."""
    says = Signals(message.text)
    undoes = "?" not in message.text and _UNDOES.search(plain(message.text)) is not None
    return RESTORED.get(done) if undoes and not says.not_charge else None
