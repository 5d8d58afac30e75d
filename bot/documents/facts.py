"""What a paper is made from, read from the records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from sqlalchemy import Connection, select

from bot.services import Services
from models import borrower_table, loan_table
from models.base import AnyRow
from values import Money, bank_name


@dataclass(frozen=True, slots=True)
class Subject:
    """A loan and its borrower, and how they are written to."""

    services: Services
    loan: AnyRow
    now: datetime

    @property
    def language(self) -> str:
        return str(self.loan.language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.loan.zone or self.services.settings.timezone)

    def say(self, key: str, **params: Any) -> str:
        return self.services.wording.text(key, params, self.language)

    def money(self, centavos: int) -> str:
        return self.say("paper.money", amount=Money(centavos))

    def day(self, day: date) -> str:
        return format_date(day, "long", locale=self.language)

    def moment(self, at: datetime) -> str:
        return format_datetime(at, "d MMM y, HH:mm 'GMT'xxx", tzinfo=self.zone, locale=self.language)

    def parties(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Who lent, who borrowed, and which loan it is."""
        rows = [
            (self.say("paper.lender"), self.services.lender.facts.legal_name),
            (self.say("paper.borrower"), self.loan.name),
            (self.say("paper.loan"), self.loan.external_id),
        ]
        if self.loan.product:
            rows.append((self.say("paper.product"), self.loan.product))
        return self.say("paper.parties"), tuple(rows)

    def pay_into(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The lender's own account, which alone may be paid into."""
        lender = self.services.lender.facts
        clabe = self.loan.pay_clabe or lender.pay_clabe
        rows = [
            ("CLABE", clabe),
            (self.say("paper.bank"), bank_name(clabe[:3]) or lender.pay_bank),
            (self.say("paper.holder"), lender.legal_name),
        ]
        if self.loan.pay_reference:
            rows.append((self.say("paper.reference"), self.loan.pay_reference))
        if self.loan.cash_reference:
            rows.append((self.say("paper.cash_reference"), self.loan.cash_reference))
        return self.say("paper.pay_into"), tuple(rows)


def subject(connection: Connection, services: Services, loan_id: int, now: datetime) -> Subject:
    row = connection.execute(
        select(loan_table, borrower_table.c.name, borrower_table.c.language, borrower_table.c.zone)
        .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .where(loan_table.c.id == loan_id)
    ).one()
    return Subject(services, row, now)
