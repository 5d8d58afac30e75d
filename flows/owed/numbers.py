"""Which loans somebody has here, and the numbers that they go by."""

from collections.abc import Iterator

from flows import which_loan
from flows.acts.words.asked import FOLIO, LOANS, NOT_MINE, NUMBER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line

flow = Flow("numbers", acts=(FOLIO, LOANS, NOT_MINE, NUMBER))

ONE = key("numbers.one")
SEVERAL = key("numbers.several")
LOAN_ITEM = key("numbers.loan_item")
IF_UNKNOWN = key("numbers.if_unknown")
AGREEMENT = key("numbers.agreement_item")
DEBIT = key("numbers.debit_item")
CASE = key("numbers.case_item")
CASES = key("numbers.cases")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loans, act = which_loan.owing(context), context.request.get("act")
    folios = tuple(each for loan in loans for each in _folios(loan))
    if act == FOLIO:
        if cases := tuple(line(CASE, folio=case.folio) for case in context.facts.cases):
            return Done((*cases, *folios))
        number = () if folios or not loans else _loans(loans)
        return Done((*folios, *number, line(CASES, phone=context.lender.phone)))
    if not loans:
        return Done(nothing_owed(context))
    return Done((*_loans(loans), *folios, *((line(IF_UNKNOWN),) if act == NOT_MINE else ())))


def _loans(loans: tuple[LoanFacts, ...]) -> tuple[Line, ...]:
    if len(loans) == 1:
        return (line(ONE, loan=loans[0].external_id),)
    items = (line(LOAN_ITEM, loan=loan.external_id, total=loan.outstanding.total) for loan in loans)
    return (line(SEVERAL, count=len(loans)), *items)


def _folios(loan: LoanFacts) -> Iterator[Line]:
    if loan.plan:
        yield line(AGREEMENT, folio=loan.plan.folio)
    for mandate in loan.mandates:
        yield line(DEBIT, folio=mandate.folio)
