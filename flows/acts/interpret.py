"""From a reading, the open questions and what is live: the act that a message is, if it is one."""

from dataclasses import replace

from flows.engine import Ask, Frame
from flows.types.event import Message
from flows.types.facts import Facts


def interpret(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    """The message, with its act where it is one."""
    del stack, facts
    if message.payload is not None or message.kind != "text":
        return message
    given = message.date is not None or message.amount is not None
    if message.intent == "other" and given and (pending is None or pending.menu):
        return replace(message, intent="promise_to_pay", certain=True)
    return message
