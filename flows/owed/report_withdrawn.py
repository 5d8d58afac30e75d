"""«No, mentira, no he pagado»: what was reported as paid is looked for no more, and a day to pay is asked."""

from datetime import date

from flows import which_loan
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.promises.terms import NEGOTIATIONS
from flows.types.effects import WithdrawReport
from flows.types.wording import key, line

flow = Flow("report_withdrawn", acts=("withdraw.report",))

WITHDRAWN = key("payment_report.withdrawn")
LEFT = key("promise.left")
_GIVEN = ("amount", "date", "parts")


@flow.state("@promise", ".")
def start(context: Context) -> Ask | Move:
    held = [loan for loan in which_loan.owing(context) if "payment_reported" in loan.holds]
    if not held:
        return Done()
    loan, effects = held[0], tuple(WithdrawReport(loan.id) for loan in held)
    words = (line(WITHDRAWN),)
    if stands := loan.promise:
        left = line(LEFT, amount=stands.amount, due_date=stands.due_date)
        return Done((*words, left), effects, ends=NEGOTIATIONS)
    request = {name: value for name, value in context.request.items() if name in _GIVEN}
    if date.fromisoformat(request.get("date", "9999-12-31")) < context.facts.today:  # «ayer no pagué»
        request = {}
    return Start("promise", {"loan_id": loan.id, "request": request}, words, effects, alone=True)
