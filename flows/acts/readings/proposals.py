"""What proposes a payment as a question, and what leaves its day open."""

import re
from dataclasses import replace
from datetime import date

from flows.acts.days.after import WEEKDAYS
from flows.acts.words.all_there_is import is_all_there_is
from flows.acts.words.questions import asks_consequence
from flows.acts.words.sums import bare_sum, refused_sum
from flows.answers import plain
from flows.types.event import Message, PaymentPart
from values import Money

_PAY = (
    r"(?:d(?:oy|ar|amos|iera)|(?:pag|abon|deposit|transf(?:i|ie)r|mand|envi|pas|adelant)(?:o|ar|amos|ara|"
    r"e|es)?)"
    r"(?:te|les|le)?"
)
_SUM = r"(?:(?:un|unos|solo|nomas|nada|mas|con|de|los|only|just|like|you|now|today)\s)*\d"
_WOULD = re.compile(
    rf"\b(?:si|que tal|y) (?:yo |ahorita |hoy |ahora |mejor |solo |nomas |te |les |le )*"
    rf"{_PAY} {_SUM}"
    rf"|\b(?:puedo|podria|podriamos|podemos|puede ser) (?:te |les |le )?(?:{_PAY} )?{_SUM}"
    rf"|\b(?:me )?(?:acept(?:a[ns]?|o)|recibe[ns]?|toma[ns]?|agarra[ns]?) {_SUM}"
    rf"|\bque tal(?: con)? {_SUM}"
    r"|\bi can (?:only|just) (?:do|pay|give|afford|send)(?: you)? \d"
    r"|\b(?:can|could|may) i (?:just |only )?(?:pay|give|send|put)(?: you)? (?:only |just )?\d"
    r"|\b(?:what|how about) if i (?:just |only )?(?:pay|paid|give|gave|send|sent)(?: you)? (?:only |just )?\d"
    r"|\bhow about (?:only |just )?\d|\b(?:will|would|do|can) you (?:take|accept) \d"
    r"|\b(?:would|is) \d+ (?:pesos )?(?:be )?(?:ok|okay|enough)"
)
_PAYS_THEN = re.compile(
    r"(?:(?:siempre|si|mejor|ya|pues|ok|va|yo|entonces) )*(?:te|les|le|se lo|lo) "
    rf"(?:pago|deposito|abono|transfiero)(?: (?:hoy|manana|mismo|el|este|dia|\d+|todo|lo|que|debo|"
    rf"{'|'.join(WEEKDAYS)}))+"
)
"""«Siempre sí te pago hoy»."""
_SUM_THEN = re.compile(
    r"(?:(?:y|que tal|unos|te|les|doy|pago|va|how about) )*\d{2,6}(?: pesos| varos| ya)? "
    r"(?:(?:el|la|este|esta|para|pal|a|on|this|next|proximo|proxima) )*"
    r"(?:finde|fin de semana|weekend|quincena|"
    rf"hoy|manana|today|tomorrow|{'|'.join(WEEKDAYS)}|dia \d+|\d{{1,2}})"
    r"(?: (?:esta bien|va|te late|sirve|jala|ok|se puede|puede ser))*"
)
"""«¿300 el finde?»: a payment that is offered."""
_OFFERS = re.compile(
    r"(?:(?:yo|ahi|pues|ok|va|bueno|mejor|entonces|solo|nomas|te|les|le|se) )*"
    r"(?:abono|pago|deposito|doy|mando|transfiero|paso|puedo (?:abonar|pagar|depositar|dar)) "
)
"""«Te deposito la mitad», «abono doscientos cincuenta»."""
_MORE = re.compile(
    r"\b(?:cuant[oa]s?|perdon\w*|condon\w*|quit\w+|descuent\w*|rebaj\w*|liquid\w*|libr\w+|interes\w*|buro|"
    r"recargos?|pasa|prest\w+|cada|diari\w+|semanal\w*|mensual\w*|quincenal\w*|meses|semanas|pagos de|cargo|"
    r"(?:por|a la|al) (?:dia|semana|mes)|en (?:partes|pagos|parcialidades|abonos|plazos)|cobr\w+|"
    r"enganche|(?:lo demas|el resto|lo que falte?) en (?:\d|dos|tres|cuatro|cinco|seis)|"
    r"oxxo|tarjeta|how (?:much|long)|every|weekly|monthly|forgive|settle|interest|happens?|late|borrow|lend|"
    r"ya (?:pague|deposite|abone))\b"
)
"""It is about what the payment changes, or about more than one."""
_NOW = re.compile(r"\b(?:ahorit\w+(?! no\b)|ahora(?! no\b)|ya mismo|en este momento|right now|now)\b")
_PAYS_FIRST = re.compile(
    r"(?:(?:te|les|le|yo|i|can|puedo|solo|nomas|unos|con|you|only|just) )*"
    r"(?:(?:doy|pago|dar|pagar|abono|pay|give) )?\d"
)
_MILDER = frozenset(
    {
        "other",
        "promise_to_pay",
        "ask_balance",
        "ask_payment_methods",
        "request_discount",
        "request_extension",
        "request_plan",
        "ask_due_date",
        "affirm",
        "greet",
    }
)
"""What such a question is taken for where it is read in doubt."""


