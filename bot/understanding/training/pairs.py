"""Two training lines in one message: as people write who have two things in mind."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.labels import ALSO, PRECEDENCE
from bot.understanding.training import Utterance

_JOINTS = (", ", ". ", " y ", " y además ", ", también ", " ", " y aparte ", ", pero ", " porque ")
_ENGLISH_JOINTS = (", ", ". ", " and ", " and also ", ", but ")
_ENGLISH = frozenset({"the", "my", "you", "your", "to", "is", "i", "i'm", "me", "please", "this", "it", "a"})
_MOST_WORDS = 9
_COMPANIONS = ("report_payment", "greet", "promise_to_pay", "report_hardship", "refuse_to_pay", "thank")
"""What is often written next to an act that protects."""
_DECIDING = ("report_payment", "promise_to_pay", "request_extension", "request_plan")
"""What goes before a question that stands next to it."""
_QUESTIONS = ("ask_balance", "ask_breakdown", "ask_due_date", "ask_identity", "ask_payment_methods")
_COURTESIES = ("greet", "thank")
_FOLLOWS = {("talk_to_human", "complain")}
"""Which of these two goes first depends on who is asked for, and no pair teaches it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`parents`: the places of its two lines."""

    utterance: Utterance
    parents: tuple[int, int]


def pairs(lines: Sequence[Utterance], count: int, seed: int) -> list[Pair]:
    """Each of two lines of different labels: an act of `ALSO` with another or a companion, what decides
    with a question, or either with a courtesy; the intent by precedence. The same lines give the same
    pairs.
    """
    chance = random.Random(seed)  # noqa: S311, for training lines
    short = [at for at, line in enumerate(lines) if _is_short(line)]

    def of(*labels: str) -> list[int]:
        return [at for at in short if lines[at].label in labels]

    tries = [(of(*ALSO), of(*ALSO, *_COMPANIONS))] * count
    tries += [(of("talk_to_human", *_DECIDING), of(*_QUESTIONS))] * (count // 2)
    tries += [(of(*_QUESTIONS), of(*_COURTESIES))] * (count // 4)
    tries += [(of(*_DECIDING), of(*_COURTESIES))] * (count // 4)
    made = [
        _pair(lines, chance.choice(firsts), chance.choice(seconds), chance)
        for firsts, seconds in tries
        if firsts and seconds
    ]
    return [pair for pair in made if pair is not None]


def _is_short(line: Utterance) -> bool:
    return not line.also and line.expecting is None and 2 <= len(line.text.split()) <= _MOST_WORDS


def _pair(lines: Sequence[Utterance], act: int, other: int, chance: random.Random) -> Pair | None:
    first, second = lines[act], lines[other]
    labels = {first.label, second.label}
    english = _is_english(first.text)
    if (
        len(labels) < 2
        or english != _is_english(second.text)
        or any(labels == {*known} for known in _FOLLOWS)
    ):
        return None
    intent = min(labels, key=PRECEDENCE.index)
    texts = [first.text.rstrip(" .!"), second.text.rstrip(" .!")]
    chance.shuffle(texts)
    text = chance.choice(_ENGLISH_JOINTS if english else _JOINTS).join(texts)
    also = tuple(label for label in labels - {intent} if label in ALSO)
    return Pair(Utterance(text, intent, None, also, 0), (act, other))


def _is_english(text: str) -> bool:
    return len(_ENGLISH & set(text.casefold().split())) > 1
