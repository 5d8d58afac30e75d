"""What is asked of an account and of the terms of its debit, by whoever neither gives nor accepts yet."""

import re

from flows.acts.words.people import KIN
from flows.answers import ACCEPTED, plain
from flows.types.event import Message

_OF_OTHER = re.compile(
    rf"(?:no |si |pero |la |esa |esta |mi |cuenta |tarjeta |es |mia |it s |is |not |mine |my |account )*"
    rf"(?:es |esta |va |it s |is )?(?:de|a nombre de|my) (?:mi |un |una |la )?{KIN}"
    r"(?: s)?(?: account)?(?: (?:la|esa|esta) (?:cuenta|tarjeta|clabe))?(?: (?:pero|y|but|and) .*)?"
)
_MAY_BE_OTHERS = re.compile(
    rf"\b(?:cuenta|tarjeta|clabe|la|account|card) (?:de|a nombre de) (?:mi |un |una |la )?{KIN}\b|"
    rf"\b(?:otra persona|(?:my|mi) {KIN} s (?:account|card))\b"
)


def is_of_other(text: str) -> bool:
    """«No es mía, es de mi esposo»: of the account that was given."""
    return _OF_OTHER.fullmatch(plain(text)) is not None


def offers_others(message: Message) -> bool:
    """«¿Puede ser la cuenta de mi esposa?», «es de mi mamá»: the account is to be the borrower's own."""
    named = _MAY_BE_OTHERS.search(plain(message.text)) is not None
    return message.payload is None and (named or is_of_other(message.text))


_LOST = re.compile(
    r"\b(?:me|el banco|nos) (?:\w+ ){0,2}?(?:quit|cerr|bloque|congel|cancel|suspend|clon)(?:aron|o) "
    r"(?:la|mi) "
    r"(?:cuenta|tarjeta)\b|^(?:(?:es que|pero|oiga|oye|ya) )*(?:mi|esa|la) cuenta (?:ya )?(?:esta|fue|"
    r"la|me la) "
    r"(?:\w+ )?(?:cancelad|cerrad|bloquead|congelad|inactiv|cerr|cancel|bloque)\w*|"
    r"^(?:my|that) account (?:is|was|got) (?:closed|blocked|frozen|cancell?ed)\b|\b(?:my bank|"
    r"they) (?:closed|blocked|froze|cancell?ed) my (?:bank )?account\b"
)


def loses_account(text: str) -> bool:
    """«El banco me cerró la cuenta»: another account, or another way to pay; no charge is disputed."""
    flat = plain(text)
    return _LOST.search(flat) is not None and "ustedes" not in flat


_CHANGE = re.compile(
    r"(?:(?:y|oye|oiga|pero|que (?:pasa|pasaria)|entonces|and|what|happens) )*(?:si|if|puedo|podria|se puede|"
    r"como (?:le hago para|puedo)?|can i|could i|what if i|how do i) ?(?:(?:luego|despues|mas adelante|"
    r"un dia|ya|i) )*"
    r"(?:me )?(?:cambi\w+|quiero cambiar|cerrar\w*|cierro|pierdo|change|switch|close) (?:(?:de|mi|la|el|"
    r"esa|my|the) )*"
    r"(?:banco|cuenta|tarjeta|clabe|nomina|trabajo|bank|account|card|banks|accounts)"
    r"(?: (?:luego|despues|mas adelante|un dia|que pasa|o de banco|later|mi|la|my))*"
)
ASK_CHANGE = "ask.account_change"


def asks_of_change(text: str) -> bool:
    """«¿Qué pasa si cambio de banco?», «¿puedo cambiar la cuenta después?»: how, and not now."""
    return "?" in text and _CHANGE.fullmatch(plain(text)) is not None


_BY_CARD = re.compile(
    r"(?:(?:y|si|pero|o|puede ser|puedo|se puede|quiero|seria|es|solo|nomas|mejor|with|by|use|can i use) )*"
    r"(?:con|de|por|a|en|tengo|la|mi|una|my|a) (?:(?:la|mi|una|el|my|payroll|debit|bank) )*"
    r"(?:tarjeta|plastico|card)(?: (?:de|del|nomina|debito|banco|mi|la|debit|payroll))*|"
    r"(?:(?:si|es|seria) )*(?:la|una|mi) de (?:debito|credito|nomina)|"
    r"(?:(?:si|es|seria|en|con|a|la|mi|una|de) )*cuenta de (?:mi |la )?(?:nomina|debito|ahorros?)(?: .*)?"
)
_CARD_ONLY = re.compile(
    r"\b(?:solo|nomas|nada mas|unicamente|only) (?:(?:tengo|traigo|cuento con|me se|have|la|mi|una|el|the|"
    r"my|a|numero|de) )*"
    r"(?:tarjeta|plastico|card)\b"
)