_OWED = re.compile(r"\b(?:deb[oe]n?|debia|cobr\w+|owe|charge\w*)\b")
_MAY_HAVE = _MILDER | {"report_hardship", "request_loan"}
_A_DAY = rf"(?:(?:el|dia|the) )*(?:\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(WEEKDAYS)})"
_FROM_DAY_TO_DAY = re.compile(
    rf"(?:(?:mejor|pues|yo|ya|seria|como|pago|les pago|te pago|puede ser|puedo|hasta|i can|maybe|sometime) )*"
    rf"(?:(?:entre|between) {_A_DAY} (?:y|and)|(?:del?|from) {_A_DAY} (?:al?|to)) {_A_DAY}"
    r"(?: (?:de [a-z]+|pago|les pago|te pago|puedo|porfa|por favor|please|mas o menos))*"
)
"""«Entre el 10 y el 15»: of a payment, and no hours to be written at."""


def pays_first(text: str) -> bool:
    """«500 y ya no me llamen»: it begins with what is paid."""
    return _PAYS_FIRST.match(plain(text)) is not None


def proposed(message: Message, today: date) -> Message:
    """«¿Y si doy 200 ahorita?», «¿aceptas 500?»: a promise that is offered, with its sum and its day;
    «200 hoy y 150 cada viernes», a plan.
    """
    if message.intent in _MILDER and first_then_turns(message):
        return replace(message, intent="request_plan", topic=None, certain=True)
    return _promised(message, today)


def _pays_then(message: Message, today: date) -> bool:
    to_come = message.date is not None and message.date >= today and "?" not in message.text
    return not message.certain and to_come and _PAYS_THEN.fullmatch(plain(message.text)) is not None


def _pays_whatever(message: Message) -> bool:
    """Whether a day and a sum are of a payment, whatever topic the words are near to: «quiero cambiar de
    cuenta y pagar el viernes 300».
    """
    asks = "?" in message.text or asks_consequence(message.text)
    paired = message.intent == "promise_to_pay" and message.amount is not None and not asks
    return message.topic == "partial_payment" or (paired and message.topic is not None)


def _promised(message: Message, today: date) -> Message:
    flat = plain(message.text)
    if message.either and "?" not in message.text and message.intent in _MILDER:
        return replace(message, intent="promise_to_pay", topic=None, certain=True)
    gives = message.date is not None and (message.amount is not None or bool(message.parts))
    if message.intent == "contact_preference" and message.date and _FROM_DAY_TO_DAY.fullmatch(flat):
        return replace(message, intent="promise_to_pay", topic=None, certain=True)
    if gives and _pays_whatever(message):  # «podría pagarle la mitad el viernes»
        return replace(message, intent="promise_to_pay", topic=None, certain=True)
    if message.intent == "promise_to_pay" and not message.date and _NOW.search(flat):
        return replace(message, date=today, parts=_from(today, message), topic=None, certain=True)
    if _pays_then(message, today):
        return replace(message, intent="promise_to_pay", topic=None, certain=True)
    offered = _OFFERS.match(flat) and "?" not in message.text and not _MORE.search(flat)
    if offered and _is_doubted(message) and (message.amount is not None or message.parts):
        return replace(message, intent="promise_to_pay", topic=None, certain=True)
    amount = message.amount or bare_sum(message.text)
    if amount is None or not _may_offer(message):
        return message
    day = message.date or (today if _NOW.search(flat) else None)
    return replace(message, intent="promise_to_pay", certain=True, topic=None, amount=amount, date=day)


def _may_offer(message: Message) -> bool:
    """Whether the sum that it names is offered."""
    milder = message.intent in _MAY_HAVE or not message.certain
    refuses = refused_sum(message.text) and not _OWED.search(plain(message.text))
    named = is_all_there_is(message.text) or refuses  # «680 no puedo, pero 300 sí»
    if milder and named and "?" not in message.text:
        return True
    sure = message.certain and message.intent not in ("other", "promise_to_pay", "request_plan")
    if sure or message.intent not in _MILDER or message.entities.keys() & {"instalments", "frequency"}:
        return False
    flat = plain(message.text)
    return bool(_WOULD.search(flat) or _SUM_THEN.fullmatch(flat)) and not _MORE.search(flat)


