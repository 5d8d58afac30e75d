"""What is read as a wish for no more messages, and what its words make of it."""

import re
from dataclasses import replace

from flows.acts.readings.debit_end import ends_debit
from flows.acts.readings.proposals import pays_first
from flows.acts.readings.terms import PAYOFF, closes_loan
from flows.acts.words import keywords
from flows.acts.words.contacting import LESS_OFTEN
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.types.event import Message

STAYS = "stay.subscribed"
ASKS_HOW = "ask.how_to_stop"
NO_CALLS = "stop.calls"
_OPTING_OUT = re.compile(r"\b(?:de baja|darme baja|salir|unsubscribe|opt out)\b")
_TAKES_LEAVE = re.compile(
    r"(?:(?:bueno|ok|ya|mejor|pues|hola|buenas) )*(?:me doy|den?me|dame|quiero darme|quisiera darme) de baja"
    r"(?= (?:pero|y|aunque|de los mensajes|de sus mensajes)\b| ?$)|"
    r"(?:(?:ya|por favor|porfa|mejor) )*(?:quit\w+me de (?:su|la|sus) lista|no me (?:manden|envien) nada)\b"
)
"""«Me doy de baja, pero sí pago el viernes»."""
_STOP = re.compile(r"\b(?:dej\w+|ya no|no me|no quiero|par\w+|baja|quit\w+|basta|stop|remove|don t)\b")
_WRITE_TO = r"(?:mand|env[ií]|escrib|molest|contact|bus[cq]u?|text|mensaj)\w*"
_OTHER_CHANNEL = re.compile(
    r"\b(?:mejor|prefier\w*|solo|unicamente|en (?:vez|lugar)|manden\w*|escrib\w+|instead|rather|only|just) "
    r"(?:\w+ ){0,3}?(?:por|al|a mi|un|en|by|via|through|on)? ?"
    r"(?:e ?mails?|correos?(?: electronicos?)?|sms|mensajes? de texto|whats\w*|llamadas?|telefono|"
    r"text messages?)\b"
)
"""After «ya no me manden mensajes por WhatsApp»: another way is wished, and not none."""
_RATHER_WRITTEN = re.compile(
    r"\bno (?:me |nos )?(?:llam|marqu|marc|habl)\w+ (?:por telefono )?(?:mejor|solo|prefiero|nomas|nada mas) "
    r"(?:\w+ ){0,2}?(?:mensajes?|mensajitos?|whats\w*|textos?|escrito)\b"
)
"""«Ya no me llamen, mejor mensajes»"""
_BUT_MESSAGES = re.compile(
    r"\b(?:llamadas|llamen|calls?)\b.*\b(?:mensajes?|whats\w*|messages?|texts?) (?:si|(?:is|are) fine)\b"
)
"""«No quiero llamadas pero mensajes sí»."""
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
_NOT_THEN = re.compile(
    r"\b(?:no|dej(?:a|e|en) de|stop|quit|don t|do not|nada de)"
    r"(?: (?:me|nos|mas|more|quiero|any|esten?|anden?))* "
    rf"(?:{WRITES}|mensajes|llamadas|messages|texts|calls)(?: (?:me|us|nos|mensajes|messages|texts))* "
    r"(?:(?:en|por) las? (?:mananas?|tardes?|noches?)|at night|in the (?:morning|afternoon|evening)s?|"
    r"(?:after|before) \d|(?:despues|antes) de las \d|(?:while|when) i m|at work|en (?:el|mi) trabajo|"
    r"cuando (?:trabajo|estoy)|mientras)\b"
)
"""«No me escriban en las noches»"""
_MONEY_COMES = re.compile(
    rf"(?!.*\b{WRITES}).*(?:"
    r"\b(?:hasta|until|till)\b.*\b(?:me (?:pag|deposit|cae|lleg|ray)\w*|cobro|tengo|get paid)\b|"
    r"\b(?:me (?:pag|deposit)\w+|cobro|get paid)\b.*\b(?:hasta|until|till)\b)"
)
"""«Hasta el lunes me pagan»: of the money, and of no messages."""
_FOR_GOOD = re.compile(
    r"\b(?:nunca|jamas|baja|never|nunca mas|ni)\b|"
    r"\b(?:quit|borr|saq|sac|elimin|remov|delet)\w*(?: (?:me|my|mi|numero|number))* (?:de|from|off) "
    r"(?:su|sus|la|las|your|the) (?:lista|contactos|base|agenda|list|contacts)s?\b"
)
PAID = re.compile(
    r"\bya (?:les |lo |la )?(?:pague|deposite|transferi|abone|liquide)\b|\bi (?:already )?paid\b"
)


