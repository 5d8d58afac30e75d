"""Every due date on the borrower's payday."""

from flows.acts.readings.agreed import agrees_to_terms
from flows.answers import is_no, is_unsure
from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.offers.agreement import (
    PERSON,
    policy_of,
    propose,
    read_back,
    say_yes,
    situation,
    stopped,
    unsure,
)
from flows.offers.arithmetic import due_day_moved
from flows.types.event import Message
from flows.types.wording import key, line

flow = Flow("due_day", acts=("move.due_day",), payloads=("due_day",))

NOT_NOW = key("offers.not_now")


@flow.state("confirm", ".", "!")
def start(context: Context) -> Ask | Move:
    if (move := stopped(context, "due_day_request")) is not None:
        return move
    loan = context.loan
    assert loan is not None
    offer = due_day_moved(policy_of(context), situation(context, loan))
    if offer is None:
        return HandOver("due_day_request", 1, (line(PERSON, hours=context.lender.hours),))
    return propose(context, loan, offer)


@flow.state("confirm", ".")
def confirm(context: Context) -> Ask | Move:
    return read_back(context, _confirmed) if context.loan is not None else Done()


def _confirmed(context: Context, message: Message) -> Move | None:
    if agrees_to_terms(message):
        return say_yes(context)
    if is_no(message) or message.intent == "deny" or is_unsure(message):
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None
