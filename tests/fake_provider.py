"""A debit provider that remembers: what it was asked, what it answers, and the errors to raise first."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.debit.port import (
    Capabilities,
    ChargeOrder,
    ChargeReport,
    MandateOrder,
    MandateReport,
    MandateStatus,
    Refs,
)


@dataclass
class FakeProvider:
    """Registers in three steps (customer, account, consent), each of which may fail and each of which it
    counts.
    """

    name: str = "fake"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            needs_document=False,
            needs_email=False,
            needs_identity_files=False,
            settle_banking_days=2,
            reversible_days=90,
        )
    )
    status: MandateStatus = "active"
    reason: str = ""
    errors: list[Exception | None] = field(default_factory=list)
    """Raised by the next calls, one each; null lets one pass."""
    orders: list[MandateOrder] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    """Steps that were carried out, in order."""
    cancelled: list[Refs] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    """Runs in the middle of a call, with nothing of ours open."""

    def needs(self, **wanted: bool) -> None:
        self.capabilities = replace(self.capabilities, **wanted)  # type: ignore[arg-type]

    def _may_fail(self) -> None:
        if self.errors and (error := self.errors.pop(0)) is not None:
            raise error

    def institutions(self) -> frozenset[str]:
        return frozenset({"012", "014", "072"})

    def submit_mandate(self, order: MandateOrder, keep: Callable[[Refs], None]) -> MandateReport:
        self.orders.append(order)
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
        return MandateReport(self.status, refs, self.reason)

    def cancel_mandate(self, refs: Refs) -> None:
        self._may_fail()
        self.cancelled.append(refs)

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        raise NotImplementedError

    def find_charge(self, key: str) -> ChargeReport | None:
        raise NotImplementedError

    def charge(self, provider_id: str) -> ChargeReport:
        raise NotImplementedError

    def cancel_charge(self, provider_id: str) -> bool:
        raise NotImplementedError
