"""The debit that is to end, to end later, or only for a time, and what is said of it that ends nothing."""

import re
from dataclasses import replace

from flows.acts.readings.charges import wishes_charge, wishes_in
from flows.acts.words.owed import NO_FEES
from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.types.event import Message

_ASKS_OF_ENDING = re.compile(
    r"\b(?:como|puedo|se puede|how|can i|cobran (?:algo )?por|cuesta|"
    r"(?:tiene|hay|lleva) (?:algun )?(?:costo|multa)|forzos[oa]|obligatori[oa])\b"
)
_HOW_TO_END = re.compile(
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|disculpa|una pregunta|pero|and|but|hi) )*(?:como|how)\b"
)
"""«¿Cómo cancelo la domiciliación?»: whether it is to end now is asked."""
_FOR_A_TIME = re.compile(
    r"\b(?:por )?(?:un|este|1|dos|2) (?:mes|meses|quincenas?)\b|\b(?:est[ae]|una) quincena\b|\btemporal\w*\b|"
    r"\b(?:por ahora|por el momento|mientras|solo (?:en )?(?:diciembre|enero|este)|paus\w+|for (?:a|one|"
    r"this) month)\b"
)
"""«Quiero parar los cargos un mes»: to end the debit is more than is wished; it is asked."""
_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|january|"
    r"february|march|april|may|june|july|august|september|october|november|december)"
)
_FROM_THEN = re.compile(
    r"\b(?:a partir del?|starting|as of|effective) "
    r"(?!(?:hoy|ahora|ahorita|ya|manana|este|esta|today|now|this)\b)|"
    r"\b(?:desde|para|en|from) (?:el |la |the )?(?:proxim[oa]|siguiente|otr[oa]|next) "
    r"(?:mes|ano|quincena|month|year)\b|\b(?:mes|ano|quincena) que (?:viene|entra|sigue)\b|"
    rf"\b(?:en|in) {_MONTH}\b"
)
_CHARGED_BEFORE = re.compile(r"\b(?:me (?:estan|han|vienen|siguen|cobraron|descontaron)|ya me|charged)\b")
_SUSPENDS = re.compile(r"\b(?:suspend|suspiend|paus|congel)\w*")
_MINE = (
    r"(?:mi?|i|my) ?(?:nom\w{1,4}|nim\w{1,3}a|noina|nmina|cuenta|tarjeta|sueldo|salario|quincena|"
    r"pension|account|card|paycheck|bank account)"
)
_LEFT_ALONE = rf"(?:dejen?|leave) ?(?:ya )?(?:en paz (?:a )?{_MINE}|{_MINE} (?:ya )?(?:en paz|alone))"
_STOP_CHARGING = re.compile(
    r"(?:(?:oigan?|oye|hola|porfa|por favor|please|favor de|ya|mejor|quiero que|que|just|you need to) )*"
    r"(?:(?:dejen?|dejes|paren?|stop|quit) (?:ya |de |estar )*"
    r"(?:(?:cobr|carg|descont|debit)[aá](?:r|ndo)(?:me|nos|le)?|(?:charging|billing|debiting)(?: (?:me|us))?)"
    rf"|{_LEFT_ALONE})"
    r"(?: (?:ya|porfa|porfavor|por favor|please|gracias|dinero|money|nada|automaticamente|automatically|"
    r"(?:de|a|en|from) (?:mi|my) (?:cuenta|tarjeta|nomina|account|card|paycheck)|my (?:account|card)|"
    r"(?:cada|every) (?:mes|semana|quincena|month|week)))*"
)
"""«Dejen de cobrarme», «dejen mi nómina en paz»: all charges, where there is a debit."""
_AUTOMATIC = (
    r"(?:auto ?pay|automatic (?:payments?|debit)|direct debit|(?:cargo|pago|cobro) automatico|domicili\w+)"
)
_BEGIN = re.compile(
    rf"\b(?:set up|sign (?:me )?up for|start|enroll in|want|like|me interesa|quiero|quisiera|me gustaria|"
    rf"como (?:le |me )?hag\w* para|activ(?:en|ar|o)|acepto) (?:\w+ ){{0,2}}?{_AUTOMATIC}\b"
)
"""“I'd like to set up autopay”, «me interesa el cargo automático»."""


def all_charges(message: Message) -> Message:
    """«Dejen de cobrarme», where a debit stands: it ends."""
    if not stops_charging(message.text):
        return message
    return replace(message, intent="cancel_debit", also=(), topic=None, act=None, certain=True)


def leaves_account(text: str) -> bool:
    """«Dejen mi nómina en paz»: of no message, whether there is a debit or not."""
    return re.fullmatch(_LEFT_ALONE, Signals(text).flat) is not None


def stops_charging(text: str) -> bool:
    return _STOP_CHARGING.fullmatch(Signals(text).flat) is not None


