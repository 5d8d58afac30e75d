"""The whole program over real HTTP on loopback: web, the stand-in Twilio behind it, and the worker's steps by
hand.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete, select, update
from werkzeug.serving import make_server

from bot.app import create_app
from bot.channels import make_transport
from bot.channels.twilio.client import TwilioTransport
from bot.outreach import apply_receipts, dispatch
from bot.services import Services
from bot.simulator import database as simulator_database
from bot.simulator.database import sent, simulator_engine
from bot.simulator.twilio import deliver, write
from models import Message, read_tx, write_tx
from models.base import AnyRow
from tests.outbox import with_newest_attempt
from tests.services import StandingClock, make_test_services

__all__ = ["World", "served"]


@dataclass
class World:
    services: Services

    def __post_init__(self) -> None:
        made = make_transport(self.services)
        assert isinstance(made, TwilioTransport)
        self.transport = made

    @property
    def clock(self) -> StandingClock:
        assert isinstance(self.services.clock, StandingClock)
        return self.services.clock

    def dispatch(self) -> int:
        return dispatch(self.services, self.transport)

    def write(self, address: str, text: str = "", **more: str) -> str:
        return write(self.services, address, text, **more)

    def deliver(self, rounds: int = 8) -> None:
        """Carries everything that waits; the receipts' pauses are skipped."""
        for _ in range(rounds):
            with write_tx(simulator_engine(self.services.settings)) as connection:
                connection.execute(update(sent).values(next_at=0.0))
            carried = deliver(self.services)
            apply_receipts(self.services)
            if carried == 0:
                return

    def phone(self, address: str) -> list[AnyRow]:
        """What the phone shows of ours."""
        with read_tx(simulator_engine(self.services.settings)) as connection:
            return list(connection.execute(select(sent).where(sent.c.to == address).order_by(sent.c.id)))

    def messages(self, direction: str = "out") -> list[AnyRow]:
        with read_tx(self.services.engine) as connection:
            return list(
                connection.execute(
                    with_newest_attempt().where(Message.direction == direction).order_by(Message.id)
                )
            )


@contextmanager
def served(engine: Engine, at: datetime, folder: Path, **settings: object) -> Iterator[World]:
    simulator_database.FOLDER = folder
    first = make_test_services(engine, at)
    with write_tx(simulator_engine(first.settings)) as connection:  # next to a database that tests share
        for table in reversed(simulator_database.metadata.sorted_tables):
            connection.execute(delete(table))
    server = make_server("127.0.0.1", 0, lambda environ, start: app(environ, start), threaded=True)  # noqa: PLW0108 - made below, once the port is known
    address = f"http://127.0.0.1:{server.server_port}"
    stand_ins = {
        "twilio_api_url": f"{address}/simulator/twilio",
        "belvo_api_url": f"{address}/simulator/belvo",
    }
    chosen = first.settings.model_copy(update={"public_url": address, **stand_ins, **settings})
    services = replace(first, settings=chosen)
    app = create_app(services)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield World(services)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
