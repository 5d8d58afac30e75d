"""The provider port: what mandates and charges need of whoever moves the money, whatever its API looks like.

An adapter implements this and raises the errors below, no others; it keeps no state, so that every call can
be made again by another process.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from values import Clabe, Money

Refs = Mapping[str, str]
"""The provider's own ids of a mandate, by what they identify (`customer`, `account`, `consent` …)."""
MandateStatus = Literal["submitted", "active", "rejected", "cancelled", "disputed"]
ChargeStatus = Literal["submitted", "processing", "collected", "returned", "cancelled", "reversed"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider asks for and how it behaves; dates are counted in banking days."""

    needs_document: bool
    """RFC or CURP of the account's holder."""
    needs_email: bool
    needs_identity_files: bool
    """Identity documents and a photo: taken on a page of the lender's own, never in a chat."""
    settle_banking_days: int
    """From the collection until the money is the lender's."""
    reversible_days: int
    """Natural days during which the borrower's bank may take a charge back."""
    submit_until: time = time(14, 30)
    """Mexico City time on a banking day after which a charge waits for the next one: before the cut-off."""
    results_from: time = time(12)
    """Mexico City time on the next banking day from which results are out."""
    listed_within: timedelta = timedelta(seconds=90)
    """After so long, a charge that the provider does not find by our key was never taken."""
    batch: int = 50
    """Charges claimed at once, and calls made in one sweep."""
    parallel_calls: int = 4
    calls_per_second: float = 0.0
    """Of one worker; 0: as many as come."""
    lists_charges: bool = False
    """Results are read by `charges_made` first, and one by one what it lacks."""


@dataclass(frozen=True, slots=True)
class MandateOrder:
    """A consent to be registered. `refs` is what earlier attempts at the same order obtained: a step whose
    ref is known is not made again.
    """

    folio: str
    account: Clabe
    holder: str
    document_kind: Literal["rfc", "curp"] | None
    document: str | None
    email: str | None
    phone: str | None
    contract: bytes
    """The authorisation as PDF."""
    identity_files: Mapping[str, bytes] = field(default_factory=dict)
    """`id_front`, `id_back` and `selfie`, as pictures or PDF, where the provider asks for them."""
    refs: Refs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MandateReport:
    status: MandateStatus
    refs: Refs
    reason: str = ""
    """The provider's own words or code, where it refused."""


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """`key` is ours and permanent: the provider's idempotency key and the reference by which it is found
    again.
    """

    key: str
    amount: Money
    refs: Refs
    loan: str
    """The lender's own id of the loan."""
    instalment: int
    due_date: date


@dataclass(frozen=True, slots=True)
class ChargeReport:
    provider_id: str
    key: str
    status: ChargeStatus
    amount: Money
    return_code: str = ""
    return_text: str = ""
    """Verbatim: one number has two meanings at some banks."""
    fee_centavos: int = 0
    """What the provider keeps of a collected charge, where it reports so with the charge."""


class DebitProvider(Protocol):
    """Every call may raise `TransientError`, `RateLimited`, `AuthError`, `InvalidRequest` and
    `UnknownOutcome`.
    """

    name: str
    capabilities: Capabilities

    def institutions(self) -> frozenset[str]:
        """CLABE codes (three digits) of the banks whose accounts can be debited."""
        ...

    def submit_mandate(self, order: MandateOrder, keep: Callable[[Refs], None]) -> MandateReport:
        """Registers account and consent; `keep` receives all refs after each step that yields one, before the
        next is made.
        """
        ...

    def mandate(self, refs: Refs) -> MandateReport: ...

    def cancel_mandate(self, refs: Refs) -> None:
        """Harmless when it is cancelled already. Raises NotCancellable."""
        ...

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        """Raises UnknownOutcome whenever it may have been taken: only `find_charge` can answer. Raises
        MandateNotChargeable.
        """
        ...

    def find_charge(self, key: str) -> ChargeReport | None:
        """By our own key; null when the provider never took it."""
        ...

    def charge(self, provider_id: str) -> ChargeReport: ...

    def charges_made(self, since: datetime, until: datetime) -> Iterator[ChargeReport]:
        """Those made in that time, oldest first, page by page as they are taken; others may stand among them.
        What `charge` could not report is left out.
        """
        ...

    def cancel_charge(self, provider_id: str) -> bool:
        """Whether it was cancelled; false when it is on its way already."""
        ...


class DebitError(Exception):
    """What a provider's answer, or its silence, means; `code` is short and holds no personal data."""

    code = "debit"


class TransientError(DebitError):
    """Nothing was done: the same call may be made again."""

    code = "transient"


class RateLimited(TransientError):
    """Nothing was done; `seconds` until it may be tried again."""

    code = "rate_limited"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the provider asks to wait {seconds:g} s")
        self.seconds = seconds


class UnknownOutcome(DebitError):
    """The call may have been carried out: it is asked about, never made again blindly."""

    code = "unknown_outcome"


class AuthError(DebitError):
    """The provider refuses our keys: nothing leaves until they are fixed."""

    code = "auth"


class InvalidRequest(DebitError):
    """The provider refuses what we sent; trying again changes nothing. `message` is the provider's own."""

    code = "invalid_request"


class MandateNotChargeable(InvalidRequest):
    """The account or the consent is not active there."""

    code = "mandate_not_chargeable"


class NotCancellable(InvalidRequest):
    code = "not_cancellable"


class BankNotSupported(InvalidRequest):
    code = "bank_not_supported"


class InsufficientProviderBalance(TransientError):
    """The lender's own account with the provider is empty."""

    code = "provider_balance"
