"""What is only spoken of: asked, denied, told of somebody else or of the past, or made to depend on
something. Nothing is ended or disputed by it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from flows.acts.readings.debit_end import ends_debit
from flows.acts.readings.opting_out import STAYS
from flows.acts.words.people import KIN
from flows.acts.words.spared import names_debit, wished
from flows.answers import plain
from flows.types.event import Message

_OPENS = (
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|disculpa|perdon|una pregunta|es que|ayer|hoy|hi|hey|and|but|"
    r"pero) )*"
)
_HOW = re.compile(
    rf"{_OPENS}(?:como(?! (?:ching|jod|fastidi|molest|frieg|frega|enfad|insist))|"
    r"cuanto|que (?:pasa|significa|hago)|quien|por que|para que|how|what|who|why|did you|"
    r"(?:ya )?me (?:dieron|dio) )"
)
_IF = re.compile(
    rf"{_OPENS}(?:si|if) (?:me|les|te|lo|la|yo|no|ustedes|hay|alguien|i|you|they|cancelo|quito|pongo|pido)\b"
)
_OTHERS_SAY = re.compile(
    r"\b(?:mi|my|un|una|el|la) \w+ (?:me )?(?:dice|dijo|dicen|cree|quiere|says?|said|told me) "
    r"(?:que|i|to|you)\b|\bme (?:dijeron|dijo|dicen|comentaron) que\b"
)
_OTHERS_DO = re.compile(
    rf"{_OPENS}(?:(?:mi|un|una|my) (?:{KIN}|vecin\w+|conocid\w+|companer\w+)|"
    r"(?:el )?otro banco|otra financiera) "
    r"(?:\w+ ){0,2}?(?:cancelo|cancela|puso|pidio|quito|dejo|deja|dejan|reconoce|"
    r"reconocio|desconoce|disputo|se dio de baja|cancell?ed)\b"
)
_GIVEN_UP = re.compile(
    r"\b(?:pense|queria|iba a|estuve|(?:mes|ano|semana) pasad[oa]|dice|dijeron|thought|wanted)\b.*"
    r"\b(?:pero|aunque|but) (?:\w+ ){0,2}?(?:ya no|mejor no|no(?: quiero)?|al final no|siempre no|"
    r"ya se (?:arreglo|aclaro|resolvio|soluciono)|not|never ?mind)\b"
)
_DONE_BEFORE = re.compile(
    r"\b(?:ya )?(?:la )?(?:habian|han|habias) (?:\w+ )?cancelado\b|"
    r"\b(?:cancele|quite|di de baja) (?:\w+ ){1,3}(?:con|de|en) (?:el |la |un |una )?otr[oa] "
    r"(?:banco|financiera|empresa|prestamo|credito)\b"
)
_NOT_WISHED = {
    "opt_out": re.compile(
        r"\bno (?:quiero|quisiera|pido|he pedido|estoy pidiendo|pedi|dije|es) que (?:me |ya |no )*"
        r"(?:dej\w+|par\w+|quit\w+)|\b(?:don t|do not|never) (?:stop|quit) (?:the|my|sending|your|texting)\b|"
        r"\bno me (?:escrib|mand|habl)\w+ (?:cosas |mensajes |palabras )*(?:en (?:ingles|espanol|mayusculas)|"
        r"groser\w+|asi\b)"
    ),
    "cancel_debit": re.compile(
        r"\bno (?:la )?(?:quiero|voy a|pienso|deseo|quisiera|vayan a|es que quiera) "
        r"(?:que )?(?:me )?(?:la )?cancel\w*|"
        r"\b(?:don t|do not) (?:want to )?cancel\b|"
        r"\bno me (?:cobren|carguen|descuenten) (?:tan|tanto|mas de|caro)\b"
    ),
    "dispute_debt": re.compile(
        r"(?:^(?:(?:pues|yo|si|claro|la verdad) )*|\bque )si (?:la |lo )?(?:reconozco|debo|es mi[oa]|saque|"
        r"pedi)\b|"
        r"\bi do recogni[sz]e\b|\bno (?:estoy )?(?:desconoc|disput)\w+|\bnot disputing\b|"
        r"\byo (?:si )?(?:pedi|saque) (?:el|ese|mi) (?:prestamo|credito)\b(?!.*\bno\b)"
    ),
}
_NOT_WISHED["dispute_charge"] = re.compile(
    r"(?:\b(?:cargo|cobro) si (?:es|fue|lo)|"
    r"^(?:(?:no|pues|ah|ok|ya) )*si (?:lo |la )?(?:reconozco|autorice))\b(?!.*\b(?:pero|no)\b)|"
    r"\bno (?:le |lo )?entiendo (?:el|este|ese|mi) (?:cobro|cargo|monto)\b|\bnot disputing\b|"
    r"\b(?:que bueno que|menos mal que) no me\b|\bno (?:estoy )?(?:desconoc|disput)\w+"
)
_NOT_WISHED["complain"] = re.compile(
    r"\bno (?:es que )?(?:me|nos) (?:quej\w+|estoy quejando)\b|"
    r"\bno (?:tengo|es|quiero|voy a|pienso|vengo a) (?:(?:poner|meter|levantar|hacer) )?(?:una |ninguna )?"
    r"(?:quej|demand|denunci)\w+|"
    r"\bno (?:l[oe]s|te) (?:voy a|pienso|quiero|vamos a) (?:demandar|denunciar|reportar|acusar)\b|"
    r"\b(?:won t|not going to|don t want to|not here to) (?:sue|report you|complain|file)\b|"
    r"\b(?:abogad[oa]|lic\w*|lawyer|attorney) (?:me )?(?:dij\w+|dice|recom\w+|aconsej\w+|says?|said|told me) "
    r"(?:(?:que|a mi|to|i|should) )*(?:si )?(?:les? |lo |te )?(?:pag|liquid|arregl|negoci|pay|settle)\w*"
)
_HOW_TO_COMPLAIN = re.compile(
    r"\b(?:como|donde|a quien|que (?:tengo que|debo|hay que) hacer para|how do i|where do i) "
    r"(?:(?:le|les|hago|para|puedo|se|poder|i|can) )*(?:pon|met|levant|present|hac|fil|mak)\w+ "
    r"(?:mi |una |a )?(?:quej|complaint)\w*"
)
_TREATED = re.compile(
    r"\b(?:amenaz|insult|grit|acos|humill|groser|ofend|extorsion|hostig|threat|harass|yell|rude)\w*"
)
"""A complaint, whatever is denied next to it."""
_ASKED_PLAINLY = re.compile(
    r"\b(?:ya )?no (?:me|nos) (?:(?:esten?|anden?) )?(?:escrib|mand|envi|molest|contact|bus[cq]u?|llam|"
    r"mar[cq]u?|habl)(?:an?|en?|as|es|[ai]e?ndo)\b|"
    r"\bdej(?:en|e|a) de (?:escrib|mand|envi|molest|contact|busc|llam|marc)\w*|"
    r"\bstop (?:text|messag|writ|contact|call)\w*|\b(?:quit|borr|elimin|sac)\w* mi (?:numero|telefono|"
    r"contacto)\b|"
    r"\b(?:remove|delete) (?:me|my number)\b|^baja$|\bden?me de baja$|"
    r"\bno (?:quiero|mas) (?:\w+ )?(?:mensajes|mensajitos)\b"
)
_OF_MESSAGES = re.compile(
    r"\b(?:baja|dej|mand|escrib|mensaj|llam|marc|molest|envi|recib|avis|notific|stop|unsubscribe|text|"
    r"messag|contact|opt)\w*"
)
_STOPPING = (
    r"(?:de baja|dej\w+ de (?:\w+ )?(?:mand|escrib|recib|lleg|envi|molest)\w*|"
    r"no (?:me |nos |recibir |quiero )*(?:escrib|mand|envi|llegu|contact|molest|recib)\w*|no recibir|"
    r"unsubscribe|opt out|stop (?:getting|receiving|the|these|your|this) ?(?:messages|texts|sms)?)"
)
_HOW_TO_STOP = re.compile(
    rf"{_OPENS}(?:como|de que (?:manera|forma)|que (?:hago|tengo que hacer|debo hacer|pasa(?:ria)? si)|"
    r"(?:se )?pued[eo]|how (?:do|can) i|can i|what (?:happens )?if i)\b.*"
    rf"\b{_STOPPING}\b(?!.*\b(?:domicili|cargo|cobr|cuenta|credito|prestamo|servicio)\w*)"
)


def asks_how_to_stop(text: str) -> bool:
    """«¿Cómo le hago para que ya no me escriban?»: nothing ends, and how it ends is said."""
    clauses = list(map(plain, _CLAUSES.split(text)))
    asked = any(_HOW_TO_STOP.match(each) for each in clauses)
    return asked and not any(_ASKED_PLAINLY.search(each) for each in clauses if not _HOW_TO_STOP.match(each))


_ENDING = re.compile(r"\b(?:cancel|quit|baja|termin|revoc|retir|stop|end|cobr|descuent|descont)\w*")
"""«¿Cómo le hago para domiciliar?», read as an end, is a beginning."""
_CLAUSES = re.compile(
    r"[,.;!?¿\n]+|\b(?:pero|as[ií] que|entonces|so|but)\b|"
    r"\b(?:y|and) (?=(?:ya )?no (?:me|nos)\b|dej(?:en|e|a) de\b|(?:please )?stop\b)",
    re.IGNORECASE,
)


def without_spared(message: Message) -> Message:
    """Without what is to stay, where something else is to end."""
    text = wished(plain(message.text))
    if text is None:
        return message
    message = replace(message, text=f"{text}?" if "?" in message.text else text)
    of_debit = names_debit(text)
    if message.intent == "cancel_debit" or of_debit:
        return replace(message, intent="cancel_debit" if of_debit else "other", certain=True, topic=None)
    return message.without("cancel_debit")


def without_mentions(message: Message, *, known: bool) -> Message:
    """Without what is only spoken of next to what it is."""
    return message.without(*(label for label in message.also if _is_mention(message, label, known=known)))


def spoken_of(message: Message, *, known: bool) -> Message | None:
    """What it is instead, unless one of its clauses asks it plainly. A denial by who is known is read
    with what is live.
    """
    if not _is_mention(message, message.intent, known=known):
        return None
    if message.intent == "opt_out":
        return message.acting(STAYS)
    if message.intent == "cancel_debit":
        return replace(message.meaning("other"), topic="debit_ending")
    if message.intent == "complain":
        asks = _HOW_TO_COMPLAIN.search(plain(message.text)) is not None
        return replace(message.meaning("other" if asks else "thank"), topic="une" if asks else None)
    others = (label for label in message.alternatives if label != message.intent)
    return replace(message.meaning("other"), certain=False, alternatives=(message.intent, *others))


def _is_mention(message: Message, label: str, *, known: bool) -> bool:
    words = _NOT_WISHED.get(label)
    flat = plain(message.text)
    if words is None or (label == "cancel_debit" and not _ENDING.search(flat)):
        return False
    if label == "complain":
        named = words.search(flat) or _HOW_TO_COMPLAIN.search(flat)
        return named is not None and not _TREATED.search(flat)
    told = (_OTHERS_DO, _OTHERS_SAY, _GIVEN_UP, _DONE_BEFORE)
    clauses = [each for each in _CLAUSES.split(message.text) if each.strip()]
    asked = _asks_of_silence(clauses) if label == "opt_out" else _HOW.match(flat) or _IF.match(flat)
    denied = words.search(flat) and not (known and label == "cancel_debit" and " cobr" not in f" {flat}")
    if not (asked or denied or any(each.search(flat) for each in told)):
        return False
    plainly = [each for each in clauses if not _speaks_of(each, words)]
    if label == "opt_out":
        return not any(_ASKED_PLAINLY.search(plain(each)) for each in plainly)
    return label != "cancel_debit" or not any(map(ends_debit, plainly))


def _asks_of_silence(clauses: Sequence[str]) -> bool:
    """«¿Cómo le hago para ya no recibir mensajes?»; of «cómo dan lata, ya déjenme de escribir» the first
    clause asks nothing of it.
    """
    flats = [plain(each) for each in clauses]
    of_it = [each for each in flats if len(flats) == 1 or _OF_MESSAGES.search(each)]
    return any(_HOW.match(each) for each in of_it)


def _speaks_of(clause: str, words: re.Pattern[str]) -> bool:
    flat = plain(clause)
    return any(each.search(flat) for each in (words, _OTHERS_DO, _OTHERS_SAY, _DONE_BEFORE)) or bool(
        _HOW.match(flat) or _IF.match(flat)
    )
