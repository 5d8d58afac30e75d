"""What was done a moment ago is taken back: «no, mejor déjenla», once the debit was cancelled; «no, espera»,
once a plan was agreed.
"""

import re

from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.engine import Ask
from flows.types.event import Message

_UNDOES = re.compile(
    r"\b(?:no|mejor|si|siempre|perdon|sorry)\b.*\bdej(?:a|e|en|ame|enme)(?:la|lo|melo|mela)?\b(?! asi)|"
    r"\bcomo estaba\b|\bno (?:es|era|fue) (?:eso )?lo que (?:yo )?(?:pedi|queria|dije|quise decir)\b|"
    r"\b(?:vuelv[ae]n?|pon(?:g(?:an?|a))?|activ(?:a|e|en))(?:la|lo|me la|mela) "
    r"(?:(?:a|otra|de) )*(?:poner|activar|vez|nuevo)\b|\bturn it back on\b|\bme equivoque\b|\b(?:fue|"
    r"por|era) (?:un |una )?(?:error|equivocacion|broma)\b|"
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
_AGREED = {
    "promise": ("cancel.promise", "make.promise"),
    "partial": ("cancel.promise", "make.promise"),
    "plan": ("cancel.plan", "ask.plan"),
    "settlement": ("cancel.plan", "ask.plan"),
    "extension": ("cancel.plan", "ask.plan"),
    "due_day": ("cancel.plan", "ask.plan"),
}
"""The flow that agreed something → the act that ends it, and the one that asks what is to become of it."""
_FILLERS = (
    r"(?:(?:no|ay|uy|oye|oiga|pero|perdon|disculpa|disculpe|sorry|wait|espera|esperate|espereme|mejor|"
    r"siempre|"
    r"la verdad|hold on|oh|actually|mas bien|eso|esto|lo|that|it|i|fue|era|was|un|una|a|my|me) )*"
)
_ENDS = re.compile(
    _FILLERS + r"(?:no no|siempre no|mejor no|"
    r"ya no(?: (?:lo |la )?quiero)?|no (?:lo |la )?quiero|cancel\w*|deshaz\w*|quit(?:a|e|en)(?:lo|la)?|"
    r"arrepenti|cambie de (?:opinion|idea|parecer)|olvid(?:a|e|alo|elo|enlo)|undo|never ?mind|forget|"
    r"changed my mind|take (?:it|that) back|don t want)"
    r"(?: (?:eso|esto|todo|el (?:plan|acuerdo|convenio)|la promesa|it|that|the plan|mejor|por favor|porfa|"
    r"please|no|ya|i can t|i cant|i cannot|no puedo|no voy a poder))*"
)
_NO_ALONE = re.compile(r"(?:(?:oye|ay|no|pues|mejor|siempre|ya|gracias|por favor|porfa|thanks) ?)+")
_ERRS = re.compile(
    _FILLERS + r"(?:espera\w*|wait|hold on|equivoque|confundi|error|equivocacion|mistake)(?: no)?"
    r"(?: (?:de|en|con) (?:el |la |los |las )?(?:dia|fecha|cantidad|monto|pagos|plan|numero))?"
)


_TOO_HIGH = re.compile(
    r"(?:no+|espera\w*|wait|ay|uy|hijole)\b.*\b(?:es mucho|muy alto|mucho dinero|too much|no me alcanza)\b"
)
"""«Nooo espera, 400 es mucho»."""


UNOPENED = "paper.unopened"
_UNOPENED = re.compile(
    r"(?:(?:oye|oiga|pero|es que|y|ay|sorry|but) )*(?:no (?:lo |la |me |se |los )*"
    r"(?:puedo abrir\w*|pude abrir\w*|deja abrir\w*|abre|abrio|puedo ver\w*|veo|carga|descarga\w*)|"
    r"(?:i )?(?:can t|cannot|couldn t) (?:open|see|read|download) it|it (?:doesn t|won t) open)"
    r"(?: (?:el|la|archivo|documento|pdf|aqui|en|mi|celular|nada|estado|de|cuenta))*"
)
"""Of a paper that was just sent."""


def undone(message: Message, done: str, pending: Ask | None) -> str | None:
    """The act, where the message takes back what the flow `done` has just done."""
    if done in _AGREED and (pending is None or pending.menu):
        return _unagreed(message, *_AGREED[done], offered=pending is not None)
    if done == "papers" and _UNOPENED.fullmatch(plain(message.text)):
        return UNOPENED
    says = Signals(message.text)
    undoes = "?" not in message.text and _UNDOES.search(plain(message.text)) is not None
    return RESTORED.get(done) if undoes and not says.not_charge else None


def takes_back(text: str) -> bool:
    """«Siempre no», “never mind, I can't”, and no more."""
    return _ENDS.fullmatch(plain(text)) is not None


def _unagreed(message: Message, ends: str, asks: str, *, offered: bool) -> str | None:
    """Of what was agreed; a plain no declines what is `offered` since, and ends nothing."""
    flat = plain(message.text)
    if _TOO_HIGH.match(flat) and "?" not in message.text and message.date is None:
        return asks
    if "?" in message.text or message.date is not None or message.amount is not None:
        return None
    if takes_back(flat):
        return None if offered and _NO_ALONE.fullmatch(flat) else ends
    return asks if _ERRS.fullmatch(flat) else None