_NOT_CALLED = re.compile(
    r"(?:^|(?<=\d )|\b(?:y|pero|and|but|e) )(?:(?:por favor|porfa|que|quiero que|please|ya|nomas|solo) )*"
    r"(?:(?:no (?:me |nos )?(?:esten? |anden? )?(?:llam|marqu|marc|habl)(?:en?|es|ando)|(?:don t|do not|"
    r"stop) call(?:ing)? me|dej(?:a|e|en) de (?:llam|marc|habl)ar(?:me|nos)?)\b"
    r"(?! (?:al?|en|por(?! favor)|antes|despues|tan|los|las|cuando|hasta|de|asi|mal|feo|at|on|before|"
    r"after|so)\b)|"
    r"(?:no (?:quiero |deseo |mas |more )+|sin )(?:mas )?(?:llamadas|calls)\b)"
)
"""«Pago el viernes, y ya no me llamen»: next to something else, and at no hours or place alone."""
_PLEASE_NOT = re.compile(
    r"\bfavor de (?:ya )?no (?:(?:me|nos|(?:est|and)ar(?:me|nos)?|seguir(?:me|nos)?|volver a) )*"
    r"(?:mand|envi|escrib|molest|mensaje)(?:ando|[ai]r|iendo)(?:me|nos|les)?\b"
    r"(?: (?:ya|mas|nada|mensajes?|avisos?|recordatorios?))*"
    r"(?! (?:al?|en|por|antes|despues|tan|los?|las?|el|un|una|mi|su|cuando|hasta|de|asi)\b)"
)
"""«Favor de no estar mandando», next to something else."""
_TOLD = re.compile(
    r"(?<!\bno )(?<!\bnunca )(?<!\bme )(?:\b(?:les|te|le|los|se los|se) )?(?<!\bnunca les )(?<!\bno les )"
    r"\b(?:dicho|dije|pedi|pedido|pido|repito|repetido|avise|avisado|exijo|solicite|decir|repetir)\b.{0,30}?"
    rf"\b(?:no me (?:esten )?{_WRITE_TO}\b(?! (?:a|al|en|hasta|los|las|por)\b)|"
    r"me (?:den|dieran|dieron) de baja|"
    r"me (?:borr|quit|sac|elimin)\w+ de (?:su|la|sus|esta|esa)s? (?:lista|base|registros?|sistema)|"
    rf"dej(?:en|es|aran|aras|ar) de {_WRITE_TO})|"
    r"\b(?:told|asked) (?:you|them)(?: \w+){0,3}? (?:to stop|not to|to quit) (?:text|messag|writ|contact|"
    r"bother|send)\w*"
)
"""«Ya les pedí que me dieran de baja», told as a complaint: it is asked again."""
_MESSAGES = re.compile(
    r"\b(?:mand|env[ií]|escrib|mensaj|molest|bus[cq]u|contact|text|writ|messag|bother|whats|sms|baja|stop)\w*"
)
_AGREES = re.compile(r"(?:si|ok|va|claro|esta bien|de acuerdo|yes) (?:pero|y|nomas|solo|but|and)\b")
_PAYING = ("promise_to_pay", "report_payment", "request_extension", "request_plan")
_BESIDE = (
    "ask_balance",
    "ask_breakdown",
    "ask_due_date",
    "ask_payment_methods",
    "report_hardship",
    "request_discount",
    "request_plan",
)
"""What may be wished next to no calls, where the whole is read as a wish for no messages."""
_ALREADY = ("opt_out", "contact_preference", "complain")


def of_messages(text: str) -> str:
    """Its plain words, without a clause that says when the money comes."""
    return " ".join(_clauses(text)) or plain(text)


def _clauses(text: str) -> list[str]:
    clauses = map(plain, re.split(r"[,.;!?\n]+", text))
    return [each for each in clauses if each and not _MONEY_COMES.match(each)]


