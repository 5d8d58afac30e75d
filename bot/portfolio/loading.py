"""A tape into the ledger: checked whole, staged on disk, then loaded in batches of set-based statements.
Loading again changes nothing.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from bot.faults import Fault
from bot.money import promise_news
from bot.portfolio.checks import impossible_days, missing_loans, refused_loans, too_many_missing
from bot.portfolio.dialect import (
    CellError,
    DialectRow,
    InvalidMapping,
    Mapping,
    NotATable,
    read_mapping,
    rows_of,
)
from bot.portfolio.errors import RowError
from bot.portfolio.loan_shape import NOT_OF_SHAPE, instalments_of
from bot.portfolio.missing import hold_missing, release_found
from bot.portfolio.names import name_key
from bot.portfolio.people import those_described, write_borrowers, write_contact_points
from bot.portfolio.preview import Preview, preview
from bot.portfolio.reload import is_news, known_until, place_holds, refusals, update_loans
from bot.portfolio.staging import Head, Stage, staging
from bot.portfolio.tape import COLUMNS, TapeLoan, TapeRow, names_of, parse_row
from bot.portfolio.undo import keep_before, snapshot
from bot.reach import notify_borrowers
from bot.services import Services
from models import (
    loan_table,
    read_tx,
    write_tx,
)
from models.base import AnyRow
from models.ledger import InstalmentOpening, LoanOpening, judge_promises, open_loans, refresh_statuses
from models.upsert import insert_new

STEP = 1000
"""Rows after which progress is reported while a file is checked."""
MOST_ERRORS = 10_000


@dataclass(slots=True)
class LoadReport:
    loans: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    """Of those unchanged: described as of a day before what is known."""
    adjusted: int = 0
    review: int = 0
    """Of a payments file: what a person must decide."""
    rails: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of a payments file: by rail how many, and their centavos."""
    errors: list[RowError] = field(default_factory=list)
    preview: Preview | None = None
    """Of a dry run."""
    applied: dict[str, str] | None = None
    """What became of each loan, where that is asked for: created, updated, unchanged or older."""
    missing: list[tuple[str, int]] = field(default_factory=list)
    """Open loans that a complete file does not name, with centavos outstanding."""

    def wrong(self, *errors: RowError) -> None:
        """Kept up to a number that somebody may still read."""
        self.errors += errors[: max(0, MOST_ERRORS - len(self.errors))]


def load_tape(
    services: Services,
    path: Path,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    partial: bool = False,
    accept: bool = False,
    complete: bool = False,
    load_id: int | None = None,
    actor: str = "lender:tape",
    progress: Callable[[int], None] = lambda _: None,
) -> LoadReport:
    """Loads a tape. All or nothing unless `partial`; a bad row is reported by line, column and reason. Raises
    NotATable, InvalidMapping.

    `as_of`: the day of the whole file, where no column states it. `complete`: the file names every loan, so
    that the ones it lacks are reported and held. `load_id`: of the `tape_load` that can be undone. `accept`:
    a person has looked at the instalments that it lacks. A dry run answers how many loans would be loaded.
    """
    report = LoadReport()
    with few_collections(), staging() as stage:
        today = _latest_day(services, services.clock.now())
        for count, row in enumerate(tape_rows(path, mapping, as_of), 1):
            _stage(stage, row, report, today)
            if count % STEP == 0:
                progress(STEP)
        if stage.is_empty():
            raise NotATable(path, [Fault("no_rows", "has a header and no rows: it is no tape")])
        _refuse(services, stage, report, today, accept=accept)
        whole = True
        if complete:
            with read_tx(services.engine) as connection:
                report.missing = missing_loans(stage, connection)
                if not accept and (error := too_many_missing(connection, report.missing)):
                    report.wrong(error)
                    whole = False
        loads = whole and (partial or not report.errors)
        if dry_run:
            with read_tx(services.engine) as connection:
                report.preview = preview(stage, connection, path, mapping_of(mapping, as_of))
        if dry_run or not loads:
            report.loans = stage.loans() if loads else 0
            return report
        if report.missing:
            with write_tx(services.engine) as connection:
                missing = [loan for loan, _ in report.missing]
                hold_missing(connection, missing, services.clock.now(), actor)
        for batch in stage.batches():
            with write_tx(services.engine) as connection:
                load_batch(connection, services, batch, report, actor=actor, load_id=load_id)
            progress(sum(len(loan.rows) for loan in batch))
    return report


