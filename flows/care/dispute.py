"""Does not recognise the debt, or one charge: nothing is asked for until a person has looked."""

from flows.engine import Ask, Context, Flow, HandOver, Move, line
from flows.types.effects import PlaceHold, Record

debt = Flow("dispute_debt", version=1, private=False)
charge = Flow("dispute_charge", version=1, private=False)
flows = (debt, charge)


@debt.state("!")
def start(context: Context) -> Ask | Move:
    lender = context.facts.lender
    words = line("dispute.debt", une_phone=lender.une_phone, une_email=lender.une_email)
    return HandOver(
        "dispute_debt", 2, (words,), (Record("dispute.opened", {"about": "debt"}), PlaceHold("dispute"))
    )


@charge.state("!")
def start_charge(context: Context) -> Ask | Move:
    """Debits under the mandate stop with the hold; the bank's own way to object is said too."""
    lender = context.facts.lender
    words = line("dispute.charge", une_phone=lender.une_phone, une_email=lender.une_email)
    return HandOver(
        "dispute_charge", 2, (words,), (Record("dispute.opened", {"about": "charge"}), PlaceHold("dispute"))
    )
