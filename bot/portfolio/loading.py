"""A tape into the ledger: checked whole, staged on disk, then loaded in batches of set-based statements.
Loading again changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.portfolio.checks import missing_loans, refused_loans
from bot.portfolio.dialect import CellError, DialectRow, Mapping, read_mapping, rows_of
from bot.portfolio.errors import RowError
from bot.portfolio.loan_shape import instalments_of
from bot.portfolio.preview import Preview, preview
from bot.portfolio.reload import bring, place_holds, refusals
from bot.portfolio.staging import Head, Stage, staging
from bot.portfolio.tape import COLUMNS, REQUIRED, TapeLoan, TapeRow, parse_row
from bot.services import Services
from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    index_names,
    loan_table,
    read_tx,
    write_tx,
)
from models.ledger import InstalmentOpening, LoanOpening, open_loans, refresh_statuses
from models.upsert import insert_new
from values import zone_of

MOST_ERRORS = 10_000


@dataclass(slots=True)
class LoadReport:
    loans: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    adjusted: int = 0
    errors: list[RowError] = field(default_factory=list)
    preview: Preview | None = None
    """Of a dry run."""
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
    progress: Callable[[int], None] = lambda _: None,
) -> LoadReport:
    """Loads a tape. All or nothing unless `partial`; a bad row is reported by line, column and reason. Raises
    NotATable, InvalidMapping.

    `as_of`: the day of the whole file, where no column tells it. `complete`: the file names every loan, so
    that the ones it lacks are reported. `accept`: a person has looked at the instalments that it lacks. A dry
    run answers how many loans would be loaded.
    """
    report = LoadReport()
    with staging() as stage:
        for row in tape_rows(path, mapping, as_of):
            _stage(stage, row, report)
        _refuse(services, stage, report, accept=accept)
        if complete:
            with read_tx(services.engine) as connection:
                report.missing = missing_loans(stage, connection)
        loads = partial or not report.errors
        if dry_run:
            with read_tx(services.engine) as connection:
                report.preview = preview(stage, connection, path, mapping_of(mapping, as_of))
        if dry_run or not loads:
            report.loans = stage.loans() if loads else 0
            return report
        for batch in stage.batches():
            load_batch(services, batch, report, actor="lender:tape")
            progress(sum(len(loan.rows) for loan in batch))
    return report


def mapping_of(path: Path | None, as_of: date | None) -> Mapping:
    """Raises InvalidMapping."""
    how = read_mapping(path, COLUMNS)
    if as_of is None:
        return how
    return Mapping(how.columns, how.formats, {**how.constants, "as_of": as_of.isoformat()})


def tape_rows(path: Path, mapping: Path | None, as_of: date | None) -> Iterator[DialectRow]:
    """The instalments of a file, each cell in plain form. Raises NotATable, InvalidMapping."""
    how = mapping_of(mapping, as_of)
    if how.formats.shape == "instalments":
        yield from rows_of(path, how, REQUIRED, COLUMNS)
        return
    for row in rows_of(path, how, [name for name in REQUIRED if name != "instalment_no"], COLUMNS):
        yield from instalments_of(row)


def _stage(stage: Stage, row: DialectRow, report: LoadReport) -> None:
    loan_id = row.cells.get("loan_id", "").strip()
    if row.errors:
        report.wrong(*(_row_error(row.line, loan_id, error) for error in row.errors))
        stage.tear(loan_id)
        return
    parsed = parse_row(row.line, row.cells)
    if isinstance(parsed, TapeRow):
        error = stage.add(parsed)
        parsed = [error] if error else []
    if parsed:
        report.wrong(*parsed)
        stage.tear(loan_id)


def _row_error(line: int, loan_id: str, error: CellError) -> RowError:
    return RowError(line, error.column, error.reason, loan_id, error.value, error.cause)


def _refuse(services: Services, stage: Stage, report: LoadReport, *, accept: bool) -> None:
    """What only the whole of the file tells, and the loans that are here already."""
    with read_tx(services.engine) as connection:
        today = services.day(services.clock.now())
        for loan_id, error in refused_loans(stage, connection, today, accept=accept):
            report.wrong(error)
            stage.refuse(loan_id)
        for heads in stage.heads():
            for loan_id, error in refusals(connection, heads).items():
                report.wrong(error)
                stage.refuse(loan_id)


def load_batch(services: Services, batch: Sequence[TapeLoan], report: LoadReport, *, actor: str) -> None:
    """Loads whole loans in one transaction; what is there already is brought to the tape's truth at its
    day.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        refused = refusals(connection, [_head(loan) for loan in batch])
        report.wrong(*refused.values())
        loans = [loan for loan in batch if loan.first.loan_id not in refused]
        borrowers = _borrowers(connection, loans, now)
        _reach(connection, loans, borrowers, now)
        known = {
            row.external_id: row
            for row in connection.execute(
                select(loan_table).where(loan_table.c.external_id.in_([loan.first.loan_id for loan in loans]))
            )
        }
        fresh = [loan for loan in loans if loan.first.loan_id not in known]
        _open(connection, services, fresh, borrowers, now, actor)
        again = [(loan, known[loan.first.loan_id]) for loan in loans if loan.first.loan_id in known]
        done = bring(connection, services, again, now, actor)
        here = connection.scalars(
            select(loan_table.c.id).where(
                loan_table.c.external_id.in_([loan.first.loan_id for loan in loans])
            )
        ).all()
        refresh_statuses(connection, services.day(now), now, here)
    report.loans += len(loans)
    report.created += len(fresh)
    report.unchanged += done["unchanged"]
    report.updated += done["updated"] + done["adjusted"]
    report.adjusted += done["adjusted"]