def means_card(message: Message) -> bool:
    """«Con mi tarjeta de nómina», «solo tengo la tarjeta»: its account will do."""
    flat = plain(message.text)
    by_card = _BY_CARD.fullmatch(flat) or _CARD_ONLY.search(flat)
    return message.payload is None and message.account is None and by_card is not None


_TERMS = re.compile(
    r"(?:(?:y|pero|oye|oiga|ok|si|no|a ver|primero|cuales|que|como|son|dicen?|entiendo|le|los|las|las?|me|"
    r"explic\w+|repit\w+|manda\w*|dame|deme|quiero|ver|leer|otra|vez|de|nuevo|what|are|the|i|don t|"
    r"understand|show|me|again) )*"
    r"(?:terminos|condiciones|contrato|clausulas|letras chiquitas|terms(?: and conditions)?|conditions)"
    r"(?: (?:y|de|del|la|las|los|condiciones|cargo|domiciliacion|esto|otra vez|por favor|porfa|bien|"
    r"please))*|"
    r"(?:(?:la verdad|pues|es que|perdon|ay|sorry) )*"
    r"(?:no (?:le |les |te )?(?:entendi|entiendo)(?: (?:nada|bien|eso|esto))*|"
    r"explic\w+(?:me)?(?: (?:mejor|por favor|porfa|eso|esto))*|que significa(?: (?:eso|esto|todo))*|"
    r"i don t (?:understand|get it)|what does (?:it|that|this) mean)"
)


def asks_terms(message: Message) -> bool:
    """«¿Cuáles son los términos?», «no entiendo las condiciones»."""
    return message.payload is None and _TERMS.fullmatch(plain(message.text)) is not None


_TO_READ = re.compile(r"\b(?:ver|leer|otra vez|de nuevo|mand\w+|dame|deme|repit\w+|show|again|send)\b")


def asks_to_read(message: Message) -> bool:
    """«Mándame otra vez los términos»: whole, and not in short."""
    return asks_terms(message) and _TO_READ.search(plain(message.text)) is not None


_WHICH_BANK = re.compile(
    r"(?:(?:y|pero|perdon|oye|esa|esta|la cuenta|esa cuenta|and) )*"
    r"(?:(?:de|en) (?:que|cual) (?:banco|cuenta)(?: (?:es|era|dice|esa|la|cuenta|esta))*|"
    r"(?:cual es )?(?:la |el )?(?:terminacion|numero)(?: (?:cual|que))?(?: (?:es|era|tiene))?|"
    r"which (?:bank|account)(?: is (?:it|that))?)"
)


def asks_bank(message: Message) -> bool:
    """«¿De qué banco es?»: the account that was given."""
    return message.payload is None and _WHICH_BANK.fullmatch(plain(message.text)) is not None


_PIECE = re.compile(r"(?:\w+ ){0,3}\d[\d ]{3,}")


def is_piece(message: Message) -> bool:
    """«012180015», too short for any account: half of one."""
    return message.payload is None and _PIECE.fullmatch(plain(message.text)) is not None


_MOST = re.compile(
    r"\b(?:cuanto|cual|how much|what)\b.*\b(?:maximo|tope|limite|maximum|limit|most)\b|"
    r"\bpuede ser (?:menos|otro monto|por menos)\b|"
    r"\bbaj(?:ar|en|e|an)\w* (?:el |la )?(?:monto|tope|maximo|cantidad)\b|"
    r"\b(?:lo|el) (?:maximo|tope|mas) (?:que )?(?:me )?(?:\w+ )?(?:cobr|quit|descuent|carg|sac)\w*"
)


def asks_most(message: Message) -> bool:
    """«¿Cuánto es lo máximo que me quitan?»"""
    return message.payload is None and _MOST.search(plain(message.text)) is not None


