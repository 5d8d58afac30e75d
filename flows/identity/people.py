"""People at one address, distinguished by as little of their names as does."""

import re
from collections.abc import Sequence

from flows.answers import plain
from flows.types.facts import BorrowerFacts
from values import fold

_NAMES_SELF = re.compile(
    r"(?:\b(?:soy(?: yo)?|me llamo|mi nombre es|habla|le habla|i am|i m|im|my name is|this is)|"
    r"^(?:(?:si|hola|bueno|oiga|buen[oa]s(?: dias| tardes| noches)?) )*aqui) ((?:[^\W\d_]+ ?){1,5})"
)
"""«Aquí Ana», and not «ya no vive aquí Ana»."""
_DENIES = re.compile(
    r"\b(?:no\s+(?:soy(?:\s+yo)?|me\s+llamo|habla)|(?:i\s+am|i['’]?m|this\s+is)\s+not(?!\s+(?:\w+ing|sure|"
    r"able|interested|comfortable|ready|happy|ok(?:ay)?|well|available|allowed|at|in|on|a\s+good|the\s+best)\b)|"
    r"this\s+isn['’]?t|not\s+me|my\s+name\s+(?:is\s+not|isn['’]?t))\b",
    re.IGNORECASE,
)
"""«No soy Ana», and not «no, soy Ana»: its comma is all that tells them apart."""
_NOBODYS = re.compile(r"not |(?:\w+ ){1,3}s \w")
"""“I'm not giving you my birthday”, “this is Ana's phone”: no name of the one who writes."""
_DIMINUTIVE = re.compile(r"([a-z]{2,})(?:c?it[ao]s?)")
_PET_NAMES = {
    "lupita": "guadalupe",
    "lupe": "guadalupe",
    "pepe": "jose",
    "paco": "francisco",
    "pancho": "francisco",
    "chuy": "jesus",
    "memo": "guillermo",
    "beto": "alberto",
    "lalo": "eduardo",
    "nacho": "ignacio",
    "tono": "antonio",
    "mari": "maria",
    "vero": "veronica",
    "ale": "alejandra",
    "fer": "fernanda",
    "gaby": "gabriela",
    "paty": "patricia",
    "tere": "teresa",
    "concha": "concepcion",
    "carlitos": "carlos",
}
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y"})
"""Of names, and of «soy la del crédito»."""
_NO_NAME = frozenset(
    {
        "yo",
        "el",
        "la",
        "un",
        "una",
        "su",
        "de",
        "mismo",
        "misma",
        "esa",
        "ese",
        "persona",
        "cliente",
        "titular",
        "not",
        "no",
        "him",
        "her",
        "the",
        "a",
        "quien",
        "sorry",
        "here",
        "nadie",
        "otra",
        "otro",
        "alguien",
        "nuevo",
        "nueva",
        "mero",
        "mera",
        "senor",
        "senora",
        "senorita",
        "don",
        "dona",
    }
)


def labels(people: Sequence[BorrowerFacts]) -> dict[str, tuple[BorrowerFacts, ...]]:
    """Label → whom it means: several only where nothing short distinguishes them."""
    found: dict[str, tuple[BorrowerFacts, ...]] = {}
    for person in people:
        alike = [other for other in people if other.first_name == person.first_name]
        label = person.first_name if len(alike) == 1 else f"{person.first_name} {_initial(person)}".strip()
        found[label] = (*found.get(label, ()), person)
    return found


def _surnames(person: BorrowerFacts) -> list[str]:
    given = len(person.first_name.split())
    return person.ordered_name.split()[given:]


def _initial(person: BorrowerFacts) -> str:
    surnames = [word for word in _surnames(person) if word.lower() not in _PARTICLES]
    return f"{surnames[0][0].upper()}." if surnames else ""


def named(text: str, people: Sequence[BorrowerFacts]) -> tuple[BorrowerFacts, ...]:
    """Whom a text names: those of whose names it holds the most words, a given name among them."""
    words = set(plain(text).split())
    scored = [(_score(words, person), person) for person in people]
    most = max((score for score, _ in scored), default=0)
    return tuple(person for score, person in scored if score == most) if most else ()


