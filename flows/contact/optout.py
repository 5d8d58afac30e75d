"""No more messages: obeyed now, confirmed once, with the way back."""

import re

from flows.answers import plain
from flows.contact.contact_preference import CALL
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OpenTask, OptOut
from flows.types.wording import key, line, title

flow = Flow(
    "optout",
    private=False,
    protects=True,
    discreet=True,
    intents={"opt_out": title("meaning.opt_out")},
    payloads=("stop",),
)

DONE = key("optout.done")
_CALL_ME = re.compile(
    r"\b(?:mejor|prefiero que(?: me)?|just|rather) (?:me )?(?:llam\w+|marqu\w+|call)\b|"
    r"\bcall (?:me )?instead\b|\b(?:llamenme|marquenme|llameme|marqueme|llamame|marcame)\b"
)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """«No me escriban, mejor llámenme»: a person calls; no message follows."""
    done, message = line(DONE, phone=context.lender.phone), context.message
    if context.facts.borrower and message and _CALL_ME.search(plain(message.text)):
        return Done((done, line(CALL)), (OptOut(), OpenTask("preference")), clear=True)
    return Done((done,), (OptOut(),), clear=True)
