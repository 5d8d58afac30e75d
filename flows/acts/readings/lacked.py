"""A sum that is named because it is not or cannot be paid, which is no promise of it."""

import re
from dataclasses import replace

from flows.acts.words.sums import bare_sum, refused_sum
from flows.answers import plain
from flows.types.event import Message

_DAY = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|hoy|manana|quincena|dia \d{1,2}|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow)"
)
_ON_DAY = rf"(?:(?:para|el|la|este|esta|ese|al|by|on|for|this|next|proxim[oa]) )*{_DAY}"
_LACKS = (
    r"(?:no (?:(?:te|les?|lo|me|voy a|creo que|creo) )*(?:puedo|podre|podria|poder|tengo|tendre|tener|"
    r"alcanza|alcanzo|llego|completo|junto|cuento|traigo|ajusto)|"
    r"(?:i )?(?:can t|cant|cannot|don t have|do not have|"
    r"won t have|am not able to|m not able to))"
)
_PAYING = (
    r"(?:a|para|con|pagar(?:te|les|le)?|dar(?:te|les|le)?|depositar|abonar|completar|los|esos|unos|pay|the|"
    r"those)"
)
_SUM = r"\d+(?: \d{3})*(?: pesos)?"
_END = r"(?: (?:ya|la verdad|porfa|por favor|disculpen?|perdon|pesos|sorry|please|no))*"
_LACKED = re.compile(
    rf"\b{_LACKS}(?: {_PAYING})* {_SUM}(?: {_ON_DAY})?{_END}"
    r"(?=$| (?:pero|but|solo|nomas|nada mas|only|just)\b)|"
    rf"^(?:(?:los|la verdad|pues|es que) )*{_SUM} {_ON_DAY} {_LACKS}(?: pagar(?:los)?| pay)?{_END}$"
)
_RATHER = re.compile(r" (?:(?:pero|but) )?(?:(?:si|solo|nomas|nada mas|only|just|mejor) )+(?=.*\d)")


def lacks_its_sum(message: Message) -> bool:
    """«No puedo pagar 300 el viernes», and nothing after it."""
    return _left(message) == ""


def without_lacked(message: Message) -> Message:
    """What lacks its sum is of no money; of «no puedo pagar 680, solo 300» the last is meant. «Pero que no
    sean 680» names none.
    """
    message = _without_refused(message)
    left = _left(message)
    if left == "":
        lacks = message.meaning("report_hardship")
        return replace(lacks, amount=None, date=None, parts=(), either=())
    if left and _RATHER.match(left) and (meant := bare_sum(left)):
        return replace(message, amount=meant, parts=(), either=())
    return message


def _left(message: Message) -> str | None:
    """What comes after the sum that is lacked; null where none is."""
    flat = plain(message.text)
    found = _LACKED.search(flat)
    if found is None or message.intent != "promise_to_pay" or "?" in message.text:
        return None
    given = any(map(str.isdigit, flat[: found.start()]))  # «doy 100, no puedo 300»
    return None if given else flat[found.end() :]


def _without_refused(message: Message) -> Message:
    found = refused_sum(message.text)
    if found is None:
        return message
    refused, rest = found
    parts = tuple(part for part in message.parts if part.amount != refused)
    parts = parts if len(parts) > 1 or any(part.share for part in parts) else ()
    amount = bare_sum(rest) if message.amount == refused else message.amount
    return replace(message, amount=amount, parts=parts)
