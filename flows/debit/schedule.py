"""What is charged on which day under a mandate, and how much of it falls into one of its billing periods."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from flows.context import Context
from flows.types.facts import LoanFacts
from flows.types.offer import Offer
from values import Money, billing_window, frequency

Payment = tuple[date, Money]


def schedule(loan: LoanFacts) -> list[Payment]:
    """Of the loan as it stands: the unpaid parts of its plan, and the instalments that no plan covers."""
    plan = loan.plan
    if plan is None or not plan_charged(loan):
        return [(each.due_date, each.unpaid.total) for each in loan.instalments]
    parts = [(part.due_date, part.amount) for part in plan.parts if part.status != "kept"]
    return parts + _uncovered(loan, plan.covers_until)


def most_in_a_period(how_often: str, payments: Iterable[Payment]) -> Money:
    """The most that any one billing period takes."""
    periods: dict[date, list[Money]] = defaultdict(list)
    for day, amount in payments:
        periods[billing_window(how_often, day)[0]].append(amount)
    return max(map(Money.total, periods.values()))


def most(loan: LoanFacts) -> Money:
    """The most that one billing period may take: the largest instalment that is still unpaid; under a plan,
    the most that it takes in one.
    """
    if not plan_charged(loan):
        return max(instalment.unpaid.total for instalment in loan.instalments)
    return most_in_a_period(often(loan), schedule(loan))


def often(loan: LoanFacts) -> str:
    """Each payment is a period of its own where a plan is in force: its days are no regular ones."""
    if not plan_charged(loan):
        return frequency([instalment.due_date for instalment in loan.instalments])
    return "instalment"


def plan_charged(loan: LoanFacts | None) -> int | None:
    """The plan whose parts a new consent charges."""
    plan = loan.plan if loan else None
    return plan.id if plan is not None and plan.kind == "plan" else None


def outgrown(loan: LoanFacts) -> bool:
    """A plan is in force whose parts the mandate that stands does not charge: it takes a new consent."""
    plan, mandate = loan.plan, loan.mandate
    waits = loan.pending is not None and loan.pending.status != "requested"
    active = mandate is not None and mandate.status == "active"
    return plan is not None and plan.kind == "plan" and not plan.by_debit and active and not waits


def fits(loan: LoanFacts, offer: Offer) -> bool:
    """Whether the parts of a plan may be charged under the mandate that stands: inside its maximum, in every
    billing period, with whatever else falls due in it. While something is at the bank, nobody knows.
    """
    mandate = loan.mandate
    if mandate is None or mandate.status != "active" or mandate.charges_in_flight or offer.kind != "plan":
        return False
    payments = [(part.due_date, part.amount) for part in offer.parts] + _uncovered(loan, offer.covers_until)
    return most_in_a_period(mandate.frequency, payments) <= mandate.max_amount


def _uncovered(loan: LoanFacts, until: date) -> list[Payment]:
    return [(each.due_date, each.unpaid.total) for each in loan.instalments if each.due_date > until]


def why_void(context: Context, loan: LoanFacts) -> str | None:
    """Why these terms can no longer be accepted: another amount is owed, or the question is void; null when
    they can.
    """
    waits = (
        loan.pending is not None
        and loan.pending.status == "requested"
        and loan.pending.folio == context.slots["folio"]
    )
    if waits and context.facts.refused:
        return "expired"
    if context.slots["asked"] == context.facts.now.isoformat():  # put in this very step
        return None
    if most(loan) != context.money("max_amount") or often(loan) != context.slots["frequency"]:
        return "changed"
    return None if waits else "expired"
