"""What happened elsewhere, reported to the one it concerns: payments, promises, mandates, charges."""

from typing import Any

from flows.buttons import AGENT, DEBIT, LATER, PAY_NOW
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.balance import credit
from flows.smalltalk.hello import no_answer
from flows.types.effects import AnnounceCharge
from flows.types.event import DomainEvent
from flows.types.wording import Line, key, line

flow = Flow(
    "news",
    news={
        "payment.posted": "confirmation",
        "payment.not_found": "confirmation",
        "promise.partial": "contact",
        "promise.broken": "contact",
        "mandate.active": "confirmation",
        "mandate.rejected": "confirmation",
        "mandate.cancelled": "confirmation",
        "charge.notified": "notice",
        "charge.moved": "confirmation",
        "charge.collected": "confirmation",
        "charge.settled": "confirmation",
        "charge.returned": "confirmation",
        "charge.reversed": "confirmation",
    },
)

REJECTED_KEEPS = key("news.mandate_rejected_keeps")
CHARGE_NOTIFIED = key("news.charge_notified")
CHARGE_MOVED = key("news.charge_moved")
CHARGE_HELD = key("news.charge_held")
CHARGE_LESS = key("news.charge_less")
CHARGE_RETRIED = key("news.charge_retried")
CHARGE_NEW_ACCOUNT = key("news.charge_new_account")
CHARGE_STOPPED = key("news.charge_stopped")
CHARGE_RETURNED = key("news.charge_returned")
PAID = key("news.paid")
PROMISE_PARTIAL = key("news.promise_partial")
PROMISE_BROKEN = key("news.promise_broken")
CHARGE_COLLECTED = key("news.charge_collected")
PAID_KEPT = key("news.paid_kept")
PAID_OFF = key("news.paid_off")
PAID_REPORTED = key("news.paid_reported")
PAID_NOT_FOUND = key("news.paid_not_found")

_SIMPLE = {
    "mandate.active": key("news.mandate_active"),
    "mandate.rejected": key("news.mandate_rejected"),
    "mandate.cancelled": key("news.mandate_cancelled"),
    "charge.settled": key("news.charge_settled"),
    "charge.reversed": key("news.charge_reversed"),
}


@flow.state(".")
def start(context: Context) -> Ask | Move:
    event = context.event
    if not isinstance(event, DomainEvent):
        return Done()
    data: dict[str, Any] = dict(event.data)
    match event.kind:
        case "payment.posted":
            return Done(_paid(context, data))
        case "payment.not_found":
            return Done((line(PAID_NOT_FOUND),))
        case "promise.partial" | "promise.broken":
            words = PROMISE_PARTIAL if event.kind == "promise.partial" else PROMISE_BROKEN
            choices = (
                PAY_NOW,
                LATER,
                AGENT,
            )
            return Ask((line(words, **data),), "choice", no_answer, choices, menu=True)
        case "charge.notified":
            charge = AnnounceCharge(int(data.pop("charge")), data["charge_on"])
            return Done((line(CHARGE_NOTIFIED, **data),), (charge,))
        case "charge.moved":
            return Done((line(CHARGE_MOVED if "charge_on" in data else CHARGE_HELD, **data),))
        case "charge.collected":
            return Done((line(CHARGE_LESS if "noticed" in data else CHARGE_COLLECTED, **data),))
        case "charge.returned":
            return _returned(data)
        case kind if kind in _SIMPLE:
            return Done((_simple(context, kind, data),))
        case _:
            return Done()


def _simple(context: Context, kind: str, data: dict[str, Any]) -> Line:
    """Where another account is still charged, the refused one does not end that."""
    mandate = context.loan.mandate if context.loan else None
    ended = kind in ("mandate.rejected", "mandate.cancelled")
    if ended and mandate is not None and mandate.folio != data["folio"]:
        return line(REJECTED_KEEPS, folio=data["folio"], bank=mandate.bank, last4=mandate.last4)
    return line(_SIMPLE[kind], **data)


def _returned(data: dict[str, Any]) -> Ask | Move:
    """What comes next is part of it; where nothing will be charged any more, it begins a conversation."""
    match data.pop("next", None):
        case "retry" if "retry_on" in data:
            return Done((line(CHARGE_RETRIED, **data),))
        case "new_account":
            choices = (
                DEBIT,
                PAY_NOW,
                AGENT,
            )
            return Ask((line(CHARGE_NEW_ACCOUNT, **data),), "choice", no_answer, choices, menu=True)
        case "stopped":
            choices = (
                PAY_NOW,
                LATER,
                AGENT,
            )
            return Ask((line(CHARGE_STOPPED, **data),), "choice", no_answer, choices, menu=True)
        case _:
            return Done((line(CHARGE_RETURNED, **data),))


def _paid(context: Context, data: dict[str, Any]) -> tuple[Line, ...]:
    loan = context.loan
    rest = loan.outstanding.total if loan else None
    if rest:
        words = PAID_KEPT if data.get("kept") else PAID_REPORTED if data.get("reported") else PAID
        return (line(words, amount=data["amount"], rest=rest),)
    return line(PAID_OFF, amount=data["amount"]), *credit(context)
