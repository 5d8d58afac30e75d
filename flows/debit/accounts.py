"""The account as borrowers give it: what is wrong with a number, and the bank named in words."""

import re
from dataclasses import replace

from flows.answers import agrees, is_no, plain
from flows.context import Context
from flows.types.event import Message
from flows.types.wording import key

PROBLEMS = {
    "several": key("mandate.several"),
    "card": key("mandate.card"),
    "account": key("mandate.account"),
    "phone": key("mandate.phone"),
    "invalid": key("mandate.invalid"),
    "length": key("mandate.length"),
}


_BEFORE_NAME = re.compile(
    r"^(?:(?:s[ií]|pues|creo que|es|ser[ií]a|la|el|de|del|mi|cuenta|tarjeta|en|it'?s|is|from|at|the|with)"
    r"(?:[ ,.:]+|$))+",
    re.IGNORECASE,
)


def bank_named(message: Message) -> str | None:
    """«Es de Hey Banco» is «Hey Banco»; null where no name is given: a yes, a no, «no sé»."""
    if agrees(message) or is_no(message) or plain(message.text).split()[:1] in (["no"], ["nose"], ["ni"]):
        return None
    return _BEFORE_NAME.sub("", message.text.strip()).strip(" .,;:!") or None


def names_bank(context: Context, message: Message) -> bool:
    """«Así es, BBVA», «BBVA»: the bank's name, alone or after a yes."""
    flat, bank = plain(message.text), plain(context.slots["bank"])
    if message.payload is not None or "?" in message.text or not bank or bank not in flat:
        return False
    rest = re.sub(rf"\b(?:la cuenta )?(?:es |de |del |mi |en |banco )*{re.escape(bank)}\b", "", flat).strip()
    return not rest or agrees(replace(message, text=rest))


_HAS_NOT = re.compile(
    r"^(?:ahorita |pues |la verdad |es que )*"
    r"no (?:la |lo )?(?:tengo|traigo|encuentro|recuerdo|me acuerdo|se|me la se)"
    r"(?: (?:a la mano|cual es|ahorita|conmigo|de memoria|mi clabe|la clabe|donde esta))*$"
    r"|\bno me la se\b|\b(?:don t|dont|do not) have it\b"
)


def has_not(message: Message) -> bool:
    """«No me la sé»: of an account number that is not at hand."""
    return message.payload is None and _HAS_NOT.search(plain(message.text)) is not None
