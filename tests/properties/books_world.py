"""A small honest model of the world: money is paid, collected, settled and taken back, and reporters
report it late, twice and by other roads. It shares no code with the books.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bot.money import Reported, collect, decide, lock_loan, receive, reverse, take_back
from bot.portfolio import LoadReport, TapeLoan, TapeRow, load_batch, parse_row
from bot.services import Services
from models import (
    charge_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    payment_report_table,
    posting_table,
    write_tx,
)
from models.ledger import NewEntry, append, settle_transit, verify
from tests.mandates import add_mandate
from tests.services import make_test_services
from values import CITY

START = datetime(2026, 1, 5, 9, tzinfo=CITY)
FIRST_DAY = START.date()
OWED = (60_000, 60_000, 45_000)
SUMS = (60_000, 30_000, 15_000)
BANK_DAYS = 3


@dataclass
class Paid:
    """One inflow of the world. `known_on`: the day from which the lender's own books have it."""

    number: int
    amount: int
    at: datetime
    rail: str
    known_on: date
    taken_back_on: date | None = None
    report: int | None = None
    reversal_told: bool = False
    charge: Any = None
    settled: bool = False

    @property
    def reference(self) -> str:
        return f"REF-{self.number}"

    def counts(self, day: date) -> bool:
        """Whether the lender's books have it at the end of that day."""
        return self.known_on <= day and (self.taken_back_on is None or self.taken_back_on > day)


