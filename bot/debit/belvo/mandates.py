"""Mandates at Belvo: a customer, an account (payment method), a consent for it, and the contract; chargeable
when both are confirmed.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.debit.belvo.banks import bank_id
from bot.debit.belvo.http import Api, field, rows_of
from bot.debit.port import (
    InvalidRequest,
    MandateOrder,
    MandateReport,
    MandateStatus,
    NotCancellable,
    Refs,
    UnknownOutcome,
)

ACCOUNT_STATUSES: dict[str, MandateStatus] = {
    "pending_agreement_acceptance": "submitted",
    "pending_activation": "submitted",
    "waiting_for_activation_response": "submitted",
    "pending_validation": "submitted",
    "active": "active",
    "error": "rejected",
    "failed": "rejected",
    "inactive": "cancelled",
    "canceled": "cancelled",
}
CONSENT_STATUSES: dict[str, MandateStatus] = {
    "awaiting_information": "submitted",
    "submitted": "submitted",
    "incomplete_information": "submitted",
    "confirmed": "active",
    "rejected": "rejected",
    "received_chargeback": "disputed",
}
_WORST_FIRST: tuple[MandateStatus, ...] = ("rejected", "cancelled", "disputed", "submitted", "active")
_CODE = re.compile(r"[A-Za-z0-9_]{1,31}")
_DEAD = ("error", "failed", "inactive", "canceled")
_ACCOUNTS = "/payment_methods"
_MOST_CONSENT_PAGES = 5
"""Consents cannot be searched. One that is not among the newest is made again: the older stays without a
contract and binds nobody.
"""


def submit(api: Api, order: MandateOrder, keep: Callable[[Refs], None]) -> MandateReport:
    """Nothing here is idempotent at Belvo: what an earlier try may have made is looked for first."""
    _check(order)
    refs = dict(order.refs)
    for name, step in _STEPS:
        if name not in refs:
            refs[name] = step(api, order, refs)
            keep(dict(refs))
    return report(api, refs)


def _check(order: MandateOrder) -> None:
    bank_id(order.account)
    if not (order.document and order.document_kind and order.email):
        message = "Belvo needs the holder's RFC or CURP and an e-mail address"
        raise InvalidRequest(message)


def _customer(api: Api, order: MandateOrder, refs: Refs) -> str:
    del refs
    document = str(order.document).upper()
    for row in api.listed("/customers/", search=document):
        if str(row.get("documentNumber", "")).upper() == document:
            return field(row, "id", "customerId")
    first, last = _names(order.holder)
    body = {
        "firstname": first,
        "lastname": last,
        "documentType": f"mx_{order.document_kind}",
        "documentNumber": document,
        "email": order.email,
    }
    return field(
        api.post("/customers", body | ({"phone": order.phone} if order.phone else {})), "customerId", "id"
    )


def _names(holder: str) -> tuple[str, str]:
    """Mexicans have two surnames; a single word stands for both."""
    words = holder.split()
    cut = max(1, len(words) - 2)
    return " ".join(words[:cut]), " ".join(words[cut:]) or words[0]


def _account(api: Api, order: MandateOrder, refs: Refs) -> str:
    """The mandate's own, found by its folio: another mandate on the same account must survive the end of this
    one.
    """
    for row in api.listed(_ACCOUNTS, search=order.folio, customer_id=refs["customer"]):
        if row.get("reference") == order.folio and row.get("status") not in _DEAD:
            return field(row, "id", "paymentMethodId")
    body = {
        "accountNumber": order.account.digits,
        "accountType": "savings",
        "customerId": refs["customer"],
        "bank": bank_id(order.account),
        "reference": order.folio,
    }
    return field(api.post(f"{_ACCOUNTS}/bank_accounts", body), "paymentMethodId", "id")


def _consent(api: Api, order: MandateOrder, refs: Refs) -> str:
    """An earlier try can have come this far only where it kept the account."""
    if "account" in order.refs and (found := _consent_of(api, refs["account"])):
        return found
    return field(api.post("/consents", {"paymentMethodId": refs["account"]}), "consentId", "id")


def _consent_of(api: Api, account: str) -> str | None:
    try:
        for row in api.listed("/consents", _MOST_CONSENT_PAGES):
            if row.get("paymentMethodId") == account:
                return field(row, "consentId", "id")
    except UnknownOutcome:
        return None
    return None


def _contract(api: Api, order: MandateOrder, refs: Refs) -> str:
    """Each file that is not there yet. Marked by the folio: a hash of the contract would give the account in
    it away to whoever tries them all.
    """
    path = f"/consents/{refs['consent']}/files"
    there = _file_types(api.get(path)) if "consent" in order.refs else frozenset()
    for name, content in {**order.identity_files, "contract": order.contract}.items():
        if name not in there:
            api.upload(path, name, content)
    return order.folio


def _file_types(files: Any) -> frozenset[str]:
    """Belvo's description shows one file where there may be several."""
    rows = [files] if isinstance(files, dict) and "type" in files else rows_of(files)
    return frozenset(str(row.get("type")) for row in rows)


_STEPS: tuple[tuple[str, Callable[[Api, MandateOrder, Refs], str]], ...] = (
    ("customer", _customer),
    ("account", _account),
    ("consent", _consent),
    ("contract", _contract),
)


def report(api: Api, refs: Refs) -> MandateReport:
    """The worse of account and consent; `reason` is a code that names what it hangs on."""
    if "account" not in refs or "consent" not in refs:
        return MandateReport("submitted", refs, "incomplete")
    account, consent = api.get(f"{_ACCOUNTS}/{refs['account']}"), api.get(f"/consents/{refs['consent']}")
    parts = [
        (_status(account, ACCOUNT_STATUSES), _why("account", account)),
        (_status(consent, CONSENT_STATUSES), _why("consent", consent)),
    ]
    status, why = min(parts, key=lambda part: _WORST_FIRST.index(part[0]))
    return MandateReport(status, refs, "" if status == "active" else why)


def _status(answer: Any, table: dict[str, MandateStatus]) -> MandateStatus:
    given = field(answer, "status")
    if given not in table:
        message = f"Belvo names a status of a mandate that is not known here: {given[:40]!r}"
        raise UnknownOutcome(message)
    return table[given]


def _why(part: str, answer: dict[str, Any]) -> str:
    """`account.error`, or with Belvo's code for it; never its words, which may repeat what it was sent."""
    code = str(answer.get("failedReason") or "")
    return f"{part}.{code if _CODE.fullmatch(code) else answer['status']}"


def cancel(api: Api, refs: Refs) -> None:
    """Belvo knows no end of a consent: its account is deactivated, which it allows only when it is active and
    nothing is in process.
    """
    if "account" not in refs:
        return
    try:
        api.post(f"{_ACCOUNTS}/{refs['account']}/deactivate", {})
    except InvalidRequest as refusal:
        if api.get(f"{_ACCOUNTS}/{refs['account']}").get("status") in _DEAD:
            return
        raise NotCancellable(str(refusal)) from refusal
