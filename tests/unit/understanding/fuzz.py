"""Messages that nobody would write, and some that somebody might: floods, and labelled lines broken in every
way.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

SIZE = 65_536
_ALPHABETS = (
    "abcdefghijklmnñopqrstuvwxyz áéíóú",
    "0123456789 .,-$/:",
    "\u202e\u200f\u200e\u2066\u2069\u061c",
    "".join(map(chr, range(32))),
    "👍🏽🙏❤️👨‍👩‍👧🖕✅ \ufe0f\u200d",
    "ａｂｃ１２３",
    "\u0301\u0327\u0300n",
    "مرحبا שלום 你好 नमस्ते",
    "[](){}<>|\\^*+?'\"`=>@#&%_~",
)
_WORDS = (
    "el 15 ",
    "mil ",
    "dos mil quinientos ",
    "no ",
    "lunes ",
    "en 3 pagos ",
    "+52 1 55 ",
    "$1,000.50 ",
    "012 180 ",
    "a@b.mx ",
    "de la ",
    "cada 15 dias ",
    "ya no me vuelvan a ",
    "quiero que me ",
    "despues de las ",
    "30 de febrero ",
    "medio ",
    "(",
    "a, ",
    "1 ",
    "veintiun ",
)
FLOODS = tuple(
    (seed * SIZE)[:SIZE]
    for seed in (
        *_WORDS,
        "a",
        "1",
        "\0",
        "👍",
        "ﷺ",
        "\u0301",
        "\u202e",
        " ",
        "\n",
        ".",
        "?!",
        "ñ",
        "$",
        "1,",
        "1.",
        "ſ",
        "İ",
    )
)


def strangers(seed: int, count: int) -> Iterator[str]:
    """The same seed gives the same messages. One in a hundred is 64 KiB long."""
    chance = random.Random(seed)
    lines = [
        json.loads(line)["text"]
        for line in (Path(__file__).parents[2] / "data/dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for number in range(count):
        match number % 5:
            case 0:
                yield _random(chance, SIZE if number % 100 == 0 else chance.randrange(300))
            case 1:
                yield "".join(chance.choices(_WORDS, k=chance.randrange(1, 120)))
            case _:
                yield _mutated(chance, chance.choice(lines))


def _random(chance: random.Random, length: int) -> str:
    if chance.random() < 0.3:
        return "".join(
            chr(code)
            for code in (chance.randrange(0x110000) for _ in range(length))
            if not 0xD800 <= code < 0xE000
        )
    return "".join(chance.choices("".join(chance.sample(_ALPHABETS, 2)), k=length))


def _mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[at + 1 :]
            case 1:
                text = text[:at] + chance.choice("".join(_ALPHABETS)) + text[at:]
            case 2:
                text = text[:at] + text[at:].swapcase()
            case 3:
                text = text[:at] + text[at : at + 9] * chance.randrange(2, 40) + text[at:]
            case 4:
                text = text.replace(" ", chance.choice(("", "  ", "\u00a0", "\n", "...")))
            case _:
                text += chance.choice(_WORDS) * chance.randrange(1, 9)
    return text