@contextmanager
def few_collections() -> Iterator[None]:
    """A batch makes tens of thousands of objects and no cycle: walking all that the process has loaded again
    and again costs a third of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def mapping_of(path: Path | None, as_of: date | None) -> Mapping:
    """Raises InvalidMapping."""
    how = read_mapping(path, COLUMNS)
    if path is not None and how.formats.shape == "loans":
        named = sorted({*how.columns, *how.constants} & {*NOT_OF_SHAPE})
        what = 'has no place in shape = "loans", whose balance is what is owed'
        faults = [Fault("shape_loans", f"{name} {what}", name=name) for name in named]
        if faults:
            raise InvalidMapping(path, faults)
    if as_of is None:
        return how
    return Mapping(how.columns, how.formats, how.constants, {"as_of": as_of.isoformat()})


def tape_rows(path: Path, mapping: Path | None, as_of: date | None) -> Iterator[DialectRow]:
    """The instalments of a file, each cell in plain form. Raises NotATable, InvalidMapping."""
    how = mapping_of(mapping, as_of)
    rows = rows_of(path, how, *names_of(how.formats.shape))
    if how.formats.shape == "instalments":
        yield from rows
        return
    for row in rows:
        yield from instalments_of(row)


def _stage(stage: Stage, row: DialectRow, report: LoadReport, today: date) -> None:
    loan_id = row.cells.get("loan_id", "").strip()
    if row.errors:
        report.wrong(*(_row_error(row.line, loan_id, error) for error in row.errors))
        stage.tear(loan_id)
        return
    parsed = parse_row(row.line, row.cells)
    if isinstance(parsed, TapeRow):
        errors = impossible_days(parsed, today)
        if not errors and (error := stage.add(parsed)):
            errors = [error]
        parsed = errors
    if parsed:
        report.wrong(*parsed)
        stage.tear(loan_id)


def _row_error(line: int, loan_id: str, error: CellError) -> RowError:
    return RowError(line, error.column, error.fault, error.params, loan_id, error.value)


def _refuse(services: Services, stage: Stage, report: LoadReport, today: date, *, accept: bool) -> None:
    """What only the whole of the file shows, and the loans that are here already."""
    with read_tx(services.engine) as connection:
        for loan_id, error in refused_loans(stage, connection, accept=accept):
            report.wrong(error)
            stage.refuse(loan_id)
        for heads in stage.heads():
            for loan_id, error in refusals(connection, heads, today).items():
                report.wrong(error)
                stage.refuse(loan_id)


def _latest_day(services: Services, now: datetime) -> date:
    """The latest day that a tape can know of: a lender's system may count days in UTC."""
    return max(services.day(now), now.date())


