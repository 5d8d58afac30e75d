"""The whole road over real HTTP, against both stand-ins: from a reminder to a stranger's phone to a mandate
that the provider has activated.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.conversation import take_events
from bot.debit import mandates
from bot.simulator.belvo import deliver as deliver_hints
from bot.simulator.templates import adopt
from models import LedgerEntry, Mandate, event_table, mandate_table, read_tx, write_tx
from models.base import AnyRow
from tests.belvo_orders import at
from tests.integration.served import World, served
from tests.loans import add_borrower, add_loan
from tests.talk import DUE

PHONE = "whatsapp:+525500000001"
CLABE = "014180000000000000"


class Road:
    def __init__(self, world: World) -> None:
        self.world = world
        with write_tx(world.services.engine) as connection:
            person = {"birth_date": date(1990, 3, 15), "rfc": "LORA900315AB1", "email": "ana@correo.mx"}
            borrower, conversation = add_borrower(connection, 1, **person)
            self.loan = add_loan(connection, borrower, 1, DUE)
            now = world.clock.now()
            outreach = {
                "conversation_id": conversation,
                "loan_id": self.loan,
                "kind": "outreach",
                "data": {"flow": "reminder", "tone": "kind"},
                "key": "r",
                "not_before": now,
                "attempts": 0,
                "created_at": now,
            }
            connection.execute(event_table.insert(), outreach)

    def work(self) -> None:
        """What the worker does, until nothing is left of it."""
        for _ in range(3):
            services = self.world.services
            take_events(services)
            for sweep in (
                mandates.issue_documents,
                mandates.submit_mandates,
                mandates.poll_mandates,
                mandates.cancel_at_provider,
            ):
                sweep(services)
            self.world.dispatch()
            self.world.deliver()

    def write(self, *texts: str) -> None:
        for text in texts:
            self.world.write(PHONE, text)
            self.work()

    def mandate(self) -> AnyRow:
        with read_tx(self.world.services.engine) as connection:
            return connection.execute(select(mandate_table).order_by(Mandate.id.desc()).limit(1)).one()

    def kinds(self) -> list[str]:
        with read_tx(self.world.services.engine) as connection:
            return [
                kind
                for kind in connection.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq))
                if kind.startswith("mandate")
            ]


@pytest.fixture
def road(sqlite_engine: Engine, tmp_path: Path) -> Iterator[Road]:
    begins: datetime = at("2026-11-24T10:00")
    with served(sqlite_engine, begins, tmp_path) as world:
        adopt(world.services)
        yield Road(world)


def test_from_the_reminder_to_the_active_mandate(road: Road) -> None:
    road.work()
    road.write("sí soy yo", "15 de marzo", "cargo automático", CLABE, "sí")
    assert len(road.world.phone(PHONE)) <= 7, "what leads to the consent"
    road.write("ACEPTO")
    assert (road.mandate().status, road.mandate().document is not None) == ("submitted", True)
    assert set(road.mandate().provider_refs) == {"customer", "account", "consent", "contract"}
    road.world.clock.at = at("2026-11-24T17:00")
    deliver_hints(road.world.services)
    road.work()
    assert road.mandate().status == "active"
    assert road.kinds() == ["mandate.requested", "mandate.authorized", "mandate.submitted", "mandate.active"]
    assert "activó" in road.world.phone(PHONE)[-1].body


def test_an_account_that_the_provider_rejects(road: Road) -> None:
    road.work()
    road.write("sí soy yo", "15 de marzo", "cargo automático", "014180000000000932", "sí", "ACEPTO")
    road.world.clock.at = at("2026-11-25T10:00")
    road.work()
    assert road.mandate().status == "rejected"
    assert "no aceptó" in road.world.phone(PHONE)[-1].body


def test_a_cancellation_reaches_the_provider(road: Road) -> None:
    road.work()
    road.write("sí soy yo", "15 de marzo", "cargo automático", CLABE, "sí", "ACEPTO")
    road.world.clock.at = at("2026-11-25T10:00")
    road.work()
    road.write("cancelen la domiciliación")
    assert (road.mandate().status, road.mandate().due_at) == ("cancelled", None)
    assert road.world.services.debit.mandate(road.mandate().provider_refs).status == "cancelled"
