"""Thanks, or goodbye; a yes or a no to nothing that was asked."""

from flows.acts.readings.apology import APOLOGISE
from flows.acts.readings.end_of_talk import END_TALK
from flows.acts.readings.later import TALK_LATER
from flows.acts.readings.opting_out import ASKS_HOW, STAYS
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow(
    "thanks",
    private=False,
    intents={"thank": None},
    acts=(APOLOGISE, ASKS_HOW, END_TALK, STAYS, TALK_LATER),
    courtesy=True,
)

BACK = key("thanks.back")
BRIEF = key("thanks.brief")
FINE = key("thanks.fine")
LATER = key("identity.later")
NO_HARM = key("thanks.no_harm")
NO_WORRY = key("thanks.no_worry")
STILL_HERE = key("thanks.still_here")
STAYS_SO = key("thanks.stays")
HOW_TO_STOP = key("thanks.how_to_stop")
AGAIN = {BACK: BRIEF, BRIEF: STILL_HERE, FINE: STILL_HERE, LATER: STILL_HERE, NO_HARM: NO_WORRY}
"""Courtesy that is due a second time → what is answered then."""
COURTESIES = frozenset({*AGAIN, *AGAIN.values()})


@flow.state(".")
def start(context: Context) -> Ask | Move:
    act = context.request.get("act")
    if act == APOLOGISE:
        return Done((line(NO_HARM if context.alone else NO_WORRY),))
    if act == ASKS_HOW:
        return Done((line(HOW_TO_STOP),))
    if act == STAYS:
        return Done((line(STAYS_SO),))
    if act == TALK_LATER:
        return Done((line(LATER),), clear=context.facts.borrower is None)  # nobody is pressed for a birthday
    if act == END_TALK:
        return Done((line(FINE),))
    return Done((line(BACK if context.alone else BRIEF),))
