"""What the classifier looks at: words and pairs of words, sounds, kinds of things, and marks (what was
expected, what was found).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.understanding.concepts import concepts
from bot.understanding.entities import Named

_SPAN = range(2, 6)
"""Lengths of the pieces that words are cut into."""
_LONGEST_TOKEN = 24
_DENIES = frozenset({"no", "ni", "sin", "nunca", "nada", "jamas", "tampoco"})
_DENIED = 4
"""So many words after a denial are read as denied."""
_ENDINGS = (
    "é",
    "ó",
    "aron",
    "ieron",
    "aste",
    "iste",
    "aré",
    "eré",
    "iré",
    "ará",
    "ía",
    "ría",
    "ado",
    "ido",
    "ando",
    "iendo",
    "aba",
    "amos",
    "en",
    "an",
)
"""Person and tense, which `plain` text has lost with its accents: «pago» promises, «pagó» reports."""
_WORD = re.compile(r"[^\W\d_]+")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ch", "C"),
        ("ll", "y"),
        ("[vw]", "b"),
        ("qu", "k"),
        ("c(?=[eiy])", "s"),
        ("[zx]", "s"),
        ("h", ""),
        ("g(?=[ei])", "j"),
        ("c", "k"),
        ("ñ", "n"),
        (r"(\w)\1", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A message, or one clause of it, as the classifier is given it. `words`: spaced words; `hits`: of the
    lexicon.
    """

    text: str
    words: str
    hits: list[tuple[str, str]]
    named: Named
    expecting: str | None
    today: str

    @property
    def matched(self) -> frozenset[str]:
        """What the lexicon matches firmly."""
        return frozenset(label for label, firmness in self.hits if firmness != "weak")


@dataclass(frozen=True, slots=True)
class Features:
    """What is there, and of words how often. A group weighs the same whatever the message's length; marks
    count one by one.
    """

    words: Counter[str]
    tokens: list[str]
    """Compared by their `pieces`, each word on its own."""
    concepts: list[str]
    marks: list[str]


def features(segment: Segment) -> Features:
    tokens = [_shape(token) for token in segment.words.split()]
    return Features(
        Counter(_words(tokens)),
        tokens,
        concepts(segment.words.split()),
        list(dict.fromkeys(_marks(segment, tokens))),
    )


def _shape(token: str) -> str:
    """Of a number only its length: «500» and «800» mean the same."""
    return f"#{min(len(token), 6)}" if token.isdigit() else token[:_LONGEST_TOKEN]


def _words(tokens: list[str]) -> Iterable[str]:
    yield from tokens
    ends = ["<", *tokens, ">"]
    yield from (f"{first} {second}" for first, second in pairwise(ends))
    left = 0
    for token in tokens:
        if left:
            yield f"¬{token}"
        left = _DENIED if token in _DENIES else max(0, left - 1)


@lru_cache(maxsize=16384)
def pieces(token: str) -> tuple[str, ...]:
    """The pieces of a word as it sounds, its ends marked: «aser» and «hacer» share most of them."""
    for pattern, sound in _SOUNDS:
        token = pattern.sub(sound, token)
    ended = f" {token} "
    return tuple(ended[start : start + span] for span in _SPAN for start in range(len(ended) - span + 1)) or (
        ended,
    )


def _marks(segment: Segment, tokens: list[str]) -> Iterable[str]:
    length = _length(sum(token[0] == "#" or token.isalpha() for token in tokens))
    yield f"long {length}"
    if segment.expecting:
        yield f"expecting {segment.expecting}"
        yield f"expecting {segment.expecting} long {length}"
    for label, firmness in segment.hits:
        yield f"lexicon {label} {firmness}"
    for name, value in segment.named.entities.items():
        yield f"names {name}"
        if name == "date":
            yield "past" if value < segment.today else "today" if value == segment.today else "future"
    yield from (f"has {sign}" for sign in "?!$" if sign in segment.text)
    if segment.text.isupper():
        yield "capitals"
    for word in _WORD.findall(unicodedata.normalize("NFC", segment.text[:400].casefold())):
        yield from _endings(word)


@lru_cache(maxsize=16384)
def _endings(word: str) -> tuple[str, ...]:
    return tuple(f"-{ending}" for ending in _ENDINGS if word.endswith(ending))


def _length(words: int) -> int:
    """Exact up to four words, then in steps."""
    return words if words < 5 else 5 if words < 8 else 8 if words < 15 else 15