def opting_out(message: Message) -> Message:
    """Unless its words mean something else."""
    flat = of_messages(message.text)
    if only_calls(message.text) and (
        called := _next_to_calls(message) or _next_to_debit(message) or _paying(message)
    ):
        return called
    read = {message.intent, *message.also}
    uncalled = not read & set(_ALREADY) and _NOT_CALLED.search(flat)
    asked = uncalled or _TAKES_LEAVE.match(flat) or any(map(_PLEASE_NOT.search, _clauses(message.text)))
    if "opt_out" not in read and asked:
        return replace(message, also=(*message.also, "opt_out"))
    if found := _told_before(message, flat):
        return found
    if "opt_out" not in read:
        return message
    if _RATHER_WRITTEN.search(flat) or LESS_OFTEN.search(flat):
        return replace(_without_opt_out(message), intent="contact_preference", certain=True)
    message = _with_sum(message)
    if message.intent == "opt_out" and PAID.search(flat) and not _STOP.search(flat):
        return replace(message, intent="report_payment")
    if "channel" in message.entities and _OTHER_CHANNEL.search(flat):
        if message.intent != "opt_out":
            return _without_opt_out(message)
        return replace(message, intent="contact_preference", certain=True)
    if message.intent == "opt_out" and _BUT_MESSAGES.search(flat):
        entities = {name: value for name, value in message.entities.items() if name != "channel"}
        return replace(message, intent="contact_preference", certain=True, entities=entities)
    return _otherwise(message, flat)


def _otherwise(message: Message, flat: str) -> Message:
    """At other hours, or another sense of the word."""
    at_hours = _AT_HOURS.search(flat) or _NOT_THEN.search(flat)
    if message.intent == "opt_out" and at_hours and not _FOR_GOOD.search(flat):
        return replace(message, intent="contact_preference", certain=True)
    return _without_opt_out(message) if keywords.other_sense(message.text) else message


def _told_before(message: Message, flat: str) -> Message | None:
    if "complain" not in (message.intent, *message.also) or not _TOLD.search(flat):
        return None
    others = (label for label in message.also if label not in ("complain", "opt_out"))
    return replace(message, intent="complain", also=("opt_out", *others), certain=True)


def only_calls(text: str) -> bool:
    """«Ya no me marquen», and no word of messages."""
    clauses = _clauses(text)
    return any(map(_NOT_CALLED.search, clauses)) and not any(map(_MESSAGES.search, clauses))


def _next_to_calls(message: Message) -> Message | None:
    """«Muevan el cargo al 8 y ya no me llamen», «quiero un plan, y ya no me llamen»: read without what is
    wished of calls.
    """
    says = Signals(" ".join(_NOT_CALLED.sub(" ", each) for each in _clauses(message.text)))
    of_charge = (
        says.charge and (says.move or says.cancel or says.not_charge) and not (says.debit or says.every)
    )
    other = next((label for label in message.alternatives if label not in _ALREADY), None)
    if not of_charge and (message.intent != "opt_out" or other not in _BESIDE or " " not in says.flat):
        return None
    kept = message.without("opt_out", "talk_to_human", *(("cancel_debit",) if of_charge else ()))
    also = tuple(label for label in kept.also if label != other)
    intent = "other" if of_charge or other is None else other
    kept = replace(kept, intent=intent, also=(*also, NO_CALLS), certain=not of_charge)
    return replace(kept, text=says.flat, topic=None)


def _next_to_debit(message: Message) -> Message | None:
    """«Cancelen la domiciliación y ya no me marquen»"""
    ends = "cancel_debit" in (message.intent, *message.also) and ends_debit(message.text)
    return replace(message.meaning("cancel_debit"), also=(NO_CALLS,)) if ends else None


def _paying(message: Message) -> Message | None:
    """«600 y que ya no me marquen»: who pays and wishes no calls may be written to."""
    message = _with_sum(message)
    gives = message.date is not None or message.amount is not None
    paid = PAID.search(plain(message.text)) is not None
    agrees = _AGREES.match(plain(message.text)) is not None  # «sí, pero que ya no me marquen»
    if message.intent not in _PAYING and not (gives or paid or agrees):
        return None
    otherwise = "report_payment" if paid else "promise_to_pay" if gives else "affirm"
    intent = message.intent if message.intent in _PAYING else otherwise
    kept = message.without("opt_out", "talk_to_human")
    return replace(kept, intent=intent, act=NO_CALLS, topic=None, certain=True)


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
