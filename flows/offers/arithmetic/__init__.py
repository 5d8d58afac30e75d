"""The arithmetic of plans, settlements and extensions inside a lender's policy. Pure: the same values give
the same offers.
"""

from flows.offers.arithmetic.allowed import Allowed, Refusal, allowed
from flows.offers.arithmetic.barriers import HELD, barrier, is_outdated
from flows.offers.arithmetic.counter import Counter, Wish, counter
from flows.offers.arithmetic.propose import plan_of, propose_plans
from flows.offers.arithmetic.single import due_day_moved, extension, payoff, settlement
from flows.offers.arithmetic.situation import Situation, situation_of
from flows.types.offer import Offer, Part

__all__ = [
    "HELD",
    "Allowed",
    "Counter",
    "Offer",
    "Part",
    "Refusal",
    "Situation",
    "Wish",
    "allowed",
    "barrier",
    "counter",
    "due_day_moved",
    "extension",
    "is_outdated",
    "payoff",
    "plan_of",
    "propose_plans",
    "settlement",
    "situation_of",
]
