"""«Ya pagué»: thanked, noted as to be verified, reminders paused two banking days; nothing is posted on
anybody's word.
"""

from datetime import UTC, datetime, time, timedelta

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import PlaceHold, Record
from flows.types.wording import key, line, title
from values import add_banking_days

flow = Flow("payment_report", intents={"report_payment": title("meaning.report_payment")}, payloads=("paid",))

BALANCE_NOTHING = key("balance.nothing")
NOTED = key("payment_report.noted")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done((line(BALANCE_NOTHING, name=context.who.first_name),))
    last = add_banking_days(context.facts.today, context.facts.policy.payment_report_banking_days)
    until = datetime.combine(last + timedelta(days=1), time(6), UTC)  # midnight in Mexico City
    said: dict[str, object] = {"receipt": context.request.get("kind") in ("image", "document")}
    said |= {
        name: context.request[slot]
        for slot, name in (("amount", "amount"), ("date", "paid_on"))
        if slot in context.request
    }
    effects = (Record("payment.reported", said, loan.id), PlaceHold("payment_reported", loan.id, until))
    return Done((line(NOTED, last=last),), effects)