def _head(loan: TapeLoan) -> Head:
    first = loan.first
    return Head(
        first.loan_id,
        first.line,
        str(first.borrower["external_id"]),
        first.as_of.isoformat() if first.as_of else None,
    )


def _borrowers(connection: Connection, batch: Sequence[TapeLoan], now: datetime) -> dict[str, int]:
    """Ids by external id; rows are written only where they are new or say something else."""
    if not batch:
        return {}
    wanted = {loan.first.borrower["external_id"]: _person(loan.first) for loan in batch}
    held = {
        row.external_id: row
        for row in connection.execute(
            select(borrower_table).where(borrower_table.c.external_id.in_(list(wanted)))
        )
    }
    new = [person | {"created_at": now} for key, person in wanted.items() if key not in held]
    if new:
        connection.execute(insert(borrower_table), new)
    for key, row in held.items():
        changed = {
            name: value
            for name, value in wanted[key].items()
            if value is not None and getattr(row, name) != value
        }
        if changed:
            connection.execute(update(borrower_table).where(borrower_table.c.id == row.id).values(**changed))
    found = connection.execute(
        select(borrower_table.c.external_id, borrower_table.c.id).where(
            borrower_table.c.external_id.in_(list(wanted))
        )
    )
    ids = dict(found.all())
    index_names(
        connection,
        {
            ids[key]: person["name"]
            for key, person in wanted.items()
            if key not in held or held[key].name != person["name"]
        },
    )
    return ids


def _person(row: TapeRow) -> dict[str, Any]:
    zone = zone_of(row.borrower["state"], row.borrower["municipality"])
    return {**row.borrower, "zone": zone.key if zone else None}


def _reach(
    connection: Connection, batch: Sequence[TapeLoan], borrowers: MappingType[str, int], now: datetime
) -> None:
    """A conversation for each phone, and each borrower's contact point in it; one that was closed opens again
    only for another number.
    """
    if not batch:
        return
    phones = sorted({phone for loan in batch for phone in loan.phones})
    thread = {
        "channel": "whatsapp",
        "state": {},
        "version": 0,
        "handler": "bot",
        "urgency": 0,
        "created_at": now,
    }
    rows = [thread | {"key": phone, "address": f"whatsapp:{phone}"} for phone in phones]
    connection.execute(insert_new(connection, conversation_table, ("key",)), rows)
    threads = dict(
        connection.execute(
            select(conversation_table.c.key, conversation_table.c.id).where(
                conversation_table.c.key.in_(phones)
            )
        ).all()
    )
    points: dict[tuple[int, str], dict[str, Any]] = {}
    for loan in batch:
        borrower = borrowers[loan.first.borrower["external_id"]]
        for phone in loan.phones:
            points.setdefault(
                (borrower, phone),
                {
                    "borrower_id": borrower,
                    "conversation_id": threads[phone],
                    "channel": "whatsapp",
                    "key": phone,
                    "address": f"whatsapp:{phone}",
                    "status": "unverified",
                    "additional": phone != loan.first.phone,
                    "failures": 0,
                    "created_at": now,
                },
            )
    connection.execute(
        insert_new(connection, contact_point_table, ("borrower_id", "channel", "key")), list(points.values())
    )


def _open(
    connection: Connection,
    services: Services,
    loans: Sequence[TapeLoan],
    borrowers: MappingType[str, int],
    now: datetime,
    actor: str,
) -> None:
    if not loans:
        return
    rows = [
        dict(loan.first.loan)
        | {
            "external_id": loan.first.loan_id,
            "borrower_id": borrowers[loan.first.borrower["external_id"]],
            "currency": "MXN",
            "status": "current",
            "as_of": loan.first.as_of,
            "tape_hash": loan.hash,
            "allocation_rule": "oldest-first@1",
            "ledger_seq": 0,
            "ledger_hash": "",
            "outstanding_centavos": 0,
            "next_due_centavos": 0,
            "created_at": now,
        }
        for loan in loans
    ]
    connection.execute(insert(loan_table), rows)
    ids = dict(
        connection.execute(
            select(loan_table.c.external_id, loan_table.c.id).where(
                loan_table.c.external_id.in_([r["external_id"] for r in rows])
            )
        ).all()
    )
    openings = [
        LoanOpening(
            ids[loan.first.loan_id],
            [InstalmentOpening(r.number, r.due_date, r.amount, dict(r.unpaid)) for r in loan.rows],
            actor,
            loan.first.as_of or services.day(now),
        )
        for loan in loans
    ]
    open_loans(connection, openings, now)
    place_holds(connection, {ids[loan.first.loan_id]: loan.holds for loan in loans if loan.holds}, now, actor)
