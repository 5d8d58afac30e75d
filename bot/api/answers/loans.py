"""A loan as the API shows it, with what was agreed on it; answers of loading loans."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from bot.api.answers.base import Answer


class OutstandingOut(Answer):
    principal: int
    interest: int
    late_fees: int
    tax: int
    total: int


class BorrowerOut(Answer):
    external_id: str
    name: str
    phone: str | None
    email: str | None
    language: str
    preferred_channel: str | None
    opted_out: bool


class DueOut(Answer):
    date: date
    amount: int


class InstalmentOut(Answer):
    number: int
    due_date: date
    amount: int
    unpaid: int
    unpaid_principal: int
    unpaid_interest: int
    unpaid_late_fees: int
    unpaid_tax: int


class MandateOut(Answer):
    status: Literal[
        "draft",
        "requested",
        "authorized",
        "submitted",
        "active",
        "suspended",
        "disputed",
        "rejected",
        "cancelled",
        "expired",
    ]
    folio: str
    clabe_masked: str
    bank: str
    max_amount: int
    frequency: str
    authorized_at: AwareDatetime | None


class PlanInstalmentOut(Answer):
    date: date
    amount: int
    paid: int
    status: str


class PlanOut(Answer):
    folio: str
    kind: Literal["plan", "settlement", "extension"]
    status: Literal["offered", "active", "kept", "broken", "cancelled"]
    total: int
    discount: int
    agreed_at: AwareDatetime
    instalments: list[PlanInstalmentOut]


class PromisePartOut(Answer):
    date: date
    amount: int


class PromiseOut(Answer):
    """`rest`: the payments that were promised with it for later days."""

    date: date
    amount: int
    paid: int
    status: Literal["open", "kept", "partial", "broken", "cancelled"]
    rest: list[PromisePartOut]


class HoldOut(Answer):
    """`by`: the actor that placed it."""

    kind: str
    since: AwareDatetime
    by: str | None
    until: AwareDatetime | None


class LoanOut(Answer):
    external_id: str
    borrower: BorrowerOut
    currency: Literal["MXN"]
    status: Literal["current", "overdue", "disputed", "written_off", "settled"]
    product: str | None
    tags: list[str]
    outstanding: OutstandingOut
    dpd: int
    next_due: DueOut | None
    instalments: list[InstalmentOut]
    mandate: MandateOut | None
    plan: PlanOut | None
    promise: PromiseOut | None
    credit: int
    owed_back: int
    in_transit: int
    holds: list[HoldOut]
    flags: list[str]
    as_of: date | None


class AppliedLoanOut(LoanOut):
    """`applied`: what the call did; `older` changed nothing, because a later state is known."""

    applied: Literal["created", "updated", "unchanged", "older"]


class RowFaultOut(Answer):
    field: str
    reason: str


class LoanRowOut(Answer):
    external_id: str | None
    applied: Literal["created", "updated", "unchanged", "older", "refused"]
    errors: list[RowFaultOut]


class LoanRowsOut(Answer):
    loans: list[LoanRowOut]


class LoansOut(Answer):
    loans: list[LoanOut]
    next_cursor: str | None
