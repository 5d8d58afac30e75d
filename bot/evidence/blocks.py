"""Records that no chain holds, in blocks of ids: what is never changed of their rows, hashed in order."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, func, select, text

from models import (
    audit_entry_table,
    consent_table,
    document_table,
    inflow_table,
    payment_report_table,
    transition_table,
    write_tx,
)

BLOCK = 1_000
RECORDS: Mapping[str, tuple[Column[Any], ...]] = {
    table.name: tuple(table.c[name] for name in names or table.c.keys())
    for table, names in (
        (transition_table, ()),
        (consent_table, ()),
        (audit_entry_table, ()),
        (
            payment_report_table,
            ("id", "loan_id", "source", "rail", "reference", "amount", "paid_at", "actor", "created_at"),
        ),
        (inflow_table, ("id", "loan_id", "entry_id", "amount", "created_at")),
        (document_table, ("id", "loan_id", "kind", "code", "sha256", "data", "issued_at")),
    )
}
"""By table: the columns that are written once, the id first."""


@dataclass(frozen=True, slots=True)
class Block:
    """`last` is the last id that was given when the block was hashed."""

    table: str
    first: int
    last: int
    rows: int
    hash: str

    @property
    def line(self) -> str:
        return f"{self.table}:{self.first}-{self.last} {self.rows} {self.hash}"

    @property
    def full(self) -> bool:
        return self.last % BLOCK == 0


def read_block(line: str) -> Block | None:
    """Null where the line is of a loan: no loan's id holds a colon."""
    name, rows, digest = line.rsplit(" ", 2)
    table, colon, span = name.partition(":")
    if not colon:
        return None
    first, _, last = span.partition("-")
    return Block(table, int(first), int(last), int(rows), digest)


def last_ids(engine: Engine) -> dict[str, int]:
    """By table: the last id, once each writer of a lower one is done: no row comes in between later."""
    found = {}
    for table, columns in RECORDS.items():
        with write_tx(engine) as connection:  # one lock at a time: none is waited for with another in hand
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
            found[table] = connection.scalar(select(func.max(columns[0]))) or 0
    return found


def make_blocks(
    connection: Connection, last: Mapping[str, int], known: Mapping[str, Block]
) -> Iterator[Block]:
    """`known`: full blocks of the root before, by table and span; they stand as they were signed."""
    for table in RECORDS:
        for first in range(1, last[table] + 1, BLOCK):
            end = min(first + BLOCK - 1, last[table])
            yield known.get(f"{table}:{first}-{end}") or hash_block(connection, table, first, end)


def hash_block(connection: Connection, table: str, first: int, last: int) -> Block:
    columns = RECORDS[table]
    query = select(*columns).where(columns[0].between(first, last)).order_by(columns[0])
    digest, rows = hashlib.sha256(), 0
    for row in connection.execute(query):
        words = json.dumps(list(row), default=_word, sort_keys=True, ensure_ascii=True)
        digest.update(words.encode() + b"\n")
        rows += 1
    return Block(table, first, last, rows, digest.hexdigest())


def _word(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    assert isinstance(value, date), value
    return value.isoformat()
