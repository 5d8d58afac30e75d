"""Which banks the debit provider reaches: as it last reported, else by our own list."""

import time
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from models import read_tx, setting_table, write_tx
from values import banks

log = structlog.get_logger(__name__)

_NAME = "institutions"
READ_SECONDS = 300.0
"""How long a process goes by what it last read: no message waits for this question."""


class Institutions:
    """The provider's list is kept in the database by `bot.debit.refresh` and read from there, once every few
    minutes, by each process.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._codes: AbstractSet[str] = frozenset(
            code for code, bank in banks().items() if bank.rail == "bank"
        )
        self._read_at = float("-inf")

    def reached(self, bank_code: str) -> bool:
        if time.monotonic() - self._read_at > READ_SECONDS:
            self._read_at = time.monotonic()
            self._read()
        return bank_code in self._codes

    def _read(self) -> None:
        try:
            with read_tx(self._engine) as connection:
                kept = connection.scalar(select(setting_table.c.value).where(setting_table.c.name == _NAME))
        except SQLAlchemyError as error:
            log.warning("the institutions could not be read", error=type(error).__name__)
            return
        if kept:
            self._codes = frozenset(kept["codes"])

    def fresh(self, at: datetime, within: timedelta) -> bool:
        """Whether they were kept within this time before `at`."""
        with read_tx(self._engine) as connection:
            kept_at = connection.scalar(
                select(setting_table.c.changed_at).where(setting_table.c.name == _NAME)
            )
        return kept_at is not None and at - within < kept_at <= at

    def keep(self, codes: AbstractSet[str], at: datetime) -> None:
        with write_tx(self._engine) as connection:
            connection.execute(delete(setting_table).where(setting_table.c.name == _NAME))
            connection.execute(
                insert(setting_table).values(name=_NAME, value={"codes": sorted(codes)}, changed_at=at)
            )
