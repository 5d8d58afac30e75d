"""Which language a borrower writes, by plain words of one that the other lacks, or asks for."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

from flows.answers import plain

CHOOSE = "choose.language"
ENGLISH, SPANISH = "en", "es_MX"
_LEAST = 2
"""So many words of one language are evidence; «ok thanks» and «hola» are none."""
_WORDS_ENOUGH = 3
"""A text of so many words has some of Spanish, if it is Spanish: one English word is evidence then."""
_LEAD = 2
"""So many times as many as of the other."""

_WORDS = {
    language: frozenset(words.split())
    for language, words in tomllib.loads(
        (Path(__file__).parent / "languages.toml").read_text(encoding="utf-8")
    ).items()
}
_LACKS = (
    r"\b(?:don t|dont|do not|can t|no) (?:speak |read |hablo |understand |entiendo |se |)(?:much |mucho )?"
)
_WISHES = (
    r"(?<!no )(?<!don t )(?<!dont )(?<!not )"
    r"\b(?:speaks?|in|habl\w+|en|escrib\w+|prefiero|prefer|tienen) {0}\b|"
    r"^{0}(?: please| por favor| pls| porfa)?$"
)
_ASKED = tuple(
    (language, re.compile(f"{_LACKS}{other}|{_WISHES.format(own)}"))
    for language, own, other in (
        (ENGLISH, "(?:english|ingles)", "(?:spanish|espanol)"),
        (SPANISH, "(?:spanish|espanol)", "(?:english|ingles)"),
    )
)
_NAMES = ("english", "ingles", "spanish", "espanol")
_OF_BOTH = frozenset({"me", "no"})
"""«Call me», «no money»: the other word tells the language."""
_PURE_WISH = 7
"""Words of a message that asks for a language and for nothing else."""


def language_of(text: str, before: str) -> str:
    """The language asked for, else that of clear evidence, else as before."""
    flat = plain(text)
    if wished := _wished(flat):
        return wished
    words = flat.split()
    english, spanish = (len(_WORDS[language].intersection(words)) for language in (ENGLISH, SPANISH))
    if not _OF_BOTH.isdisjoint(words):
        english += any(_OF_BOTH & set(pair) and _WORDS[ENGLISH] & set(pair) for pair in pairwise(words))
    if english >= max(_LEAST, _LEAD * spanish) or (english and not spanish and len(words) >= _WORDS_ENOUGH):
        return ENGLISH
    if spanish >= max(_LEAST, _LEAD * english):
        return SPANISH
    return before


def wishes_language(text: str) -> bool:
    """«¿Hablan inglés?», “in English please”: that, and nothing else."""
    flat = plain(text)
    return len(flat.split()) <= _PURE_WISH and bool(_wished(flat))


def _wished(flat: str) -> str:
    """The language that is asked for: «no hablo español» names the one that is not."""
    if not any(map(flat.__contains__, _NAMES)):
        return ""
    return next((language for language, asked in _ASKED if asked.search(flat)), "")
