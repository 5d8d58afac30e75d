"""What an agent is about to write, held against the law's list: threats, shouting, other accounts, a debt
disclosed to a stranger.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.compliance.rules import ContactRules
from values import fold

_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[\s\-.]{0,2}\d){14,23}(?!\d)")
_AMOUNT = re.compile(r"\$\s*\d|\d\s*pesos")
_SENTENCE_END = re.compile(r"[.!?;\n]+")
_LETTERS_THAT_SHOUT = 12


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    """`threat`, `insult`, `third_party`, `shouting`, `account`, `debt_to_stranger`."""
    found: str = ""
    """The words that it was found by; never a number."""
    final: bool = False
    """It may not be sent at all; the others may, by someone who was warned."""


def faults(
    text: str, rules: ContactRules, *, known: bool, own_accounts: Collection[str] = ()
) -> tuple[Fault, ...]:
    """`known` is whether the one who reads it proved who they are; `own_accounts` are the lender's, which may
    be written.
    """
    meant = _meant(text, rules)
    plain = _plain(text)
    found = [Fault("threat", word) for word in _words(rules.threats, meant)]
    found += [Fault("insult", word) for word in _words(rules.insults, plain)]
    found += [Fault("third_party", word) for word in _words(rules.third_parties, meant)]
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= _LETTERS_THAT_SHOUT and all(c.isupper() for c in letters):
        found.append(Fault("shouting"))
    numbers = {re.sub(r"\D", "", match[0]) for match in _LONG_NUMBER.finditer(text)}
    if numbers - {re.sub(r"\D", "", own) for own in own_accounts}:
        found.append(Fault("account", final=True))
    disclosed = [*_words(rules.debt_words, plain), *("$" for _ in _AMOUNT.findall(plain))]
    if disclosed and not known:
        found.append(Fault("debt_to_stranger", disclosed[0]))
    return tuple(found)


def _meant(text: str, rules: ContactRules) -> str:
    """Without what threatens nobody, though a threat may be made of the same words."""
    return ". ".join(_without_harmless(_plain(each), rules) for each in _SENTENCE_END.split(text))


def _without_harmless(sentence: str, rules: ContactRules) -> str:
    is_conditional = any(re.search(rf"\b{word}\b", sentence) for word in rules.conditions)
    for phrase in rules.harmless if is_conditional else (*rules.denials, *rules.harmless):
        sentence = re.sub(rf"\b{phrase}", ",", sentence)
    return sentence


def _words(stems: Collection[str], plain: str) -> list[str]:
    return [match[0] for stem in stems if (match := re.search(rf"\b{stem}\w*", plain))]


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
