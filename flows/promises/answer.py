"""What a message answers to a question about a promise: a day, a sum, another loan, a yes."""

import re
from datetime import date
from typing import Any

from flows import which_loan
from flows.acts.words.owed import REST_IN_PARTS
from flows.answers import drops, plain, words_unsure
from flows.context import Context
from flows.promises.read_back import loan_of
from flows.promises.terms import Given, given, in_week, means_all
from flows.types.event import Message
from flows.types.facts import LoanFacts

_SHARE_WORDS = 3
_OTHER_LOAN = re.compile(r"\b(?:del|el|al) otro(?: (?:credito|prestamo)\b|$)|\bthe other (?:loan|one)\b")
_ASKS_HOW_MUCH = re.compile(r"\b(?:cuant[oa]s?|cual|que|por|how|what|why)\b")
_NOT_A_PROMISE = frozenset(
    {
        "report_payment",
        "ask_balance",
        "ask_breakdown",
        "ask_payment_methods",
        "ask_identity",
        "authorize_debit",
        "cancel_debit",
        "change_account",
        "provide_clabe",
        "request_discount",
        "request_loan",
        "contact_preference",
    }
)
"""What is certainly one of these is no answer to a question of this flow, whatever days and sums it holds."""


def answered(context: Context, message: Message) -> Given:
    """The day and the sum that a message gives as an answer; nothing where it is about something else."""
    share = bool(message.parts) and len(message.text.split()) <= _SHARE_WORDS  # «la mitad», of what was asked
    share = share or means_all(message) or _names_sum(message)
    spread = "frequency" in message.entities or REST_IN_PARTS.search(plain(message.text)) is not None
    by_turns = (
        message.intent == "request_plan" and spread and (message.date is None or len(message.parts) > 1)
    )
    other = (is_of_other(message) or (message.certain and by_turns)) and not share
    gives = message.date is not None or message.amount is not None
    unsure = not gives and (words_unsure(message) or drops(message))
    if message.payload is not None or other or unsure:  # «sí, pero no sé si todo»
        return Given()
    asks = message.text.rstrip().endswith("?") and message.intent == "other" and len(message.text.split()) > 2
    loan = loan_of(context)
    return Given() if asks else in_week(context, loan, given(context, loan, message), message)


def is_of_other(message: Message) -> bool:
    """Whether it is certainly no answer to a question about a promise."""
    return message.certain and message.intent in _NOT_A_PROMISE


def _names_sum(message: Message) -> bool:
    """«Sería el total, los 680», read as a question about it."""
    read = message.intent in ("ask_balance", "ask_breakdown") and message.amount is not None
    return read and "?" not in message.text and _ASKS_HOW_MUCH.search(plain(message.text)) is None


def other_loan(context: Context, message: Message) -> LoanFacts | None:
    """«No, del otro crédito», where there are two; or the one that the text names."""
    here, loans = loan_of(context), which_loan.owing(context)
    named = which_loan.named(context, message.text) if message.payload is None else None
    if named is None and len(loans) == 2 and _OTHER_LOAN.search(plain(message.text)):
        named = next(loan for loan in loans if loan.id != here.id)
    return named if named and named.id != here.id else None


def names_it(context: Context, message: Message) -> bool:
    """«No, solo el grande», of the one of several that is asked about."""
    named = which_loan.named(context, message.text) if message.payload is None else None
    return named is not None and len(which_loan.owing(context)) > 1 and named.id == loan_of(context).id


def dated_rest(context: Context, day: date) -> list[dict[str, Any]]:
    """The day of what was left open: «300 el viernes y lo demás después», «el 5». Empty where none was."""
    first, rest = context.day("date"), context.slots.get("rest") or []
    if len(rest) != 1 or rest[0]["date"] or first is None or day <= first:
        return []
    return [rest[0] | {"date": day.isoformat()}]
