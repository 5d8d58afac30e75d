"""The factor of identity: day and month of birth, out of a text and out of what the tape holds."""

import re
from collections.abc import Collection
from datetime import date

from flows.types.facts import BorrowerFacts
from values import fold

_STARTS = (
    r"h?ene|jan",
    r"fe[bv]",
    r"mar(?!te)|mzo",
    r"a[bv]r|ha[bv]ri|apr",
    r"may",
    r"jun",
    r"jul",
    r"ago|hagos|aug",
    r"se[pc]?t(?!en)|sep",
    r"oc?t[u ]|oct",
    r"nov|nobi",
    r"dic|disi|dec",
)
"""How the months begin, in both languages, and as they are misspelt: «habril», «nobiembre»."""
_MONTH = rf"(?:{'|'.join(_STARTS)})[a-z]{{0,9}}"
_NUMERIC = re.compile(r"\b(\d{1,2})\s*(?:[/\-. ]|del?|(?:del? )?mes)\s*(\d{1,2})\b")
_NAMED = re.compile(
    rf"\b(\d{{1,2}})[\s/\-.]*(?:del?|of)?\s*({_MONTH})|\b({_MONTH})[\s/\-.]+(?:(?:el|the|dia) )*(\d{{1,2}})\b"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|ro|er|o|°)(?![a-z])")
_AND = re.compile(r"\bdiez y (?=seis|siete|ocho|nueve)|\bveint(?:i |e y )(?=[a-z])|\btreinta ?[yi] ?(?=uno)")
_ONE_WORD = {"d": "dieci", "v": "veinti", "t": "treinta y "}
_DAY_ONLY = re.compile(r"(?:(?:si|es|el|dia|naci|un|the|on)\b[ ,]*)*(\d{1,2})(?:st|nd|rd|th)?[ .]*$")
_MONTH_ONLY = re.compile(rf"(?:(?:si|es|de|del|en|mes|mi|cumple|naci|in|of)\b[ ,]*)*({_MONTH})[ .]*$")
_YEAR_FIRST = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-/. ]?\s*(\d\d)\s*[-/. ]?\s*(\d\d)(?!\d)")
_DAY_ALONE = re.compile(
    r"(?:(?:ok|pues|bueno|va|s[ií]|soy yo|claro|nac[ií]|el|"
    r"mi cumple(?:años)?|es|yes|ok(?:ay)?|fine|sure|alright|here|my|(?:birth|b-?)day|dob|i was|it'?s|is|"
    r"born|on)\b[\s,.:]*)*"
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?|"
    r"\d{1,2}\s*[/\-.]\s*\d{1,2}(?:\s*[/\-.]\s*\d{2,4})?|"
    r"\d{1,2}\s*(?:de\s+)?[a-zé]{3,10}(?:\s+(?:del?\s+)?\d{2,4})?)[\s.!]*$",
    re.IGNORECASE,
)
"""A birthday and nothing else, given unasked: whoever knows the next question answers it at once."""
_SAYS_BORN = re.compile(r"\b(?:nac[ií]|nacimiento|cumple\w*|born|birth\w*)\b|\b19\d\d\b", re.IGNORECASE)
_TO_PAY = re.compile(
    r"\b(?:pag|deposit|abon|transf|doy|dar|liquid|cubr|pay|send|hasta|para|until|by)\w*\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\s*[,.;]?\s+(?:[,.;y]\s+)*")
_PACKED = re.compile(r"(?<!\d)(\d{2})(\d{2})(?:\d{4}|\d{2})?(?!\d)")

_IN_CODE = re.compile(r"\b[a-z&]{4} ?\d\d(\d\d)(\d\d)[a-z\d]{3,8}\b")
"""RFC or CURP, whose yymmdd stands behind the letters."""
_SPELLED = {
    name: number
    for number, name in enumerate(
        (
            "uno",
            "dos",
            "tres",
            "cuatro",
            "cinco",
            "seis",
            "siete",
            "ocho",
            "nueve",
            "diez",
            "once",
            "doce",
            "trece",
            "catorce",
            "quince",
            "dieciseis",
            "diecisiete",
            "dieciocho",
            "diecinueve",
            "veinte",
            "veintiuno",
            "veintidos",
            "veintitres",
            "veinticuatro",
            "veinticinco",
            "veintiseis",
            "veintisiete",
            "veintiocho",
            "veintinueve",
            "treinta",
            "treinta y uno",
        ),
        1,
    )
} | {"primero": 1}
_DAY_WORDS = "|".join(sorted(_SPELLED, key=len, reverse=True))
_SPELLED_ALONE = re.compile(
    rf"(?:(?:ok|pues|bueno|va|si|claro|naci|el|es)\b[ ,.]*)*(?:{_DAY_WORDS})"
    r" de [a-z]{3,10}(?: del? (?:mil|dos mil|\d)[a-z\d ]*)?[ .!]*$"
)
_TO_NINE = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TO_NINETEEN = (
    *_TO_NINE, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
_ENGLISH = {
    **{name: number for number, name in enumerate(_TO_NINETEEN, 1)},
    "twentieth": 20,
    **{f"twenty {name}": number for number, name in enumerate(_TO_NINE, 21)},
    "thirtieth": 30,
    "thirty first": 31,
}
_ENGLISH_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True)).replace(" ", "[ -]")
_ENGLISH_DAY = re.compile(
    rf"(?<=[a-z]) (?:the )?(?P<after>{_ENGLISH_WORDS})\b|\b(?P<before>{_ENGLISH_WORDS})(?= (?:of )?{_MONTH})"
)
_BIRTH_YEAR = r"(?:19\d\d|20[01]\d|\d\d(?!\d))(?!\s*(?:pesos|varos|mil))"
_IN_TEXT = re.compile(
    r"(?:\b(?:naci|mi (?:fecha (?:de nacimiento )?|cumple(?:anos)? )es|fecha de nacimiento|born|"
    r"on|es|el)\s+)*"
    r"(?<![\d$])(?:(?:19|20)\d\d[/\-.]\d\d[/\-.]\d\d\b|\d{4}(?:19|20)\d\d\b|"
    r"\d{1,2}\s*[/\-.]\s*\d{1,2}(?:\s*[/\-.]\s*\d{2,4})?|"
    rf"(?:\d{{1,2}}|{_DAY_WORDS})\s*(?:de\s+)?{_MONTH}\b(?:\s+(?:del?\s+)?{_BIRTH_YEAR})?|"
    rf"{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ENGLISH_WORDS})\b(?:,?\s+{_BIRTH_YEAR})?)"
)
"""In folded text."""
_SPELLED_DAY = re.compile(rf"\b({_DAY_WORDS})(?=[\s/\-.]+(?:de )?{_MONTH})")


