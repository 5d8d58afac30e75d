"""Sums of pesos, in integer centavos."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_UNIT = (
    r"(?:pesos?|pesitos?|pes|varos?|baros?|morlacos|lanas?|bolas|mxn|mn|m\.n\b\.?|del aguila|pejecoins|bucks|"
    r"ps|billetes?)"
)
_MARKED = re.compile(
    rf"(?:\$|\bmxn)\s*({_NUMBER})(?:\s*(mil|k)\b)?|(?<![\d.,])({_NUMBER})\s*(mil|k)?\s*(?:{_UNIT}\b|\$(?!\s*\d))"
)
_NOT_COUNTED = r"gracias|disculpas|perdones|veces|cosas|problemas|bendiciones|anios|años|formas"
_THOUSANDS = re.compile(rf"(?<![\d.,])({_NUMBER})\s*(?:mil|k|mill?on(?:es)?)\b(?!\s*(?:{_NOT_COUNTED}))")
_SLANG = re.compile(r"\bquinienton\b|\bun quiniento\b")
_COUNTED = (
    r"%|por ciento|dias?|semanas?|mes(?:es)?|años?|anios?|horas?|hrs?|hs|am|pm|minutos?|min|veces|vez|"
    r"de la (?:mañana|tarde|noche)|llamadas?|mensajes?|numeros?|digitos?|hijos?|niños?|personas?|pagos?|"
    r"cuotas?|partes?|quincenas?|cuadras|kilos?|km|days?|weeks?|months?|hours?|times|payments?|o'?clock|"
    r"de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    r"diciembre)"
)
_BARE = re.compile(rf"(?<![\d.,:/\-$#+])({_NUMBER})(?![\d:/\-]|[.,]\d)(?!\s*(?:{_COUNTED})\b|\s*%)")
_NAMES_A_PAPER = re.compile(
    r"\b(?:folio|contrato|referencia|ref|autorizacion|aut|ticket|rastreo|operacion|expediente|cliente|"
    r"numero|num|no\.|codigo(?: postal)?|nip|calle|termina(?:da|cion)?|contract|reference|number)"
    r"(?: (?:de|del)(?: (?:mi|el|la))? (?:credito|prestamo|contrato|operacion|cliente|pago))?"
    r"(?: (?:en|es|is|el|numero|num|no))*[ :#.]*$"
)
"""Before a number that names a paper or a place: «folio 4521», «credito numero 345678»."""
_DENIED = re.compile(
    r"\b(?:no(?: (?:puedo|alcanzo|completo|tengo|junto|(?:me |nos )?(?:cobren|carguen|descuenten)))?|"
    r"en (?:lugar|vez) de|not|instead of|(?:solo )?deb(?:o|ia|iamos)|owed?|"
    r"\d+(?: pesos)? (?:de|of)(?= (?:los|mis|the) ))"
    r"(?: (?:los|mis|the))?[ $]*$"
)
"""Before a sum that is not meant, next to one that is: «600, no 800», «500 de los 680». «No, 800»
corrects.
"""
RANGE = re.compile(
    r"\b(?:entre|between) \$?\d+ (?:y|and) \$?\d+\b|(?<!\$)\b\d{2,} ?(?:o|or) \$?\d{2,}\b|"
    r"\$\d{2,} ?(?:o|or) \$\d{2,}\b|\b(?:\d|dos|tres|two|three) (?:o|or) \$?\d{3,}\b|"
    r"\b(?:de|from) \$?\d{2,} (?:a|to) \$?\d{2,}\b|\b\d{1,2} ?(?:a|to) \$\d{4,}\b"
)
"""One payment whose sum is open: «entre 200 y 300», «300 o 400», «2 o 3 mil»."""
_AND_MORE = re.compile(
    r"(?: (?:pesos|varos))? y (?:cacho|feria|pico|piquito|fraccion|tant[oa]s|algo|medi[oa]|un poco mas)\b"
)
"""«Mil y cacho», «600 y tantos»: more than is named."""
_DIGIT = re.compile(r"\d")
_PAYING = re.compile(
    r"\b(?:pag|abon|deposit|transf|mand|dar|doy|di|dan|dej|traigo|tengo|junt|complet|paso|pase|presta|cobr|baj|"
    r"descont|descuent|quit|deb|cay|retir|reembols|regres|devolv|devuelv|carg|comision|seguro|anualidad|"
    r"mis|los|otros|de a|de \d+ en \d+|solo|nada mas|con|quedamos en|hasta|son|eran|fueron|puedo|send|pay|"
    r"paid|sent|loan|got|sac|ahorr|rebaj|monto|pong|"
    r"consig|alcanz|lleg|prest|saco|esos|le va|caigo con|ampli|llev|ofre[cz]|acept|charg|owe|give|afford|"
    r"borrow|take|settle|offer|accept)"
)
_BETWEEN = re.compile(
    r"[\s,.;:]*(?:(?:el|la|otr[oa]|este|los|las|para|pal?|y|de|on|by|les?|te|unos?|como|dia|por|que|sigue|"
    r"viene|siguiente|proximo|next|i guess|like|about|around|maybe) ?)*"
)
"""What may stand between a sum and its day: «viernes, unos 1500»."""

_MOST = 100_000_000
_LEAST_BARE = 5_000
"""A smaller number without a mark is seldom money: an age, a day, a count."""
_YEARS = range(190_000, 203_501)


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """Where it stands in the text, and whether it is marked as money."""

    start: int
    end: int
    centavos: int
    marked: bool


def amount(found: Sequence[Sum]) -> int | None:
    """The sum that the act turns on: the last of those that are marked as money, else the last."""
    firm = [one for one in found if one.marked] or found
    return firm[-1].centavos if firm else None


def sums(flat: str, *, expected: bool, paying: bool = False, anchors: Sequence[Span] = ()) -> list[Sum]:
    """All sums of the text, in order: marked as money, paid, owed, charged, or next to an anchor.

    `paying`: whether it is known that the message speaks of payments. `anchors`: where days and loans stand,
    or stood before they were taken out of the text.
    """
    if not _DIGIT.search(flat) and "quinient" not in flat:
        return []
    found = [Sum(*match.span(), 50_000, marked=True) for match in _SLANG.finditer(flat)]
    for match in _MARKED.finditer(flat):
        _add(found, match, match[1] or match[3], 1000 if match[2] or match[4] else 1)
    for match in _THOUSANDS.finditer(flat):
        _add(found, match, match[1], 1000)
    stated, paying = paying, paying or expected or bool(found) or bool(_PAYING.search(flat))
    for match in _BARE.finditer(flat):
        if _is_sum(flat, match, expected or stated, paying, anchors):
            _add(found, match, match[1], 1, marked=False)
    spans = [(one.start, one.end) for one in found]  # «500 y 500 el otro»
    for match in _BARE.finditer(flat):
        if _is_sum(flat, match, False, False, spans):
            _add(found, match, match[1], 1, marked=False)
    found.sort(key=lambda one: one.start)
    found = [one for one in found if not _is_open(flat, one)]
    meant = [one for one in found if not _DENIED.search(flat[max(0, one.start - 30) : one.start])]
    return meant or found


def _add(found: list[Sum], match: re.Match[str], number: str, times: int, *, marked: bool = True) -> None:
    centavos = _centavos(number, times)
    denied = match.string[: match.start()].endswith(("ni ", "ni $"))
    overlaps = any(match.start() < one.end and one.start < match.end() for one in found)
    if 0 < centavos <= _MOST and not overlaps and not denied:
        found.append(Sum(match.start(), match.end(), centavos, marked))


def _is_sum(flat: str, match: re.Match[str], expected: bool, paying: bool, anchors: Sequence[Span]) -> bool:
    if match[1].startswith("0") or _NAMES_A_PAPER.search(flat[max(0, match.start() - 40) : match.start()]):
        return False
    if expected:
        return True
    value = _centavos(match[1])
    if value < _LEAST_BARE or (value in _YEARS and value % 10_000):
        return False
    return (paying and flat.strip() != match[0]) or any(_adjoins(flat, match, anchor) for anchor in anchors)


def _is_open(flat: str, one: Sum) -> bool:
    """Whether nobody could say how much it is."""
    ranges = any(match.start() <= one.start < match.end() for match in RANGE.finditer(flat))
    return ranges or _AND_MORE.match(flat, one.end) is not None


def _adjoins(flat: str, match: re.Match[str], anchor: Span) -> bool:
    start, end = anchor
    between = flat[match.end() : start] if match.end() <= start else flat[end : match.start()]
    return _BETWEEN.fullmatch(between) is not None


def _centavos(number: str, times: int = 1) -> int:
    whole, _, cents = number.replace(",", "").partition(".")
    return (int(whole) * 100 + int((cents + "00")[:2])) * times