def load_batch(
    connection: Connection,
    services: Services,
    batch: Sequence[TapeLoan],
    report: LoadReport,
    *,
    actor: str,
    load_id: int | None = None,
) -> None:
    """Loads whole loans in the caller's transaction; what is there already becomes what the tape states for
    its day. An older tape, or the same one again, changes nothing at all.
    """
    now = services.clock.now()
    today = services.day(now)
    refused = refusals(connection, [_head(loan) for loan in batch], _latest_day(services, now))
    report.wrong(*refused.values())
    loans = [loan for loan in batch if loan.first.loan_id not in refused]
    known = _known(connection, loans)
    news = [
        loan for loan in loans if loan.first.loan_id not in known or is_news(loan, known[loan.first.loan_id])
    ]
    keep = [row.id for loan in news if (row := known.get(loan.first.loan_id)) is not None]
    before = snapshot(connection, keep) if load_id is not None else {}
    described = those_described(connection, news, known)
    borrowers = write_borrowers(connection, described, now)
    write_contact_points(connection, described, borrowers, now)
    fresh = [loan for loan in news if loan.first.loan_id not in known]
    opened = _open(connection, services, fresh, borrowers, now, actor)
    met = [loan for loan in fresh if loan.first.loan_id not in opened]  # opened by another meanwhile
    known |= _known(connection, met)
    again = [
        (loan, known[loan.first.loan_id])
        for loan in news
        if loan.first.loan_id in known and is_news(loan, known[loan.first.loan_id])
    ]
    done = update_loans(connection, services, again, now, actor)
    changed = [*opened.values(), *(row.id for _, row in again)]
    release_found(connection, [row.id for row in known.values()], now, actor)
    refresh_statuses(connection, today, now, changed)
    judged = judge_promises(connection, [row.id for _, row in again], now, today)
    notify_borrowers(connection, promise_news(judged), now)
    if load_id is not None:
        keep_before(connection, load_id, before, list(opened.values()))
    report.loans += len(loans)
    report.created += len(opened)
    report.updated += done["updated"] + done["adjusted"]
    report.adjusted += done["adjusted"]
    report.older += sum(_is_older(loan, known) for loan in loans)
    report.unchanged += len(loans) - len(opened) - len(again)
    if report.applied is not None:
        report.applied |= {loan.first.loan_id: "unchanged" for loan in loans}
        report.applied |= {loan.first.loan_id: "older" for loan in loans if _is_older(loan, known)}
        report.applied |= dict.fromkeys(opened, "created")
        report.applied |= {loan.first.loan_id: "updated" for loan, _ in again}


def _known(connection: Connection, loans: Sequence[TapeLoan]) -> dict[str, AnyRow]:
    ids = [loan.first.loan_id for loan in loans]
    query = select(loan_table).where(loan_table.c.external_id.in_(ids))
    return {row.external_id: row for row in connection.execute(query)} if ids else {}


def _is_older(loan: TapeLoan, known: MappingType[str, AnyRow]) -> bool:
    row, as_of = known.get(loan.first.loan_id), loan.first.as_of
    return row is not None and row.as_of is not None and as_of is not None and as_of < row.as_of


def _head(loan: TapeLoan) -> Head:
    first = loan.first
    return Head(
        first.loan_id,
        first.line,
        str(first.borrower["external_id"]),
        first.as_of.isoformat() if first.as_of else None,
        name_key(first.borrower["name"]),
        born.isoformat() if (born := first.borrower["birth_date"]) else None,
    )


def _open(
    connection: Connection,
    services: Services,
    loans: Sequence[TapeLoan],
    borrowers: MappingType[str, int],
    now: datetime,
    actor: str,
) -> dict[str, int]:
    """Ids by external id of the loans that were opened: one that another opened at the same time is left."""
    if not loans:
        return {}
    rows = [
        dict(loan.first.loan)
        | {
            "external_id": loan.first.loan_id,
            "borrower_id": borrowers[str(loan.first.borrower["external_id"])],
            "currency": "MXN",
            "status": "current",
            "as_of": loan.first.as_of,
            "known_until": known_until(services, loan, now),
            "tape_hash": loan.hash,
            "allocation_rule": "oldest-first@1",
            "ledger_seq": 0,
            "ledger_hash": "",
            "outstanding_centavos": 0,
            "next_due_centavos": 0,
            "created_at": now,
        }
        for loan in sorted(loans, key=lambda loan: loan.first.loan_id)
    ]
    statement = insert_new(connection, loan_table, ("external_id",)).returning(
        loan_table.c.external_id, loan_table.c.id
    )
    ids = dict(connection.execute(statement, rows).all())
    opened = [loan for loan in loans if loan.first.loan_id in ids]
    openings = [
        LoanOpening(
            ids[loan.first.loan_id],
            [InstalmentOpening(r.number, r.due_date, r.amount, dict(r.unpaid)) for r in loan.rows],
            actor,
            loan.first.as_of or services.day(now),
        )
        for loan in opened
    ]
    open_loans(connection, openings, now)
    holds = {ids[loan.first.loan_id]: loan.holds for loan in opened if loan.holds}
    place_holds(connection, holds, now, actor)
    return ids
