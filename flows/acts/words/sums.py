"""A sum, or a number of payments, that only its place in the talk makes one."""

import re
from typing import Literal

from flows.answers import plain
from values import Money

_NUMBER = re.compile(r"(?<![\w/.-])\$?(\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{2,6}(?:\.\d\d)?)(?![\w/-])")
_NOT_THAT = re.compile(
    r"\bno (?:son |eran? |los |not )*\$?\d[\d,.]*(?: pesos)?,? (?:no\b|sino|son|mejor|but|better),?|"
    r"\$?\b\d[\d,.]*(?: pesos)? no,? (?=(?:mejor |sino |son |que sean |but |better )?\$?\d)",
    re.IGNORECASE,
)
"""«No 300 no, 250», «300 no, 400»: the sum that is not meant."""
_OF_A_DAY = re.compile(
    r"\b(?:el|al|d[ií]a|the) (?:[012]?\d|3[01])\b(?! ?(?:pesos|mil|varos))|"
    r"\bdel? (?:19|20)\d\d\b(?! ?(?:pesos|varos))",
    re.IGNORECASE,
)
LEAST_SUM, MOST_SUM = 40, 500_000
_OTHER_CURRENCY = re.compile(r"\b(?:dolar(?:es)?|dlls?|usd|dollars?|euros?)\b")
NUMBERS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "ocho": 8, "diez": 10, "doce": 12, "two": 2,
    "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
"""Of payments, in words."""
_PARTS_ALONE = re.compile(
    r"(?:(?:no|y|tal|hacemos|fueran|serian|what|how|about|if|do|did|mejor|ya|lo|pense|bien|pensandolo|creo|si|que|sean|seria|prefiero|quiero|ponle|dame|en|a|la|de|el|los|las|perdon|disculpa|oye|oigan|oiga|bueno|ay|"
    r"espera|me equivoque|me confundi|queria|quise decir|digo|dije|era|eran|son|siempre|mas bien|plan|better|"
    r"make|it|rather|sorry|wait|actually|i|meant|wanted|want|in|the|not|no|pues|ok|va|me quedo|con|with|ll|"
    r"take|one|option|opcion|that|has|of) )*"
    rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"
    r"(?: (?:pagos|partes|parcialidades|quincenas|payments?|parts?|instal?lments?|mejor|por favor|porfa|"
    r"please|instead|joven|senor\w*|gracias|plan|one|option|opcion))*"
    r"(?: (?:por ?que|ya que|para|y asi|y acabo|y ya|pues|because|so) .*)?"
)


_OF_A_SUM = (
    r"(?:(?:no|pero|y|un|una|poco|poquito|poquit[oa]|algo|mucho|tantito|es|seria|mejor|que|sea|puede|podria|ser|quiero|quisiera|"
    r"puedo|dar|pagar|con|de|can|i|it|be|pay|give|do|a|bit|little|could|would|make) )*"
)
_OTHERWISE = re.compile(
    rf"{_OF_A_SUM}(?:(?P<less>menos|menor|less|lower)|mas|more)"
    r"(?: (?:dinero|cantidad|monto|de eso|que eso|por favor|porfa|please|money|than that|"
    r"(?:de|than) \d[\d ]*))*"
)


_FOR_EACH = re.compile(r"\b(?:a|de|para|en|por)? ?cada (?:uno|credito|prestamo)\b|\b(?:for|on|to) each\b")


_WHO_PAYS = (
    r"(?:(?:yo|te|les|le|no|pero|y|que|sean|diari[oa]s?|pues|si|ok|mejor|puedo|podria|pago|pagar(?:les|te|le)?|doy|dar(?:les|te|le)?|abono|"
    r"abonar|pagaria|daria|que tal|seria|solo|nomas|unos|de|a|con|i|can|could|pay|give|you|only|just) )*"
)
_EACH_DAY = (
    r"(?:diari[oa]s?|diariamente|a diario|(?:al|por|cada|a el) dia|todos los dias|daily|"
    r"(?:a|per|each|every) day)"
)
DAILY = re.compile(
    rf"^{_WHO_PAYS}\d[\d ]*(?:pesos |varos )?{_EACH_DAY}"
    r"(?: (?:hasta .*|porfa|por favor|please|si|va|puedo))*$|"
    rf"^{_WHO_PAYS}{_EACH_DAY} {_WHO_PAYS}\d[\d ]*(?:pesos|varos)?$"
)
"""«Pago 200 diarios», «cada día te doy 50»."""


