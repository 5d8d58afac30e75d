"""Tapes and files of payments that are given in the console, tapes that are put into a folder: checked by the
worker, confirmed by a manager, loaded by the worker, listed with who and when. The last tape is undone where
nothing followed from it.
"""

import tempfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, insert, select, update

from bot.audit import record
from bot.portfolio.dialect import InvalidMapping, NotATable
from bot.portfolio.errors import RowError, grouped
from bot.portfolio.loading import LoadReport, load_tape
from bot.portfolio.payments import load_payments
from bot.reach import NewTask, open_task
from bot.services import Services
from models import read_tx, tape_load_table, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

Source = Literal["console", "folder", "command"]
SHOWN_ERRORS = 20
LISTED = 50


class NotWaiting(ValueError):
    """A tape that is not checked, or was confirmed already."""

    def __init__(self, load_id: int, status: str | None) -> None:
        super().__init__(
            f"tape {load_id} is {status or 'unknown'}: only one that was checked can be confirmed"
        )


@dataclass(frozen=True, slots=True)
class GivenTape:
    file_name: str
    content: bytes
    source: Source
    given_by: str
    mapping: str = ""
    as_of: date | None = None
    complete: bool = False
    kind: Literal["loans", "payments"] = "loans"


def give_tape(services: Services, tape: GivenTape) -> int:
    """Keeps it for the worker to check; its id."""
    row = {
        "kind": tape.kind,
        "file_name": Path(tape.file_name).name[:200] or "tape",
        "status": "uploaded",
        "source": tape.source,
        "given_by": tape.given_by,
        "mapping": tape.mapping,
        "as_of": tape.as_of,
        "complete": tape.complete,
        "accept": False,
        "content": zlib.compress(tape.content, 6),
        "created_at": services.clock.now(),
    }
    return _keep(services, row)


def _keep(services: Services, row: Mapping[str, Any]) -> int:
    with write_tx(services.engine) as connection:
        given = connection.execute(insert(tape_load_table).returning(tape_load_table.c.id), row)
        load_id = int(given.scalar_one())
        record(connection, row["created_at"], row["given_by"], "tape.given", f"tape:{load_id}")
        return load_id


def confirm_tape(services: Services, load_id: int, by: str, *, accept: bool = False) -> None:
    """A manager has looked at the preview. `accept`: also at the instalments that the file lacks, for which
    it was refused. Confirming again what one has confirmed changes nothing. Raises NotWaiting.
    """
    may = ("checked", "refused") if accept else ("checked",)
    waiting = (tape_load_table.c.id == load_id) & tape_load_table.c.status.in_(may)
    with write_tx(services.engine) as connection:
        done = connection.execute(
            update(tape_load_table)
            .where(waiting, tape_load_table.c.content.is_not(None))
            .values(status="confirmed", confirmed_by=by, accept=accept)
        )
        if done.rowcount == 1:
            record(connection, services.clock.now(), by, "tape.confirmed", f"tape:{load_id}")
            return
        stands = select(tape_load_table.c.status, tape_load_table.c.confirmed_by)
        row = connection.execute(stands.where(tape_load_table.c.id == load_id)).first()
        if row is None or row.confirmed_by != by or row.status not in ("confirmed", "loaded"):
            raise NotWaiting(load_id, row.status if row else None)


def listed_tapes(connection: Connection) -> Sequence[AnyRow]:
    """The newest first, without their files."""
    columns = [column for column in tape_load_table.c if column.name != "content"]
    return connection.execute(select(*columns).order_by(tape_load_table.c.id.desc()).limit(LISTED)).all()


def process_tapes(services: Services) -> int:
    """The sweep: checks what was given and loads what was confirmed, one at a time. Doing either twice is
    harmless: a check writes nothing, and a tape that is loaded again changes nothing.
    """
    due = (
        select(tape_load_table)
        .where(tape_load_table.c.status.in_(("uploaded", "confirmed")))
        .order_by(tape_load_table.c.id)
        .limit(1)
    )
    with read_tx(services.engine) as connection:
        row = connection.execute(due).first()
    if row is None:
        return 0
    try:
        status, summary = _check(services, row) if row.status == "uploaded" else _load(services, row)
    except (NotATable, InvalidMapping) as error:
        status, summary = "refused", {"faults": [fault.to_json() for fault in error.faults]}
    except Exception as error:
        log.exception("tape raised", tape=row.id)
        status, summary = "failed", {"error": type(error).__name__}
    _move(services, row, status, summary)
    return 1


