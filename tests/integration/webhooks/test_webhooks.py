"""The feed and its deliveries: one order, nothing lost, a loan's events in order, whatever is answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine, select, update

from bot import drill
from bot.clock import system_now
from bot.reach import NewTask, open_task
from bot.services import Services
from bot.webhooks import (
    EVENTS,
    add_endpoint,
    deliver,
    enable,
    events_after,
    list_endpoints,
    number_events,
    replay,
    rotate_secret,
    schema_of,
)
from bot.webhooks.delivery import BACKOFF, PATIENCE
from models import Task, feed_event_table, read_tx, task_table, webhook_delivery_table, write_tx
from models.ledger import NewEntry, append
from tests.loans import add_borrower, add_loan
from tests.receiver import Receiver, receiving
from tests.services import make_test_services


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


@pytest.fixture
def loans(engine: Engine) -> list[int]:
    """Three, each with its `loan.opened`."""
    with write_tx(engine) as connection:
        return [add_loan(connection, add_borrower(connection, number)[0], number) for number in (1, 2, 3)]


def write(engine: Engine, loan: int, now: datetime, *kinds: str) -> None:
    with write_tx(engine) as connection:
        append(connection, loan, now, *(NewEntry(kind, {}, "system:test") for kind in kinds))


def number(engine: Engine) -> None:
    while number_events(engine):
        continue


def test_what_commits_late_comes_late_and_nothing_is_missed(
    engine: Engine, loans: list[int], now: datetime
) -> None:
    """Ids are taken before the commit: a reader who goes by them would pass over the slower transaction."""
    number(engine)
    if engine.dialect.name == "postgresql":
        with write_tx(engine) as slow:
            append(slow, loans[0], now, NewEntry("hold.placed", {}, "system:test"))
            write(engine, loans[1], now, "hold.lifted")
            number(engine)
            with read_tx(engine) as connection:
                assert [item.body["type"] for item in events_after(connection, 3, 10)] == ["hold.lifted"]
    else:
        write(engine, loans[1], now, "hold.lifted")
        write(engine, loans[0], now, "hold.placed")
    with write_tx(engine) as connection:
        open_task(connection, NewTask("follow_up", now, key="a", loan_id=loans[0], data={"n": 1}))
        open_task(connection, NewTask("note", now, key="b", loan_id=loans[0], data={}))
        connection.execute(update(Task).values(done_at=now, done_by="agent:1"))
    number(engine)
    with read_tx(engine) as connection:
        items = events_after(connection, 0, 100)
        assert (
            connection.scalar(select(feed_event_table.c.id).where(feed_event_table.c.position.is_(None)))
            is None
        )
    assert [item.position for item in items] == [1, 2, 3, 4, 5, 6, 7]
    assert [item.body["type"] for item in items[3:]] == [
        "hold.lifted",
        "hold.placed",
        "task.opened",
        "task.done",
    ]
    assert items[0].body["data"]["loan"] == "L1"
    assert items[6].body["data"]["done_by"] == "agent:1"
    schemas = {event.kind: Draft202012Validator(schema_of(event)) for event in EVENTS}
    for item in items:
        schemas[item.body["type"]].validate(item.body)


def test_everything_arrives_signed_and_in_order_also_where_a_process_dies(
    services: Services,
    loans: list[int],
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver.secret = add_endpoint(services, receiver.url, "test", after=0)
    for _ in range(3):
        for loan in loans:
            write(services.engine, loan, now, "hold.placed", "hold.lifted")

    def die(point: str) -> None:
        raise KeyboardInterrupt(point)

    monkeypatch.setattr(drill, "passing", die)
    with pytest.raises(KeyboardInterrupt):
        deliver(services)
    first = len(receiver.taken)
    assert first == 21, "all left, and nothing was recorded"
    monkeypatch.setattr(drill, "passing", lambda _point: None)
    deliver(services)
    assert deliver(services) == 0
    ids = [event["id"] for event in receiver.taken]
    assert sorted(ids[first:]) == sorted(ids[:first]), "sent again under the same ids"
    for loan in ("L1", "L2", "L3"):
        seqs = [event["data"]["seq"] for event in receiver.taken[first:] if event["data"]["loan"] == loan]
        assert seqs == [1, 2, 3, 4, 5, 6, 7]
    (row,) = list_endpoints(services)
    assert (row.position, row.waiting, row.last_answer, row.disabled_at) == (21, 0, "204", None)
    replay(services, receiver.url, 19, "test")
    deliver(services)
    assert [event["position"] for event in receiver.taken[2 * first :]] == [20, 21]


def test_a_refused_event_holds_up_its_own_loan_alone(
    services: Services, loans: list[int], receiver: Receiver, now: datetime
) -> None:
    receiver.secret = add_endpoint(services, receiver.url, "test", after=0)
    receiver.answer = lambda event: 500 if event["data"].get("loan") == "L2" else 200
    for loan in loans:
        write(services.engine, loan, now, "hold.placed")
    at = system_now()
    deliver(services, lambda: at)
    assert [event["data"]["loan"] for event in receiver.taken].count("L1") == 2
    assert [event["data"]["loan"] for event in receiver.tried].count("L2") == 1, "the second waits behind it"
    deliver(services, lambda: at + BACKOFF[0] / 2)
    assert len(receiver.tried) == 5, "nor is it sent before its time"
    receiver.answer = lambda _event: 204
    at += BACKOFF[0]
    deliver(services, lambda: at)
    assert [event["data"]["seq"] for event in receiver.taken if event["data"]["loan"] == "L2"] == [1, 2]
    # one that is refused for three days while others are taken is a case for a person
    receiver.answer = lambda event: 400 if event["type"] == "hold.lifted" else 200
    write(services.engine, loans[1], now, "hold.lifted", "hold.placed")
    for hours in range(0, 80, 7):
        write(services.engine, loans[0], now, "accrual.posted")
        deliver(services, lambda hours=hours: at + timedelta(hours=hours))
    (row,) = list_endpoints(services)
    assert (row.disabled_at, row.waiting, row.given_up) == (None, 0, 1)
    assert [event["data"]["seq"] for event in receiver.taken if event["data"]["loan"] == "L2"] == [1, 2, 4]
    with read_tx(services.engine) as connection:
        assert list(connection.scalars(select(task_table.c.kind))) == ["webhook_refused"]
    receiver.answer = lambda _event: 200
    enable(services, receiver.url, "test")
    deliver(services, lambda: at + timedelta(hours=90))
    assert "hold.lifted" in receiver.kinds()


def test_an_address_that_is_down_loses_nothing(
    services: Services, loans: list[int], receiver: Receiver, now: datetime
) -> None:
    receiver.secret = add_endpoint(services, receiver.url, "test", after=0)
    receiver.answer = lambda _event: 503
    at = system_now()
    for hours in range(0, 80, 7):
        write(services.engine, loans[0], now, "accrual.posted")
        deliver(services, lambda hours=hours: at + timedelta(hours=hours))
    (row,) = list_endpoints(services)
    assert row.disabled_because == "nothing was taken for three days"
    assert row.disabled_at - at >= PATIENCE
    with read_tx(services.engine) as connection:
        assert list(connection.scalars(select(task_table.c.kind))) == ["webhook_disabled"]
    receiver.answer = lambda _event: 200
    assert deliver(services, lambda: at + timedelta(hours=90)) == 0
    enable(services, receiver.url, "test")
    deliver(services, lambda: at + timedelta(hours=91))
    with read_tx(services.engine) as connection:
        everything = [item.body["id"] for item in events_after(connection, 0, 100)]
        assert connection.scalar(select(webhook_delivery_table.c.id)) is None
    assert sorted(event["id"] for event in receiver.taken) == sorted(everything)
    # a receiver that answers 410 wants no more
    receiver.answer = lambda _event: 410
    write(services.engine, loans[0], now, "accrual.posted")
    deliver(services, lambda: at + timedelta(hours=92))
    assert list_endpoints(services)[0].disabled_because == "it answered 410 Gone"


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "600", 600),
        (503, "600", 600),
        (503, "Tue, 24 Nov 2026 18:10:00 GMT", 600),
        (429, "", 5),
        (429, "soon", 5),
        (429, "999999", 6 * 3600),
    ],
)
def test_an_address_that_asks_for_time_is_left_alone(
    services: Services, loans: list[int], receiver: Receiver, status: int, retry_after: str, seconds: int
) -> None:
    receiver.secret = add_endpoint(services, receiver.url, "test", after=0)
    receiver.answer, receiver.retry_after = lambda _event: status, retry_after
    at = datetime(2026, 11, 24, 18, tzinfo=UTC)
    for loan in loans:
        write(services.engine, loan, at, *["hold.placed", "hold.lifted"] * 5)
    deliver(services, lambda: at)
    tried = len(receiver.tried)
    assert tried <= services.settings.webhook_parallel_calls, "what was on its way already, and no more"
    receiver.answer = lambda _event: 204
    write(services.engine, loans[0], at, "accrual.posted")
    deliver(services, lambda: at + timedelta(seconds=seconds - 1))
    assert len(receiver.tried) == tried, "of no loan, fresh or tried before"
    deliver(services, lambda: at + timedelta(seconds=seconds))
    deliver(services, lambda: at + timedelta(seconds=seconds + 5))
    for loan, last in (("L1", 12), ("L2", 11), ("L3", 11)):
        assert [event["data"]["seq"] for event in receiver.taken if event["data"]["loan"] == loan] == [
            *range(1, last + 1)
        ]


def test_the_address_of_the_settings_gets_all_from_the_beginning_and_secrets_are_rotated(
    sqlite_engine: Engine, now: datetime
) -> None:
    with write_tx(sqlite_engine) as connection:
        loan = add_loan(connection, add_borrower(connection)[0])
    with receiving() as mine, receiving() as other:
        old, new = "whsec_" + "b2xk" * 10, "bmV3" * 10
        services = make_test_services(sqlite_engine, now, webhook_url=mine.url, webhook_secret=f"{new},{old}")
        mine.secret = old
        deliver(services)
        assert mine.kinds() == ["loan.opened"], "both secrets sign"
        first = add_endpoint(services, other.url, "test")
        second = rotate_secret(services, other.url, timedelta(hours=24), "test")
        assert first not in (second, *map(str, list_endpoints(services)[1])), "kept encrypted"
        for secret, hours in ((first, 0), (second, 1), (second, 25)):
            other.secret = secret
            write(sqlite_engine, loan, now, "hold.placed")
            deliver(services, lambda hours=hours: system_now() + timedelta(hours=hours))
        assert other.kinds() == ["hold.placed"] * 3, "from now on"
        assert mine.kinds() == ["loan.opened", *["hold.placed"] * 3]
