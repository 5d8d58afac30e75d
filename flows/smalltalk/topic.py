"""What borrowers ask that is no act: answered in the lender's own words, or honestly not known."""

from flows.acts.words.asked import CONTRACT
from flows.care.answer_time import answer_time
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OpenTask
from flows.types.topic_values import values
from flows.types.topics import Topic
from flows.types.wording import Key, key, line
from values import Money

flow = Flow("topic")
open_to_all = Flow("open_topic", private=False)
unknown = Flow("unknown_topic", private=False, acts=(CONTRACT,))

UNKNOWN = key("topic.unknown")

OPEN = frozenset({"genuine", "never_asked", "birthday_why", "contact", "une"})
"""Their answers name no debt: anybody may read them."""


def is_open(topic: Topic) -> bool:
    return topic.name in OPEN and not topic.private


@flow.state(".")
def start(context: Context) -> Ask | Move:
    topic = context.lender.topics.get(context.request.get("topic", ""))
    if topic is None:
        return _unknown(context)
    if topic.of_loan and context.loan is None:
        return Done()
    return _answer(context, topic)


@open_to_all.state(".")
def start_open(context: Context) -> Ask | Move:
    return _answer(context, context.lender.topics[context.request["topic"]])


def _answer(context: Context, topic: Topic) -> Move:
    loan = context.loan if context.facts.borrower else None
    given = values(topic, context.facts, loan)
    zero = topic.when_zero and any(value in (0, Money(0)) for value in given.values())
    return Done((line(Key(topic.key_when_zero if zero else topic.key), **given),))


@unknown.state(".")
def start_unknown(context: Context) -> Ask | Move:
    return _unknown(context)


def _unknown(context: Context) -> Move:
    """A question that nothing here answers goes to a person, and the borrower reads so."""
    loan = context.loan if context.facts.borrower else None
    return Done(
        (line(UNKNOWN), *answer_time(context.facts)), (OpenTask("question", {}, loan.id if loan else None),)
    )
