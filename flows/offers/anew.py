"""A plan that was agreed a moment ago, agreed otherwise: read back anew, in force until that has its yes."""

import re
from dataclasses import replace

from flows.acts.words.sums import parts_meant
from flows.answers import plain
from flows.context import Context
from flows.engine import Go
from flows.offers.agreement import policy_of
from flows.offers.arithmetic import Wish, propose_plans, situation_of
from flows.offers.wishes import corrected, option_meant, wish_of
from flows.types.facts import LoanFacts
from flows.types.wording import key, line

_ONE_OF_THEM = re.compile(
    r"\b(?:la|el) (?:primer|segund|tercer|ultim)[oa]?\b(?! (?:pago|quincena|semana|de))"
    r"|\bthe (?:first|second|third|last) (?:one|option)\b"
)
REPLACES = key("offers.replaces")


def possible(context: Context, loan: LoanFacts) -> bool:
    plan = loan.plan
    new = plan is not None and plan.kind == "plan" and plan.is_new(context.facts.now)
    return new and policy_of(context).plan is not None


def wished(context: Context, loan: LoanFacts) -> Wish | None:
    """What the message wishes otherwise; what it does not name stays as it was agreed."""
    message, plan = context.message, loan.plan
    if message is None or plan is None or not possible(context, loan):
        return None
    if message.payload is not None or message.act == "ask.plan":
        return None
    wish, today = wish_of(message, context.facts.today), context.facts.today
    if message.date == today == plan.parts[0].due_date and wish.amount is not None:
        return Wish(down=wish.amount, parts=len(plan.parts), frequency=plan.frequency, first=today)
    if parts := parts_meant(message.text) or _place_meant(context, loan, message.text):
        wish = Wish(parts=parts, frequency=wish.frequency)
    return corrected(wish, len(plan.parts), plan.frequency, plan.parts[0].due_date) if wish else None


def _place_meant(context: Context, loan: LoanFacts, text: str) -> int | None:
    """«Perdón, la segunda»: how many payments that one of those shown has."""
    named = _ONE_OF_THEM.search(plain(text))
    fresh = situation_of(loan, context.facts.today, policy_of(context))
    shown = propose_plans(policy_of(context), replace(fresh, plan_in_force=False))
    meant = option_meant(named[0], shown) if named else None
    return len(meant.parts) if meant else None


def begin(loan: LoanFacts) -> Go:
    assert loan.plan is not None
    whole = bool(loan.instalments) and loan.plan.covers_until >= loan.instalments[-1].due_date
    slots = {"loan_id": loan.id, "anew": True, "whole": whole}
    return Go("start", slots, (line(REPLACES, folio=loan.plan.folio),))