def first_then_turns(message: Message) -> tuple[Money, Money] | None:
    """«200 hoy y 150 cada viernes»: what comes first, and what is paid each time after that."""
    if len(message.parts) != 2 or "frequency" not in message.entities:
        return None
    first, each = message.parts
    apart = each.date is None and (first.date is not None or _NOW.search(plain(message.text)))
    return (first.amount, each.amount) if apart and first.amount and each.amount else None


def _from(today: date, message: Message) -> tuple[PaymentPart, ...]:
    """«300 ahorita y el resto…»: the first of its payments is of today."""
    first, *later = message.parts or (PaymentPart(),)
    if not later or first.date or first.amount is None:
        return message.parts
    return (replace(first, date=today), *later)


def _is_doubted(message: Message) -> bool:
    one = not message.entities.keys() & {"instalments", "frequency"}
    return one and not message.certain and message.intent in _MILDER


_NO_DAY = re.compile(
    r"(?:(?:la verdad|pues|es que|pero|aun|todavia|ahorita|ahora|por ahora|no|honestly|sorry|but|well) )*"
    r"(?:no (?:lo )?(?:se|sabria)(?: (?:bien|aun|todavia|exactamente|decirte|decirle|decirles))*|"
    r"no (?:te|le|les) (?:se|sabria) decir|no (?:tengo|hay|cuento con)(?: (?:una|la|aun|todavia))*|"
    r"ni idea(?: de)?|"
    r"i (?:don t|dont|do not) (?:know|have)|(?:not sure|no idea))"
    r" (?:de )?(?:cuando|que dia|que fecha|para cuando|hasta cuando|fechas?|dia fijo|when|what day|a date)"
    r"(?: (?:exacta|fija|segura|todavia|aun|vaya|voy|pueda|podre|podria|a|poder|pagar|pagarles|pagarte|darte|"
    r"tener|tenga|dinero|me|paguen|pagan|la|verdad|yet|i|can|will|pay|be|able|to|ll|could))*"
)
_ONCE = re.compile(
    r"(?:(?:todavia |aun |es que )*no me (?:ha|han) (?:llegado|caido|depositado|pagado)(?: \w+){0,5}? )?"
    r"(?:(?:pues|hasta|ya|yo|si|ok|va|pero|solo|pago|se los pago|les pago|te pago|i ll pay|when|once|"
    r"as soon as|en) )*"
    r"(?:cuando|en cuanto) (?:me (?:paguen|depositen|caiga\w*|llegue|den|alivi\w+)|llegue|caiga|cobre|"
    r"tenga(?: dinero)?|pueda|junte|consiga|"
    r"complete)(?: (?:el dinero|algo|trabajo|mi|la|el|quincena|nomina|cheque|sueldo|dinero|les|te|yo|pago|"
    r"doy|deposito))*"
    r"|(?:(?:i ll|ill|i will|i can|i m going to|i m gonna|imma) (?:pay|send it|do it) (?:you |it )?)?"
    r"(?:when|once|as soon as|soon as) (?:i (?:can|get (?:paid|my (?:\w+ )?(?:check|paycheck|money))|"
    r"have (?:it|money|the money))|they pay me|my (?:check|paycheck|money) "
    r"(?:comes|gets here|clears)(?: in)?)"
)
"""«Cuando me paguen»: a promise with no day."""
NO_DATE = "lack.date"


_VAGUE = re.compile(
    r"(?:(?:yo|creo que|a lo mejor|tal vez|quizas?|pues|no se|la verdad|seria|como|hasta|para|en|ya|"
    r"si|ok|va|pero|mejor|que sea|but|yes|"
    r"maybe|i think|probably|sometime) )*"
    r"(?:la |el |a |los |next |the )?(?:(?:proxim|otr|siguiente|primer)\w* (?:semana|mes|quincena|dias)|"
    r"(?:semana|mes) (?:que (?:viene|entra)|proxim\w|siguiente)|fin(?:es)? de (?:mes|ano|semana)|"
    r"week|month|end of (?:the )?(?:month|year)|"
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre))"
    r"(?: (?:te pago|les pago|pago|puedo|podria|creo|porfa|por favor))*"
)


def names_vaguely(message: Message) -> bool:
    """«La próxima semana», «tal vez en diciembre»: of a payment, and no day of it."""
    open_day = message.date is None and "?" not in message.text
    return open_day and _VAGUE.fullmatch(plain(message.text)) is not None


def lacks_date(message: Message) -> bool:
    """«No sé cuándo», «no tengo fecha»: of a payment, and no question."""
    if "?" in message.text or message.date is not None:
        return False
    flat = plain(message.text)
    return (_NO_DAY.fullmatch(flat) or _ONCE.fullmatch(flat)) is not None


