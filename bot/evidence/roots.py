"""The daily root over the heads of all chains and the blocks of all records: signed, kept, exported, and held
against the books later.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, select, update

from bot.evidence.blocks import Block, hash_block, last_ids, make_blocks, read_block
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
        kept = _newest(connection)
    last = last_ids(services.engine)
    full = {} if kept is None else _full_blocks(kept)
    with read_tx(services.engine) as connection:
        lines = [head.line for head in read_heads(connection)]
        lines += [block.line for block in make_blocks(connection, last, full)]
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


def _newest(connection: Connection) -> tuple[str, list[str]] | None:
    """The newest root's note, and the lines that it is over."""
    row = connection.execute(
        select(ledger_root_table).order_by(ledger_root_table.c.day.desc()).limit(1)
    ).first()
    if row is None:
        return None
    heads = zlib.decompress(row.heads).decode() if row.heads else ""
    return row.note, heads.split("\n") if heads else []


def _full_blocks(kept: tuple[str, list[str]]) -> dict[str, Block]:
    """By table and span."""
    blocks = (read_block(line) for line in kept[1])
    return {block.line.split(" ")[0]: block for block in blocks if block is not None and block.full}


def origin_of(services: Services) -> str:
    """The name of this ledger: the host that the outside sees."""
    return f"{urlsplit(services.settings.public_url).netloc or 'localhost'}/acuerdo"


def read_heads(connection: Connection) -> list[Head]:
    """Of every chain, in the order of the loans."""
    query = select(loan_table.c.external_id, loan_table.c.ledger_seq, loan_table.c.ledger_hash)
    return [Head(*row) for row in connection.execute(query.order_by(loan_table.c.id))]


def export_root(services: Services) -> tuple[str, list[str]]:
    """The newest note, and the lines that it is over. Raises NoRoot."""
    with read_tx(services.engine) as connection:
        kept = _newest(connection)
    if kept is None:
        raise NoRoot
    return kept


def verify_kept_root(connection: Connection, secret: str) -> Iterator[Fault]:
    """That nothing changed or went since the newest root that is kept here. One who can change all of the
    database can remove it: only a root that was published elsewhere holds against them.
    """
    kept = _newest(connection)
    if kept is None:
        return
    try:
        yield from _verify(connection, *kept, secret)
    except InvalidCheckpoint as error:
        yield Fault("-", None, f"the newest root that is kept: {error}")


def verify_root(connection: Connection, text: str, secret: str) -> Iterator[Fault]:
    """That nothing which a root was published over changed or went; `text` is the exported file.

    Raises InvalidCheckpoint.
    """
    note, _, listed = text.partition("\n\n\n")
    lines = listed.split("\n")[:-1] if listed.endswith("\n") else listed.split("\n") if listed else []
    yield from _verify(connection, note, lines, secret)


def _verify(connection: Connection, note: str, lines: list[str], secret: str) -> Iterator[Fault]:
    checkpoint = opened(note, secret)
    if checkpoint.size and not lines:
        raise InvalidCheckpoint("it lacks the heads that it is over: give the file of `ledger root --out`")
    if len(lines) != checkpoint.size or merkle_root([line.encode() for line in lines]) != checkpoint.root:
        raise InvalidCheckpoint("its heads are not those that were signed")
    blocks = [read_block(line) for line in lines]
    heads = [_head(line) for line, block in zip(lines, blocks, strict=True) if block is None]
    for start in range(0, len(heads), BATCH):
        yield from _changed(connection, heads[start : start + BATCH])
    for block in filter(None, blocks):
        yield from _changed_block(connection, block)


def _changed_block(connection: Connection, block: Block) -> Iterator[Fault]:
    now = hash_block(connection, block.table, block.first, block.last)
    if now != block:
        what = (
            "was changed"
            if now.rows == block.rows
            else f"is gone: there were {block.rows}, there are {now.rows}"
        )
        rows = f"of the rows {block.first} to {block.last} of {block.table} one"
        yield Fault("-", None, f"{rows} {what} since the root was signed")


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
