"""Acts on the terms of a loan that the reading does not know by a label of their own."""

import re

from flows.answers import plain
from flows.types.event import Message

_PAYOFF = re.compile(
    r"\b(?:liquid\w*|finiquit\w*|saldar\w*|pagar(?:lo|les|te)? todo|pago total|pay (?:it )?off|payoff)\b"
)
_ALL = re.compile(
    r"(?:(?:pues|mejor|ya|si) )*(?:todo|completo|el total|everything)(?: (?:de una(?: vez)?|junto))*"
)
_CLOSES = re.compile(
    r"\b(?:cancel|cerrar|cierr|termin|close|end)\w* (?:ya |de una vez |con |my |the |mi |el |este )*"
    r"(?:credito|prestamo|loan)\b"
    r"|\b(?:cerrar|close)(?: it)? (?:todo|cuentas?|everything|out)\b"
    r"|\bde baja (?:(?:a|de|del|al|el|mi|este) )+(?:credito|prestamo)\b"
)
"""«Quiero cancelar mi crédito»: to owe nothing more."""
_DUE_DAY = re.compile(
    r"\b(?:cambi|mov|muev|pas|recorr|pon|pong)\w*\b.{0,30}"
    r"\b(?:fecha|dia)s? (?:fij[oa]s? )?(?:(?:de|del) (?:mi )?(?:pago|corte)|que me toca|de cada mes)\b"
    r"|\b(?:change|move)\b.{0,20}\b(?:due|payment) (?:date|day)\b"
)
PAYOFF = "ask.payoff"
UP_TO_DATE = "ask.up_to_date"
_UP_TO_DATE = re.compile(
    r"\b(?:qued\w+|est(?:oy|aria|are)|pon(?:go|erme|gan|dria)|voy|iria) (?:ya |yo )?"
    r"(?:al (?:corriente|dia)|a mano)\b|"
    r"\b(?:alcanza|basta|es suficiente|con eso (?:ya )?(?:qued\w+|la libro|libro)|"
    r"quit\w+ (?:de |el |ya )*atraso)\b|"
    r"\b(?:be|get|am i|bring me|bring my loan) (?:caught up|up to date|current)\b"
)
_WITH_HOW_MUCH = re.compile(
    r"\b(?:cuant[oa]|que (?:necesito|me falta)|how much|what (?:do i|would i) need)\b"
)
ACTS = (PAYOFF, "ask.document", "move.due_day")
_DOCUMENT = re.compile(
    r"\b(?:estado de cuenta|comprobante|account statement|(?:my|a|the) statement|"
    r"carta (?:de )?(?:finiquito|convenio|no adeudo)|mi carta$|"
    r"me (?:l[oa] )?(?:mand|envi|d)a[sn]?(?: (?:todo|eso|esto))? por escrito)\b"
)
_AGREEMENT = re.compile(
    r"\b(?:acuerdo|convenio|trato|lo (?:que )?acord\w+|lo que quedamos|agreement|deal|what we agreed)\b"
)
_ON_PAPER = re.compile(
    r"\b(?:por escrito|en papel|(?:una )?copia|document[eo]\w*|pdf|in writing|on paper|(?:a )?copy)\b"
)
_WANTS = re.compile(
    r"\b(?:mand\w*|envi\w*|pas\w*|d[ae]me|quiero|quisiera|necesito|send|want|need)\b"
    r"|\bme (?:das|dan|podrian?|puedes?)\b"
)
_SHORT = 5
"""Words of «¿y mi estado de cuenta?», which says no more than what is wished."""
OF_PAPERS = ("ask_balance", "ask_breakdown", "ask_payment_methods", "contact_preference", "other")
_ASKS = ("ask_balance", "other", "ask_due_date", "request_extension", "request_plan", "contact_preference")


def asks_agreement_paper(text: str) -> bool:
    """«¿Me manda el acuerdo por escrito?», “a copy of the agreement”."""
    flat = plain(text)
    return _AGREEMENT.search(flat) is not None and _ON_PAPER.search(flat) is not None


def asks_payoff(text: str) -> bool:
    """«¿Cuánto sería liquidar hoy?»"""
    return "?" in text or _WITH_HOW_MUCH.search(plain(text)) is not None


def means_all(text: str) -> bool:
    """«Todo», and no question is open: what it takes to pay all."""
    return _ALL.fullmatch(plain(text)) is not None


def closes_loan(text: str) -> bool:
    return _CLOSES.search(plain(text)) is not None


def asks_up_to_date(message: Message) -> bool:
    """«¿Si pago 600 ya quedo al corriente?»: of what is due, with a sum or asking for one."""
    text = plain(message.text)
    how_much = _WITH_HOW_MUCH.search(text) or (message.amount is not None and "?" in message.text)
    return bool(how_much and _UP_TO_DATE.search(text))


def act_on_terms(message: Message) -> str | None:
    """`ask.payoff`, `ask.document`, `move.due_day`; null where it is none of them."""
    text = plain(message.text)
    wants = _WANTS.search(text) or len(text.split()) <= _SHORT
    if message.intent in OF_PAPERS and _DOCUMENT.search(text) and wants:
        return "ask.document"
    on_payoff = message.intent == "ask_balance" or (message.topic == "early_payoff" and message.date)
    if on_payoff and _PAYOFF.search(text):
        return PAYOFF
    if message.intent in ("ask_balance", "request_loan", "other", "affirm") and closes_loan(text):
        return PAYOFF
    return "move.due_day" if message.intent in _ASKS and _DUE_DAY.search(text) else None
