"""The comments of texts that are shipped, and what describes them, in the reader's language; what the lender
wrote stays as it is.
"""

import re
from itertools import groupby
from textwrap import wrap

from bot.wording import Wording

PREFIX = "comment."
"""Of their keys, which are the English words themselves."""
_WIDTH = 110
_DESCRIBES = re.compile(r'(about|target) = "(.*)"')


def translated(body: str, wording: Wording, locale: str) -> str:
    """Each run of lines that is one comment, in whichever language it stands there."""
    known = _known(wording)
    lines: list[str] = []
    for is_comment, run in groupby(body.splitlines(), key=lambda line: line.startswith("#")):
        found = list(run)
        key = known.get(_words(found)) if is_comment else None
        lines += (
            wrap(_of(wording, key, locale), _WIDTH, initial_indent="# ", subsequent_indent="# ")
            if key
            else [_described(line, wording, known, locale) for line in found]
        )
    return "\n".join(lines) + "\n" * body.endswith("\n")


def _described(line: str, wording: Wording, known: dict[str, str], locale: str) -> str:
    found = _DESCRIBES.fullmatch(line)
    key = known.get(found[2]) if found else None
    return f'{found[1]} = "{_of(wording, key, locale)}"' if found and key else line


def _known(wording: Wording) -> dict[str, str]:
    """The words in every language → their key."""
    return {
        _of(wording, key, locale): key
        for locale in wording.locales
        for _, key in wording.keys(locale)
        if key.startswith(PREFIX)
    }


def _of(wording: Wording, key: str, locale: str) -> str:
    words = wording.exact(key, locale)
    return words if isinstance(words, str) else key.removeprefix(PREFIX)


def _words(lines: list[str]) -> str:
    return " ".join(line.lstrip("# ") for line in lines)
