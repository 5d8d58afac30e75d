"""How a robot borrower is today: what it wants, how long it stays, how it types."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mood:
    """`wishes`: weights where they differ from `utterances.WEIGHTS`; `patience`: the fewest and the most
    messages until it puts the phone away; `answers`: how often it answers what was asked; `several`: how
    often it writes two messages at once; `joined`: two wishes in one; `silent`: how often hours or days pass
    before it goes on; `slips`: how often its thumbs slip.
    """

    name: str
    weight: int
    wishes: Mapping[str, int] = field(default_factory=dict)
    patience: tuple[int, int] = (2, 9)
    answers: float = 0.8
    several: float = 0.08
    joined: float = 0.04
    silent: float = 0.06
    slips: float = 0.15
    english: bool = False


MOODS = (
    Mood("calm", 30),
    Mood("worried", 12, {"hardship": 25, "topic": 25, "plan": 15, "discount": 8, "vulnerable": 4}),
    Mood("angry", 8, {"abuse": 15, "complaint": 8, "opt_out": 8, "refuse": 12, "dispute": 5}, answers=0.5),
    Mood("hurried", 12, patience=(2, 5), several=0.35, slips=0.4),
    Mood("suspicious", 10, {"who": 30, "topic": 20, "noise": 8}, answers=0.6),
    Mood("willing", 16, {"debit": 40, "promise": 25, "plan": 12}, patience=(6, 14), answers=0.95, slips=0.05),
    Mood("talkative", 10, joined=0.5),
    Mood("slow", 8, patience=(4, 10), silent=0.4),
    Mood("english", 16, english=True, joined=0.1),
)
