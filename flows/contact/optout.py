"""No more messages: obeyed now, confirmed once, with the way back."""

import re

from flows.answers import plain
from flows.contact.contact_preference import CALL
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OpenTask, OptOut
from flows.types.wording import Line, key, line, title

flow = Flow(
    "optout",
    private=False,
    protects=True,
    discreet=True,
    intents={"opt_out": title("meaning.opt_out")},
    payloads=("stop",),
)

DONE = key("optout.done")
DEBIT_STAYS = key("optout.debit_stays")
_CALL_ME = re.compile(
    r"\b(?:mejor|prefiero que(?: me)?|just|rather) (?:me )?(?:llam\w+|marqu\w+|call)\b|"
    r"\bcall (?:me )?instead\b|\b(?:llamenme|marquenme|llameme|marqueme|llamame|marcame)\b"
)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """«No me escriban, mejor llámenme»: a person calls; no message follows."""
    done, message = (line(DONE, phone=context.lender.phone), *_still_written_of(context)), context.message
    if context.facts.borrower and message and _CALL_ME.search(plain(message.text)):
        return Done((*done, line(CALL)), (OptOut(), OpenTask("preference")), clear=True)
    return Done(done, (OptOut(),), clear=True)


def _still_written_of(context: Context) -> tuple[Line, ...]:
    """A debit goes on, and so do the notices of its charges, unless the same message ends it."""
    person, message = context.facts.borrower, context.message
    ends = message is not None and "cancel_debit" in (message.intent, *message.also)
    stands = person is not None and any(loan.mandates for loan in person.loans)
    return (line(DEBIT_STAYS),) if stands and not ends else ()
