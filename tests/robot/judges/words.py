"""What is sent: nothing of a debt to a stranger, no forbidden word, none too long, nothing said twice."""

import re
from collections import Counter
from collections.abc import Iterator

from bot.channels import Outgoing, as_numbered
from bot.compliance import faults as forbidden
from bot.compliance import load_rules
from tests.robot.seen import Seen, Talk

_RULES = load_rules("MX")
LENDER = "Crédito Jacaranda"
"""The trade name, which has a word of debt in it."""
WITH_BUTTONS, LONGEST = 1024, 1600
"""Characters up to which a message keeps its buttons, and those of any: longer ones leave as text, with the
choices numbered in it. An e-mail may be longer.
"""
_MONEY = ("$", "MXN", "adeudo", "vencid", "atraso", "owe")
_ENDS = re.compile(r"(?<=[.!?])\s")
_SHORT = 24
"""Characters up to which a sentence may well stand twice: «¿Es correcto?»."""


def faults(seen: Seen, talk: Talk) -> Iterator[str]:
    topic = any(key.startswith("topic") for key in seen.keys)
    stranger = any(key.startswith(("stranger", "loan_request")) for key in seen.keys)
    for outgoing in seen.arrived:
        yield from _repeated(outgoing, talk)
        if twice := _twice(outgoing.text):
            yield f"said twice in one message: {twice}"
        if outgoing.channel != "email" and len(_body(outgoing)) > LONGEST:
            yield "a message that is too long"
        text = outgoing.text.replace(LENDER, "")
        for each in forbidden(text, _RULES, known=seen.proved):
            if (each.code == "debt_to_stranger" and not stranger) or (each.code == "threat" and not topic):
                yield f"{each.code}: {each.found}"
        if not seen.proved and any(word in text for word in _MONEY):
            yield "money before identity"
        if any(fact in text for fact in talk.others):
            yield "what is the other person's on a shared phone"


def _twice(text: str) -> str:
    """Two loans may have the same items."""
    prose = (line for line in text.splitlines() if not line.startswith("•"))
    found = Counter(each for line in prose for each in _ENDS.split(line) if len(each) > _SHORT)
    return next((each for each, times in found.items() if times > 1), "")


def _repeated(outgoing: Outgoing, talk: Talk) -> Iterator[str]:
    talk.recent = [*talk.recent[-2:], outgoing.text]
    talk.counts["said twice in a row"] += len(set(talk.recent[-2:])) < len(talk.recent[-2:])
    if len(talk.recent) == 3 and len(set(talk.recent)) == 1:
        yield "the same answer three times"


def _body(outgoing: Outgoing) -> str:
    numbered = outgoing.choices and len(outgoing.text) > WITH_BUTTONS
    return as_numbered(outgoing.text, outgoing.choices) if numbered else outgoing.text
