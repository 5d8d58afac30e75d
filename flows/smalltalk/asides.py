"""What is written to the assistant itself, by anybody: answered in a line, and nothing is done."""

from flows.acts.words.asides import PRESS, SMALL_TALK, TAMPERS
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("aside", private=False, discreet=True, acts=(PRESS, SMALL_TALK, TAMPERS))

NO_ORDERS = key("aside.no_orders")
A_PROGRAM = key("aside.a_program")
NEITHER = key("aside.neither")
TO_PRESS = key("aside.press")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    act = context.request["act"]
    if act == PRESS:
        return Done((line(TO_PRESS, phone=context.lender.phone, hours=context.lender.hours),))
    return Done((line(NO_ORDERS if act == TAMPERS else A_PROGRAM),))
