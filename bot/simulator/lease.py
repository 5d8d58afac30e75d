"""Which process delivers: one at a time for each name."""

import os
import socket
import time

from sqlalchemy import or_
from sqlalchemy.dialects import sqlite

from bot.services import Services
from bot.simulator.database import lease, simulator_engine
from models import write_tx

LEASE_SECONDS = 5.0
"""Longer than one post may take."""
ME = f"{socket.gethostname()[:40]}:{os.getpid()}"


def acquire_lease(services: Services, name: str) -> bool:
    """Whether this process may deliver now; the lease of a holder that died expires."""
    now = time.time()
    mine = {"holder": ME, "until": now + LEASE_SECONDS}
    free = or_(lease.c.until < now, lease.c.holder == ME)
    statement = (
        sqlite.insert(lease)
        .values(name=name, **mine)
        .on_conflict_do_update(index_elements=["name"], set_=mine, where=free)
    )
    with write_tx(simulator_engine(services.settings)) as connection:
        return connection.execute(statement).rowcount == 1
