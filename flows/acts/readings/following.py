"""What a few words mean right after an answer of ours: «no estoy de acuerdo», after the parts of a "
"balance.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.acts.readings.in_place import CANCELS_IT
from flows.acts.readings.later import TALK_LATER
from flows.answers import plain
from flows.debit.accounts import puts_off_number
from flows.types.event import Message, PaymentPart

_OPENS = r"(?:(?:pues|la verdad|pero|es que|y|ok|okay|bueno|ya|si|no|va|listo|ahi|con eso|well|ok|but|all) )*"
_DISAGREES = re.compile(
    _OPENS + r"(?:no estoy de acuerdo|no me parece(?: bien| justo| correcto)?|"
    r"(?:eso |esto )?(?:esta mal|no es (?:correcto|cierto|justo|lo que (?:debo|yo tengo|pedi)))|"
    r"yo no debo (?:eso|tanto)|i (?:disagree|don t agree)|(?:that|it) (?:s|is) (?:wrong|not right))"
    r"(?: (?:con|eso|esto|esa|cuenta|ese|saldo|monto|with|that|la verdad))*"
)
_PAID = re.compile(
    _OPENS
    + r"(?:hecho|quedo|qued[oó] pagado|esta (?:pagado|hecho|listo)|esta|enviad[oa]|transferid[oa]|pagad[oa]|"
    r"depositad[oa]|lo (?:hice|mande|pase|envie)|done|sent|paid)(?: (?:ya|listo|gracias|porfa|thanks|"
    r"just now))*"
)
_HOW_IT_ENDS = re.compile(
    r"(?:(?:y|oye|oiga|pero|despues|and|so) )*(?:(?:como|donde) (?:le hago para )?(?:(?:lo|la|se) )?"
    r"(?:puedo )?(?:cancel|quit)\w*|how (?:do|can) i cancel(?: it| this)?)"
    r"(?: (?:despues|luego|cuando quiera|si (?:ya no )?quiero|later))*"
)
_AFTER = (
    (("balance", "breakdown", "payoff", "topic", "up_to_date"), _DISAGREES, "dispute_charge"),
    (("payment_methods", "pay_trouble"), _PAID, "report_payment"),
    (("thanks", "unclear"), re.compile("ya"), "greet"),  # no payment is spoken of
)
"""The flows that answered, the words, and what they are then."""


_OF_TRANSFER = re.compile(
    r"(?:(?:y|ok|pero|a|cual es|que|de|oye|and|what|is|the) )*(?:(?:el|la|los) )?"
    r"(?:nombre|beneficiari[oa]|titular|concepto|banco|datos|nombre de quien|name|beneficiary|bank)"
    r"(?: (?:de la cuenta|del titular|completo|del banco|cual es|es|pongo))*"
)
"""«¿Y el nombre?», of the account that was given to pay into."""
LOST = "lose.thread"
_LOST = re.compile(
    r"(?:(?:perdon|disculp[ae]|oiga|oye|es que|la verdad|pero|a ver|yo|ay|hola|bot|sorry|i|ya) )*"
    r"(?:no (?:(?:te|le|les|lo|la|se) )?(?:entiendo|entendi|comprendo|comprendi|que me dice)|no capto|"
    r"(?:don t|didn t) (?:understand|get it)|what do you mean|i m (?:lost|confused))"
    r"(?: (?:nada|bien|muy bien|que (?:quiere|quieres|me quieren?) decir|lo que (?:me )?(?:dice|dices|dicen|"
    r"escribe)|a que se refiere|eso|esto|de nada|ni papa|you|it|that|this|anything))*"
)
"""«No le entiendo»: of what we wrote."""
_SHOWN_OTHERWISE = ("balance", "payoff", "mandate", "identity")
"""Flows that have their own answer to it: the parts of a balance, the terms in short, who we are."""
_OF_CHARGE = ("charge_asked", "charge_moved", "charge_restored")
_HOW_MUCH = re.compile(
    r"(?:(?:y|de|por|como|pero|oye|and) )*(?:cuanto|que (?:monto|cantidad)|how much)"
    r"(?: (?:es|seria|sera|is it))?"
)
_WHAT_HOUR = re.compile(
    r"(?:(?:y|pero|oye|como|and) )*(?:(?:a|como a) )?(?:que hora|what time)(?: (?:es|seria|mas o menos))?"
)
_TO_DAY = re.compile(
    r"(?:(?:y|no|mejor|otra vez|ahora|siempre|perdon|que sea|muevelo|muevanlo|pasalo|better|move it) )*"
    r"(?:al?|para|el|to|on) (?:(?:el|dia|the) )*\w+(?: de \w+)?(?: (?:mejor|porfa|por favor|please))*"
)
"""«Y otra vez al martes», of the charge that was moved."""
END_DEBIT = "end.debit"
_DAY_ALONE = 4
"""Words of «pues el 31»."""


def rest_dated(message: Message, spoken: Mapping[str, Any], *, promised: bool) -> Message:
    """«El 31», right after «¿y lo demás?» was answered, with a promise standing: of the rest."""
    parts = spoken.get("request", {}).get("parts", ())
    of_rest = spoken.get("flow") == "promise" and [part.get("share") for part in parts] == ["rest"]
    alone = message.amount is None and not message.parts and len(message.text.split()) <= _DAY_ALONE
    if not (promised and of_rest and alone) or message.date is None or "?" in message.text:
        return message
    return replace(
        message, intent="promise_to_pay", parts=(PaymentPart(None, message.date, "rest"),), certain=True
    )


def ends_spoken_of(message: Message, spoken: Mapping[str, Any]) -> str | None:
    """«Ok, cancélala», right after it was answered how a debit ends."""
    of_ending = spoken.get("request", {}).get("topic") == "debit_ending"
    return END_DEBIT if of_ending and CANCELS_IT.fullmatch(plain(message.text)) else None


def _of_charge(message: Message) -> Message | None:
    """«¿Cuánto?», «¿a qué hora?», of the charge that was spoken of."""
    flat = plain(message.text)
    if _HOW_MUCH.fullmatch(flat):
        return message.acting("ask.charge")
    return replace(message.meaning("other"), topic="debit_how") if _WHAT_HOUR.fullmatch(flat) else None


def following(message: Message, spoken_of: str, *, idle: bool) -> Message:
    """As what follows an answer of the flow `spoken_of`: nothing with a day or a sum, and
    no question but how a debit ends. `idle`: whether no question is open.
    """
    if spoken_of == "mandate" and _HOW_IT_ENDS.fullmatch(plain(message.text)):
        return replace(message.meaning("other"), topic="debit_ending")
    if idle and spoken_of == "mandate" and puts_off_number(message):  # «mañana te la paso»
        return message.acting(TALK_LATER)
    if idle and spoken_of == "payment_methods" and _OF_TRANSFER.fullmatch(plain(message.text)):
        return replace(message.meaning("other"), topic="payment_concept")
    if idle and spoken_of == "charge_moved" and _TO_DAY.fullmatch(plain(message.text)) and message.date:
        return message.acting("move.charge")
    if spoken_of in _OF_CHARGE and (found := _of_charge(message)):
        return found
    if "?" in message.text or message.date is not None or message.amount is not None:
        return message
    flat = plain(message.text)
    if spoken_of not in _SHOWN_OTHERWISE and _LOST.fullmatch(flat):
        return message.acting(LOST)
    for flows, words, intent in _AFTER:
        if spoken_of in flows and words.fullmatch(flat):
            return message.meaning(intent)
    return message
