"""«La CLABE no me la acepta mi banco»: what to pay into, whole, and a person who looks into it."""

from flows.acts.words.asked import TROUBLE
from flows.care.answer_time import answer_time
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.owed.payment_methods import cash, transfer
from flows.types.effects import OpenTask
from flows.types.wording import key, line

flow = Flow("pay_trouble", acts=(TROUBLE,))

CHECK = key("pay_trouble.check")
PERSON = key("pay_trouble.person")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None:
        return Done(nothing_owed(context))
    words = (
        line(CHECK),
        *transfer(loan, context),
        *cash(loan, context),
        line(PERSON),
        *answer_time(context.facts),
    )
    return Done(words, (OpenTask("question", {}, loan.id),))
