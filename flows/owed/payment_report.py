"""«Ya pagué»: thanked, noted as to be verified, reminders paused two banking days; nothing is posted on
anybody's word.
"""

from datetime import UTC, datetime, time, timedelta

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import PlaceHold, Record
from values import add_banking_days

flow = Flow("payment_report", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=context.who.first_name),))
    last = add_banking_days(context.facts.today, context.facts.policy.payment_report_banking_days)
    until = datetime.combine(last + timedelta(days=1), time(6), UTC)  # midnight in Mexico City
    said: dict[str, object] = {"receipt": context.heard.get("kind") in ("image", "document")}
    said |= {
        name: context.heard[slot]
        for slot, name in (("amount", "amount"), ("date", "paid_on"))
        if slot in context.heard
    }
    effects = (Record("payment.reported", said, loan.id), PlaceHold("payment_reported", loan.id, until))
    return Done((line("payment_report.noted", last=last),), effects)