_CONDITION = re.compile(
    r"(?:(?:si|ok|bueno|va|yes|lo|la|los|las|te|les) )*(?:acepto|autorizo|i accept) "
    r"(?:pero|si|solo|nomas|nada mas|siempre|con|but|if|only)\b|"
    r"(?:(?:si|ok|bueno|va|claro|yes) )+(?:pero|aunque|siempre que|solo si|but|only if)\b"
)


_OTHERWISE = re.compile(r"(?:(?:no|si|ok|pero|y) )*(?:mejor|que sea|prefiero|better)\b")


_PUTS_OFF = re.compile(
    r"(?:(?:no|si|ok|claro|mejor|ya|pues|bueno|hasta|yes|better) )*"
    r"(?:manana|luego|al rato|despues|mas tarde|otro dia|ahorita no|tomorrow|later)"
    r"(?: (?:lo|la|te|les|veo|digo|aviso|confirmo|firmo|acepto|mejor|gracias|porfa))*"
)


def puts_off(message: Message) -> bool:
    """«Mejor mañana», «sí claro, ya mañana», to the terms: they stay open."""
    return message.payload is None and _PUTS_OFF.fullmatch(plain(message.text)) is not None


def sets_condition(message: Message) -> bool:
    """«Acepto pero el 15», «mejor el 20»: a day or a sum that is of no payment, and no acceptance."""
    flat = plain(message.text)
    otherwise = (message.date or message.amount) is not None and _OTHERWISE.match(flat)
    return message.payload in (None, ACCEPTED) and bool(_CONDITION.match(flat) or otherwise)


_ASKING = re.compile(
    r"(?:(?:y|pero|oye|oiga|and|but) )*(?:si|que pasa|como|cuando|cuanto|hasta cuando|if|how|when)\b"
)


def asks(message: Message) -> bool:
    """A question about the terms, with or without its sign: «y si cancelo»."""
    of_something = message.topic is not None or message.intent.startswith("ask_")
    return of_something and ("?" in message.text or _ASKING.match(plain(message.text)) is not None)


_COSTS = re.compile(
    r"(?:(?:y|pero|oye|oiga|eso|entonces|and) )*"
    r"(?:(?:me |se |nos )?(?:cobran|cuesta|tiene|hay|lleva|genera|es) "
    r"(?:(?:algo|algun|alguna|extra|un|una|mas|de|por|costo|comision|cargo|gratis|gratuito|eso|esto|el|la|a|mi|usted|disculpe|porfa|verdad|"
    r"automatico|domiciliacion|domiciliar|hacer|ese|servicio|tramite) ?)+|"
    r"(?:cuanto|que) (?:me )?(?:cuestan?|costo tiene|vale)(?: (?:la|el|eso|esto|un|domicili\w+|cargo|"
    r"automatico|servicio|tramite))*|"
    r"is it free|(?:does it|what does it|how much does it) cost(?: anything| me)?|what s the (?:cost|fee)|"
    r"(?:is there|are there)(?: any| an?)? (?:costs?|fees?|charges?))(?: (?:for (?:that|this|it)|to me))*"
)


def asks_cost(message: Message) -> bool:
    """«¿Cobran algo por eso?», «¿es gratis?»: of the debit itself."""
    return message.payload is None and _COSTS.fullmatch(plain(message.text)) is not None


_PICTURE = re.compile(
    r"(?:(?:te|le|les|si|ok|va|ahi|puedo|mejor) )*(?:mand\w+|pas\w+|env\w+|tom\w+)(?: (?:una|la|mi|te|les))* "
    r"(?:foto|captura|imagen)\w*(?: .*)?"
)


def sends_picture(message: Message) -> bool:
    """«Les mando foto», where the number is asked for in writing."""
    return message.payload is None and _PICTURE.fullmatch(plain(message.text)) is not None


_WRONG_TERM = re.compile(
    r"(?:(?:pero|es que|oiga|oye) )*(?:el|la|mi|los|mis|ese|esa) "
    r"(?:nombre|apellidos?|monto|cantidad|credito|fecha|datos) (?:no es(?:ta)?|esta|estan|es) "
    r"(?:mal|mio|bien|correct\w+|incorrect\w+|equivocad\w+|otro|otra)(?: \w+)*"
)


def finds_wrong(message: Message) -> bool:
    """«El nombre está mal»: a person corrects it before anything is accepted."""
    return message.payload is None and _WRONG_TERM.fullmatch(plain(message.text)) is not None
