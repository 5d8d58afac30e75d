"""The account as borrowers give it: what is wrong with a number, and the bank named in words."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from flows.answers import agrees, drops, is_no, not_now, plain, refuses
from flows.context import Context
from flows.debit.asked import asks_cost, asks_terms, is_piece, means_card, offers_others, sends_picture
from flows.types.event import Message
from flows.types.wording import key
from values import banks

NoNumber = Literal["picture", "what_for", "where", "other", "later", "declined"]
"""What is answered where an account number is asked for and none is given."""

PROBLEMS = {
    "several": key("mandate.several"),
    "card": key("mandate.card"),
    "account": key("mandate.account"),
    "phone": key("mandate.phone"),
    "invalid": key("mandate.invalid"),
    "length": key("mandate.length"),
}


_BEFORE_NAME = re.compile(
    r"^(?:(?:s[ií]|solo|nom[aá]s|nada m[aá]s|[uú]nicamente|only|pues|creo que|es|ser[ií]a|la|el|una?|de|"
    r"del|mi|"
    r"cuenta|tarjeta|en|tengo|uso|con|"
    r"it'?s|is|from|at|the|with|i (?:have|use))"
    r"(?:[ ,.:]+|$))+",
    re.IGNORECASE,
)


_ASKS = re.compile(
    r"(?:(?:and|but|y|pero|oye|oiga) )*(?:what|how|when|where|why|who|can|do|does|is|que|como|cuando|cuanto|"
    r"cual|donde|por que|para que)\b|(?:(?:and|but|y|pero) )+(?:if|si)\b"
)


def bank_named(message: Message) -> str | None:
    """«Es de Hey Banco» is «Hey Banco»; null where no name is given: a yes, a no, «no sé», a question."""
    elsewhere = message.certain and message.intent not in ("other", "affirm", "provide_clabe")
    other = elsewhere and not _only_bank(message)  # «Bancomer», read as a way to pay
    marked = "?" in message.text or _ASKS.match(plain(message.text)) is not None
    asks = message.payload is not None or marked or other
    no = is_no(message) or plain(message.text).split()[:1] in (["no"], ["nose"], ["ni"])
    if asks or no or agrees(message):
        return None
    name = _BEFORE_NAME.sub("", message.text.strip()).strip(" .,;:!")
    return name if 2 <= len(name) <= 40 else None


_OWN = re.compile(
    r"(?:(?:si|ok|claro|yes|esa|esta|that|es|is|s) )*"
    r"(?:mi (?:cuenta|tarjeta|nomina|clabe)|(?:la )?mia|la de (?:ahorros?|nomina)|mine|my account)"
    r"(?: (?:gracias|de (?:nomina|ahorros?)))*"
)


_NEXT = re.compile(r" (?:y|e|o|u|and|or) ")


@lru_cache(maxsize=1)
def _bank_names() -> frozenset[str]:
    names = (name for bank in banks().values() for name in (bank.name, *bank.also))
    return frozenset(plain(name).removeprefix("banco ") for name in names)


def _only_bank(message: Message) -> bool:
    """«BBVA», «es de Banorte», «tengo Nu y Mercado Pago», where the number is asked for."""
    name = plain(bank_named(replace(message, intent="other")) or "")
    return all(each.removeprefix("banco ") in _bank_names() for each in _NEXT.split(name))


_WHAT_FOR = re.compile(
    r"\b(?:para|pa) que (?:la|lo|mi|el|es|necesit\w+|quier\w+|ocup\w+|piden?|usan?|sirve)\b|"
    r"\bpor que (?:me |la |lo )?(?:pid\w+|necesit\w+|quier\w+)\b|"
    r"\b(?:what for|why do you (?:need|want)|what do you (?:need|want) (?:it|that|my))\b"
)


def _asks_what_for(message: Message) -> bool:
    """«¿Para qué la quieren?»: the account."""
    return message.payload is None and _WHAT_FOR.search(plain(message.text)) is not None


@lru_cache(maxsize=64)
def _called(name: str) -> str:
    """What people call the bank of this name, as alternatives of a pattern: BBVA is Bancomer too."""
    also = (other for bank in banks().values() if bank.name == name for other in bank.also)
    return "|".join(re.escape(plain(each)) for each in (name, *also) if plain(each))


def names_bank(context: Context, message: Message) -> bool:
    """«Así es, BBVA», «BBVA»: the bank's name, alone or after a yes; «es mi cuenta»."""
    if message.payload is None and _OWN.fullmatch(plain(message.text)):
        return "?" not in message.text
    flat, bank = plain(message.text), _called(context.slots["bank"])
    if message.payload is not None or "?" in message.text or not bank:
        return False
    rest, found = re.subn(rf"\b(?:la cuenta )?(?:es |de |del |mi |en |banco )*(?:{bank})\b", "", flat)
    rest = rest.strip()
    if not found:
        return False
    twice = rest == "no" and found > 1  # «no es BBVA, es Bancomer»
    return twice or not rest or agrees(replace(message, text=rest))


