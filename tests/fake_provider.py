"""A debit provider in memory: it registers mandates in steps, takes every charge once per key, and does with
both what the test says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.debit.port import (
    Capabilities,
    ChargeOrder,
    ChargeReport,
    ChargeStatus,
    DebitError,
    InvalidRequest,
    MandateNotChargeable,
    MandateOrder,
    MandateReport,
    MandateStatus,
    Refs,
)

CAPABILITIES = Capabilities(
    needs_document=False,
    needs_email=False,
    needs_identity_files=False,
    settle_banking_days=2,
    reversible_days=125,
    parallel_calls=1,
)


@dataclass
class FakeProvider:
    """Registers in three steps (customer, account, consent), each of which may fail and each of which it
    counts.
    """

    name: str = "fake"
    capabilities: Capabilities = CAPABILITIES
    status: MandateStatus = "active"
    reason: str = ""
    errors: list[Exception | None] = field(default_factory=list)
    """Raised by the next calls about mandates, one each; null lets one pass."""
    mandate_orders: list[MandateOrder] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    """Steps that were carried out, in order."""
    cancelled: list[Refs] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    """Runs in the middle of a registration, with nothing of ours open."""

    book: dict[str, ChargeReport] = field(default_factory=dict)
    """Charges by the provider's own id."""
    orders: list[ChargeOrder] = field(default_factory=list)
    failures: list[DebitError] = field(default_factory=list)
    """Raised once each by the next calls about charges."""
    lost: list[DebitError] = field(default_factory=list)
    """Likewise, after the call was carried out."""
    broken: dict[str, Exception] = field(default_factory=dict)
    """Raised whenever the charge with this id is asked about."""
    forgets: bool = False
    """Whether a key is forgotten at once: then the same one makes another charge."""
    around: Callable[[str], None] = lambda _point: None
    """Called before and after each call about a charge is carried out, with its name."""

    def needs(self, **wanted: bool) -> None:
        self.capabilities = replace(self.capabilities, **wanted)  # type: ignore[arg-type]

    def institutions(self) -> frozenset[str]:
        return frozenset({"012", "014", "072"})

    def _may_fail(self) -> None:
        if self.errors and (error := self.errors.pop(0)) is not None:
            raise error

    def submit_mandate(self, order: MandateOrder, keep: Callable[[Refs], None]) -> MandateReport:
        self.mandate_orders.append(order)
        refs = dict(order.refs)
        for step in ("customer", "account", "consent"):
            if step not in refs:
                self._may_fail()
                self.made.append(step)
                refs[step] = f"{step}-{len(self.made)}"
                keep(refs)
        self.during()
        return MandateReport(self.status, refs, self.reason)

    def mandate(self, refs: Refs) -> MandateReport:
        self._may_fail()
        return MandateReport("cancelled" if refs in self.cancelled else self.status, refs, self.reason)

    def cancel_mandate(self, refs: Refs) -> None:
        self._may_fail()
        self.cancelled.append(refs)

    def _call(self, name: str) -> None:
        self.around(f"before {name}")
        if self.failures:
            raise self.failures.pop(0)

    def _answer(self, name: str) -> None:
        self.around(f"after {name}")
        if self.lost:
            raise self.lost.pop(0)

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        self._call("create")
        if "account" not in order.refs:
            message = "no account is registered"
            raise MandateNotChargeable(message)
        taken = next((report for report in self.book.values() if report.key == order.key), None)
        if taken is None or self.forgets:
            taken = ChargeReport(f"P{len(self.book) + 1}", order.key, "submitted", order.amount)
            self.book[taken.provider_id] = taken
            self.orders.append(order)
        self._answer("create")
        return taken

    def find_charge(self, key: str) -> ChargeReport | None:
        self._call("find")
        return next((report for report in self.book.values() if report.key == key), None)

    def charge(self, provider_id: str) -> ChargeReport:
        self._call("charge")
        if provider_id in self.broken:
            raise self.broken[provider_id]
        if provider_id not in self.book:
            message = "no such charge"
            raise InvalidRequest(message)
        return self.book[provider_id]

    def charges_made(self, since: datetime, until: datetime) -> Iterator[ChargeReport]:
        """All there are, whenever they were made: it keeps no times."""
        for report in list(self.book.values()):
            self._call("listed")
            if report.provider_id not in self.broken:
                yield report

    def cancel_charge(self, provider_id: str) -> bool:
        self._call("cancel")
        if provider_id in self.broken:
            raise self.broken[provider_id]
        if provider_id not in self.book:
            message = "no such charge"
            raise InvalidRequest(message)
        if self.book[provider_id].status in ("submitted", "cancelled"):
            self.turn(provider_id, "cancelled")
            self._answer("cancel")
            return True
        return False

    def turn(
        self, provider_id: str, status: ChargeStatus, code: str = "", text: str = "", **more: object
    ) -> None:
        """What becomes of a charge."""
        self.book[provider_id] = replace(
            self.book[provider_id], status=status, return_code=code, return_text=text, **more
        )  # type: ignore[arg-type]

    def turn_all(self, status: ChargeStatus, code: str = "") -> None:
        for provider_id, report in self.book.items():
            if report.status in ("submitted", "processing"):
                self.turn(provider_id, status, code)
