"""Several loans in one message: «el de 680 el viernes y el otro el 9». Each is read back with its own day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.acts.readings.other_loan import adds_other
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum, for_each
from flows.answers import plain
from flows.context import Context
from flows.engine import Go
from flows.types.event import Message, PaymentPart
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line
from flows.which_loan import NEXT, both_named, means_both, named_of, of_sum, owing
from values import Money

LOAN_ITEM = key("promise.loan_item")
EACH_LOAN = key("promise.each_loan")
ONE_BY_ONE = key("promise.one_by_one")
THEN = key("promise.then_the_other")


_ONE_MORE = re.compile(r"(?:y|and|tambien|also)\b")


@dataclass(frozen=True, slots=True)
class OfLoan:
    """A payment of one loan; `amount` is what is due of it where no sum is named."""

    loan: LoanFacts
    amount: Money
    day: date

    @property
    def slots(self) -> dict[str, Any]:
        """What the flow is called with for this loan (JSON values)."""
        request = {"amount": self.amount.centavos, "date": self.day.isoformat()}
        return {"loan_id": self.loan.id, "request": request}


def each_in_turn(context: Context, message: Message) -> Go | None:
    """What was understood, whole, then one read-back after the other; null where it is not plain which
    payment is which loan's. A payment without a day is of the day that was named before.
    """
    payments = _payments(context, message)
    if len(payments) < 2:
        return None
    first, *others = payments
    lines: tuple[Line, ...] = (
        line(EACH_LOAN),
        *(line(LOAN_ITEM, loan=p.loan.external_id, amount=p.amount, due_date=p.day) for p in payments),
        line(ONE_BY_ONE),
    )
    return Go("begin", first.slots | {"then": [payment.slots for payment in others]}, lines)


def _payments(context: Context, message: Message) -> tuple[OfLoan, ...]:
    loans, parts, today = owing(context), message.parts, context.facts.today
    named = context.request.get("date")
    asked = date.fromisoformat(named) if named else None
    if len(loans) < 2:
        return ()
    amount, day = message.amount or bare_sum(message.text), message.date or asked
    if for_each(message.text) and amount and day:
        return tuple(OfLoan(loan, amount, day) for loan in loans)
    if means_both(message) and day and not (amount or parts):  # «pago los dos el viernes»
        return tuple(OfLoan(loan, due, day) for loan in loans if (due := loan.payable(today)))
    if len(parts) != 2:
        return ()
    meant = both_named(loans, message.text) or _priced(loans, parts, today) or _other(loans, message, today)
    if not meant:
        return ()
    return tuple(
        OfLoan(loan, part.amount or loan.payable(today), day)
        for loan, part in zip(meant, parts, strict=True)
        if (day := part.date or asked)
    )


def _priced(loans: Sequence[LoanFacts], parts: Sequence[PaymentPart], today: date) -> tuple[LoanFacts, ...]:
    """«680 el viernes y 1240 el 9»: each sum is what is owed of one loan, or due."""
    found = [loan for part in parts if part.amount and (loan := of_sum(loans, part.amount, today))]
    return tuple(found) if len({loan.id for loan in found}) == 2 else ()


def _other(loans: Sequence[LoanFacts], message: Message, today: date) -> tuple[LoanFacts, ...]:
    """«El de 680 el viernes y el otro el 9», «el grande el viernes y el otro el 9»: of two loans."""
    first, second = message.parts
    if len(loans) != 2 or first.other_loan or not second.other_loan:
        return ()
    one = of_sum(loans, first.amount, today) or named_of(loans, message.text) or loans[0]
    return one, next(loan for loan in loans if loan is not one)


def one_by_one(context: Context) -> Go:
    """«Los dos», «700 a cada uno»: one is agreed after the other."""
    first, *others = owing(context)
    each = context.message is not None and for_each(context.message.text)
    same = {"request": {"amount": context.request["amount"]}} if each and context.named_sum else {}
    slots = {"loan_id": first.id, "then": [{"loan_id": loan.id} | same for loan in others]}
    return Go("begin", slots, (line(NEXT, loan=first.external_id),))


def of_charge(context: Context) -> LoanFacts | None:
    """«El del viernes lo pago yo, no me cobren»: the one loan whose charge that is."""
    text = context.message.text if context.message else ""
    found = [loan for loan in owing(context) if loan.announced_charge] if Signals(text).not_charge else []
    return found[0] if len(found) == 1 else None


def other_added(context: Context, message: Message) -> Go | None:
    """«Y el otro el 9», «y el L2 el 9», «¿y el otro?», where one of two loans is read back, or its sum asked
    for: it comes next, of itself on the same day. Of a loan without a sum all is paid that is due.
    """
    loans, same_day, today = owing(context), adds_other(message.text), context.facts.today
    day = context.day("date") if same_day else message.date
    if len(loans) != 2 or day is None or "then" in context.slots:
        return None
    here, loan = sorted(loans, key=lambda loan: loan.id != context.slots["loan_id"])
    named = _ONE_MORE.match(plain(message.text)) and named_of(loans, message.text) is loan
    if not (same_day or named or any(part.other_loan for part in message.parts)):
        return None
    amount = message.amount or loan.payable(today)
    if re.sub(r"\D", "", loan.external_id) == str(amount.centavos // 100):  # «y el L2»
        amount = loan.payable(today)
    words = line(THEN, loan=loan.external_id, amount=amount, due_date=day)
    whole = {} if context.money("amount") else {"amount": here.payable(today).centavos}
    return Go("confirm", {"then": [OfLoan(loan, amount, day).slots], **whole}, (words,))