@dataclass
class World:
    services: Services
    loan: str
    paid: list[Paid] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> datetime:
        return self.services.clock.now().astimezone(CITY)

    def wait(self, hours: int) -> None:
        self.services.clock.at = self.now + timedelta(hours=hours)  # type: ignore[attr-defined]

    def report_tape(self, as_of: date) -> None:
        """Every instalment, with what the lender's books have as paid at the end of `as_of`."""
        left = sum(each.amount for each in self.paid if each.counts(as_of))
        rows = []
        for number, amount in enumerate(OWED, start=1):
            part = min(left, amount)
            left -= part
            parsed = parse_row(
                number,
                {
                    "loan_id": self.loan,
                    "borrower_id": f"B-{self.loan}",
                    "borrower_name": "Ana López",
                    "phone": "+525512345678",
                    "instalment_no": str(number),
                    "due_date": f"2026-0{number + 1}-15",
                    "amount_due": f"{amount / 100:.2f}",
                    "amount_paid": f"{part / 100:.2f}",
                    "as_of": as_of.isoformat(),
                },
            )
            assert isinstance(parsed, TapeRow), parsed
            rows.append(parsed)
        report = LoadReport()
        with write_tx(self.services.engine) as connection:
            load_batch(connection, self.services, [TapeLoan(rows)], report, actor="lender:world")
        assert not report.errors

    def open(self, pick: int) -> None:
        """The first tape, which counts what was paid before and nobody has reported."""
        for number in range(pick % 3):
            at = START - timedelta(days=number + 1)
            self.paid.append(Paid(number, SUMS[(pick + number) % len(SUMS)], at, "spei", at.date()))
        self.report_tape(FIRST_DAY)

    def do(self, act: str, pick: int) -> None:
        """One thing that happens; what cannot happen now does nothing."""
        self.wait(5 + pick % 30)
        self.done[act] += 1
        getattr(self, f"_{act}")(pick)

    def _pay(self, pick: int) -> None:
        rail = ("spei", "cash", "card")[pick % 3]
        at = self.now.replace(minute=pick % 60, second=len(self.paid) % 60)
        self.paid.append(Paid(len(self.paid), SUMS[pick % len(SUMS)], at, rail, at.date()))

    def _debit(self, pick: int) -> None:
        """Collected by the provider, reported at once; the lender's bank has it days later."""
        each = Paid(
            len(self.paid), SUMS[pick % 2], self.now, "debit", self.now.date() + timedelta(days=BANK_DAYS)
        )
        with write_tx(self.services.engine) as connection:
            each.charge = self._charge(connection, each)
            entry = collect(
                connection,
                each.charge,
                collected_at=each.at,
                credited_from=each.at.date() - timedelta(days=1),
                credited_until=each.known_on,
                now=self.now,
            )
            connection.execute(
                update(charge_table).where(charge_table.c.id == each.charge.id).values(entry_id=entry)
            )
            self._after(connection)
            query = select(payment_report_table.c.id).where(
                payment_report_table.c.charge_id == each.charge.id
            )
            each.report = connection.scalar(query)
        self.paid.append(each)

    def _charge(self, connection: Connection, each: Paid) -> Any:
        loan = connection.execute(select(loan_table).where(loan_table.c.external_id == self.loan)).one()
        if not hasattr(self, "mandate"):
            self.mandate = add_mandate(connection, loan.id)
        instalment = connection.scalar(
            select(instalment_table.c.id).where(instalment_table.c.loan_id == loan.id).limit(1)
        )
        row = {
            "mandate_id": self.mandate,
            "loan_id": loan.id,
            "instalment_id": instalment,
            "attempt": each.number + 1,
            "amount": each.amount,
            "status": "collected",
            "charge_on": each.at.date(),
            "key": f"{self.loan}-{each.number}",
            "provider": "belvo",
            "created_at": self.now,
        }
        connection.execute(insert(charge_table).values(**row))
        return connection.execute(select(charge_table).where(charge_table.c.key == row["key"])).one()

    def _settle(self, pick: int) -> None:
        ready = [
            each
            for each in self.paid
            if each.charge and not each.settled and each.known_on <= self.now.date()
        ]
        for each in ready[:1]:
            each.settled = True
            with write_tx(self.services.engine) as connection:
                entry = self._entry(connection, each)
                if entry is None or each.taken_back_on is not None:
                    continue
                legs = settle_transit(connection, each.charge.loan_id, entry)
                settled = NewEntry("charge.settled", {"entry": entry}, "provider:belvo", legs)
                append(connection, each.charge.loan_id, self.now, settled)

    def _entry(self, connection: Connection, each: Paid) -> int | None:
        query = select(charge_table.c.entry_id).where(charge_table.c.id == each.charge.id)
        return connection.scalar(query)

    def _report(self, pick: int, source: str = "api") -> None:
        """The lender reports a payment, for the first time or again."""
        known = [
            each
            for each in self.paid
            if each.known_on <= self.now.date()
            and (each.taken_back_on is None or each.taken_back_on >= each.known_on)
        ]
        if not known:
            return
        self._report_one(known[pick % len(known)], source)

    def _report_one(self, each: Paid, source: str) -> None:
        with write_tx(self.services.engine) as connection:
            loan = lock_loan(connection, self.loan)
            assert loan is not None
            day = each.known_on if each.charge else each.at.date()
            at = datetime.combine(day, datetime.min.time(), CITY) if each.charge else each.at
            reported = Reported(source, each.rail, each.reference, each.amount, at, "lender:world")  # type: ignore[arg-type]
            outcome = receive(connection, loan, reported, self.now)
            assert each.report is None or outcome.status != "posted", "the same money was posted twice"
            each.report = each.report or outcome.report
            self._after(connection)

    def _report_by_file(self, pick: int) -> None:
        self._report(pick, "file")

    def _after(self, connection: Connection) -> None:
        """A person who knows the world decides what the books are in doubt of."""
        for row in connection.execute(
            select(payment_report_table).where(payment_report_table.c.status == "review")
        ).all():
            self.done["review"] += 1
            twin = row.candidates[0] if row.source != "debit" and row.rail == "debit" else None
            decide(connection, row.id, twin, self.now, "agent:1")

    def _bounce(self, pick: int) -> None:
        """The bank takes money back; the lender's books have it at once, and report it now or later."""
        standing = [each for each in self.paid if each.taken_back_on is None and each.report is not None]
        if not standing:
            return
        each = standing[pick % len(standing)]
        each.taken_back_on = self.now.date()
        if pick % 2:
            self._report_bounce(each)

    def _report_bounces(self, pick: int) -> None:
        """The oldest reversal that nobody reported yet."""
        late = [each for each in self.paid if each.taken_back_on is not None and not each.reversal_told]
        for each in late[:1]:
            self._report_bounce(each)

    def _tape(self, pick: int) -> None:
        """A tape of today or of one of the days before."""
        self.report_tape(max(FIRST_DAY, self.now.date() - timedelta(days=pick % 5)))

    def _report_bounce(self, each: Paid) -> None:
        each.reversal_told = True
        with write_tx(self.services.engine) as connection:
            if each.charge is not None:
                charge = connection.execute(
                    select(charge_table).where(charge_table.c.id == each.charge.id)
                ).one()
                take_back(connection, charge, {"charge": charge.id}, self.now, "provider:belvo")
                return
            assert each.report is not None
            reverse(connection, each.report, "bounced", self.now, "lender:world")

    def come_to_rest(self) -> None:
        """Everything is reported in the end."""
        self.wait(24 * (BANK_DAYS + 1))
        for each in self.paid:
            if each.report is None:
                self._report_one(each, "api")
        for each in self.paid:
            if each.taken_back_on is not None and not each.reversal_told:
                self._report_bounce(each)

    def check(self) -> None:
        """The ledger is the world, to the centavo."""
        standing = sum(each.amount for each in self.paid if each.taken_back_on is None)
        with write_tx(self.services.engine) as connection:
            assert list(verify(connection, self.loan)) == []
            loan = connection.execute(select(loan_table).where(loan_table.c.external_id == self.loan)).one()
            query = (
                select(posting_table.c.account, posting_table.c.amount)
                .join(ledger_entry_table, ledger_entry_table.c.id == posting_table.c.entry_id)
                .where(ledger_entry_table.c.loan_id == loan.id)
            )
            sums: Counter[str] = Counter()
            for account, amount in connection.execute(query):
                sums[account.split(":")[0]] += amount
        assert loan.outstanding_centavos == max(0, sum(OWED) - standing)
        assert -sums["unapplied"] == max(0, standing - sum(OWED))
        assert sums["bank"] + sums["transit"] == standing
        assert (loan.status == "settled") == (loan.outstanding_centavos == 0)


ACTS = ("pay", "debit", "settle", "report", "report_by_file", "bounce", "report_bounces", "tape")


def make_world(engine: Engine, number: int) -> World:
    """One loan that no tape has named yet."""
    return World(make_test_services(engine, START), f"W-{number}")
