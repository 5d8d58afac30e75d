"""The notice that the law asks for at first contact (Disposiciones of CONDUSEF on collection, article 6)."""

from dataclasses import replace

from flows.context import Context
from flows.engine import Done, Flow, Move
from flows.types.effects import GiveNotice, Say
from flows.types.facts import BorrowerFacts, Facts, LenderFacts
from flows.types.wording import Line, key, line

flow = Flow("first_notice")

THANKS = key("identity.thanks")

DEBT_ITEM = key("notice.debt_item")
DEBT_NO_FEES_ITEM = key("notice.debt_no_fees_item")
DEBT_PRINCIPAL_ITEM = key("notice.debt_principal_item")
WHO = key("notice.who")
PAY_ONLY = key("notice.pay_only")
RIGHTS = key("notice.rights")
MOST_DEBTS = 4
ROOM = 330
"""Characters of names, addresses and phones up to which the notice of one loan leaves room for a question in
a message of 1,024 (tested for each catalogue).
"""


@flow.state(".")
def start(context: Context) -> Move:
    """Once, with what comes next in one message, where it fits."""
    person = context.who
    words = (line(THANKS, name=person.first_name), *notice(person, context.facts))
    if fits_with_more(person, context.facts):
        return Done(words, (GiveNotice(),))
    return Done((), (Say(words, alone=True), GiveNotice()))


def notice(person: BorrowerFacts, facts: Facts) -> tuple[Line, ...]:
    """Who collects, for whom, the contract, what is owed and as of when, where to pay, where to complain, the
    privacy notice.
    """
    lender = _lender(person, facts)
    debts: list[Line] = []
    for loan in person.loans[:MOST_DEBTS]:
        owed = loan.outstanding
        about = {
            "loan": loan.external_id,
            "total": owed.total,
            "principal": owed.principal,
            "today": facts.today,
        }
        interest = owed.interest + owed.tax
        if owed.late_fees:
            debts.append(line(DEBT_ITEM, **about, interest=interest, late_fees=owed.late_fees))
        elif interest:
            debts.append(line(DEBT_NO_FEES_ITEM, **about, interest=interest))
        else:
            debts.append(line(DEBT_PRINCIPAL_ITEM, **about))
    collector = {"collector": lender.collector, "legal_name": lender.legal_name}
    une = {"une_phone": lender.une_phone, "une_email": lender.une_email, "privacy_url": lender.privacy_url}
    return (
        line(WHO, **collector, address=lender.address, phone=lender.phone),
        *debts,
        line(PAY_ONLY, lender=lender.trade_name),
        line(RIGHTS, **une),
    )


def _lender(person: BorrowerFacts, facts: Facts) -> LenderFacts:
    return replace(facts, borrower=person).lender_to()


def fits_with_more(person: BorrowerFacts, facts: Facts) -> bool:
    lender = _lender(person, facts)
    given = (
        person.first_name,
        lender.trade_name,
        lender.collector,
        lender.legal_name,
        lender.address,
        lender.phone,
        lender.une_phone,
        lender.une_email,
        lender.privacy_url,
    )
    return len(person.loans) == 1 and sum(map(len, given)) <= ROOM
