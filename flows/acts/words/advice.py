"""Whether something is good for them: «¿me conviene?», “is it worth it?”"""

import re

from flows.answers import plain

ADVISE = "ask.advice"
OF_DEBIT, OF_PLAN, OF_SETTLEMENT = f"{ADVISE}.debit", f"{ADVISE}.plan", f"{ADVISE}.settlement"
ACTS = (ADVISE, OF_DEBIT, OF_PLAN, OF_SETTLEMENT)
_OF_FLOW = {
    "mandate": OF_DEBIT,
    "plan_debit": OF_DEBIT,
    "plan": OF_PLAN,
    "extension": OF_PLAN,
    "settlement": OF_SETTLEMENT,
}
_NAMED = (
    (OF_DEBIT, re.compile(r"\b(?:domicili|cargo automatico|automat|autopay|debit)\w*")),
    (OF_SETTLEMENT, re.compile(r"\b(?:descuento|quita|discount|settlement)\b")),
    (OF_PLAN, re.compile(r"\b(?:plan|en (?:partes|pagos)|parcialidades|prorroga|installments?)\b")),
)
_ADVISES = re.compile(
    r"(?:(?:y|pero|oye|oiga|entonces|tu|usted|ustedes|ok|de verdad|realmente|si|como ves|crees que|cree que|"
    r"and|but|so|do you think|really) )*(?:"
    r"(?:(?:que|cual|cual de (?:los|las) \w+) )?(?:me|nos) (?:conviene|convendria|recomiend\w+|aconsej\w+)"
    r"|vale la pena|(?:es|seria) (?:buena (?:idea|opcion)|bueno|mejor)(?! que)|"
    r"(?:is (?:it|that|this)|would it be) (?:worth it|a good (?:idea|deal))|"
    r"should i (?:do it|take it|accept)|what (?:do you recommend|should i (?:do|choose))"
    r")(?: (?!no\b|pagar el\b|primero\b|antes\b|first\b)\w+){0,7}"
)


def asks_advice(text: str, flow: str) -> str | None:
    """The act: of what the text names, or else of what is spoken of."""
    flat = plain(text)
    asks = "?" in text or "¿" in text or re.match(r"(?:que|cual) (?:me|nos|de)\b", flat)
    if not asks or _ADVISES.fullmatch(flat) is None:
        return None
    return next((act for act, words in _NAMED if words.search(flat)), _OF_FLOW.get(flow, ADVISE))
