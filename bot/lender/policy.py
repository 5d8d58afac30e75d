"""The tables of `lender.toml` on what may be agreed: read, checked, and handed on as values."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from flows.types.offers import (
    DownPayment,
    DueDayPolicy,
    ExtensionPolicy,
    OffersPolicy,
    PayoffPolicy,
    PlanFrequency,
    PlanPolicy,
    SettlementRule,
)
from values import InvalidAmount, Money


def _pesos(text: str) -> str:
    try:
        Money.parse_pesos(text)
    except InvalidAmount as error:
        raise PydanticCustomError("pesos", "{found}", {"found": str(error)}) from None
    return text


Pesos = Annotated[str, AfterValidator(_pesos)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Count = Annotated[int, Field(ge=1, strict=True)]
Days = Annotated[int, Field(ge=1, le=3650, strict=True)]
Age = Annotated[int, Field(ge=0, le=36500, strict=True)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _DownPayment(_Table):
    from_dpd: Age
    percent: Percent


class SupervisorTable(_Table):
    """`[policy.plan.supervisor]`: the limits that are wider than the bot's own."""

    max_parts: Annotated[int, Field(ge=2, le=60, strict=True)] | None = None
    max_days: Days | None = None
    first_within_days: Days | None = None
    min_part_pesos: Pesos | None = None


class PlanTable(_Table):
    """`[policy.plan]`."""

    max_parts: Annotated[int, Field(ge=2, le=60, strict=True)]
    max_days: Days
    first_within_days: Days
    min_part_pesos: Pesos
    frequencies: Annotated[list[PlanFrequency], Field(min_length=1)]
    person_above_pesos: Pesos | None = None
    waive_late_fees_percent: Percent = 0
    valid_days: Annotated[int, Field(ge=1, le=30, strict=True)] = 3
    ahead_days: Annotated[int, Field(ge=0, le=365, strict=True)] = 0
    whole: Annotated[bool, Field(strict=True)] = False
    down_payment: list[_DownPayment] = []
    supervisor: SupervisorTable | None = None

    @model_validator(mode="after")
    def agrees(self) -> Self:
        """What contradicts itself is refused, not guessed at."""
        if self.first_within_days > self.max_days:
            raise PydanticCustomError(
                "plan_first",
                "first_within_days is later than max_days: the first part may not come after the last",
            )
        if Money.parse_pesos(self.min_part_pesos).centavos < 1:
            raise PydanticCustomError("plan_min_part", "min_part_pesos must be more than 0")
        if len({tier.from_dpd for tier in self.down_payment}) < len(self.down_payment):
            raise PydanticCustomError(
                "plan_tiers", "two tiers of down_payment begin at the same from_dpd: remove one"
            )
        if self.supervisor is not None:
            self._widened(self.supervisor)  # checked as a whole too
        return self

    def _widened(self, wider: SupervisorTable) -> Self:
        whole = self.model_dump() | {"supervisor": None} | wider.model_dump(exclude_none=True)
        return self.__class__.model_validate(whole)

    def value(self) -> PlanPolicy:
        """As the arithmetic takes it."""
        above = self.person_above_pesos
        return PlanPolicy(
            max_parts=self.max_parts,
            max_days=self.max_days,
            first_within_days=self.first_within_days,
            min_part=Money.parse_pesos(self.min_part_pesos),
            frequencies=tuple(dict.fromkeys(self.frequencies)),
            person_above=Money.parse_pesos(above) if above is not None else None,
            waive_late_fees_percent=self.waive_late_fees_percent,
            down_payments=tuple(DownPayment(tier.from_dpd, tier.percent) for tier in self.down_payment),
            valid_days=self.valid_days,
            ahead_days=self.ahead_days,
            whole=self.whole,
            supervisor=self._widened(self.supervisor).value() if self.supervisor else None,
        )


class _Waived(_Table):
    late_fees: Percent = 0
    interest: Percent = 0
    principal: Percent = 0
    tax: Percent = 0


class SettlementTable(_Table):
    """One `[[policy.settlement]]`."""

    from_dpd: Age
    to_dpd: Age
    products: list[str] = []
    percent: _Waived
    pay_within_days: Days
    parts: Annotated[int, Field(ge=1, le=24, strict=True)] = 1

    @model_validator(mode="after")
    def agrees(self) -> Self:
        """A rule that covers no loan, or promises what no days are left for, is a slip of the pen."""
        if self.from_dpd > self.to_dpd:
            raise PydanticCustomError("settlement_ages", "from_dpd is above to_dpd: the rule covers no loan")
        if self.parts > self.pay_within_days:
            raise PydanticCustomError(
                "settlement_parts", "parts is above pay_within_days: there is not a day for each"
            )
        return self

    def value(self) -> SettlementRule:
        """As the arithmetic takes it."""
        return SettlementRule(
            from_dpd=self.from_dpd,
            to_dpd=self.to_dpd,
            products=tuple(self.products),
            late_fees_percent=self.percent.late_fees,
            interest_percent=self.percent.interest,
            principal_percent=self.percent.principal,
            tax_percent=self.percent.tax,
            pay_within_days=self.pay_within_days,
            parts=self.parts,
        )


class ExtensionTable(_Table):
    """`[policy.extension]`."""

    max_days: Annotated[int, Field(ge=1, le=60, strict=True)]
    to_dpd: Age = 7
    once_in_days: Annotated[int, Field(ge=1, le=3650, strict=True)] = 180


class DueDayTable(_Table):
    """`[policy.due_day]`."""

    max_shift_days: Annotated[int, Field(ge=1, le=31, strict=True)]


class PayoffTable(_Table):
    """`[policy.payoff]`."""

    future_interest: bool = True


Capture = Literal["page", "chat"]


class CaptureTable(_Table):
    """`[policy.account_capture]`."""

    whatsapp: Capture = "page"
    sms: Capture = "chat"
    email: Capture = "page"
    web: Capture = "chat"


class OfferTables(_Table):
    """The tables on offers inside `[policy]`."""

    plan: PlanTable | None = None
    settlement: list[SettlementTable] = []
    extension: ExtensionTable | None = None
    due_day: DueDayTable | None = None
    payoff: PayoffTable = PayoffTable()
    account_capture: CaptureTable = CaptureTable()

    def offers(self) -> OffersPolicy:
        """As the arithmetic takes them, with the version that every offer names."""
        tables: dict[str, Any] = {name: getattr(self, name) for name in OfferTables.model_fields}
        plain = {
            name: [each.model_dump() for each in table]
            if isinstance(table, list)
            else table and table.model_dump()
            for name, table in tables.items()
        }
        version = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]
        return OffersPolicy(
            plan=self.plan.value() if self.plan else None,
            settlements=tuple(rule.value() for rule in self.settlement),
            extension=ExtensionPolicy(**self.extension.model_dump()) if self.extension else None,
            due_day=DueDayPolicy(**self.due_day.model_dump()) if self.due_day else None,
            payoff=PayoffPolicy(**self.payoff.model_dump()),
            account_capture=self.account_capture.model_dump(),
            version=version,
        )
