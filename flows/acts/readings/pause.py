"""«No me escriban hasta el viernes», «esta semana no me molesten»: silence for a time, and not for good."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flows.acts.days.stretch import time_named
from flows.acts.readings.opting_out import WRITES, of_messages
from flows.acts.readings.plainly import PROTECTED, REPORTED
from flows.answers import plain
from flows.types.event import Message

PAUSE, RESUME = "pause.contact", "resume.contact"
QUIET_UNTIL = "quiet_until"
"""The entity: the day before which nobody writes."""
_SOME_DAYS = timedelta(days=7)
"""What «unos días» is taken for: its last day is named in the answer."""
_SILENCE = (
    rf"(?:(?:no|tampoco) (?:quiero que |vayan a )?(?:(?:me|nos|vuelvan a|anden|esten|sigan) )*{WRITES}|"
    rf"(?:dej\w+|par[ae]n|eviten) (?:ya |de |en )*(?:{WRITES}|paz)|par[ae]nle|"
    rf"(?:do not|don t|dont|stop|quit) (?:\w+ )?{WRITES}|leave me alone|"
    r"(?:suspend|paus)\w+ (?:los |sus |the )?(?:mensajes|recordatorios|avisos|messages|reminders)|"
    r"no (?:quiero|manden|envien)?(?: mas)? ?(?:mensajes|recordatorios|avisos|llamadas|messages|texts|"
    r"reminders|calls))"
)
_UNTIL = r"(?:hasta(?! (?:ahora|ahorita|hoy|luego|la madre))|until|till|antes del?|before)"
_STRETCH = (
    r"(?:(?:est[ae]|this) (?:semana|mes|quincena|fin|week|month|weekend)|el fin de semana|"
    r"(?:unos|estos|un par de|algunos) dias|un tiempo|(?:a few|some|a couple of) days|a while|"
    r"(?:\d+|una?|dos|tres|a|one|two) (?:dias?|semanas?|mes(?:es)?|quincenas?|days?|weeks?|months?)|"
    r"hoy|ahorita|today|manana|tomorrow)"
)
_FILLERS = (
    r"(?: (?:mas|nada|cosas|mensajes|recordatorios|por|en|me|ya|favor|porfa|mejor|any|messages|please|for))*"
)
_RESUMES = (
    r"(?:(?:mand|envi)\w+ (?:un )?(?:mensaj\w+|whats\w*) (?:mejor )?(?:el|la|hasta|manana)|"
    r"(?:escrib|contact|busq|recuerd)\w+ (?:mejor |otra vez |de nuevo )?(?:el|la|en|hasta|manana)|"
    r"(?:text|write|message|contact|remind) (?:to )?me (?:again |back )?(?:on|next|in|tomorrow|after))"
)
"""«Escríbanme el lunes»: not before."""
_PAUSES = re.compile(
    rf"\b{_SILENCE}(?: \w+){{0,4}}? {_UNTIL}\b|\b{_UNTIL} (?:\w+ ){{1,4}}{_SILENCE}|"
    rf"\b{_SILENCE}{_FILLERS} {_STRETCH}\b|\b{_STRETCH}{_FILLERS} {_SILENCE}|"
    rf"^(?:(?!no\b)\w+ ){{0,3}}{_RESUMES}\b"
)
_LOOKED_AT = re.compile(
    r"\bhasta que (?:\w+ ){0,2}?(?:ve|revis|cheq|chec|confirm|verifi|aclar|resuelv|solucion|contest|"
    r"apare|reflej|"
    r"valid|encuentr|arregl|pag|cobr|deposit)\w*|"
    r"\b(?:until|till) (?:you|it|they|i) (?:\w+ )?(?:check|see|review|look|confirm|verif|fix|find|"
    r"get paid|shows?)\w*"
)
"""«Hasta que lo vean»: no day, and an end all the same."""
_LIFTS = re.compile(
    r"\b(?:ya|siempre|si|mejor) (?:si )?(?:me |nos )?(?:pueden? (?:volver a )?)?"
    r"(?:escrib|mand|contact|busc|recuerd|record)\w*|"
    r"\b(?:escrib|mand|contact|busq)\w* (?:cuando (?:quieran|gusten|puedan)|otra vez|de nuevo|ya)\b|"
    r"\b(?:quit|cancel|olvid)\w* (?:la |esa |mi |lo de la )?pausa\b|\bya no (?:hace falta|"
    r"es necesaria?) (?:la )?pausa|"
    r"\b(?:volver|vuelvan) a (?:escrib|mand|contact)\w+|"
    r"\byou can (?:text|write|message|contact|remind) me\b|\b(?:end|cancel|lift) the pause\b"
)
_DENIES = re.compile(r"\b(?:no|ni|nunca|tampoco|not|don t|never)\b(?! hace falta| es necesari| estoy| ando)")
_OTHERWISE = re.compile(
    r"\b(?:nunca|jamas|baja|never|ever|ni|a las|correo|e ?mail|sms|clabe|recibo|estados?|cuanto|saldo|debo|"
    r"plan|promet\w*|(?:les|te|voy a|i ll) (?:pago|pagar\w*|deposito|depositar\w*|pay)|"
    r"cargos?|cobren|(?:el|ese|un) cobro|charge|debit)\b"
)
"""Of silence for good, of hours or another way, of a payment to come or a charge."""
_PAID = re.compile(
    r"\b(?:pague(?!n)|deposite|transferi|abone|(?<!han )(?<!hayan )(?<!no he )pagado|"
    r"(?<!get )(?<!gets )(?<!am )(?<!haven t )(?<!not )paid)\b"
)
_REQUEST = re.compile(r"\b(?:pued|podri|favor|porfa|can|could|please)\w*\b")
_NEXT_WEEK = re.compile(
    r"\b(?:(?:esta|proxima|otra|siguiente) semana|semana que (?:entra|viene)|fin de semana|este fin|"
    r"(?:this|next) week(?:end)?)\b"
)
_NEXT_MONTH = re.compile(
    r"\b(?:(?:este|proximo|otro|siguiente) mes|mes que (?:entra|viene)|(?:this|next) month)\b"
)


def paused(message: Message, today: date) -> Message:
    """With its act and its day, where the message asks for a pause; «ya pagué» next to it is reported."""
    flat = of_messages(message.text)
    other = message.certain and message.intent in PROTECTED - {"opt_out"}
    asks = "?" in message.text and not _REQUEST.search(flat)
    if other or asks or _OTHERWISE.search(flat) or not _PAUSES.search(flat):
        return message
    paid = _PAID.search(flat) is not None
    until = _day_of(message.date, flat, today)
    if until is None or until <= today or (paid and not re.search(_UNTIL, flat)):
        return message
    also = [label for label in message.also if label == REPORTED or label in PROTECTED - {"opt_out"}]
    return replace(
        message,
        intent="other",
        act=PAUSE,
        also=tuple(dict.fromkeys((*also, *((REPORTED,) if paid else ())))),
        date=None,
        amount=message.amount if paid else None,
        parts=(),
        topic=None,
        entities={**message.entities, QUIET_UNTIL: until.isoformat()},
        certain=True,
    )


def lifted(message: Message) -> Message:
    """With its act, where it ends a pause that stands: «ya me pueden escribir»."""
    flat = plain(message.text)
    protected = message.certain and message.intent in PROTECTED
    asks = "?" in message.text and not _REQUEST.search(flat)
    if protected or asks or _DENIES.search(flat) or not (message.intent == "opt_in" or _LIFTS.search(flat)):
        return message
    return message.acting(RESUME)


def _day_of(named: date | None, flat: str, today: date) -> date | None:
    """The day named after «hasta», or the one after the time that is named."""
    ends = re.search(rf"\b(?:{_UNTIL}|{_RESUMES})\b", flat)
    if _NEXT_WEEK.search(flat):
        return today + timedelta(days=7 - today.weekday())
    if _NEXT_MONTH.search(flat):
        return date(today.year + today.month // 12, today.month % 12 + 1, 1)
    if length := time_named(flat):
        return today + length
    if ends and _LOOKED_AT.search(flat):
        return today + _SOME_DAYS
    if named is not None:
        return named if ends else named + timedelta(days=1)
    return None if ends else today + _SOME_DAYS
