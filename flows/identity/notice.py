"""The notice that the law asks for at first contact (Disposiciones of CONDUSEF on collection, article 6)."""

from flows.types.facts import BorrowerFacts, Facts
from flows.types.wording import Line, key, line

DEBT_ITEM = key("notice.debt_item")
WHO = key("notice.who")
PAY_ONLY = key("notice.pay_only")
RIGHTS = key("notice.rights")
MOST_DEBTS = 4


def notice(person: BorrowerFacts, facts: Facts) -> tuple[Line, ...]:
    """Who collects, for whom, the contract, what is owed and as of when, where to pay, where to complain, the
    privacy notice.
    """
    lender = facts.lender
    debts: list[Line] = []
    for loan in person.loans[:MOST_DEBTS]:
        owed = loan.outstanding
        debts.append(
            line(
                DEBT_ITEM,
                loan=loan.external_id,
                total=owed.total,
                principal=owed.principal,
                interest=owed.interest + owed.tax,
                late_fees=owed.late_fees,
                today=facts.today,
            )
        )
    collector = {"collector": lender.collector, "legal_name": lender.legal_name}
    une = {"une_phone": lender.une_phone, "une_email": lender.une_email, "privacy_url": lender.privacy_url}
    return (
        line(WHO, **collector, address=lender.address, phone=lender.phone),
        *debts,
        line(PAY_ONLY, lender=lender.trade_name),
        line(RIGHTS, **une),
    )
