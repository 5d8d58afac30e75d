"""What is meant of a charge or of the debit, whatever is read: one to come, one that was made, all."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from flows.acts.words.keywords import LONE_CANCEL
from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.types.event import Message

_PAID_BEFORE = re.compile(
    r"\bya (?:lo |la |les |te |se los )?(?:pague|deposite|transferi|abone|hice).*"
    r"\bno (?:me |nos )?(?:lo |la )?(?:vayan? a (?:cobr|carg)|(?:cobr|carg)uen\b)"
)
"""The charge that it speaks of is one to come."""
_NOT_TWICE = re.compile(
    r"\bno (?:me |nos |se )?(?:lo |la )?(?:vayan? a |quiero que (?:me )?)?(?:cobr|carg|hag)\w* (?:\w+ ){0,2}?"
    r"(?:doble|dos veces|otra vez|de nuevo)\b|\b(?:don t|do not) charge me twice\b|"
    r"\b(?:si|if) (?:(?:ya|yo|les|te|lo|i|we) )*(?:pago|deposito|transfiero|abono|liquido|pay|transfer)\b.*"
    r"\b(?:me (?:van a |vuelven a )?cobra\w*|charge me) (?:doble|dos veces|otra vez|de nuevo|tambien|igual|"
    r"twice|again|anyway)\b"
)
"""«No me vayan a cobrar doble», «¿si pago antes me cobran doble?»: of what is to come, and no charge that
was made.
"""
_WHICH_CHARGE = re.compile(
    r"(?:y |oye |oiga |oigan |hola )*(?:(?:de )?que (?:es|son)|a que se debe|what is|what s) "
    r"(?:el|ese|este|eso|esto|un|this|that|the)\b"
    r".*\b(?:avis|notific|van a|va a|viernes|manana|notice|upcoming)"
)
"""«¿Qué es ese cargo que me avisaron?»: of one to come, and no dispute."""
_WITH_THAT = re.compile(
    r"(?:(?:y|entonces|o sea|oye|pero) )*(?:ya )?con eso (?:ya )?(?:qued[eo]|estoy|quedaria|termin\w+|"
    r"acab\w+|liquid\w+)"
    r"(?: (?:ya|al corriente|al dia|bien|listo|todo|verdad|o no|en ceros|mi|deuda|credito|el|la))*"
)
"""«¿Y con eso ya quedé?»: asks, and disputes nothing."""
_WAS_IT_MADE = re.compile(
    r"(?:(?:y|oye|oiga|entonces|ya|si|siempre|al final|hola|hoy|ayer) )*(?:(?:me |lo |ya )*(?:cobraron|"
    r"cargaron|"
    r"descontaron)|"
    r"se hizo el (?:cargo|cobro)|did you charge me|was i charged)"
    r"(?: (?:hoy|ayer|ya|siempre|o no|si|el cargo|el (?:lunes|martes|miercoles|jueves|viernes)|today|"
    r"yesterday))*"
)
"""«¿Ya me cobraron?»: asks, and disputes nothing."""
_NOT_YET_MADE = re.compile(r"\b(?:no|don t|do not) (?:\w+ ){0,3}?(?:h?a?gan?|apliquen?|cobren?|make|run)\b")
"""«Ese cargo no lo hagan»: none was made that could be disputed."""
_UNWANTED = re.compile(
    r"\b(?:no (?:lo )?(?:quiero|acepto)|don t (?:want|accept)) (?:es[ae]|est[ae]|that|this)\b"
)
_MADE = re.compile(r"\b(?:cobraron|cargaron|descontaron|ya me|charged)\b")
_NOT_THIS_ONE = re.compile(
    r"(?:(?:oigan?|oye|hola|porfa|por favor|please|favor de|mejor|y|les pido que) )*"
    r"(?:no (?:me (?:lo )?|lo |nos )?cobren|don t charge me|do not charge me)"
    r"(?: (?:nada|porfa|porfavor|por favor|please|plis|gracias|todavia|aun|yet))*"
)
"""«No me cobren», of a charge that is announced."""
_NOT_THAT_DAY = re.compile(
    r"(?:(?:oigan?|oye|hola|porfa|por favor|please|favor de|mejor|y|les pido|quiero|pido|que|ya|pero) )*"
    r"(?:no (?:quiero que )?(?:me (?:lo |vayan a )?|lo |nos )?(?:cobr\w+|carg\w+|descuent\w+|"
    r"hagan el (?:cargo|cobro))|"
    r"(?:don t|do not) charge me) "
    r"(?:(?:nada|porfa|por favor|please|el|para|on|dia|este|ese|that|day|of) )*"
    r"(?:manana|hoy|dia|\d{1,2}(?: de \w+)?|lunes|martes|miercoles|jueves|viernes|tomorrow|today|day|\w+day)"
    r"(?: (?:porfa|por favor|please|gracias|ya|no))*"
)
"""«Ya no me cobren mañana», of the charge of that day."""
_KEPT = (
    r"(?:dej(?:a|en|emos)(?:lo|la)|que (?:se )?quede|asi (?:esta bien|queda)|que (?:(?:lo|la|me|se) )*"
    r"(?:hagan?|cobren?|carguen?|descuenten?)|hag(?:a|an)lo|cobr(?:en|a|e)(?:lo|me|melo)|"
    r"hagan el (?:cargo|cobro)|adelante|procedan?|(?:si )?me (?:acomoda|queda bien)|"
    r"(?:si|ya|ese dia) (?:si )?(?:tengo|hay|habra|tendre|va a haber|voy a tener) "
    r"(?:saldo|fondos|dinero|lana)|"
    r"(?:keep|leave) (?:it|(?:the|that|this) charge)|go ahead|that works|works for me|no problem|"
    r"(?:that s|that is|it s|it is) (?:fine|ok|okay|good|all good)|fine (?:by|with) me|charge (?:it|me))"
)
_AROUND_KEPT = (
    r"(?:ok|okay|si|yes|va|sale|bueno|pues|no|mejor|(?:es)?ta bien|de acuerdo|perfecto|yeah|sure|all right|"
    r"alright|entonces|y|el cargo|el cobro|asi|como esta|(?:para )?ese dia|(?:esta|la) fecha|gracias|porfa|"
    r"por favor|por mi|please|thanks|thank you|you can|then|as (?:it )?is|like that|(?:on )?that day|"
    r"(?:(?:el|on) )?(?:manana|hoy|lunes|martes|miercoles|jueves|viernes|tomorrow|today|(?:mon|tues|wednes|"
    r"thurs|fri)day)|esta (?:bien|perfecto)|"
    r"(?:me )?(?:mand|envi|pas)\w+(?: (?:el|un|mi|su))? (?:comprobante|recibo))"
)
_KEEPS = re.compile(rf"(?:{_AROUND_KEPT} )*{_KEPT}(?: (?:{_KEPT}|{_AROUND_KEPT}))*")
"""«Déjalo así», “ok keep it”: the charge that was announced is made."""
_FEW = 5
"""Words of «perdón, quise decir 400»."""
_CHARGE_ME = re.compile(
    r"\b(?:cobr|descuent|cargu?)(?:en|e|a)(?:me|mel[oa]s?|l[oa]s?)\b|"
    r"\bque (?:me |se )?(?:l[oa]s? )?(?:(?:cobr|cargu?)(?:en?|aran?|ase)|descuenten?|descontaran?)\b|"
    r"\bme l[oa]s? (?:cobr|carg|descuent)an?\b|"
    r"\b(?:charge|debit) (?:it|me|my|the (?:rest|other))\b|\btake (?:it|the rest) (?:from|out of) my\b"
)
_NEVER = re.compile(
    r"\b(?:no|nunca|jamas|ni|sin|si|dej\w+|par[ae]n|quit\w+|cancel\w*|not|don t|dont|never|stop|if)\b"
)
_NOT_THAT = re.compile(r"\bno (?:quiero|quisiera|autorizo|acepto|deseo|permito) que\b")
_CLAUSES = re.compile(r"[,.;!\n]+|\b(?:y|e|pero|and|but)\b")


def wishes_charge(text: str) -> bool:
    """«STOP y quisiera que me lo cobraran de mi nómina», «y la otra que me la cobren»."""
    return wishes_in(_CHARGE_ME, text)


def wishes_in(words: re.Pattern[str], text: str) -> bool:
    clauses = [plain(each) for each in _CLAUSES.split(text)]
    wished = any(words.search(each) and not _NEVER.search(each) for each in clauses)
    return wished and "?" not in text and not _NOT_THAT.search(plain(text))


def leaves_rest_to_charge(message: Message) -> bool:
    """«300 yo y lo demás me lo cargan»."""
    rest = any(part.share == "rest" for part in message.parts)
    says = Signals(message.text)
    charged = rest and (says.charge or _CHARGE_ME.search(says.flat) is not None)
    return charged and not (says.not_charge or says.charged or says.marked)


def gives_next_to_charge(text: str) -> bool:
    """«300 mañana y no me cobren»: the sum is not that of the charge."""
    clauses = [Signals(each) for each in _CLAUSES.split(text)]
    return any(re.search(r"\d", each.flat) and not each.not_charge for each in clauses)


def charged_to_account(message: Message) -> Message:
    """A wish for the debit, where a piece of a message says no more."""
    if message.amount is not None or not wishes_charge(message.text):
        return message
    return replace(
        message, intent="authorize_debit", also=(), alternatives=(), topic=None, parts=(), certain=True
    )


def takes_part(text: str) -> bool:
    """«Cobren la mitad»: of a charge that is announced."""
    says = Signals(text)
    return says.charge and says.less and not says.marked


_FAILED = re.compile(
    r"\bno (?:se|me|nos) (?:(?:lo|la|ha|han) )*(?:cobro|cobraron|cobrado|cargo|cargaron|cargado|desconto|"
    r"descontaron|descontado|hizo|hicieron|hecho|aplico|aplicaron|aplicado|realizo|realizado|paso|pasado)\b|"
    r"\b(?:rebot|rechaz)(?:o|aron|ado)\b|\bno (?:paso|salio|entro|procedio|ha pasado)\b|"
    r"\b(?:wasn t|was not|didn t|did not) (?:\w+ )?(?:charged?|made|go through)\b"
)
"""«No se cobró mi domiciliación»: asks what became of it, and ends nothing."""
_SKIPS = re.compile(r"\bskip (?:that|this|the) (?:charge|debit|payment)\b")
_BADLY = re.compile(r"\b(?:bien|correct\w+|complet\w+|justo|lo que)\b")


def was_not_made(flat: str) -> bool:
    """«No se cobró mi domiciliación», and no wish besides."""
    besides = Signals(_FAILED.sub(" ", flat))
    wishes = besides.cancel or besides.every or besides.not_charge
    return _FAILED.search(flat) is not None and not (wishes or _BADLY.search(flat))


_NUMBER_ALONE = re.compile(
    r"(?:(?:no|mejor|si|pues) )*(?:una?|dos|tres|cuatro|cinco|\d+)(?: (?:semanas?|dias?|mes(?:es)?))?"
)
"""«No, dos»: of what was just said, and of no charge."""


_WHAT_BECAME = re.compile(
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|entonces|and|so) )*"
    r"(?:(?:por ?que )?no (?:me |se |lo |nos )*(?:paso|salio|hizo|hicieron|cobraron|descontaron|cargaron)"
    r"(?: (?:el|mi|la|ese) (?:cargo|cobro|domiciliacion|pago))?(?: (?:de )?(?:ayer|hoy|automatico))*|"
    r"why (?:didn t|did not) you charge me)|"
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|entonces|and|so) )*"
    r"(?:que (?:paso|onda|hubo|hay)|como (?:va|quedo)|en que quedo|what happened|what s up)"
    r" (?:con|to|with) (?:el|mi|ese|su|the|my|that) (?:cargo|cobro|descuento|domiciliacion|charge|debit)"
    r"(?: (?:automatico|de (?:hoy|ayer|antier)|today|yesterday))?"
)


def asks_what_became(flat: str) -> bool:
    """«¿Qué pasó con mi cargo?»: asks, and disputes nothing."""
    return _WHAT_BECAME.fullmatch(flat) is not None


def no_dispute(message: Message, *, agreed: bool) -> Message | None:
    """«Perdón, eran 350», of what was agreed; «ya pagué, no me vayan a cobrar»."""
    says = Signals(message.text)
    short = len(says.flat.split()) <= _FEW and not (says.charge or says.charged or says.debit)
    if agreed and short and says.corrects:
        return replace(message, intent="other", also=(), certain=True)
    if _WITH_THAT.fullmatch(says.flat):
        return message.meaning("other")
    if message.intent != "dispute_charge":
        return None
    if _NUMBER_ALONE.fullmatch(says.flat):
        return replace(message, intent="other", certain=False, alternatives=())
    if leaves_rest_to_charge(message):
        return replace(message, intent="promise_to_pay", also=())
    if _PAID_BEFORE.search(says.flat):
        return replace(message, intent="report_payment")
    if _asks_of_one(says) or was_not_made(says.flat):
        return message.acting("ask.charge")
    if _SKIPS.search(says.flat):
        return message.acting("cancel.charge")
    if says.one and says.not_charge and (_NOT_YET_MADE.search(says.flat) or _UNWANTED.search(says.flat)):
        return replace(message, intent="cancel_debit", also=(), certain=False)
    return None


def _asks_of_one(says: Signals) -> bool:
    """Of a charge that was announced or made, and against none."""
    which = _WHICH_CHARGE.match(says.flat) and not says.charged
    made = says.marked and _WAS_IT_MADE.fullmatch(says.flat)
    wished = re.search(r"\bcobr(?:en|a|e)me\b", says.flat)  # «mejor cóbrenme el doble»
    return bool(which or made or wished) or _not_twice(says.flat) or asks_what_became(says.flat)


def not_twice(text: str) -> bool:
    """«No me vayan a cobrar dos veces», whatever it is read as."""
    return _not_twice(plain(text))


def _not_twice(flat: str) -> bool:
    return _NOT_TWICE.search(flat) is not None and not _MADE.search(flat)


_WHAT_CHARGE = re.compile(
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|perdon|no|pero|and|hey|hi) )*"
    r"(?:(?:que|cual) (?:cargo|cobro) (?:es (?:ese|este|el)|va a ser|me (?:avisan|van a hacer))|"
    r"(?:y )?(?:ese|este|el) (?:cargo|cobro) (?:de que es|que es|por que es|de donde sale|por que)|"
    r"what (?:is )?(?:that |this |the )?charge(?: is (?:that|this|it))?(?: for| about)?)"
    r"(?: (?:que me avisan|que dicen|ustedes|del? \w+|o que|pues))*"
)


def asks_which(text: str) -> bool:
    """«¿Qué cargo es ese?»"""
    return _WHAT_CHARGE.fullmatch(Signals(text).flat) is not None


_MAY_STOP = ("cancel_debit", "other", "request_extension", "opt_out", "promise_to_pay")


def is_of_that_day(message: Message) -> bool:
    """«No me cobren mañana», and no more."""
    found = message.intent in _MAY_STOP and _NOT_THAT_DAY.fullmatch(Signals(message.text).flat)
    return bool(found) and message.payload is None


def only_this_charge(message: Message, days: Collection[date], *, sms: bool) -> Message:
    """Where a charge is announced, for one of `days`, bare words against it are of that one: no debit ends by
    them, and «cancela» ends no messages but by SMS, where it is a word for that.
    """
    if message.intent == "opt_out" and message.text.strip().lower() in LONE_CANCEL:
        also = ("opt_out",) if sms else ()
        return replace(message, intent="other", also=also, act="cancel.charge", certain=True)
    if message.intent in ("other", "greet", "promise_to_pay", "cancel_debit") and not_twice(message.text):
        return message.acting("ask.charge")
    if message.intent == "request_discount" and wishes_charge(message.text):  # «cóbrenme la mitad»
        return replace(message, intent="other", also=(), topic=None)
    flat = Signals(message.text).flat
    of_day = message.date is None or message.date in days
    that_day = of_day and is_of_that_day(message)
    if not that_day and (message.intent != "cancel_debit" or not _NOT_THIS_ONE.fullmatch(flat)):
        return message
    return replace(message, intent="other", act="cancel.charge", certain=True)


def keeps_charge(text: str) -> bool:
    """«Déjalo así», «que se haga», to the notice of a charge."""
    says = Signals(text)
    return not says.marked and _KEEPS.fullmatch(says.flat) is not None


_ONE_CHARGE = re.compile(r"\b(?:es[ae]|est[ae]|that|this) (?:cargo|cobro|descuento|debito|charge|debit)\b")


def names_one(flat: str) -> bool:
    """«Cancelen ese cargo»: one, whether there is one or not."""
    return _ONE_CHARGE.search(flat) is not None
