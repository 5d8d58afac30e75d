"""Does not recognise the debt, or one charge: nothing is asked for until a person has looked. Of several
loans, only of the one that is named.
"""

from flows.acts.words.signals import Signals
from flows.care.cases import Case, case
from flows.context import Context
from flows.engine import Ask, Flow, HandOver, Move
from flows.types.wording import Line, key, line, title

debt = Flow(
    "dispute_debt", private=False, protects=True, intents={"dispute_debt": title("meaning.dispute_debt")}
)
charge = Flow(
    "dispute_charge",
    private=False,
    protects=True,
    intents={"dispute_charge": title("meaning.dispute_charge")},
)

DEBT = key("dispute.debt")
CHARGE = key("dispute.charge")
AMOUNT = key("dispute.amount")
ALSO = key("dispute.also")
ALSO_CHARGED = key("dispute.also_charged")


@debt.state("!")
def start(context: Context) -> Ask | Move:
    lender = context.lender
    words = line(DEBT, une_phone=lender.une_phone, une_email=lender.une_email)
    opened = case(context.facts, "dispute", context.slots.get("loan_id"), about="debt")
    return HandOver("dispute_debt", 2, _told(context, words, opened), opened.effects)


@charge.state("!")
def start_charge(context: Context) -> Ask | Move:
    """Debits under the mandate stop with the hold; the words name the bank's own way to object. «Debo 500, no
    600» is of no charge to an account.
    """
    lender, person = context.lender, context.facts.borrower
    debits = person is None or any(loan.mandates for loan in person.loans)
    says = Signals(context.message.text if context.message else "")
    words = line(
        CHARGE if debits or says.charge or says.charged else AMOUNT,
        une_phone=lender.une_phone,
        une_email=lender.une_email,
    )
    opened = case(context.facts, "dispute", context.slots.get("loan_id"), about="charge")
    return HandOver("dispute_charge", 2, _told(context, words, opened), opened.effects)


def _told(context: Context, words: Line, opened: Case) -> tuple[Line, ...]:
    """In short next to a complaint, which names the day and where else to go."""
    message = context.message
    if message is None or "complain" not in (message.intent, *message.also):
        return words, opened.words
    charged = any(loan.mandates for loan in context.facts.loans)
    return (line(ALSO_CHARGED if charged else ALSO, folio=opened.folio),)