def _score(words: set[str], person: BorrowerFacts) -> int:
    given = set(fold(person.first_name).split()) - _PARTICLES
    if not words & given:
        return 0
    surnames = [fold(word) for word in _surnames(person)]
    initial = bool(surnames) and surnames[0][:1] in words
    return len(words & (given | set(surnames) - _PARTICLES)) + initial


def claims_name(text: str, people: Sequence[BorrowerFacts]) -> bool:
    """«Sí, soy Ana», «Ana López»; also by a name that the tape writes in another order: any of its words but
    particles.
    """
    own = [formal for run in _own_names(text) for formal in (run[0], *_formal(run[0]))]
    words = own or _name_alone(text, people)
    return any(word in words and len(word) > 2 for person in people for word in fold(person.name).split())


def presents(text: str, people: Sequence[BorrowerFacts]) -> bool:
    """«Ana al habla», «Ana López, a sus órdenes»: a name of these, and courtesy."""
    return not denies_name(text) and bool(_name_alone(text, people))


def self_named(text: str, people: Sequence[BorrowerFacts]) -> tuple[BorrowerFacts, ...]:
    """Whom somebody says to be: «soy Juan Pérez, ¿cuánto debo?»"""
    if not claims_name(text, people):
        return ()
    if denies_name(text):  # «no soy Ana, soy Juan» names both
        return claimed(text, people)
    return named(text, people) or claimed(text, people)


def claimed(text: str, people: Sequence[BorrowerFacts]) -> tuple[BorrowerFacts, ...]:
    """Whom somebody says to be, and not whom they say not to be: «no soy Luis, soy Ana»."""
    return tuple(person for person in people if claims_name(text, (person,)))


def gives_other_name(text: str, people: Sequence[BorrowerFacts]) -> bool:
    """«No, soy Pedro»"""
    return bool(_own_names(text)) and not claims_name(text, people)


def denies_name(text: str) -> bool:
    """«No soy Ana», “this isn't Ana”."""
    return _DENIES.search(text) is not None


_AROUND = frozenset({
    "si", "yo", "es", "hola", "ella", "el", "yes", "mismo", "misma", "mero", "mera", "soy", "habla", "al",
    "presente", "a", "sus", "tus", "ordenes", "su", "servidora", "servidor", "para", "servirle", "servirte",
    "bueno", "buenos", "buenas", "dias", "tardes", "noches", "digame", "dime", "mande", "speaking", "here",
})  # fmt: skip
"""Courtesy around a name."""


def _name_alone(text: str, people: Sequence[BorrowerFacts]) -> set[str]:
    """«Ana López Ruiz»: the words of a text that holds nothing but a name of these."""
    words = [word for word in plain(text).split() if word not in _AROUND | _PARTICLES]
    for person in people:
        theirs = set(fold(person.name).split())
        if words and all(word in theirs or theirs & set(_formal(word)) for word in words):
            return {formal for word in words for formal in (word, *_formal(word))}
    return set()


def _formal(word: str) -> tuple[str, ...]:
    """«Anita» may be Ana, «Juanito» Juan, «Lupita» Guadalupe."""
    known = _PET_NAMES.get(word)
    stem = _DIMINUTIVE.fullmatch(word)
    return ((known,) if known else ()) + ((stem[1], f"{stem[1]}a", f"{stem[1]}o") if stem else ())


def _own_names(text: str) -> list[list[str]]:
    """What follows each «soy», «habla», «aquí»; «la esposa de Ana» does not begin with a name."""
    found = _NAMES_SELF.findall(plain(_DENIES.sub("", text)))
    runs = (
        [word for word in each.split() if word not in _NO_NAME | _PARTICLES and len(word) > 2]
        for each in found
        if not _NOBODYS.match(each)
    )
    return [run for run in runs if run]
