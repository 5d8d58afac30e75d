"""A message read against what is going on: which act on which object it is."""

from flows.acts.apology import APOLOGISE
from flows.acts.interpret import END_TALK, interpret
from flows.acts.language import CHOOSE
from flows.acts.later import TALK_LATER
from flows.acts.offers import ACTS as OFFERS
from flows.acts.pause import PAUSE
from flows.acts.people import BE_ANOTHER, BE_BORROWER
from flows.acts.plainly import STAYS
from flows.acts.proposals import NO_DATE, TOO_MUCH
from flows.acts.strangers import AS_OTHER, NOT_BORROWER
from flows.acts.table import ROWS
from flows.acts.undo import RESTORED

ACTS = (
    *(act for act, _ in ROWS),
    *OFFERS,
    *RESTORED.values(),
    NO_DATE,
    TOO_MUCH,
    TALK_LATER,
    PAUSE,
    END_TALK,
    STAYS,
    APOLOGISE,
    CHOOSE,
    BE_ANOTHER,
    BE_BORROWER,
    NOT_BORROWER,
    AS_OTHER,
)
"""Every act that a message may be."""

__all__ = ["ACTS", "interpret"]
