"""The one place that asks what time it is; demo and test may move it, for all processes at once."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from bot import drill
from models import read_autocommit, read_tx, setting_table, write_tx

_SETTING = setting_table
_NAME = "clock"
_REFRESH_SECONDS = 0.5
_SHIFT = re.compile(r"^([+-]\d+)([dhm])$")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class InvalidNow(ValueError):
    """ACUERDO_NOW is neither an ISO time nor a shift."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"ACUERDO_NOW={text!r} is not a time: write it as 2026-11-24T09:00:00-06:00, or as a "
            "shift such as +3d"
        )


def system_now() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC) + drill.SKEW


def shift_of(now: str, at: datetime) -> timedelta:
    """How far `now` (ISO time or `+3d`) lies from the machine's time `at`."""
    if match := _SHIFT.match(now):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        start = datetime.fromisoformat(now)
    except ValueError:
        raise InvalidNow(now) from None
    return (start if start.tzinfo else start.replace(tzinfo=UTC)) - at


class Clock:
    """Aware times in UTC: the machine's, moved by the offset that the database keeps for all processes."""

    def __init__(
        self,
        engine: Engine | None = None,
        *,
        movable: bool = False,
        system: Callable[[], datetime] = system_now,
    ) -> None:
        self._engine = engine if movable else None
        self._system = system
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        if self._engine is not None and time.monotonic() - self._read_at > _REFRESH_SECONDS:
            self._offset = self._read(self._engine)
            self._read_at = time.monotonic()
        return self._system() + self._offset

    def start(self, now: str | None) -> None:
        """Applies ACUERDO_NOW. The same text as last time changes nothing, so that a restart goes on from
        where it was.
        """
        if self._engine is None or now is None:
            return
        with read_tx(self._engine) as connection:
            if self._kept(connection).get("start") == now:
                return
        with write_tx(self._engine) as connection:
            kept = self._kept(connection)
            if kept.get("start") != now:
                self._keep(
                    connection, {"start": now, "seconds": shift_of(now, self._system()).total_seconds()}
                )
        self._read_at = float("-inf")

    def move(self, by: timedelta) -> datetime:
        """Moves the time of every process; answers the new time."""
        if self._engine is None:
            message = "the clock moves in demo and test only"
            raise PermissionError(message)
        with write_tx(self._engine) as connection:
            kept = self._kept(connection)
            self._keep(connection, {**kept, "seconds": kept.get("seconds", 0.0) + by.total_seconds()})
        self._read_at = float("-inf")
        return self.now()

    def _read(self, engine: Engine) -> timedelta:
        with read_autocommit(engine) as connection:
            return timedelta(seconds=self._kept(connection).get("seconds", 0.0))

    @staticmethod
    def _kept(connection: Connection) -> dict[str, Any]:
        return connection.scalar(select(_SETTING.c.value).where(_SETTING.c.name == _NAME)) or {}

    def _keep(self, connection: Connection, value: dict[str, object]) -> None:
        connection.execute(delete(_SETTING).where(_SETTING.c.name == _NAME))
        connection.execute(insert(_SETTING).values(name=_NAME, value=value, changed_at=self._system()))
