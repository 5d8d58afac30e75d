"""Questions about a payment whose answer is a topic, whatever day or sum stands in them: what it costs to be
late, and when it is seen.
"""

from dataclasses import replace

from flows.acts.words.questions import asks_more_charged, asks_of_fees, supposes_late
from flows.acts.words.signals import Signals
from flows.types.event import Message
from flows.types.facts import Facts


def of_lateness(message: Message) -> Message | None:
    """What it costs to be late."""
    if supposes_late(message.text):
        return replace(message, intent="other", topic="late_fees", date=None, amount=None, certain=True)
    milder = (message.intent in ("other", "request_extension") or not message.certain) and not message.topic
    if message.intent == "ask_breakdown" and asks_of_fees(message.text):
        return replace(message, intent="other", topic="late_fees", certain=True)
    more = milder and asks_more_charged(message.text)
    return replace(message, topic="late_fees", certain=True) if more else None


def of_posting(message: Message, facts: Facts) -> Message | None:
    """When a payment is seen."""
    if not Signals(message.text).posts or "payment_time" not in facts.lender.topics:
        return None
    return replace(message.meaning("other"), topic="payment_time", date=None, amount=None, parts=())
