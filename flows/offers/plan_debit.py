"""The parts of a plan charged by themselves: offered once it is agreed."""

from flows.answers import leans_yes
from flows.buttons import LATER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.wording import key, line, title

flow = Flow("plan_debit")

OFFER = key("offers.debit_offer")
CHARGE_THEM = title("offers.debit_yes")


@flow.state("@mandate", ".")
def start(context: Context) -> Ask | Move:
    if context.loan is None:
        return Done()
    return Ask((line(OFFER),), "choice", _read, (Choice("debit", CHARGE_THEM), LATER), menu=True)


def _read(context: Context, message: Message) -> Move | None:
    if leans_yes(message) or message.payload == "debit":
        return Start("mandate", {"loan_id": context.slots["loan_id"]})
    return no_answer(context, message)
