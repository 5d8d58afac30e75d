"""The daily root over the heads of all chains: signed, kept, exported, and held against the ledger later."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, select, update

from bot.evidence.checkpoint import Checkpoint, InvalidCheckpoint, opened, signed
from bot.evidence.merkle import merkle_root
from bot.services import Services
from models import ledger_entry_table, ledger_root_table, loan_table, read_tx, write_tx
from models.ledger import Fault
from models.upsert import insert_new

BATCH = 5_000


class NoRoot(Exception):
    def __init__(self) -> None:
        super().__init__("no root was made yet: the worker makes one each day")


@dataclass(frozen=True, slots=True)
class Head:
    loan: str
    seq: int
    hash: str

    @property
    def line(self) -> str:
        return f"{self.loan} {self.seq} {self.hash}"


def make_daily_root(services: Services) -> int:
    """The sweep: one root for each day. How many it made."""
    now = services.clock.now()
    today = services.day(now)
    with read_tx(services.engine) as connection:
        if connection.scalar(select(ledger_root_table.c.id).where(ledger_root_table.c.day == today)):
            return 0
        heads = read_heads(connection)
    lines = [head.line for head in heads]
    root = merkle_root([line.encode() for line in lines])
    made_at = now.isoformat(timespec="seconds")
    checkpoint = Checkpoint(origin_of(services), len(lines), root, made_at)
    row = {
        "day": today,
        "note": signed(checkpoint, services.settings.signing_key),
        "heads": zlib.compress("\n".join(lines).encode()),
        "created_at": now,
    }
    with write_tx(services.engine) as connection:
        connection.execute(update(ledger_root_table).values(heads=None))  # the newest is enough
        connection.execute(insert_new(connection, ledger_root_table, ("day",)), row)
    return 1


def origin_of(services: Services) -> str:
    """The name of this ledger: the host that the outside sees."""
    return f"{urlsplit(services.settings.public_url).netloc or 'localhost'}/acuerdo"


def read_heads(connection: Connection) -> list[Head]:
    """Of every chain, in the order of the loans."""
    query = select(loan_table.c.external_id, loan_table.c.ledger_seq, loan_table.c.ledger_hash)
    return [Head(*row) for row in connection.execute(query.order_by(loan_table.c.id))]


def export_root(services: Services) -> tuple[str, list[str]]:
    """The newest note, and the heads that it is over. Raises NoRoot."""
    newest = select(ledger_root_table).order_by(ledger_root_table.c.day.desc()).limit(1)
    with read_tx(services.engine) as connection:
        row = connection.execute(newest).first()
    if row is None:
        raise NoRoot
    heads = zlib.decompress(row.heads).decode() if row.heads else ""
    return row.note, heads.split("\n") if heads else []


def verify_root(connection: Connection, text: str, secret: str) -> Iterator[Fault]:
    """That nothing which a root was published over changed or went; `text` is the exported file.

    Raises InvalidCheckpoint.
    """
    note, _, listed = text.partition("\n\n\n")
    checkpoint = opened(note, secret)
    lines = listed.split("\n")[:-1] if listed.endswith("\n") else listed.split("\n") if listed else []
    if len(lines) != checkpoint.size or merkle_root([line.encode() for line in lines]) != checkpoint.root:
        raise InvalidCheckpoint("its heads are not those that were signed")
    for start in range(0, len(lines), BATCH):
        yield from _changed(connection, [_head(line) for line in lines[start : start + BATCH]])


def _head(line: str) -> Head:
    loan, seq, digest = line.rsplit(" ", 2)
    return Head(loan, int(seq), digest)


def _changed(connection: Connection, heads: list[Head]) -> Iterator[Fault]:
    query = (
        select(loan_table.c.external_id, ledger_entry_table.c.seq, ledger_entry_table.c.hash)
        .join(ledger_entry_table, ledger_entry_table.c.loan_id == loan_table.c.id)
        .where(
            loan_table.c.external_id.in_([head.loan for head in heads]),
            ledger_entry_table.c.seq.in_({head.seq for head in heads}),
        )
    )
    held = {(row.external_id, row.seq): row.hash for row in connection.execute(query)}
    for head in heads:
        if head.seq and head.loan and held.get((head.loan, head.seq)) != head.hash:
            what = "was changed" if (head.loan, head.seq) in held else "is gone"
            yield Fault(head.loan, head.seq, f"this entry {what} since the root was signed")
