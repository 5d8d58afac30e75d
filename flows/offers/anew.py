"""A plan that was agreed a moment ago, agreed otherwise: read back anew, in force until that has its yes."""

from dataclasses import replace

from flows.acts.sums import parts_meant
from flows.context import Context
from flows.engine import Go
from flows.offers.agreement import policy_of
from flows.offers.arithmetic import Wish
from flows.offers.wishes import corrected, wish_of
from flows.types.facts import LoanFacts
from flows.types.wording import key, line

REPLACES = key("offers.replaces")


def possible(context: Context, loan: LoanFacts) -> bool:
    plan = loan.plan
    new = plan is not None and plan.kind == "plan" and plan.is_new(context.facts.now)
    return new and policy_of(context).plan is not None


def wished(context: Context, loan: LoanFacts) -> Wish | None:
    """What the message wishes otherwise; what it does not name stays as it was agreed."""
    message, plan = context.message, loan.plan
    if message is None or message.payload is not None or plan is None or not possible(context, loan):
        return None
    wish = wish_of(message, context.facts.today)
    if parts := parts_meant(message.text):
        wish = replace(wish, parts=parts, amount=None)
    return corrected(wish, len(plan.parts), plan.frequency, plan.parts[0].due_date) if wish else None


def begin(loan: LoanFacts) -> Go:
    assert loan.plan is not None
    whole = bool(loan.instalments) and loan.plan.covers_until >= loan.instalments[-1].due_date
    slots = {"loan_id": loan.id, "anew": True, "whole": whole}
    return Go("start", slots, (line(REPLACES, folio=loan.plan.folio),))