_THE_SAME = re.compile(
    r"(?:(?:es|pero|si|pues) )*(?:la misma(?: de siempre)?|ya la (?:tienen|tienes|di)|la de siempre)"
)
_HAS_NOT = re.compile(
    r"^(?:ahorita |pues |la verdad |es que )*"
    r"no (?:(?:la|lo) (?:tengo|traigo|encuentro|recuerdo|se)(?: (?!pero)\w+){0,3}|"
    r"(?:tengo|traigo|encuentro|recuerdo|me acuerdo|se|me la se)"
    r"(?: (?:de|la|mi|a la mano|cual es|ahorita|conmigo|aqui|bien|memoria|clabe|cuenta|donde esta))*)$"
    r"|\b(?:ahorita|orita|manana|al rato|luego|despues|mas tarde|en la (?:tarde|noche)) (?:te|se|"
    r"les) (?:la|lo) "
    r"(?:paso|mando|doy|envio|consigo)\b|\b(?:la|lo) (?:busco|consigo|checo) (?:y|manana|luego)\b"
    r"|\bno me la se\b|\b(?:don t|dont|do not) have it\b"
)


_GIVE = r"(?:paso|mando|doy|envio|consigo|digo|comparto|busco)"
_SENDS = re.compile(
    rf"\b(?:te|se|les|le) (?:(?:la|lo) (?:\w+ )?{_GIVE}|"
    rf"{_GIVE} (?:la|mi|los|mis|el) (?:cuenta|clabe|datos|numero))\b|"
    r"\bi ll (?:send|give|get) (?:it|you (?:the|my) (?:account|clabe|number))\b"
)
_IN_TIME = re.compile(
    r"\b(?:manana|pasado|lunes|martes|miercoles|jueves|viernes|sabado|domingo|tarde|noche|rato|luego|despues|"
    r"cuando|llegando|saliendo|en cuanto|tomorrow|later|tonight|when|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_WHERE = re.compile(
    r"^(?:(?:y|pero|oye|disculpa|disculpe|perdon|esa|eso|la|clabe|como|and|but) )*(?:de )?donde\b|"
    r"\b(?:no se|como (?:se|la|le hago para)) (?:usar|donde|de donde|cual es|saco|saca|saber|consigo|veo)\b|"
    r"\bno (?:tengo|uso|manejo|cuento con|traigo) (?:la |una |el |esa |ninguna )?"
    r"(?:app|apps|aplicacion\w*|banca|internet|smartphone|celular de esos)\b|"
    r"\bwhere (?:do|can|is|would)\b|\b(?:don t|dont|do not) (?:have|use) (?:the |an? |any )?(?:\w+ )?"
    r"(?:app|online banking)\b|\bhow do i (?:find|get|know)\b"
)


def _asks_where(message: Message) -> bool:
    """«¿De dónde la saco?», «no tengo app»: where a CLABE is found."""
    return message.payload is None and _WHERE.search(plain(message.text)) is not None


