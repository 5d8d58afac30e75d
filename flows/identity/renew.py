"""Before the proof of identity lapses where a debit's notices go: whether they are still read there. An
answer from the same address keeps the proof.
"""

from flows.answers import YES_NO, agrees, leans_no, leans_yes
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.event import Message
from flows.types.wording import key, line

flow = Flow("renew_identity")

STILL_HERE = key("identity.still_here")
KEPT = key("identity.kept")


@flow.state("@wrong_person", ".")
def start(context: Context) -> Ask | Move:
    words = line(STILL_HERE, name=context.who.first_name, lender=context.lender.trade_name)
    return Ask((words,), "yes_no", _answered, YES_NO)


def _answered(context: Context, message: Message) -> Move | None:
    del context
    if leans_yes(message) or agrees(message):
        return Done((line(KEPT),))
    return Start("wrong_person") if leans_no(message) else None
