"""One loan whose tapes, payments and acts a test writes as a lender's systems would report them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from bot.money import Act, adjust
from bot.money.acts import Kind
from bot.portfolio import LoadReport, TapeLoan, TapeRow, load_batch, parse_row
from models import (
    Task,
    balance_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    read_tx,
    write_tx,
)
from models.ledger import (
    NewEntry,
    Payment,
    append,
    expire_promises,
    post_payment,
    reverse_payment,
    settle_transit,
    verify,
)
from tests.services import make_test_services
from values import Money

CITY = ZoneInfo("America/Mexico_City")
PARTS = ("principal", "interest", "late_fees", "tax")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


class Books:
    """One loan of two instalments of 600 pesos, due on 27 November and 11 December 2026."""

    def __init__(self, engine: Engine) -> None:
        self.services = make_test_services(engine, moment("2026-11-20T12:00"))

    def at(self, text: str) -> None:
        self.services.clock.at = moment(text)  # type: ignore[attr-defined]

    def tape(
        self, as_of: str, *paid: str, amounts: tuple[str, ...] = ("600.00", "600.00"), **cells: str
    ) -> LoadReport:
        """What is paid of each instalment."""
        rows = []
        for number, amount in enumerate(amounts, start=1):
            parsed = parse_row(
                number,
                {
                    "loan_id": "L1",
                    "borrower_id": "B1",
                    "borrower_name": "Ana López",
                    "phone": "+525500000001",
                    "instalment_no": str(number),
                    "due_date": ("2026-11-27", "2026-12-11", "2026-12-27")[number - 1],
                    "amount_due": amount,
                    "amount_paid": paid[number - 1] if number <= len(paid) else "0.00",
                    "as_of": as_of,
                    **cells,
                },
            )
            assert isinstance(parsed, TapeRow), parsed
            rows.append(parsed)
        report = LoadReport()
        with write_tx(self.services.engine) as connection:
            load_batch(connection, self.services, [TapeLoan(rows)], report, actor="lender:test")
        return report

    def pay(self, pesos: int, paid_at: str, account: str = "bank") -> int:
        now = self.services.clock.now()
        kind = "payment.posted" if account == "bank" else "charge.collected"
        paid = Payment(
            Money(pesos * 100), moment(paid_at), "spei", f"R{paid_at}", "test", kind, account=account
        )
        with write_tx(self.services.engine) as connection:
            return post_payment(connection, self.loan.id, paid, now, self.services.day(now)).entry_id

    def expire(self) -> None:
        now = self.services.clock.now()
        with write_tx(self.services.engine) as connection:
            expire_promises(connection, self.services.day(now), now)

    def settle(self, entry: int) -> None:
        with write_tx(self.services.engine) as connection:
            legs = settle_transit(connection, self.loan.id, entry)
            settled = NewEntry("charge.settled", {"entry": entry}, "test", legs)
            append(connection, self.loan.id, self.services.clock.now(), settled)

    def act(self, kind: Kind, amount: int) -> None:
        with write_tx(self.services.engine) as connection:
            act = Act(kind, amount, None, "test")
            adjust(connection, self.loan.id, act, self.services.clock.now(), "test")

    def reverse(self, entry: int) -> None:
        with write_tx(self.services.engine) as connection:
            reverse_payment(connection, self.loan.id, entry, self.services.clock.now(), "test")

    @property
    def loan(self):
        with read_tx(self.services.engine) as connection:
            return connection.execute(select(loan_table)).one()

    def unpaid(self) -> list[int]:
        """Pesos, by instalment."""
        with read_tx(self.services.engine) as connection:
            rows = connection.execute(select(instalment_table).order_by(instalment_table.c.number)).all()
        return [sum(getattr(row, f"unpaid_{part}") for part in PARTS) // 100 for row in rows]

    def credit(self) -> int:
        with read_tx(self.services.engine) as connection:
            query = select(balance_table.c.amount).where(balance_table.c.account == "unapplied")
            return -(connection.scalar(query) or 0) // 100

    def kinds(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            assert list(verify(connection)) == []
            query = select(ledger_entry_table.c.kind).order_by(ledger_entry_table.c.id)
            return list(connection.scalars(query))[1:]

    def tasks(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            return list(connection.scalars(select(Task.kind).order_by(Task.id)))
