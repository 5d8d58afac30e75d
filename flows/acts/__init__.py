"""A message read against what is going on: which act on which object it is."""

from flows.acts.interpret import MISSED, interpret
from flows.acts.readings.apology import APOLOGISE
from flows.acts.readings.end_of_talk import END_TALK
from flows.acts.readings.following import LOST
from flows.acts.readings.later import TALK_LATER
from flows.acts.readings.opting_out import ASKS_HOW, NO_CALLS, STAYS
from flows.acts.readings.pause import PAUSE
from flows.acts.readings.proposals import NO_DATE, TOO_MUCH
from flows.acts.readings.strangers import AS_OTHER, ASK_SOURCE, NOT_BORROWER, TO_CLOSED
from flows.acts.readings.terms import ACTS as OFFERS
from flows.acts.readings.undo import RESTORED
from flows.acts.table import ROWS
from flows.acts.words.advice import ACTS as ADVICE
from flows.acts.words.language import CHOOSE
from flows.acts.words.no_person import NO_PERSON
from flows.acts.words.people import ASK_OF_OTHER, BE_ANOTHER, BE_BORROWER
from flows.debit.asked import ASK_CHANGE

ACTS = (
    *(act for act, _ in ROWS),
    *OFFERS,
    *RESTORED.values(),
    *ADVICE,
    MISSED,
    NO_DATE,
    TOO_MUCH,
    TALK_LATER,
    PAUSE,
    ASKS_HOW,
    NO_CALLS,
    END_TALK,
    LOST,
    "ask.old_account",
    STAYS,
    APOLOGISE,
    CHOOSE,
    ASK_CHANGE,
    ASK_OF_OTHER,
    BE_ANOTHER,
    BE_BORROWER,
    NO_PERSON,
    NOT_BORROWER,
    TO_CLOSED,
    ASK_SOURCE,
    AS_OTHER,
)
"""Every act that a message may be."""

__all__ = ["ACTS", "interpret"]