_ELSEWHERE = (
    r"pag\w+|deposit\w+|transfer\w+|transfier\w+|spei|oxxo|efectivo|tienda|ventanilla|mi cuenta|yo mism\w+"
)
_BY_HAND = re.compile(
    rf"\b(?:mejor|prefier\w+|preferiria) (?:\w+ ){{0,4}}?(?:{_ELSEWHERE})\b|"
    rf"\b(?:{_ELSEWHERE}) (?:\w+ )?mejor$|"
    r"\byo (?:mism[oa] |sol[oa] |solit[oa] |se los |se lo |les |le |te |lo |los |la )*"
    r"(?:pago|deposito|transfiero|hago (?:el|la|mi|los|mis) \w+)\b|\bpor mi (?:propia )?cuenta\b|"
    r"\b(?:i d rather|i would rather|i prefer to|rather) (?:\w+ )?(?:pay|deposit|transfer|do it)\b|"
    r"\bi ll (?:just )?(?:pay|do) (?:it |for it )?(?:myself|at|in cash|by transfer|on my own)\b|"
    r"\b(?:pay|do) (?:it )?(?:myself|on my own)\b|"
    r"\bno (?:tengo|manejo) (?:una |ninguna )?(?:cuentas?|tarjetas?)(?: (?:de|del|en|bancari\w+)\b.*)?$|"
    r"\b(?:don t|dont|do not) have (?:a |any )?(?:bank )?account\b"
)
_OTHER_ACCOUNT = re.compile(r"\b(?:otra cuenta|otra clabe|otra tarjeta|otro banco|another|other) ?\w*")


def pays_by_hand(message: Message) -> bool:
    """«Mejor yo pago el viernes», «prefiero en OXXO», «no tengo cuenta»: no debit is wished."""
    flat = plain(message.text)
    if message.payload is not None or "?" in message.text or _OTHER_ACCOUNT.search(flat):
        return False
    return _BY_HAND.search(flat) is not None


def puts_off_number(message: Message) -> bool:
    """«No me la sé», «mañana te paso la cuenta»: of an account number that is not at hand."""
    flat = plain(message.text)
    if message.payload is not None or "?" in message.text:
        return False
    return _HAS_NOT.search(flat) is not None or bool(_SENDS.search(flat) and _IN_TIME.search(flat))


def _means_another(message: Message) -> bool:
    """«Mejor otra cuenta», «creo que es de otro banco»: the account that is asked for is still to come."""
    asks = message.payload is not None or "?" in message.text
    return not asks and _OTHER_ACCOUNT.search(plain(message.text)) is not None


Without = Literal[
    "picture",
    "what_for",
    "in_short",
    "free",
    "own",
    "card",
    "where",
    "other",
    "length",
    "go_on",
    "later",
    "declined",
]


def without_number(message: Message) -> Without | None:
    """What a message without an account number answers; null where it is about something else."""
    if message.kind in ("image", "document") and message.intent != "report_payment":
        return "picture"
    if told := next((what for what, asks in _ASKED if asks(message)), None):
        return told
    if pays_by_hand(message):
        return "declined"
    if not_now(message) or puts_off_number(message):
        return "later"
    return "declined" if backs_out(message) else None


_ASKED: tuple[tuple[Without, Callable[[Message], bool]], ...] = (
    ("what_for", _asks_what_for),
    ("in_short", asks_terms),
    ("free", asks_cost),
    ("picture", sends_picture),
    ("own", offers_others),
    ("card", means_card),
    ("where", lambda message: _asks_where(message) or _only_bank(message)),
    ("other", _means_another),
    ("length", is_piece),
    ("go_on", lambda message: agrees(message) or _THE_SAME.fullmatch(plain(message.text)) is not None),
)


_NO_DEBIT = re.compile(
    r"\bya no(?: \w+)? (?:lo |la )?quiero\b|\bno quiero (?:(?:ya|nada|mejor) )*(?:que (?:me|se) (?:lo |la )?"
    r"(?:cobr|carg|descuent|domicili)\w+|(?:el|los|ningun) cargos?\b|(?:la )?domicili\w+)|"
    r"\b(?:don t|dont|do not) want (?:it|this|that|to be charged|(?:any )?autopay|the debit)\b"
)


def backs_out(message: Message) -> bool:
    """«No», «ya no, mejor no quiero que me cobren nada», while the debit is being set up."""
    return refuses(message) or wants_no_debit(message)


def wants_no_debit(message: Message) -> bool:
    """More than a «no», which may be about the account alone."""
    likely = not message.certain and message.alternatives[:1] == ("cancel_debit",)
    unasked = message.payload is None and "?" not in message.text
    unwished = _NO_DEBIT.search(plain(message.text)) is not None
    return drops(message) or pays_by_hand(message) or (unasked and (likely or unwished))
