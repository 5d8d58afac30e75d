"""What is read as a wish for no more messages, and what its words make of it."""

import re
from dataclasses import replace

from flows.acts.readings.proposals import pays_first
from flows.acts.readings.terms import PAYOFF, closes_loan
from flows.acts.words import keywords
from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.types.event import Message

STAYS = "stay.subscribed"
_OPTING_OUT = re.compile(r"\b(?:de baja|darme baja|salir|unsubscribe|opt out)\b")
_STOP = re.compile(r"\b(?:dej\w+|ya no|no me|no quiero|par\w+|baja|quit\w+|basta|stop|remove|don t)\b")
_OTHER_CHANNEL = re.compile(
    r"\b(?:mejor|prefier\w*|solo|unicamente|en (?:vez|lugar)|manden\w*|escrib\w+|instead|rather|only|just) "
    r"(?:\w+ ){0,3}?(?:por|al|a mi|un|en|by|via|through|on)? ?"
    r"(?:e ?mails?|correos?(?: electronicos?)?|sms|mensajes? de texto|whats\w*|llamadas?|telefono|"
    r"text messages?)\b"
)
"""After «ya no me manden mensajes por WhatsApp»: another way is wished, and not none."""
_AT_HOURS = re.compile(
    r"\ba las (?:\d{1,2}|\w+) de la (?:manana|noche|madrugada)\b|\btan (?:temprano|tarde|noche)\b|"
    r"\b(?:de|en la) madrugada\b|\ba (?:estas|esas) horas\b|"
    r"\bhasta (?:el |la )?(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|quincena|\d{1,2})\b|"
    r"\blos (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fines de semana)\b|"
    r"\bon (?:(?:sun|satur|mon|fri)days|weekends)\b|"
    r"\b(?:so|this) (?:early|late)\b|\bat \d{1,2} ?(?:am|pm)\b|\buntil (?:mon|tues|wednes|thurs|fri)day\b"
)
"""«Dejen de escribirme a las 7 de la mañana», «hasta el viernes»: at other hours they may."""
WRITES = (
    r"(?:mand|env[ií]|escrib|molest|bus[cq]|contact|habl|llam|mar[cq]|re[ck]uerd|record|insist|ching|"
    r"freg|jod|"
    r"text|writ|messag|bother|call|remind)\w*"
)
_MONEY_COMES = re.compile(
    rf"(?!.*\b{WRITES}).*(?:"
    r"\b(?:hasta|until|till)\b.*\b(?:me (?:pag|deposit|cae|lleg|ray)\w*|cobro|tengo|get paid)\b|"
    r"\b(?:me (?:pag|deposit)\w+|cobro|get paid)\b.*\b(?:hasta|until|till)\b)"
)
"""«Hasta el lunes me pagan»: of the money, and of no messages."""
_FOR_GOOD = re.compile(r"\b(?:nunca|jamas|baja|never|nunca mas|ni)\b")
PAID = re.compile(
    r"\bya (?:les |lo |la )?(?:pague|deposite|transferi|abone|liquide)\b|\bi (?:already )?paid\b"
)


_NOT_CALLED = re.compile(
    r"(?:^|\b(?:y|pero|and|but|e) )(?:(?:por favor|porfa|que|quiero que|please|ya) )*"
    r"(?:no (?:me |nos )?(?:esten? )?(?:llam|marqu|habl)(?:en?|es|ando)|(?:don t|do not|"
    r"stop) call(?:ing)? me)\b"
    r"(?! (?:al?|en|por|antes|despues|tan|los|las|cuando|hasta|de|asi|mal|feo|at|on|before|after|so)\b)"
)
"""«Pago el viernes, y ya no me llamen»: next to something else, and at no hours or place alone."""
_ALREADY = ("opt_out", "contact_preference", "complain")


def of_messages(text: str) -> str:
    """Its plain words, without a clause that says when the money comes."""
    clauses = map(plain, re.split(r"[,.;!\n]+", text))
    return " ".join(each for each in clauses if each and not _MONEY_COMES.match(each)) or plain(text)


def opting_out(message: Message) -> Message:
    """Unless its words mean something else."""
    flat = of_messages(message.text)
    if not {message.intent, *message.also} & set(_ALREADY) and _NOT_CALLED.search(flat):
        return _called_no_more(_with_sum(message))
    if "opt_out" not in (message.intent, *message.also):
        return message
    message = _with_sum(message)
    if message.intent == "opt_out" and PAID.search(flat) and not _STOP.search(flat):
        return replace(message, intent="report_payment")
    if "channel" in message.entities and _OTHER_CHANNEL.search(flat):
        if message.intent != "opt_out":
            return _without_opt_out(message)
        return replace(message, intent="contact_preference", certain=True)
    at_hours = message.intent == "opt_out" and _AT_HOURS.search(flat) and not _FOR_GOOD.search(flat)
    if at_hours:
        return replace(message, intent="contact_preference", certain=True)
    return _without_opt_out(message) if keywords.other_sense(message.text) else message


def _called_no_more(message: Message) -> Message:
    if message.intent == "talk_to_human":  # «300, pero no me llamen»
        gives = message.date is not None or message.amount is not None
        message = replace(message, intent="promise_to_pay" if gives else "other", certain=True)
    return replace(message, also=(*message.also, "opt_out"))


def _with_sum(message: Message) -> Message:
    """«500 y ya no me escriban»: the sum that it begins with."""
    bare = message.amount is None and pays_first(message.text)
    return replace(message, amount=bare_sum(message.text)) if bare else message


def _without_opt_out(message: Message) -> Message:
    message = message.without("opt_out")
    if message.intent != "opt_out":
        return message
    pays = re.search(r"\b(?:pag\w*|deposit\w*|abon\w*|pay\w*)", plain(message.text))
    if pays:
        return replace(message, intent="promise_to_pay", certain=True)
    if closes_loan(message.text):
        return replace(message, intent="other", certain=True, act=PAYOFF)
    stays = STAYS if message.topic is None and _OPTING_OUT.search(plain(message.text)) else None
    return replace(message, intent="other", certain=True, act=stays)
