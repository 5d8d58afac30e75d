"""A debit provider in memory: it takes every charge once per key, and does with it what the test says."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.debit.port import Capabilities, ChargeOrder, ChargeReport, ChargeStatus, DebitError, InvalidRequest

CAPABILITIES = Capabilities(
    needs_document=False,
    needs_email=False,
    needs_identity_files=False,
    settle_banking_days=2,
    reversible_days=125,
)


@dataclass
class FakeCharges:
    """`book` by the provider's own id; `failures` are raised once each by the calls that come next; `lost`
    answers after they were carried out.
    """

    book: dict[str, ChargeReport] = field(default_factory=dict)
    orders: list[ChargeOrder] = field(default_factory=list)
    failures: list[DebitError] = field(default_factory=list)
    lost: list[DebitError] = field(default_factory=list)
    forgets: bool = False
    """Whether a key is forgotten at once: then the same one makes another charge."""
    around: Callable[[str], None] = lambda _point: None
    """Called before and after each call is carried out, with its name."""
    name: str = "belvo"
    capabilities: Capabilities = CAPABILITIES

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
        if provider_id not in self.book:
            message = "no such charge"
            raise InvalidRequest(message)
        return self.book[provider_id]

    def cancel_charge(self, provider_id: str) -> bool:
        self._call("cancel")
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
