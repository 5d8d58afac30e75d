"""A person is wanted: one step, one message, then silence until a person answers."""

from flows.contact.contact_preference import call, wants_call
from flows.context import Context
from flows.engine import Ask, Flow, HandOver, Move
from flows.types.wording import key, line

flow = Flow(
    "human", private=False, protects=True, discreet=True, intents={"talk_to_human": None}, payloads=("agent",)
)

WAIT = key("human.wait")


@flow.state("!")
def start(context: Context) -> Ask | Move:
    if wants_call(context):
        return call({"channel": "call"})
    return HandOver("asked", 1, (line(WAIT, hours=context.lender.hours),))