def _move(services: Services, row: AnyRow, status: str, summary: dict[str, Any]) -> None:
    values: dict[str, Any] = {"status": status, "summary": summary}
    if status in ("loaded", "failed"):
        values["ended_at"] = services.clock.now()
    if status == "loaded":
        values["content"] = None
    same = (tape_load_table.c.id == row.id) & (tape_load_table.c.status == row.status)
    with write_tx(services.engine) as connection:
        moved = connection.execute(update(tape_load_table).where(same).values(**values)).rowcount
        if moved and row.source == "folder" and status in ("refused", "failed"):
            data = {"tape": row.id, "file": row.file_name}
            open_task(connection, NewTask("tape_refused", services.clock.now(), f"tape:{row.id}", data=data))


def _check(services: Services, row: AnyRow) -> tuple[str, dict[str, Any]]:
    with _files(row) as (path, mapping):
        if row.kind == "payments":
            report = load_payments(services, path, mapping=mapping, dry_run=True)
        else:
            report = load_tape(
                services, path, mapping=mapping, as_of=row.as_of, complete=row.complete, dry_run=True
            )
    if report.errors:
        return "refused", summary_of(report)
    return ("confirmed" if row.source == "folder" else "checked"), summary_of(report)


def _load(services: Services, row: AnyRow) -> tuple[str, dict[str, Any]]:
    with _files(row) as (path, mapping):
        if row.kind == "payments":
            report = load_payments(services, path, mapping=mapping)
        else:
            report = load_tape(
                services,
                path,
                mapping=mapping,
                as_of=row.as_of,
                complete=row.complete,
                accept=row.accept,
                load_id=row.id,
                actor=row.confirmed_by or row.given_by,
            )
    return ("refused" if report.errors else "loaded"), summary_of(report)


@contextmanager
def _files(row: AnyRow) -> Any:
    """The file and its mapping on disk, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / row.file_name
        path.write_bytes(zlib.decompress(row.content))
        mapping = Path(folder) / "mapping.toml" if row.mapping else None
        if mapping:
            mapping.write_text(row.mapping, encoding="utf-8")
        yield path, mapping


def summary_of(report: LoadReport) -> dict[str, Any]:
    """JSON of a report: counts, sums in centavos, the first error of each kind, and the preview."""
    summary: dict[str, Any] = {
        "loans": report.loans,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "adjusted": report.adjusted,
        "review": report.review,
        "rails": {rail: list(paid) for rail, paid in sorted(report.rails.items())},
        "errors": [_error(error, rows) for error, rows in list(grouped(report.errors))[:SHOWN_ERRORS]],
        "bad_rows": len(report.errors),
        "missing": report.missing[:SHOWN_ERRORS],
        "missing_loans": len(report.missing),
        "missing_centavos": sum(centavos for _, centavos in report.missing),
    }
    if (found := report.preview) is not None:
        summary["preview"] = {
            "columns": dict(found.layout.used),
            "ignored": list(found.layout.ignored),
            "rows": found.rows,
            "groups": {name: [found.loans[name], found.centavos[name]] for name in found.loans},
            "differences": [[each.loan, each.books, each.file] for each in found.differences],
            "bad": found.bad,
            "without_birth_date": found.without_birth_date,
            "sharing_a_phone": found.sharing_a_phone,
        }
    return summary


def _error(error: RowError, rows: int) -> dict[str, Any]:
    return {
        "line": error.line,
        "loan": error.loan_id,
        "column": error.column,
        "value": error.value,
        "fault": error.fault,
        "params": dict(error.params),
        "rows": rows,
    }


def error_text(error: Mapping[str, Any], locale: str) -> str:
    """The words of an error of a summary."""
    return RowError(error["line"], error["column"], error["fault"], error["params"]).text(locale)


def record_command(services: Services, file: Path, actor: str) -> int:
    """A load from the terminal stands in the history too; its id."""
    row = {
        "file_name": file.name[:200],
        "status": "checked",
        "source": "command",
        "given_by": actor,
        "mapping": "",
        "complete": False,
        "accept": False,
        "created_at": services.clock.now(),
    }
    return _keep(services, row)


def end_command(services: Services, load_id: int, report: LoadReport, now: datetime) -> None:
    status = "loaded" if report.loans else "refused"
    values = {"status": status, "summary": summary_of(report), "ended_at": now}
    with write_tx(services.engine) as connection:
        connection.execute(update(tape_load_table).where(tape_load_table.c.id == load_id).values(**values))