TOO_MUCH = "find.too_much"
_TOO_MUCH = re.compile(
    r"(?:(?:nmms|nmames|no m?mames|uy+|"
    r"u+f+|hijole|chale|no (?:manches|inventes)|no|es que|ay|o sea|pues|pero|oye|wow|ouch|la verdad|man) )*"
    r"(?:no (?:puedo|alcanzo|me alcanza|completo)(?: \w+){0,3} )?"
    r"(?:eso |esta |este |that |it |that(?=s )|it(?=s )|ya vi que |veo que |"
    r"(?:(?:l[oa]s|es[oa]s|est[oa]s|those|these|the) )?(?:pagos|parcialidades|mensualidades|cuotas|opciones|"
    r"cantidades|abonos|payments|options) )?"
    r"(?:me )?(?:debo|es|son|estan?|salen?|serian?|(?:se me )?hacen?|se me hizo|quedan?|parecen?|is|are|s|"
    r"seems?) "
    r"(?:(?:muy|bien|re|super|demasiad[oa]s?|un|mucho|mucha|algo|todavia|way|too|so|very|a|still) )*"
    r"(?:(?:alt|car|grande|pesad|elevad)[oa]?s|expensive|high|big|much[oa]|muchisim[oa]|demasiad[oa]|chingos?|chinguero|putero|friego|titipuchal|pasad[oa]|chorro|monton|buen|dineral|caro|carisimo|alto|lana|dinero|"
    r"fortuna|"
    r"robo|abuso|atraco|asalto|rateria|lot|much|expensive|robbery|rip off)"
    r"(?: (?:dinero|lana|varo|verdad|no|para mi|todavia|aun|tambien|para|of money|money|for me|still))*"
    r"|(?:(?:la verdad|pues|uy|hijole) )*no (?:me (?:lo |la )?esperaba|pense|crei|sabia|"
    r"imagine)(?: que)? (?:\w+ ){0,2}?"
    r"(?:tan(?:to)?|alto|mucho)(?: (?:alto|car[oa]|dinero|mucho))?|"
    r"(?:(?:uy+|ay|no|pues|la verdad|hijole) )*(?:no|ni) tengo (?:tanto|todo eso|esa cantidad|eso)"
    r"(?: (?:ni de chiste|ni loc[oa]|ahorita|dinero|junto|ahora))*|"
    r"(?:ay )?(?:ya )?(?:se me )?subio (?:mucho|un buen)|"
    r"(?:(?:a la|o sea|ay|uy+|no) )*(?:no (?:manches|mames|inventes)|nmms|nmmes|nmames|ala|hijole|chale|wow|"
    r"orale|dios mio|omg|damn|verga|madre|madres)(?: [^a-z0-9 ]+| jaja\w*)*"
)


_ALL_THAT = re.compile(
    r"(?:(?:no (?:manches|mames|inventes)|nmms|nmmes|nmames|ala|hijole|chale|wow|orale|uy+|ay|a poco|"
    r"que|como|what|omg|y eso|pero) )*(?:es )?(?:todo eso|tantisimo|tanto(?: dinero)?|that much|"
    r"all (?:of )?that)"
)
"""«No mames, ¿todo eso?»: of what is owed."""
_SAD = re.compile(r"[\s😢😭😔😞🥺😿😰😥😩😫]+")


_SIGNS = re.compile(r"[^a-z0-9 ñ]+")


def finds_too_much(message: Message) -> bool:
    """«Uy, es mucho», 😭: of what is owed, and nothing else."""
    if message.text.strip() and _SAD.fullmatch(message.text):
        return True
    gives = message.date is not None or message.amount is not None
    flat = _SIGNS.sub("", plain(message.text)).strip()
    if _ALL_THAT.fullmatch(flat):
        return True
    return not gives and "?" not in message.text and _TOO_MUCH.fullmatch(flat) is not None


_KNOWS_NOT = re.compile(
    r"(?:(?:la verdad|la neta|neta|pues|pos|mmm+|uy|es que|pero|aun|todavia|honestly|well|i) )*"
    r"(?:(?:y |ahora |entonces )*(?:que|como) (?:(?:le )?hago|puedo hacer|(?:le )?hacemos)|"
    r"what (?:can|do|should) i do|(?:de|por el) momento (?:nada|no|nop)|(?:por ahora|ahorita|ahora) nada|"
    r"nada (?:por ahora|de momento|por el momento|ahorita)|nothing (?:for|right) now|"
    r"no (?:lo )?se|quien sabe|ni idea|no sabria decir\w*|(?:don t|dont|do not) know|no idea|not sure)"
    r"(?: (?:la verdad|aun|todavia|bien|yet))*"
)


def knows_not(message: Message) -> bool:
    """«No sé», «¿qué hago?», and no more."""
    return _KNOWS_NOT.fullmatch(plain(message.text)) is not None