_TELLS = re.compile(
    r"\b(?:quien|cuando|por ?que|a que hora|que dia|en cuanto tiempo) (?:(?:me|se|la|lo) )*"
    r"(?:cancel|quit|dieron de baja)\w*|"
    r"\b(?:me|se|nos|ya) (?:la |lo )?(?:cancelaron|quitaron|cancelo|quito)\b|"
    r"\b(?:ya )?no (?:me |nos )?(?:funciona|sirve|jala|aparece|sale|llego|llega)\b|"
    r"\b(?:is|was|who|why|when|did)\b.*\bcancell?ed\b"
)
_DEMANDS = re.compile(
    r"\b(?:cancel(?:en|a|ame|enme|enla|ala|ar)|quit(?:en|a|ame|enme|enla|ala|ar)|quiero|revoco|denme|stop|please)\b"
)
_WHAT_IF = re.compile(
    r"^(?:(?:y|oye|oiga|pero) )*(?:si|if i) (?:la |lo |yo )?(?:cancelo|cancelara|quito|quitara|cancel)\b|"
    r"\b(?:que (?:pasa(?:ria)?|hay)|what (?:happens )?if)\b.*"
    r"\b(?:si |i )(?:la |lo |yo )?(?:cancelo|cancelara|quito|quitara|cancel)\b"
)
"""«Si cancelo la domiciliación, ¿qué pasa?»"""
_TOO_MUCH = re.compile(r"\bde mas\b|\bdoble\b|\bdos veces\b")
_BY_MYSELF = re.compile(
    r"\b(?:proxim|siguiente|este mes|este (?:pago|cargo))\w*\b.*\bpago yo\b|"
    r"\bpago yo\b.*\b(?:proxim\w*|este mes)\b"
)


def tells_of_debit(flat: str) -> bool:
    """«¿Quién canceló mi domiciliación?», «no me llegó»: of what became of it, and no wish to end it."""
    return _TELLS.search(flat) is not None and not _DEMANDS.search(flat)


def not_the_debit(message: Message) -> Message:
    """«Cancelen mi promesa», «STOP y cóbrenme de mi nómina»: nothing else ends."""
    says = Signals(message.text)
    wished = wishes_charge(message.text) or wishes_in(_BEGIN, message.text)
    if message.intent != "cancel_debit" and wished and not says.not_charge:
        if not message.certain and "authorize_debit" in message.alternatives:
            message = replace(message, intent="authorize_debit", certain=True)
        return message.without("cancel_debit")
    for_a_time = _FOR_A_TIME.search(says.flat) and (not says.debit or _SUSPENDS.search(says.flat))
    if message.intent == "cancel_debit" and _WHAT_IF.search(says.flat):
        return replace(message.meaning("other"), topic="debit_ending")
    if message.intent == "cancel_debit" and _TOO_MUCH.search(says.flat) and not says.debit:
        return replace(message, certain=False, alternatives=("dispute_charge", "cancel_debit"))
    for_a_time = for_a_time or _BY_MYSELF.search(says.flat)
    if message.intent == "cancel_debit" and (for_a_time or _HOW_TO_END.match(says.flat)):
        message = replace(message, certain=False, alternatives=message.alternatives or ("cancel_debit",))
    if "cancel_debit" in message.also and tells_of_debit(says.flat):
        return message.without("cancel_debit")
    named = says.cancel and (says.promise or says.plan) and not (says.debit or says.charge)
    if not named or "cancel_debit" not in message.also:
        return message
    return message.without("cancel_debit")


def suspends(text: str) -> bool:
    """«Suspéndanla un mes», and no word of messages."""
    flat = plain(text)
    named = _SUSPENDS.search(flat) and _FOR_A_TIME.search(flat)
    return named is not None and not re.search(r"\b(?:mensaj|escrib|llam|record|messag|text|call)\w*", flat)


def ends_later(text: str) -> bool:
    """«A partir de enero ya no me cobren»: of a day to come."""
    flat = plain(text)
    return _FROM_THEN.search(flat) is not None and not _CHARGED_BEFORE.search(flat)


_NO_MORE_CHARGES = re.compile(
    r"\bya no (?:me |nos )?(?:(?:anden|esten|vayan a|quiero que) (?:me )?)?(?:cobr|descuent|descont|carg)\w*|"
    r"\b(?:cancel|quit|par|deten|suspend|stop)\w* (?:ya )?"
    r"(?:todo|todos los (?:cargos|cobros)|everything|all)\b"
)


def no_more_charges(text: str) -> bool:
    """«Ya no me cobren», next to something else too."""
    return _NO_MORE_CHARGES.search(plain(text)) is not None


def ends_debit(text: str) -> bool:
    """«Quita el cargo automático»: named, wanted gone, and no question how that is done or what it costs."""
    says = Signals(text)
    asks = says.marked or _ASKS_OF_ENDING.search(says.flat)
    return says.debit and says.cancel and not asks


def ends_charges(message: Message) -> bool:
    """Of charges, for good, and of neither messages nor one charge."""
    says = Signals(message.text)
    messages = re.search(r"\b(?:mensaj\w*|escrib\w*|llam\w*|messages?|texts?|call\w*)\b", says.flat)
    never = re.search(r"\b(?:nunca|jamas|never)\b", says.flat)
    likely = never or "cancel_debit" in message.alternatives[:2]
    kept = says.keeping or says.marked or says.one or messages or NO_FEES.search(says.flat)
    return bool(says.charge and says.every and likely and not kept)
