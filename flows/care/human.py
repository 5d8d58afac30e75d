"""A person is wanted: one step, one message, then silence until a person answers or is wanted no more."""

from flows.acts.words.no_person import NO_PERSON
from flows.contact.contact_preference import call, wants_call
from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.types.effects import TakeBack
from flows.types.event import Message
from flows.types.wording import Line, key, line

flow = Flow(
    "human", private=False, protects=True, discreet=True, intents={"talk_to_human": None}, payloads=("agent",)
)

taken_back = Flow("no_person", private=False, discreet=True, acts=(NO_PERSON,))

WAIT = key("human.wait")
CONFIRMS = key("human.confirms")
GOES_ON = key("human.goes_on")


@flow.state("!")
def start(context: Context) -> Ask | Move:
    if wants_call(context):
        return call(context, {"channel": "call"})
    return HandOver("asked", 1, (line(WAIT, hours=context.lender.hours),))


def left_to_person(message: Message) -> tuple[Line, ...]:
    """«El viernes pago 680 y quiero poner una queja»: a promise that nobody reads back now."""
    if message.amount is None or message.date is None or len(message.parts) > 1:
        return ()
    return (line(CONFIRMS, amount=message.amount, due_date=message.date),)


@taken_back.state(".")
def start_again(context: Context) -> Ask | Move:
    """The talk goes on with us, from where it was."""
    del context
    return Done((line(GOES_ON),), (TakeBack(),))
