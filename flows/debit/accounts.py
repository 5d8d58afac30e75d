"""The account as borrowers give it: what is wrong with a number, and the bank named in words."""

import re
from dataclasses import replace

from flows.answers import agrees, plain
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


def names_bank(context: Context, message: Message) -> bool:
    """«Así es, BBVA», «BBVA»: the bank's name, alone or after a yes."""
    flat, bank = plain(message.text), plain(context.slots["bank"])
    if message.payload is not None or "?" in message.text or not bank or bank not in flat:
        return False
    rest = re.sub(rf"\b(?:la cuenta )?(?:es |de |del |mi |en |banco )*{re.escape(bank)}\b", "", flat).strip()
    return not rest or agrees(replace(message, text=rest))
