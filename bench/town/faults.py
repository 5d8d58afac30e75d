"""What goes wrong in the world around the processes. Each fault begins, lasts for a while and is over;
several may last at the same time.
"""

import random
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as hour

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bench.town.debits import DAYS
from bench.town.town import Town, until
from bot.clock import Clock, system_now
from bot.jobs import ticks
from bot.jobs.sweeps import SWEEPS
from values import CITY, next_banking_day

End = Callable[[], None]
LONGEST_SECONDS = 6.0
NOON = hour(12, 30)
JUMP_SECONDS = 8.0
"""How long, at most, a new day is left to the sweeps before more is written."""
SKEW_SECONDS = 3.0
"""By at most so much the machine's clock of a process is wrong."""
SLOW_CLIENTS = 10
_HALF = b"POST /webhooks/twilio/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nFrom="
_FULL_DISK = """
CREATE TABLE drill_disk_full (since timestamptz DEFAULT now());
CREATE FUNCTION drill_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF EXISTS (SELECT 1 FROM drill_disk_full) THEN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END IF; RETURN NULL; END $$;
"""
_WATCHED = (
    "CREATE TRIGGER drill_disk BEFORE INSERT OR UPDATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION drill_disk()"
)
_CHARGING = "SELECT count(*) FROM tick WHERE done_at IS NULL AND job LIKE 'charge%'"
_TABLES = (
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
    "AND tablename NOT IN ('drill_disk_full', 'setting')"
)
_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@dataclass
class World:
    """The town with everything around it that may go wrong; `days` are where the lender's clock jumps."""

    town: Town
    engine: Engine
    chance: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    lasting: list[tuple[float, End]] = field(default_factory=list)
    days: list[datetime] = field(default_factory=list)

    def prepare(self, jumps: int) -> None:
        self.days = _days(Clock(self.engine, movable=True).now(), jumps)
        self.execute(_FULL_DISK)
        with self.engine.connect() as connection:
            tables = list(connection.scalars(text(_TABLES)))
            connection.commit()
        self.execute(";".join(_WATCHED.format(table) for table in tables))

    def kill(self) -> None:
        name = self.chance.choice(self.town.names)
        self.town.kill_and_start(name, self.chance.uniform(-SKEW_SECONDS, SKEW_SECONDS))
        self.counted[f"killed {name.partition('-')[0]}"] += 1

    def begin(self, kind: str) -> None:
        self.counted[kind] += 1
        if (end := FAULTS[kind](self)) is not None:
            self.lasting.append((time.monotonic() + self.chance.uniform(0.5, LONGEST_SECONDS), end))

    def end(self, *, all_of_them: bool = False) -> None:
        """Those whose time is over; what has ended by itself is started again."""
        self.town.revive()
        over = [fault for fault in self.lasting if all_of_them or fault[0] <= time.monotonic()]
        self.lasting = [fault for fault in self.lasting if fault not in over]
        for _, end in over:
            end()

    def is_quiet(self) -> bool:
        """Whether the sweeps of charging that were due have run; what else goes wrong ends in its time."""
        self.end()
        with suppress(SQLAlchemyError), self.engine.connect() as connection:
            waiting = connection.scalar(text(_CHARGING))
            connection.commit()
            return not waiting
        return False

    def jump_to(self, to: datetime) -> None:
        """The lender's clock, for all processes at once: what is due by then is due now."""
        clock = Clock(self.engine, movable=True)
        self.insist(lambda: clock.move(to - clock.now()))
        with suppress(SQLAlchemyError):  # else with the next tick
            ticks.record_now(self.engine, SWEEPS, system_now())

    def next_day(self) -> None:
        self.jump_to(_noon_after(Clock(self.engine, movable=True).now()))

    def execute(self, statement: str) -> None:
        """However often the database is away."""
        self.insist(lambda: self._execute(statement))

    def _execute(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)
            connection.commit()

    def insist(self, act: Callable[[], object]) -> None:
        for _ in range(120):
            with suppress(SQLAlchemyError):
                act()
                return
            time.sleep(0.5)
        message = "the database does not come back"
        raise RuntimeError(message)


def half_open(world: World) -> End:
    """A process stands still: whoever is connected to it waits; then it goes on with what it held."""
    name = world.chance.choice(["redis", *world.town.acuerdo])
    world.town.pause(name)
    return lambda: world.town.pause(name, go_on=True)


def slow_clients(world: World) -> End:
    """They send half a message and wait."""
    port, clients = world.chance.choice(world.town.ports), []
    for _ in range(SLOW_CLIENTS):
        with suppress(OSError):
            client = socket.create_connection(("127.0.0.1", port), timeout=1)
            client.sendall(_HALF)
            clients.append(client)
    return lambda: [client.close() for client in clients] and None


def mail_away(world: World) -> End:
    world.town.smtp.stop()
    return world.town.smtp.start


def disk_full(world: World) -> End:
    """No row can be written. Where the disk of its log is full, PostgreSQL crashes: see `killed postgres`."""
    world.execute("INSERT INTO drill_disk_full DEFAULT VALUES")
    return lambda: world.execute("DELETE FROM drill_disk_full")


def connections_cut(world: World) -> None:
    world.execute(_CUT)


def clock_jumps(world: World) -> None:
    world.jump_to(world.days.pop(0))
    until(world.is_quiet, JUMP_SECONDS)


def _days(now: datetime, jumps: int) -> list[datetime]:
    """In even steps through eight days; where they are fewer, to the noon of the next banking days, when
    charges are announced, made and answered.
    """
    if jumps > DAYS:
        return [now + timedelta(days=DAYS) * step / jumps for step in range(1, jumps + 1)]
    days = [now]
    for _ in range(jumps):
        days.append(_noon_after(days[-1]))
    return days[1:]


def _noon_after(at: datetime) -> datetime:
    return datetime.combine(next_banking_day(at.astimezone(CITY).date()), NOON, CITY)


FAULTS: dict[str, Callable[[World], End | None]] = {
    "half-open": half_open,
    "slow clients": slow_clients,
    "mail away": mail_away,
    "disk full": disk_full,
    "connections cut": connections_cut,
    "clock jumps": clock_jumps,
}


def plan(chance: random.Random, turns: int, kills: int, faults: int) -> list[tuple[int, str]]:
    """Before which turn what happens: kills, and faults of each kind in equal number."""
    kinds = list(FAULTS) * faults + ["kill"] * kills
    return sorted((chance.randrange(turns), kind) for kind in kinds)
