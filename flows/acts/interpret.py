"""From a reading, the open questions and what is live: the act that a message is, if it is one."""

from dataclasses import replace

from flows.acts import crisis, keywords, people
from flows.acts.offers import act_on_terms
from flows.acts.sums import bare_sum
from flows.acts.table import Situation, act_of
from flows.engine import Ask, Frame
from flows.types.event import Message
from flows.types.facts import Facts

_PROTECTED = frozenset({
    "opt_out", "wrong_person", "third_party", "report_vulnerability", "dispute_debt", "dispute_charge",
    "complain",
    "privacy_request", "talk_to_human",
})  # fmt: skip
"""What is read as one of these is not read again as something milder."""


def interpret(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    """The message read against the open questions and what is live."""
    if message.payload is not None or message.kind != "text":
        return message
    message = _plainly(message, pending)
    if pending is not None and pending.expecting == "identity" and people.asks_why(message.text):
        return replace(message, intent="other", also=(), topic=None)
    if message.intent in (*_PROTECTED, "request_discount") and message.certain:
        return message  # «descuento» of a debt, not of a bank account
    if any(frame.flow == "identity" for frame in stack[-1:]):
        return message
    if stack and stack[-1].flow == "unclear" and message.intent == "affirm" and message.payload is None:
        meanings = stack[-1].slots.get("meanings", ())
        if len(meanings) == 1:
            return replace(message, payload=meanings[0][0])
    situation = Situation.of(message, facts, free=pending is None or pending.menu)
    if message.amount is None and situation.promise and situation.free and situation.says.less:
        situation = replace(situation, message=replace(message, amount=bare_sum(message.text)))
    message, act = situation.message, act_of(situation) or act_on_terms(situation.message)
    if act is None and pending is None and message.intent in ("affirm", "deny"):
        act = "end.talk"
    return replace(message, act=act, certain=True) if act else message


def _plainly(message: Message, pending: Ask | None) -> Message:
    """What some words mean whatever the model reads in them, and what they do not mean."""
    text = message.text
    if crisis.self_harm(text) or crisis.violence(text):
        return replace(message, intent="report_vulnerability", certain=True)
    if keywords.opts_out(text) or (pending is None and text.strip().lower() in keywords.LONE_CANCEL):
        return replace(message, intent="opt_out", certain=True)
    if keywords.opts_in(text):
        return replace(message, intent="opt_in", certain=True)
    if people.declares_other(text) and message.intent not in _PROTECTED - {"wrong_person"}:
        return replace(message, intent="third_party", certain=True)
    if keywords.other_sense(text) and "opt_out" in (message.intent, *message.also):
        return _without_opt_out(message)
    return message


def _without_opt_out(message: Message) -> Message:
    also = tuple(label for label in message.also if label != "opt_out")
    if message.intent != "opt_out":
        return replace(message, also=also)
    rest = tuple(label for label in message.alternatives if label != "opt_out")
    return replace(message, intent="other", also=also, alternatives=rest, certain=not rest)
