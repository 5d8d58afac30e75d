"""Names of people: how they are searched for, how they are ordered, and by which of them somebody is
greeted.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from values.folding import fold

NameOrder = Literal["given first", "surnames first"]
_WORD = re.compile(r"[^\W_]+")
MOST_WORDS, LONGEST_WORD = 12, 40
_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "el", "y", "e", "da", "di", "van", "von", "mc", "mac", "san", "santa"}
)
"""Words that belong to the surname after them: «de la O», «San Martín»."""
_ALSO_SURNAMES = frozenset(
    [
        "alonso",
        "benito",
        "bernardo",
        "domingo",
        "felix",
        "german",
        "gonzalo",
        "jaime",
        "lorenzo",
        "lucas",
        "lucio",
        "marcos",
        "martin",
        "mateo",
        "roman",
        "salvador",
        "santiago",
        "simon",
        "tomas",
        "vicente",
    ]
)
"""Given names that are as often a surname: after one given name and before one word they are the latter."""
_COMPOUND = frozenset({"maria", "ma", "jose", "rosa", "flor", "juan"})
"""Given names that go on with «de la Luz», «del Carmen», «de Jesús»."""
_SHORT = {"ma": "María", "fco": "Francisco", "gpe": "Guadalupe", "jo": "José", "sta": "Santa"}


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, each once, in their order: «José de la Peña» → jose, de, la, pena."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(fold(name))))[:MOST_WORDS]


@lru_cache(maxsize=1)
def _given_names() -> dict[str, str]:
    """Folded → as it is written."""
    text = (files("values") / "data" / "given_names.txt").read_text(encoding="utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return {fold(word): word for word in words}


def is_given_name(word: str) -> bool:
    return fold(word.rstrip(".")) in _given_names()


def given_first(name: str, order: NameOrder) -> str:
    """The name with its given names in front, one space between words. A comma parts surnames from given
    names, whatever the order: «O'FARRILL CASTAÑEDA, PATRICIA» is Patricia.
    """
    surnames, comma, given = name.partition(",")
    if comma:
        return " ".join(f"{given} {surnames}".split())
    words = name.split()
    if order == "given first" or len(words) < 2:
        return " ".join(words)
    cut = _surnames_end(words)
    return " ".join((*words[cut:], *words[:cut]))


def _surnames_end(words: list[str]) -> int:
    """Where the surnames end that a name begins with: two of them, each with its particles, or one where
    nothing else would be left.
    """
    ends: list[int] = []
    place = 0
    while place < len(words) and len(ends) < 2:
        while place < len(words) - 1 and fold(words[place]).rstrip(".") in _PARTICLES:
            place += 1
        place += 1
        while place < len(words) - 1 and fold(words[place]) in ("y", "e"):  # «Ortega y Gasset» is one surname
            place += 2
        ends.append(place)
    fitting = [end for end in ends if end < len(words)]
    return fitting[-1] if fitting else 0


def given_names(name: str) -> str:
    """The given names of a name that starts with them, whole and as they are written: «JOSE LUIS HERNANDEZ»
    is greeted «José Luis», «MARIA DEL CARMEN RUIZ» «María del Carmen». Empty for a name without a word.
    """
    words = name.split()
    if not words:
        return ""
    end = 1
    while (step := _next_given(words, end)) and end + step < len(words):
        end += step
        if step > 1:  # «del Carmen» is the last of them
            break
    return " ".join(fold(word) if fold(word) in _PARTICLES else _written(word) for word in words[:end])


def _next_given(words: list[str], place: int) -> int:
    """How many words of a further given name stand at `place`; 0 where a surname begins."""
    particles = 0
    while place + particles < len(words) and fold(words[place + particles]) in ("de", "del", "la", "los"):
        particles += 1
    last = place + particles
    if last >= len(words) or not is_given_name(words[last]):
        return 0
    if particles:
        return particles + 1 if fold(words[0]).rstrip(".") in _COMPOUND else 0
    return 0 if fold(words[last]) in _ALSO_SURNAMES and len(words) == 3 else 1


def _written(word: str) -> str:
    folded = fold(word.rstrip("."))
    known = _SHORT.get(folded) if word.endswith(".") or folded == "ma" else None
    return known or _given_names().get(folded) or "-".join(part.capitalize() for part in word.split("-"))
