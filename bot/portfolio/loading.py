"""A tape into the ledger: checked whole, staged on disk, then loaded in batches of set-based statements. Loading again changes nothing."""

import csv
import io
import pickle
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.conversation.upsert import insert_new
from bot.portfolio.tape import COLUMNS, REQUIRED, RowError, TapeLoan, TapeRow, parse_row
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, Hold, LedgerEntry, Loan, Posting, Task, writing
from models.base import AnyRow
from models.ledger import AdjustedInstalment, InstalmentOpening, LoanOpening, adjust_loan, open_loans, refresh_statuses
from models.ledger.payments import MONEY_IN
from values import zone_of

_B, _C, _P, _L, _H, _E, _G, _T = (m.__table__ for m in (Borrower, Conversation, ContactPoint, Loan, Hold, LedgerEntry, Posting, Task))
BATCH = 500
LARGE_ADJUSTMENT = 50_000
"""Centavos: an adjustment this large is a case for a person."""
MOST_ERRORS = 10_000


class NotATape(ValueError):
    """The file cannot be read as a tape at all."""


@dataclass(slots=True)
class LoadReport:
    loans: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    adjusted: int = 0
    errors: list[RowError] = field(default_factory=list)

    @property
    def loaded(self) -> bool:
        return self.loans > 0


def load_tape(
    services: Services, path: Path, *, mapping: Path | None = None, dry_run: bool = False, partial: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> LoadReport:  # fmt: skip
    """Loads a tape. All or nothing unless `partial`; a bad row is reported by line, column and reason. Raises NotATape."""
    report = LoadReport()
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "stage.db") as stage:
        stage.execute("CREATE TABLE row (loan TEXT, number INT, line INT, data BLOB, PRIMARY KEY (loan, number)) WITHOUT ROWID")
        for line, cells in rows_of(path, mapping):
            _stage(stage, line, cells, report)
        if dry_run or (report.errors and not partial):
            report.loans = 0 if report.errors else stage.execute("SELECT count(DISTINCT loan) FROM row").fetchone()[0]
            return report
        bad = {error.line for error in report.errors}
        for batch in _batches(stage, bad):
            load_batch(services, batch, report, actor="lender:tape")
            progress(sum(len(loan.rows) for loan in batch))
    return report


def rows_of(path: Path, mapping: Path | None) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    """`(line, cells)` by our column names. Raises NotATape for what is no CSV in UTF-8 with the required header."""
    names = _mapping(mapping)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = [names.get(name.strip(), name.strip()) for name in reader.fieldnames or ()]
            if missing := [name for name in REQUIRED if name not in header]:
                message = f"{path.name}: the header lacks {', '.join(missing)}; it has {', '.join(header)[:200] or 'nothing'}. A --mapping file can rename columns"
                raise NotATape(message)
            reader.fieldnames = header
            for cells in reader:
                yield reader.line_num, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} cannot be read as a CSV in UTF-8: {error}"
        raise NotATape(message) from None


def _mapping(path: Path | None) -> dict[str, str]:
    """The lender's column names → ours, from `[columns]` of a TOML file: ours = theirs."""
    if path is None:
        return {}
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8"))["columns"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        message = f'{path.name} is no mapping: it needs a table [columns] with lines such as loan_id = "credito" ({error})'
        raise NotATape(message) from None
    if unknown := [name for name in columns if name not in COLUMNS]:
        message = f"{path.name}: there is no column {', '.join(unknown)}"
        raise NotATape(message)
    return {theirs: ours for ours, theirs in columns.items()}


def _stage(stage: sqlite3.Connection, line: int, cells: Mapping[str, str | None], report: LoadReport) -> None:
    parsed = parse_row(line, cells)
    if isinstance(parsed, TapeRow):
        try:
            stage.execute("INSERT INTO row VALUES (?, ?, ?, ?)", (parsed.loan_id, parsed.number, line, pickle.dumps(parsed)))
        except sqlite3.IntegrityError:
            parsed = [RowError(line, "instalment_no", f"is in the file twice for loan {parsed.loan_id}")]
    if isinstance(parsed, list) and len(report.errors) < MOST_ERRORS:
        report.errors += parsed


