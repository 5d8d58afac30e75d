"""What happened elsewhere, told to the one it concerns: payments, promises, mandates, charges."""

from typing import Any

from flows.engine import Ask, Context, Done, Flow, Line, Move, line
from flows.smalltalk.hello import no_answer
from flows.types.effects import AnnounceCharge, Choice
from flows.types.event import DomainEvent

flow = Flow("news", version=1)

_SIMPLE = {
    "mandate.active": "news.mandate_active",
    "mandate.rejected": "news.mandate_rejected",
    "mandate.cancelled": "news.mandate_cancelled",
    "charge.settled": "news.charge_settled",
    "charge.reversed": "news.charge_reversed",
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
        case "promise.partial" | "promise.broken":
            key = "news.promise_partial" if event.kind == "promise.partial" else "news.promise_broken"
            choices = (
                Choice("pay_now", "menu.pay_now"),
                Choice("later", "menu.later"),
                Choice("agent", "menu.agent"),
            )
            return Ask((line(key, **data),), "choice", no_answer, choices, menu=True)
        case "charge.notified":
            charge = AnnounceCharge(int(data.pop("charge")), data["charge_on"])
            return Done((line("news.charge_notified", **data),), (charge,))
        case "charge.collected":
            return Done((line("news.charge_less" if "noticed" in data else "news.charge_collected", **data),))
        case "charge.returned":
            return _returned(data)
        case kind if kind in _SIMPLE:
            return Done((line(_SIMPLE[kind], **data),))
        case _:
            return Done()


def _returned(data: dict[str, Any]) -> Ask | Move:
    """What comes next is said with it; where nothing will be charged any more, it begins a conversation."""
    match data.pop("next", None):
        case "retry" if "retry_on" in data:
            return Done((line("news.charge_retried", **data),))
        case "new_account":
            choices = (
                Choice("debit", "menu.debit"),
                Choice("pay_now", "menu.pay_now"),
                Choice("agent", "menu.agent"),
            )
            return Ask((line("news.charge_new_account", **data),), "choice", no_answer, choices, menu=True)
        case "stopped":
            choices = (
                Choice("pay_now", "menu.pay_now"),
                Choice("later", "menu.later"),
                Choice("agent", "menu.agent"),
            )
            return Ask((line("news.charge_stopped", **data),), "choice", no_answer, choices, menu=True)
        case _:
            return Done((line("news.charge_returned", **data),))


def _paid(context: Context, data: dict[str, Any]) -> tuple[Line, ...]:
    loan = context.loan
    rest = loan.outstanding.total if loan else None
    if rest:
        return (
            line("news.paid_kept" if data.get("kept") else "news.paid", amount=data["amount"], rest=rest),
        )
    return (line("news.paid_off", amount=data["amount"]),)
