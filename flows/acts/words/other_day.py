"""In which words another day than the one read back is wished for, or the last possible one asked for."""

import re

from flows.answers import plain

_WEEK = (
    r"(?:(?:esta|la (?:otra|proxima|siguiente)|otra|proxima) (?:semana|quincena)|"
    r"la semana que (?:viene|entra)|(?:this|next) week)"
)
_OTHER = re.compile(
    r"\b(?:no (?:puedo|podre|podria|voy a poder|alcanzo|tengo|me pagan)|can t|cannot|won t)\b.*"
    r"\b(?:es[ea] (?:dia|fecha)|that (?:day|date))\b|\b(?:ese dia|esa fecha|that day) (?:no|i can t)\b|"
    rf"\b(?:no (?:puedo|podre|podria|voy a poder|creo poder|alcanzo)|can t|cannot|won t)\b.*\b{_WEEK}|"
    rf"\b{_WEEK} (?:(?:ya|si|yo|la verdad) )*(?:no|tampoco|i can t)\b|"
    r"\bno me (?:queda|acomoda|conviene|sirve|va|funciona)(?: bien| muy bien)? (?:es[ea] |el |la )?(?:dia|"
    r"fecha)\b|"
    r"\b(?:ese dia|esa fecha) no me (?:queda|acomoda|conviene|sirve|va|funciona)\b|"
    r"\b(?:that|the) (?:day|date) (?:doesn t|does not|won t) work\b|"
    r"^(?:(?:que sea|pero|no|en) )*(?:otr[ao] (?:dia|fecha)|another (?:day|date))"
    r"(?: (?:por favor|porfa|please))?$"
)
_DAY = (
    r"(?:(?:el|este|dia|on|the) )*(?:hoy|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo|"
    r"\d{1,2}(?:st|nd|rd|th)?|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_ONE_NOT_THE_OTHER = re.compile(
    rf"(?:{_DAY} (?:ya |mejor )?no|(?:no|not)(?: (?:puede ser|que sea))? {_DAY})"
    rf"(?: (?:puedo|mejor|sino|pero|but|si|que sea|can it be))* {_DAY}"
    r"(?: (?:si|mejor|porfa|por favor|please|yes))*"
)
_LATEST = re.compile(
    r"\bhasta (?:cuando|que (?:dia|fecha))\b|^(?:que|cuales) (?:dias|fechas)\b|"
    r"\b(?:ultimo dia|fecha limite)\b|\b(?:what days|how late|latest (?:day|date|i can pay)|"
    r"how long (?:do|have) i)\b"
)


def wishes_other_day(text: str) -> bool:
    """«No puedo ese día», «otro día», «la otra semana no puedo»."""
    return _OTHER.search(plain(text)) is not None


def swaps_day(text: str) -> bool:
    """«El viernes no, el lunes», «no el 5 sino el 10»."""
    return _ONE_NOT_THE_OTHER.fullmatch(plain(text)) is not None


def asks_latest_day(text: str) -> bool:
    """«¿Tengo hasta cuándo?», «¿qué días tienen?»"""
    return _LATEST.search(plain(text)) is not None


_NOW = re.compile(
    r"(?:(?:si|pues|yo|creo que|ya|los|lo|las|te|les|le|yo|pago|deposito|mando|mejor|i can pay|pay|ok|va) )*"
    r"(?:ahorita|ahora|ahorita mismo|ahora mismo|al rato|al ratito|en un rato|mas tarde|de una vez|"
    r"en este momento|right now|now|right away|later today)"
    r"(?: (?:mismo|ya|si|porfa|por favor|les pago|lo pago|pago|te pago))*"
)
"""«Ahorita», «al rato», where a day to pay is asked."""


def means_now(text: str) -> bool:
    """Today, in words that name no day."""
    return _NOW.fullmatch(plain(text)) is not None


_CONTACT = re.compile(
    r"\b(?:escri[bv]|llam|marc|marqu|mensaj|contact|habl|busc|whats|sms|correo|mail|text|call|writ|messag)\w*"
)


def speaks_of_contact(text: str) -> bool:
    """Of messages and calls, and of no day to pay."""
    return _CONTACT.search(plain(text)) is not None