def paid_daily(text: str) -> bool:
    return DAILY.search(plain(text)) is not None


def for_each(text: str) -> bool:
    """«300 a cada uno»: of several loans."""
    return _FOR_EACH.search(plain(text)) is not None


def other_currency(text: str) -> bool:
    """«50 dólares» are no pesos."""
    return _OTHER_CURRENCY.search(plain(text)) is not None


_SUM = r"(\d{1,3}(?: \d{3})+|\d+)(?: (?:pesos|varos))?"
_REFUSED = re.compile(
    r"\b(?:no|not|can t|cannot|cant) (?:(?:voy a )?pod(?:er|ria|re)|puedo|tengo|traigo|alcanzo|completo|"
    r"ajusto|me alcanza|sean?|l[oa]s|esos|pay|do|afford|make|the|have)(?: (?:para|con|dar|pagar|juntar|"
    rf"l[oa]s|de|como|tod[oa]s?|tanto|pay|the|full))* {_SUM}(?! (?:hasta|antes|sino|until|before)\b|\d)|"
    rf"\bni (?:\w+ ){{0,3}}?(?:junto|tengo|traigo|completo|ajusto|alcanzo)(?: (?:los|para))* {_SUM}|"
    rf"\b{_SUM} (?:ya |si |la verdad |de plano )*(?:no(?: (?:los )?(?:puedo|tengo|alcanzo|completo|llego|"
    r"junto|ajusto)| me alcanza)?|(?:si )?(?:es|son|esta|estan|is|s) "
    r"(?:mucho|demasiado|muchisimo|canon|cabron|dificil|pesado|complicado|imposible|too much|a lot)|"
    r"(?:se )?me hacen? mucho)(?= (?:y|pero|but|mejor|puedo|te|le|les|nomas|solo)\b|$)"
)
"""«Que no sean 680», «no puedo 680», «680 es mucho»."""

_NO_APART = re.compile(r"\bno *[,.;:]", re.IGNORECASE)
"""«No, tengo 400»: the no is of what came before."""


def refused_sum(text: str) -> tuple[Money, str] | None:
    """The sum that is said not to be paid, and the text without it."""
    flat = plain(_NO_APART.sub("no y", text))
    found = _REFUSED.search(flat)
    if found is None:
        return None
    pesos = int(next(filter(None, found.groups())).replace(" ", ""))
    return Money(pesos * 100), f"{flat[: found.start()]} {flat[found.end() :]}".strip()


def sum_changed(text: str) -> Literal["less", "more"] | None:
    """«Menos», «un poco más», «680 no»: another sum than the one that is spoken of, and not which."""
    found = _OTHERWISE.fullmatch(plain(text))
    if found is None:
        return "less" if refused_sum(text) and bare_sum(text) is None else None
    return "less" if found["less"] else "more"


def bare_sum(text: str) -> Money | None:
    """«Mejor 400», «nomás 200»: a number that is no day of a month, and not refused."""
    meant = _NOT_THAT.sub("", text)
    if found := refused_sum(meant):
        _, meant = found
    numbers = _NUMBER.findall(_OF_A_DAY.sub("", meant))
    if len(numbers) != 1 or other_currency(text):
        return None
    pesos = float(numbers[0].replace(",", ""))
    return Money(round(pesos * 100)) if LEAST_SUM <= pesos <= MOST_SUM else None


_AFTER_DAY = re.compile(
    r"\b(?:hoy|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo|today|tomorrow|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"(?: (?:sin falta|seguro|ya|si|mismo|te|les|le|pago|doy|deposito|abono|temprano|for sure|i pay)){0,4} "
    r"\d{3,6}$"
)


def sum_after_day(text: str) -> Money | None:
    """«Mañana sin falta 680»: the number that follows the day."""
    return bare_sum(text) if _AFTER_DAY.search(plain(text)) else None


def parts_meant(text: str) -> int | None:
    """«No, mejor 6», «me equivoqué, quería de 2»: of a plan, a number and no sum."""
    found = _PARTS_ALONE.fullmatch(plain(text))
    return (NUMBERS.get(found[1]) or int(found[1])) if found else None
