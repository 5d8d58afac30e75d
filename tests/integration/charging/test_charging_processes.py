"""The drill of charging on real processes, against the stand-in over HTTP: killed between the provider's
acceptance and our commit, and at random, the provider's own process too. Nothing is lost or charged twice,
and the ledger equals the provider's books.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text, update

from bot.clock import Clock
from bot.debit import charging
from bot.debit.port import MandateOrder
from bot.debit.providers import make_providers
from bot.settings import Settings
from models import Charge, ContactPoint, Conversation, LedgerEntry, make_engine, read_tx, write_tx
from models.ledger import verify
from tests.integration.charging import runner
from tests.integration.test_drill import Town, _started, _until
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate
from tests.processes import Process
from values import CITY, Clabe, control_digit

LOANS, KILLS = 160, 26
POINTS = ("", "before_charge", "after_charge")


class Street(Town):
    """The stand-in Belvo behind the web process, and workers that only charge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.env |= {"ACUERDO_NOW": "2026-11-23T10:00:00-06:00"}
        self.engine = make_engine(self.env["ACUERDO_DATABASE_URL"])

    def work(self, drill: str = "", run: Callable[[], None] = runner.charge) -> Process:
        env = self.env | ({"ACUERDO_DRILL": drill} if drill else {})
        (self.folder / "ready").unlink(missing_ok=True)
        self.processes["charge"] = Process(run, self.folder, env)
        return self.processes["charge"]

    def work_until(self, done: Callable[[Counter[str]], object], seconds: float) -> None:
        """Without anybody who kills."""
        time.sleep(1)  # a clock that was moved is read anew twice a second
        self.work()
        _until(lambda: done(self.statuses()), seconds, lambda: f"still under way: {self.statuses()}")
        self.kill("charge")

    @property
    def settings(self) -> Settings:
        secrets = {
            name: (self.folder / "var" / "secrets" / name).read_text().strip()
            for name in ("belvo_api_key_secret", "secret_key")
        }
        return Settings(
            env="test",
            PORT=self.port,
            _env_file=None,
            database_url=self.env["ACUERDO_DATABASE_URL"],
            encryption_keys="k",
            signing_key="s",
            twilio_auth_token="drill",
            belvo_webhook_secret="w",
            **secrets,
        )  # type: ignore[call-arg]

    def move_to(self, local: str) -> None:
        clock = Clock(self.engine, movable=True)
        clock.move(datetime.fromisoformat(local).replace(tzinfo=CITY) - clock.now())

    def statuses(self) -> Counter[str]:
        with read_tx(self.engine) as connection:
            return Counter(connection.scalars(select(Charge.status)))


def _clabe(number: int) -> Clabe:
    first = f"014180{number:09d}00"
    return Clabe.parse(f"{first}{control_digit(first)}")


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    (tmp_path / "var").mkdir()
    street = Street(tmp_path)
    street.run("db", "upgrade")
    street.start("serve")
    _started(street)
    _register(street)
    assert Process(runner.seal, street.folder, street.env).wait(120) == 0
    yield street
    for name in list(street.processes):
        street.kill(name)
    street.engine.dispose()


def _register(street: Street) -> None:
    """Loans of odd sums, all due on Wednesday 25th, with mandates that are active at the provider by Monday
    evening.
    """
    provider, at = make_providers(street.settings).default, datetime(2026, 11, 2, 18, tzinfo=UTC)
    with write_tx(street.engine) as connection:
        for number in range(1, LOANS + 1):
            person, _ = add_borrower(connection, number)
            loan = add_loan(
                connection, person, number, [(date(2026, 11, 25), {"principal": 20_000 + 137 * number})]
            )
            order = MandateOrder(
                f"D{number}-1",
                _clabe(number),
                "Ana López",
                "rfc",
                f"LOAA900315{number:03d}",
                f"a{number}@correo.example",
                None,
                b"%PDF-1.3",
            )
            report = provider.submit_mandate(order, lambda _refs: None)
            add_mandate(
                connection, loan, folio=order.folio, provider="simulator", provider_refs=dict(report.refs)
            )
            connection.execute(
                update(Conversation)
                .where(Conversation.key == f"+525500{number:06d}")
                .values(borrower_id=person)
            )
        known = {"status": "confirmed", "confirmed_at": at}
        connection.execute(update(ContactPoint).values(**known))
        connection.execute(
            update(Conversation).values(last_in_at=datetime(2027, 1, 1, tzinfo=UTC))
        )  # WhatsApp's window stays open


def test_those_who_charge_are_killed_until_all_is_charged(street: Street) -> None:
    street.move_to("2026-11-24T09:00")
    assert street.work(run=runner.announce).wait(120) == 0
    assert street.statuses() == {"notified": LOANS}
    street.move_to("2026-11-25T09:00")
    rng, by_themselves = random.Random(20261125), 0
    for kill in range(KILLS):
        point = rng.choice(POINTS)
        worker = street.work(point)
        if kill % 9 == 8:  # the provider dies in the middle of it, too
            _until((street.folder / "ready").exists, 30, lambda: "the worker does not start")
            street.kill("serve")
            street.start("serve")
            _started(street)
        by_themselves += _ended(street, worker, 20 if point else rng.random() * 0.5)
        if set(street.statuses()) == {"submitted"}:
            break
    assert kill > 20, "all was charged before it was killed often"
    assert by_themselves > 12, "the points were not passed"
    street.work_until(lambda now: set(now) == {"submitted"}, 240)
    street.move_to("2026-11-26T12:05")
    street.work_until(lambda now: "submitted" not in now, 240)
    street.move_to("2026-11-30T12:05")
    street.work_until(lambda now: "collected" not in now, 240)
    _audit(street)


def _ended(street: Street, worker: Process, seconds: float) -> bool:
    """Whether it died by itself in time, from when it began to work; else it is killed."""
    begun = (street.folder / "ready").exists
    _until(lambda: begun() or worker.poll() is not None, 30, lambda: "the worker does not start")
    by_itself = street.ends("charge", seconds)
    street.kill("charge")
    return by_itself


def _audit(street: Street) -> None:
    books = create_engine(f"sqlite:///{street.folder}/simulator.db")
    with books.connect() as connection:
        taken = Counter(
            dict(connection.execute(text("SELECT reference, count(*) FROM debit GROUP BY reference")).all())
        )
    books.dispose()
    provider = make_providers(street.settings).default
    with read_tx(street.engine) as connection:
        keys = dict(
            connection.execute(
                select(Charge.key, Charge.provider_id).where(Charge.provider_id.is_not(None))
            ).all()
        )
        assert taken == Counter(dict.fromkeys(keys, 1)), "a charge was lost, or made twice"
        assert len(keys) == LOANS
        assert list(verify(connection)) == []
        assert (
            charging.reconcile(connection, [provider.charge(provider_id) for provider_id in keys.values()])
            == []
        )
        unknown = connection.scalar(
            select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "charge.unknown")
        )
    assert unknown > 5
    assert {"settled", "returned"} <= set(street.statuses())
