"""A message read against what is going on: which act on which object it is."""

from flows.acts.interpret import END_TALK, interpret
from flows.acts.language import CHOOSE
from flows.acts.offers import ACTS as OFFERS
from flows.acts.proposals import NO_DATE
from flows.acts.table import ROWS

ACTS = (*(act for act, _ in ROWS), *OFFERS, NO_DATE, END_TALK, CHOOSE)
"""Every act that a message may be."""

__all__ = ["ACTS", "interpret"]