def birthday(person: BorrowerFacts) -> tuple[int, int] | None:
    """Day and month, by the tape; else out of CURP or RFC, whose yymmdd stands behind the letters."""
    if person.birth_date:
        return person.birth_date.day, person.birth_date.month
    for code in (person.curp, person.rfc):
        digits = re.match(r"^[A-ZÑ&]{4}\d\d(\d\d)(\d\d)", (code or "").upper())
        if digits:
            return int(digits[2]), int(digits[1])
    return None


def is_birthday_alone(text: str) -> bool:
    """A birthday and nothing else, given unasked: whoever knows the next question answers it at once."""
    return (_DAY_ALONE.match(text.strip()) or _SPELLED_ALONE.match(fold(text).strip())) is not None


def birthday_apart(
    text: str, birthdays: Collection[tuple[int, int]], *, asked: bool
) -> tuple[str, str] | None:
    """`(birthday, rest)` of «15 de marzo, ¿cuánto debo?»: where one of `birthdays` stands next to something
    else. Unless who is writing is `asked`, it must be said to be a birthday, or have its year.
    """
    flat = fold(text)
    text = text if len(text) == len(flat) else flat  # a sign that folds into several moves the rest
    for found in _IN_TEXT.finditer(flat):
        before = text[: found.start()]
        if day_and_month(found[0]) not in birthdays or _TO_PAY.search(before):
            continue
        rest = _LOOSE.sub(" ", f"{before} {text[found.end() :]}").strip(" ,.;:-")
        born = asked or _SAYS_BORN.search(text)
        return (text[found.start() : found.end()].strip(), rest) if born and len(rest.split()) > 1 else None
    return None


def day_alone(text: str) -> int | None:
    """«El 15»: the month is still to come."""
    found = _DAY_ONLY.match(fold(text).strip())
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def month_alone(text: str) -> str | None:
    """«De marzo», after the day or before it."""
    found = _MONTH_ONLY.match(fold(text).strip())
    return found[1] if found else None


def day_and_month(text: str) -> tuple[int, int] | None:
    """`15 de marzo`, `15/03/1990`, `15031990`, `1990-03-15`, `March 15`, an RFC or CURP; null when the text
    holds no such day. Day first, as in Mexico, where that is a day: `3/15` is none.
    """
    flat = _with_numbers(text)
    if (match := _IN_CODE.search(flat) or _YEAR_FIRST.search(flat)) and (
        day := _day(int(match[2]), int(match[1]))
    ):
        return day
    for before, month, month_first, after in _NAMED.findall(flat):
        name = month or month_first
        number = next(n for n, start in enumerate(_STARTS, 1) if re.match(start, name))
        return _day(int(before or after), number)
    if match := _NUMERIC.search(flat) or _PACKED.search(flat):
        first, second = int(match[1]), int(match[2])
        return _day(first, second) or _day(second, first)
    return None


def _with_numbers(text: str) -> str:
    """«Dieciséis de mayo», «diez y seis de mayo» and «16º de mayo» as «16 de mayo»."""
    flat = _AND.sub(lambda match: _ONE_WORD[match[0][0]], _ORDINAL.sub("", fold(text)))
    if re.search(rf"\b{_MONTH}", flat):
        flat = _ENGLISH_DAY.sub(
            lambda match: f" {_ENGLISH[match[1 if match[1] else 2].replace('-', ' ')]}", flat
        )
    return _SPELLED_DAY.sub(lambda match: str(_SPELLED[match[1]]), flat)


def _day(day: int, month: int) -> tuple[int, int] | None:
    try:
        date(2000, month, day)
    except ValueError:
        return None
    return day, month
