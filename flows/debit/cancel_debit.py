"""Ending the automatic charges: at once, for anybody who writes from here, with what is already in flight."""

from flows.engine import Ask, Context, Done, Flow, Line, Move, line
from flows.types.effects import CancelMandate

flow = Flow("cancel_debit", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """It does not cancel the debt, and is never made to depend on paying it. Terms that wait for an answer
    are gone with it.
    """
    people = (context.facts.borrower,) if context.facts.borrower else context.facts.candidates
    loans = [loan for person in people for loan in person.loans if loan.mandates]
    effects = tuple(CancelMandate(loan.id, "borrower") for loan in loans)
    if context.facts.borrower is None:
        return Done((line("cancel_debit.done_plain"),), effects, ends="mandate")
    given = [mandate for loan in loans for mandate in loan.mandates if mandate.status != "requested"]
    if not given:
        return Done((line("cancel_debit.none"),), effects, ends="mandate")
    flying: tuple[Line, ...] = tuple(
        line("cancel_debit.in_flight_item", amount=amount, date=day)
        for mandate in given
        for day, amount in mandate.charges_in_flight
    )
    heads = tuple(line("cancel_debit.done", bank=mandate.bank, last4=mandate.last4) for mandate in given)
    return Done((*heads, *flying, line("cancel_debit.other_ways")), effects, ends="mandate")
