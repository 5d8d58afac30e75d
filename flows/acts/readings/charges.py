"""What is meant of a charge or of the debit, whatever is read: one to come, one that was made, all."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from flows.acts.words.keywords import LONE_CANCEL
from flows.acts.words.owed import NO_FEES
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
    r"(?:doble|dos veces|otra vez|de nuevo)\b|\b(?:don t|do not) charge me twice\b"
)
"""«No me vayan a cobrar doble»: of what is to come, and no charge that was made."""
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
    rf"\ben {_MONTH}\b"
)
_CHARGED_BEFORE = re.compile(r"\b(?:me (?:estan|han|vienen|siguen|cobraron|descontaron)|ya me|charged)\b")
_SUSPENDS = re.compile(r"\b(?:suspend|suspiend|paus|congel)\w*")
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
_AUTOMATIC = (
    r"(?:auto ?pay|automatic (?:payments?|debit)|direct debit|(?:cargo|pago|cobro) automatico|domicili\w+)"
)
_BEGIN = re.compile(
    rf"\b(?:set up|sign (?:me )?up for|start|enroll in|want|like|me interesa|quiero|quisiera|me gustaria|"
    rf"como (?:le |me )?hag\w* para|activ(?:en|ar|o)|acepto) (?:\w+ ){{0,2}}?{_AUTOMATIC}\b"
)
"""“I'd like to set up autopay”, «me interesa el cargo automático»."""
_NEVER = re.compile(
    r"\b(?:no|nunca|jamas|ni|sin|si|dej\w+|par[ae]n|quit\w+|cancel\w*|not|don t|dont|never|stop|if)\b"
)
_NOT_THAT = re.compile(r"\bno (?:quiero|quisiera|autorizo|acepto|deseo|permito) que\b")
_CLAUSES = re.compile(r"[,.;!\n]+|\b(?:y|e|pero|and|but)\b")


def wishes_charge(text: str) -> bool:
    """«STOP y quisiera que me lo cobraran de mi nómina», «y la otra que me la cobren»."""
    return _wishes(_CHARGE_ME, text)


def _wishes(words: re.Pattern[str], text: str) -> bool:
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
    return bool(which or made or wished) or _not_twice(says.flat)


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


def keeps_charge(text: str) -> bool:
    """«Déjalo así», «que se haga», to the notice of a charge."""
    says = Signals(text)
    return not says.marked and _KEEPS.fullmatch(says.flat) is not None


_TELLS = re.compile(
    r"\b(?:quien|cuando|por ?que|a que hora|que dia|en cuanto tiempo) (?:(?:me|se|la|lo) )*"
    r"(?:cancel|quit|dieron de baja)\w*|"
    r"\b(?:me|se|nos) (?:la |lo )?(?:cancelaron|quitaron|cancelo|quito)\b|"
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
    wished = wishes_charge(message.text) or _wishes(_BEGIN, message.text)
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


_ONE_CHARGE = re.compile(r"\b(?:es[ae]|est[ae]|that|this) (?:cargo|cobro|descuento|debito|charge|debit)\b")


def names_one(flat: str) -> bool:
    """«Cancelen ese cargo»: one, whether there is one or not."""
    return _ONE_CHARGE.search(flat) is not None


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
