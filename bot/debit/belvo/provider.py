"""Belvo behind the port."""

from collections.abc import Callable, Iterator
from datetime import datetime, time

from bot.debit.belvo import charges, mandates
from bot.debit.belvo.banks import codes
from bot.debit.belvo.http import Api, rows_of
from bot.debit.port import Capabilities, ChargeOrder, ChargeReport, MandateOrder, MandateReport, Refs


class BelvoProvider:
    """A `DebitProvider`. Source of the numbers: Belvo's transfer times; 90 days of objection counted from the
    end of a statement period.
    """

    def __init__(
        self,
        api: Api,
        *,
        name: str = "belvo",
        needs_identity_files: bool = False,
        submit_until: time = time(14, 30),
        batch: int = 200,
        parallel_calls: int = 16,
        calls_per_second: float = 0.0,
        lists_charges: bool = True,
    ) -> None:
        self._api, self.name = api, name
        self.capabilities = Capabilities(
            needs_document=True,
            needs_email=True,
            needs_identity_files=needs_identity_files,
            settle_banking_days=2,
            reversible_days=125,
            submit_until=submit_until,
            batch=batch,
            parallel_calls=parallel_calls,
            calls_per_second=calls_per_second,
            lists_charges=lists_charges,
        )

    def institutions(self) -> frozenset[str]:
        answer = self._api.get("/institutions")
        rows = (
            answer
            if isinstance(answer, list) and all(isinstance(row, str) for row in answer)
            else rows_of(answer)
        )
        names = (value for row in rows for value in (row.values() if isinstance(row, dict) else (row,)))
        return frozenset(codes()[name] for name in names if isinstance(name, str) and name in codes())

    def submit_mandate(self, order: MandateOrder, keep: Callable[[Refs], None]) -> MandateReport:
        return mandates.submit(self._api, order, keep)

    def mandate(self, refs: Refs) -> MandateReport:
        return mandates.report(self._api, refs)

    def cancel_mandate(self, refs: Refs) -> None:
        mandates.cancel(self._api, refs)

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        return charges.create(self._api, order)

    def find_charge(self, key: str) -> ChargeReport | None:
        return charges.find(self._api, key)

    def charge(self, provider_id: str) -> ChargeReport:
        return charges.fetch(self._api, provider_id)

    def charges_made(self, since: datetime, until: datetime) -> Iterator[ChargeReport]:
        return charges.made(self._api, since, until)

    def cancel_charge(self, provider_id: str) -> bool:
        return charges.cancel(self._api, provider_id)
