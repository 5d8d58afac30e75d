"""Many charges at the same time: claimed together, called in parallel, recorded together; each of them as if
it had been alone.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, event, select, update

from bench.charging import NOW, fill
from bot.debit import charging
from bot.debit.charging.calls import Pace, call_in_groups
from bot.debit.port import ChargeOrder, ChargeReport, TransientError, UnknownOutcome
from models import charge_table, ledger_entry_table, read_tx, transition_table, write_tx
from models.ledger import verify
from models.transitions import IllegalMove, LostRace, Move, history_hash, move_many
from tests.fake_provider import CAPABILITIES, FakeProvider
from tests.services import make_test_services, set_provider

MANY = 24


class Busy(FakeProvider):
    """Takes most, and has its own ways with some; each answer by the charge, whenever it is called."""

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        taken = super().create_charge(order)
        if order.key == "K3-1-1":
            raise UnknownOutcome("timeout")
        if order.key == "K4-1-1":
            return replace(taken, status="returned", return_code="04")
        if order.key == "K5-1-1":
            return replace(taken, amount=taken.amount + taken.amount)
        return replace(taken, status="processing") if order.key == "K6-1-1" else taken


def test_each_is_recorded_as_if_it_had_been_alone(engine: Engine) -> None:
    fill(engine, MANY)
    services = make_test_services(engine, NOW)
    able = replace(CAPABILITIES, parallel_calls=8, batch=MANY)
    provider = Busy(capabilities=able)
    set_provider(services, provider)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert charging.submit(services) == MANY
    begun = sum(statement.startswith("INSERT INTO transition") for statement in statements)
    assert begun < 2 * MANY, "those that came together were recorded together"
    with read_tx(engine) as connection:
        rows = connection.execute(select(charge_table)).all()
        found = {row.key: row.status for row in rows}
        odd = {"K3-1-1": "unknown", "K4-1-1": "returned", "K6-1-1": "processing"}
        assert {key: status for key, status in found.items() if status != "submitted"} == odd
        assert all(row.checked_at is not None for row in rows if row.status == "submitted")
        kinds = Counter(connection.scalars(select(ledger_entry_table.c.kind)))
        assert (kinds["charge.submitted"], kinds["charge.unknown"]) == (MANY - 1, 1)
        steps = Counter(connection.scalars(select(transition_table.c.to_status)))
        assert (steps["submitting"], steps["submitted"]) == (MANY, MANY - 1)
        assert list(verify(connection)) == []
        history = connection.execute(
            select(transition_table).order_by(transition_table.c.subject_id, transition_table.c.seq)
        ).all()
    before: dict[int, str] = {}
    for step in history:
        previous = before.get(step.subject_id, "")
        named = (step.subject, step.subject_id, step.seq, step.to_status, step.at, step.actor, step.data)
        assert step.hash == history_hash(previous, *named)
        before[step.subject_id] = step.hash
    assert len({order.key for order in provider.orders}) == len(provider.orders) == MANY
    assert charging.submit(services) == 0


def test_where_one_fails_the_rest_waits_and_is_due_again(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, MANY)
    services = make_test_services(sqlite_engine, NOW)
    provider = FakeProvider(capabilities=replace(CAPABILITIES, parallel_calls=2, batch=MANY))
    provider.failures = [TransientError("down")]
    set_provider(services, provider)
    charging.submit(services)
    with read_tx(sqlite_engine) as connection:
        found = Counter(connection.scalars(select(charge_table.c.status)))
    assert set(found) <= {"submitted", "notified"}
    assert found["submitted"] == len(provider.orders) < MANY
    with write_tx(sqlite_engine) as connection:
        connection.execute(update(charge_table).values(submit_after=None))
    charging.submit(services)
    assert len({order.key for order in provider.orders}) == len(provider.orders) == MANY


def test_moves_of_many_are_all_or_none(engine: Engine, now: datetime) -> None:
    fill(engine, 2)
    for other, to, error in ((2, "settled", IllegalMove), (99, "submitting", LostRace)):
        moves = [Move(1, {}, {}), Move(other, {}, {})]
        with pytest.raises(error), write_tx(engine) as connection:
            move_many(connection, "charge", moves, to, at=now, actor="test")
    with read_tx(engine) as connection:
        assert set(connection.scalars(select(charge_table.c.status))) == {"notified"}


def test_calls_keep_a_pace_and_results_come_as_they_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    pace = Pace(1_000_000)
    for _ in range(3):
        pace.wait()
    assert len(slept) == 3
    alone = FakeProvider()
    answered = list(call_in_groups(alone, [1, 2, 3], lambda item: item, lambda result: result == 2))
    assert answered == [[(1, 1)], [(2, 2)], [(3, None)]]
    several = FakeProvider(capabilities=replace(CAPABILITIES, parallel_calls=3))
    groups = call_in_groups(several, range(50), lambda item: item * 2, lambda _result: False)
    assert sorted(pair for group in groups for pair in group) == [(item, item * 2) for item in range(50)]
