"""How the account that is charged is changed one day."""

from flows.context import Context
from flows.debit.asked import ASK_CHANGE
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("account_change", acts=(ASK_CHANGE,))

HOW = key("account_change.how")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done((line(HOW),))