def _batches(stage: sqlite3.Connection, bad: set[int]) -> Iterator[list[TapeLoan]]:
    """Loans, whole ones only: one with a bad row is left out."""
    del bad
    rows = (pickle.loads(data) for (data,) in stage.execute("SELECT data FROM row ORDER BY loan, number"))  # noqa: S301 - our own file of this minute
    batch: list[TapeLoan] = []
    for _, found in groupby(rows, key=lambda row: row.loan_id):
        batch.append(TapeLoan(list(found)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def load_batch(services: Services, batch: Sequence[TapeLoan], report: LoadReport, *, actor: str) -> None:
    """Loads whole loans in one transaction; what is there already is brought to the tape's truth at its day."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        borrowers = _borrowers(connection, batch, now)
        _reach(connection, batch, borrowers, now)
        known = _known(connection, [loan.first.loan_id for loan in batch])
        fresh = [loan for loan in batch if loan.first.loan_id not in known]
        _open(connection, fresh, borrowers, now, actor)
        report.created += len(fresh)
        for loan in batch:
            if (row := known.get(loan.first.loan_id)) is not None:
                _again(connection, services, loan, row, now, actor, report)
        refresh_statuses(connection, now.date())
    report.loans += len(batch)


def _borrowers(connection: Connection, batch: Sequence[TapeLoan], now: datetime) -> dict[str, int]:
    """Ids by external id; rows are written only where they are new or say something else."""
    wanted = {loan.first.borrower["external_id"]: _person(loan.first) for loan in batch}
    held = {row.external_id: row for row in connection.execute(select(_B).where(_B.c.external_id.in_(list(wanted))))}
    new = [person | {"created_at": now} for key, person in wanted.items() if key not in held]
    if new:
        connection.execute(insert(_B), new)
    for key, row in held.items():
        changed = {name: value for name, value in wanted[key].items() if value is not None and getattr(row, name) != value}
        if changed:
            connection.execute(update(_B).where(_B.c.id == row.id).values(**changed))
    found = connection.execute(select(_B.c.external_id, _B.c.id).where(_B.c.external_id.in_(list(wanted))))
    return dict(found.all())


def _person(row: TapeRow) -> dict[str, Any]:
    zone = zone_of(row.borrower["state"], row.borrower["municipality"])
    return {**row.borrower, "zone": zone.key if zone else None}


def _reach(connection: Connection, batch: Sequence[TapeLoan], borrowers: Mapping[str, int], now: datetime) -> None:
    """A conversation for each phone, and each borrower's contact point in it; one that was closed opens again only for another number."""
    phones = sorted({loan.first.phone for loan in batch})
    thread = {"channel": "whatsapp", "state": {}, "version": 0, "handler": "bot", "urgency": 0, "created_at": now}
    rows = [thread | {"key": phone, "address": f"whatsapp:{phone}"} for phone in phones]
    connection.execute(insert_new(connection, _C, ("key",)), rows)
    threads = dict(connection.execute(select(_C.c.key, _C.c.id).where(_C.c.key.in_(phones))).all())
    points = {
        (borrowers[loan.first.borrower["external_id"]], loan.first.phone): {
            "borrower_id": borrowers[loan.first.borrower["external_id"]], "conversation_id": threads[loan.first.phone], "channel": "whatsapp",
            "key": loan.first.phone, "address": f"whatsapp:{loan.first.phone}", "status": "unverified", "failures": 0, "created_at": now,
        }
        for loan in batch
    }  # fmt: skip
    connection.execute(insert_new(connection, _P, ("borrower_id", "channel", "key")), list(points.values()))


def _known(connection: Connection, external: list[str]) -> dict[str, AnyRow]:
    return {row.external_id: row for row in connection.execute(select(_L).where(_L.c.external_id.in_(external)))}


def _open(connection: Connection, loans: Sequence[TapeLoan], borrowers: Mapping[str, int], now: datetime, actor: str) -> None:
    if not loans:
        return
    rows = [
        dict(loan.first.loan) | {
            "external_id": loan.first.loan_id, "borrower_id": borrowers[loan.first.borrower["external_id"]], "currency": "MXN", "status": "current",
            "as_of": loan.first.as_of, "allocation_rule": "oldest-first@1", "ledger_seq": 0, "ledger_hash": "", "outstanding_centavos": 0,
            "next_due_centavos": 0, "created_at": now,
        }
        for loan in loans
    ]  # fmt: skip
    connection.execute(insert(_L), rows)
    ids = dict(connection.execute(select(_L.c.external_id, _L.c.id).where(_L.c.external_id.in_([r["external_id"] for r in rows]))).all())
    openings = [
        LoanOpening(
            ids[loan.first.loan_id], [InstalmentOpening(r.number, r.due_date, r.amount, dict(r.unpaid)) for r in loan.rows], actor,
            loan.first.as_of or now.date(),
        )
        for loan in loans
    ]  # fmt: skip
    open_loans(connection, openings, now)
    holds = [
        {"loan_id": ids[loan.first.loan_id], "kind": kind, "placed_at": now}
        for loan in loans
        for kind in dict.fromkeys(h for r in loan.rows for h in r.holds)
    ]
    if holds:
        connection.execute(insert(_H), holds)


def _again(connection: Connection, services: Services, loan: TapeLoan, row: AnyRow, now: datetime, actor: str, report: LoadReport) -> None:
    """The lender's truth at `as_of`: what the ledger holds since then stays; only what nothing explains is adjusted."""
    as_of = loan.first.as_of
    if as_of is None:
        report.errors.append(RowError(0, "as_of", f"is required: loan {loan.first.loan_id} is loaded again"))
        return
    if row.as_of is not None and as_of <= row.as_of:
        report.unchanged += 1
        return
    since = _paid_since(connection, row.id, as_of)
    wanted = [
        AdjustedInstalment(
            r.number,
            r.due_date,
            r.amount,
            {part: max(0, amount + since.get(f"receivable:{r.number}:{part}", 0)) for part, amount in r.unpaid.items()},
        )
        for r in loan.rows
    ]
    moved = adjust_loan(connection, row.id, wanted, as_of, now, actor)
    connection.execute(update(_L).where(_L.c.id == row.id).values(as_of=as_of, **{k: v for k, v in loan.first.loan.items() if v is not None}))
    report.updated += 1
    if moved:
        report.adjusted += 1
    if moved >= LARGE_ADJUSTMENT:
        task = {
            "kind": "large_adjustment",
            "loan_id": row.id,
            "data": {"amount": moved, "as_of": as_of.isoformat()},
            "key": f"adjusted:{row.id}:{as_of}",
            "created_at": now,
        }
        connection.execute(insert_new(connection, _T, ("key",)), task)
    del services


def _paid_since(connection: Connection, loan_id: int, as_of: date) -> dict[str, int]:
    """By account: what payments dated after `as_of`, which the tape cannot know, have moved."""
    undo = _E.alias("undo")
    query = (
        select(_E.c.data, _G.c.account, _G.c.amount)
        .join(_G, _G.c.entry_id == _E.c.id)
        .where(_E.c.loan_id == loan_id, _E.c.kind.in_(MONEY_IN), ~select(undo.c.id).where(undo.c.reverses_id == _E.c.id).exists())
    )
    moved: dict[str, int] = {}
    for data, account, amount in connection.execute(query):
        if datetime.fromisoformat(data["paid_at"]).date() > as_of:
            moved[account] = moved.get(account, 0) + amount
    return moved


def errors_csv(errors: Sequence[RowError]) -> str:
    """The bad rows as a CSV of line, column and reason."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("line", "column", "reason"))
    writer.writerows((error.line, error.column, error.reason) for error in errors)
    return out.getvalue()
