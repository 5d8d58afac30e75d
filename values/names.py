"""Names as people look for them: word by word, whatever the case and the accents."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
MOST_WORDS, LONGEST_WORD = 12, 40


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, each once, in their order: «José de la Peña» → jose, de, la, pena."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in flat if not unicodedata.combining(c))
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(plain)))[:MOST_WORDS]
