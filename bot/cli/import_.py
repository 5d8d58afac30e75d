"""acuerdo import"""

import getpass
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from bot.cli.progress import progress
from bot.portfolio import (
    COLUMNS,
    REQUIRED,
    LoadReport,
    Preview,
    RowError,
    end_command,
    grouped,
    load_payments,
    load_tape,
    record_command,
    suggest,
    undo_load,
    write_errors,
)
from bot.reach import import_contacts
from bot.services import start_services

_MAPPING = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with [columns] (ours = theirs), [formats], [constants]: see `acuerdo import suggest`.",
)
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
_DRY = click.option("--dry-run", is_flag=True, help="Check only, load nothing.")
_PARTIAL = click.option("--partial", is_flag=True, help="Load the good rows, report the bad ones.")
_LANG = click.option(
    "--lang",
    type=click.Choice(["es", "en"]),
    default=lambda: "es" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("es") else "en",
    help="Language of the errors; by default the terminal's.",
)
_LOCALES = {"es": "es_MX", "en": "en"}
_SHOWN = 20
"""Groups of errors that are printed; the file next to the tape holds every row."""


@click.group()
def command() -> None:
    """Loads a loan tape, a payments file, or the calls of a dialer.

    Example: acuerdo import loans cartera.csv --dry-run
    """


@command.command("suggest")
@_FILE
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the mapping is written; else it is printed.",
)
def suggest_(file: Path, out: Path | None) -> None:
    """Writes a mapping for a tape: its columns, its ways to write days and amounts, its layout.

    Exit 1 where something could mean two things: the mapping says which lines decide it.

    Example: acuerdo import suggest cartera.csv --out columnas.toml
    """
    with _on_disk(file) as tape:
        found = suggest(tape, REQUIRED, COLUMNS)
    if out is None:
        click.echo(found.toml(), nl=False)
    else:
        out.write_text(found.toml(), encoding="utf-8")
        click.echo(f"written to {out}; load with: acuerdo import loans {file} --mapping {out}", err=True)
    if found.ignored:
        click.echo(f"left out: {', '.join(found.ignored)}", err=True)
    for question in found.questions:
        click.echo(f"? {question.about}", err=True)
        for choice in question.choices:
            click.echo(f"    {choice}", err=True)
    if found.questions:
        raise SystemExit(1)


@command.command("contacts")
@_FILE
@_DRY
def contacts_(file: Path, *, dry_run: bool) -> None:
    """Records calls and visits from a dialer's CSV: the good rows; exit 1 where there is a bad one.

    Columns: borrower_id, channel (call, visit), outcome (answered, message_left, no_answer, wrong_person),
    at, reference; and phone, made_by.

    Example: acuerdo import contacts llamadas.csv
    """
    with click.open_file(str(file), encoding="utf-8-sig") as lines:
        found = import_contacts(start_services(), lines, dry_run=dry_run)
    done = "would be recorded" if dry_run else "recorded"
    click.echo(f"{found.recorded} contacts {done}, {found.duplicates} known already")
    for line, fault in found.faults:
        click.echo(f"line {line}: {fault}", err=True)
    if found.faults:
        sys.exit(1)


@command.command()
@_FILE
@_MAPPING
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the whole file, where no column states it."
)
@_DRY
@_PARTIAL
@_LANG
@click.option("--complete", is_flag=True, help="The file names every loan: report those that it lacks.")
@click.option("--accept", is_flag=True, help="Load it although instalments that were owed are gone from it.")
def loans(
    file: Path,
    mapping: Path | None,
    as_of: datetime | None,
    dry_run: bool,
    partial: bool,
    lang: str,
    complete: bool,
    accept: bool,
) -> None:
    """Loads a loan tape: one row for each instalment, or for each loan.

    Example: acuerdo import loans cartera.csv --mapping columnas.toml
    """
    services = start_services()
    day = as_of.date() if as_of else None
    load_id = None if dry_run else record_command(services, file, f"cli:{getpass.getuser()}")
    report = LoadReport()
    try:
        with _on_disk(file) as tape, _bar(tape, dry_run=dry_run) as more:
            report = load_tape(
                services,
                tape,
                mapping=mapping,
                as_of=day,
                dry_run=dry_run,
                partial=partial,
                complete=complete,
                accept=accept,
                load_id=load_id,
                progress=more,
            )
    finally:
        if load_id is not None:
            end_command(services, load_id, report, services.clock.now())
    _print(report, file, _LOCALES[lang], dry_run=dry_run)


@command.command()
@click.argument("number", type=int)
def undo(number: int) -> None:
    """Takes the last tape back, where nothing followed from it; its number stands in the console.

    Example: acuerdo import undo 17
    """
    loans = undo_load(start_services(), number, f"cli:{getpass.getuser()}")
    click.echo(f"{loans} loans stand as they stood before tape {number}")


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """What comes by a pipe, or as `-` by standard input, as a file: a tape is read more than once."""
    if file.is_file():
        yield file
        return
    with tempfile.TemporaryDirectory() as folder, click.open_file(str(file), "rb") as given:
        start = given.read(2)
        path = Path(folder) / ("tape.xlsx" if start == b"PK" else "tape.csv")
        with path.open("wb") as copy:
            copy.write(start)
            shutil.copyfileobj(given, copy)
        yield path


