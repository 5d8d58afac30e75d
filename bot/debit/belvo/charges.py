"""Charges at Belvo: payment requests, whose `reference` is our own permanent key."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.debit.belvo import mandates
from bot.debit.belvo.amounts import pesos
from bot.debit.belvo.http import Api, field, masked
from bot.debit.port import (
    ChargeOrder,
    ChargeReport,
    ChargeStatus,
    DebitError,
    InsufficientProviderBalance,
    InvalidRequest,
    MandateNotChargeable,
    UnknownOutcome,
)
from values import Money

STATUSES: dict[str, ChargeStatus] = {
    "initial": "submitted",
    "processing": "processing",
    "successful": "collected",
    "failed": "returned",
    "canceled": "cancelled",
    "chargeback": "reversed",
}
_REQUESTS = "/payment_requests"
_MOST_CENTAVOS = 10**14


def create(api: Api, order: ChargeOrder) -> ChargeReport:
    """Belvo has no date for a charge: it is sent now. `loanInformation` is left out, for its dates are not
    ours to know.
    """
    if "account" not in order.refs:
        message = "no account is registered at Belvo for this mandate"
        raise MandateNotChargeable(message)
    body = {
        "amount": pesos(order.amount),
        "currency": "mxn",
        "reference": order.key,
        "paymentMethodId": order.refs["account"],
    }
    try:
        answer = api.post(_REQUESTS, body, key=order.key)
    except InvalidRequest as refusal:
        raise _meaning(api, order, refusal) from refusal
    return ChargeReport(field(answer, "paymentRequestId", "id"), order.key, "submitted", order.amount)


def _meaning(api: Api, order: ChargeOrder, refusal: InvalidRequest) -> DebitError:
    """Whether a refusal to charge concerns us, the mandate or our account at Belvo."""
    text = str(refusal).casefold()
    if "idempotency key" in text:
        return UnknownOutcome(f"a charge with this key is there, or is being made: {refusal}")
    if "not enough balance" in text:
        return InsufficientProviderBalance(str(refusal))
    try:
        chargeable = mandates.report(api, order.refs).status == "active"
    except DebitError:
        return refusal
    return refusal if chargeable else MandateNotChargeable(str(refusal))


def find(api: Api, key: str) -> ChargeReport | None:
    """Belvo's search finds parts of a reference too: only an equal one counts. Raises UnknownOutcome where
    several bear the key.
    """
    found = [row for row in api.listed(_REQUESTS, search=key) if row.get("reference") == key]
    if len(found) > 1:
        message = f"{len(found)} charges at Belvo bear the key {key}: a person must look at them"
        raise UnknownOutcome(message)
    return _report(found[0]) if found else None


def fetch(api: Api, provider_id: str) -> ChargeReport:
    return _report(api.get(f"{_REQUESTS}/{provider_id}"))


def made(api: Api, since: datetime, until: datetime) -> Iterator[ChargeReport]:
    """A charge in a form that is not known here is left out: `fetch` raises what is wrong with it."""
    for row in api.listed(_REQUESTS, order="asc", start_date=_iso(since), end_date=_iso(until)):
        with suppress(UnknownOutcome):
            yield _report(row)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cancel(api: Api, provider_id: str) -> bool:
    """Belvo cancels only what is `initial`."""
    try:
        api.post(f"{_REQUESTS}/{provider_id}/cancel", {})
    except InvalidRequest:
        return fetch(api, provider_id).status == "cancelled"
    return True


def _report(row: Any) -> ChargeReport:
    given = field(row, "status")
    if given not in STATUSES:
        message = f"Belvo names a status of a charge that is not known here: {given[:40]!r}"
        raise UnknownOutcome(message)
    text = row.get("failedReasonMessage") or row.get("failedMessage") or ""
    return ChargeReport(
        field(row, "id", "paymentRequestId"),
        str(row.get("reference") or ""),
        STATUSES[given],
        _money(row),
        str(row.get("failedReason") or "")[:16],
        masked(str(text)),
    )


def _money(row: dict[str, Any]) -> Money:
    """`100000.00`, as text or number. Raises UnknownOutcome for what is no amount of whole centavos."""
    try:
        centavos = Decimal(str(row.get("amount"))).scaleb(2)
        if abs(centavos) < _MOST_CENTAVOS and centavos == centavos.to_integral_value():
            return Money(int(centavos), str(row.get("currency") or "mxn").upper())
    except ArithmeticError:
        pass
    message = "Belvo reports a charge whose amount is no amount"
    raise UnknownOutcome(message)
