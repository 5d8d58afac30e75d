"""Ending the automatic charges: at once, for anybody who writes from here, with what is already in flight."""

from flows.border.effects import CancelMandate
from flows.engine import Ask, Done, Flow, Line, Move, Scene, line

flow = Flow("cancel_debit", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    """It does not cancel the debt, and is never made to depend on paying it."""
    people = (scene.facts.borrower,) if scene.facts.borrower else scene.facts.candidates
    loans = [loan for person in people for loan in person.loans if loan.mandate]
    effects = tuple(CancelMandate(loan.id, "borrower") for loan in loans)
    if scene.facts.borrower is None:
        return Done((line("cancel_debit.done_plain"),), effects)
    if not loans:
        return Done((line("cancel_debit.none"),))
    flying: tuple[Line, ...] = tuple(
        line("cancel_debit.in_flight_item", amount=amount, date=day)
        for loan in loans
        if loan.mandate
        for day, amount in loan.mandate.charges_in_flight
    )
    head = line("cancel_debit.done", bank=loans[0].mandate.bank if loans[0].mandate else "", last4=loans[0].mandate.last4 if loans[0].mandate else "")
    return Done((head, *flying, line("cancel_debit.other_ways")), effects)