def _bar(tape: Path, *, dry_run: bool) -> AbstractContextManager[Callable[[int], None]]:
    """Each row is checked, then loaded."""
    rows = _rows(tape) if sys.stderr.isatty() else 0
    return progress(rows, "checking") if dry_run else progress(2 * rows, "checking and loading")


def _rows(file: Path) -> int:
    if not zipfile.is_zipfile(file):
        with file.open("rb") as opened:
            return _count(opened, b"\n")
    with zipfile.ZipFile(file) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        return sum(_count(book.open(name), b"<row") for name in sheets)


def _count(opened: IO[bytes], sign: bytes) -> int:
    return sum(chunk.count(sign) for chunk in iter(lambda: opened.read(1 << 20), b""))


@command.command()
@_FILE
@_MAPPING
@_DRY
@_PARTIAL
@_LANG
def payments(file: Path, mapping: Path | None, dry_run: bool, partial: bool, lang: str) -> None:
    """Loads payments: loan_id, amount, paid_at, rail, reference.

    Example: acuerdo import payments pagos.csv
    """
    with _on_disk(file) as given:
        report = load_payments(start_services(), given, mapping=mapping, dry_run=dry_run, partial=partial)
    _print(report, file, _LOCALES[lang], dry_run=dry_run)


def _print(report: LoadReport, file: Path, locale: str, *, dry_run: bool) -> None:
    """What was loaded, and what is wrong by group; exit 1 where something was."""
    _print_errors(report.errors, file, locale)
    if report.missing:
        owed = sum(centavos for _, centavos in report.missing)
        click.echo(
            f"{len(report.missing)} open loans are not in the file; they owe {owed / 100:,.2f}:", err=True
        )
        for loan, centavos in report.missing[:_SHOWN]:
            click.echo(f"  {loan}  {centavos / 100:,.2f}", err=True)
    if report.preview is not None:
        _print_preview(report.preview)
    if dry_run:
        click.echo(f"nothing was loaded: this was a dry run; {report.loans} would be")
    else:
        click.echo(
            f"{report.loans} loaded: {report.created} new, {report.updated} updated, "
            f"{report.unchanged} unchanged, {report.adjusted} adjusted"
            + (f", {report.review} for a person to decide" if report.review else "")
        )
    if report.errors:
        raise SystemExit(1)


def _print_preview(found: Preview) -> None:
    layout = found.layout
    click.echo(f"header on line {layout.header_line}; read:")
    for ours, theirs in layout.used.items():
        click.echo(f"  {ours:<16} {theirs}")
    if layout.ignored:
        click.echo(f"left out: {', '.join(layout.ignored)}")
    for row in found.rows:
        click.echo("  " + " | ".join(f"{name} {value}" for name, value in row.items() if value))
    for group in ("new", "changed", "unchanged"):
        if found.loans[group]:
            click.echo(
                f"{found.loans[group]} loans {group}: {found.centavos[group] / 100:,.2f} owed by the file"
            )
    for each in found.differences:
        click.echo(f"  {each.loan}: {each.books / 100:,.2f} in the books, {each.file / 100:,.2f} by the file")
    if found.bad:
        click.echo(f"{found.bad} loans have a bad row: what they owe by the file is not known")
    if found.without_birth_date:
        click.echo(f"{found.without_birth_date} borrowers without a birth date cannot prove who they are")
    if found.sharing_a_phone:
        click.echo(f"{found.sharing_a_phone} borrowers share a phone with another")


def _print_errors(errors: list[RowError], file: Path, locale: str) -> None:
    listed = file.with_name(f"{file.name}.errors.csv")
    if not errors:
        if file.is_file():
            with suppress(OSError):  # a folder that cannot be written
                listed.unlink()
        return
    groups = list(grouped(errors))
    for first, rows in groups[:_SHOWN]:
        where = ", ".join(filter(None, (f"{first.line}", first.loan_id, first.column)))
        value = f" {first.value!r}" if first.value else ""
        others = f" (x{rows})" if rows > 1 else ""
        click.echo(f"{where}:{value} {first.text(locale)}{others}", err=True)
    if len(groups) > _SHOWN:
        click.echo(f"and {len(groups) - _SHOWN} other kinds of error", err=True)
    if not file.is_file():  # a pipe has no place next to it
        write_errors(errors, sys.stderr, locale)
        return
    try:
        with listed.open("w", encoding="utf-8", newline="") as out:
            write_errors(errors, out, locale)
        click.echo(f"{len(errors)} errors, listed in {listed}", err=True)
    except OSError as error:
        click.echo(
            f"{len(errors)} errors, listed here: {listed} cannot be written ({error.strerror})", err=True
        )
        write_errors(errors, sys.stderr, locale)
