"""acuerdo import"""

from pathlib import Path

import click

from bot.cli.progress import progress
from bot.portfolio import LoadReport, load_payments, load_tape
from bot.portfolio.rows import errors_csv
from bot.services import make_services

_MAPPING = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with [columns]: ours = theirs.",
)
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_DRY = click.option("--dry-run", is_flag=True, help="Check only, load nothing.")
_PARTIAL = click.option("--partial", is_flag=True, help="Load the good rows, report the bad ones.")


@click.group()
def command() -> None:
    """Loads a loan tape or a payments file.

    Example: acuerdo import loans cartera.csv --dry-run
    """


@command.command()
@_FILE
@_MAPPING
@_DRY
@_PARTIAL
def loans(file: Path, mapping: Path | None, dry_run: bool, partial: bool) -> None:
    """Loads a loan tape: one row for each instalment.

    Example: acuerdo import loans cartera.csv --mapping columnas.toml
    """
    services = make_services()
    with progress(_instalments(file), "checking and loading") as more:
        report = load_tape(services, file, mapping=mapping, dry_run=dry_run, partial=partial, progress=more)
    _say(report, file, dry_run=dry_run)


def _instalments(file: Path) -> int:
    """Rows of the file, the header aside: what the bar counts against."""
    with file.open("rb") as opened:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: opened.read(1 << 20), b"")) - 1


@command.command()
@_FILE
@_MAPPING
@_DRY
@_PARTIAL
def payments(file: Path, mapping: Path | None, dry_run: bool, partial: bool) -> None:
    """Loads payments: loan_id, amount, paid_at, rail, reference.

    Example: acuerdo import payments pagos.csv
    """
    _say(
        load_payments(make_services(), file, mapping=mapping, dry_run=dry_run, partial=partial),
        file,
        dry_run=dry_run,
    )


def _say(report: LoadReport, file: Path, *, dry_run: bool) -> None:
    """What was loaded, and each bad row; exit 1 where something was wrong."""
    for error in report.errors[:50]:
        click.echo(f"line {error.line}, {error.column}: {error.reason}", err=True)
    if report.errors:
        errors_file = file.parent / f"{file.name.removesuffix('.csv')}.errors.csv"
        errors_file.write_text(errors_csv(report.errors), encoding="utf-8")
        click.echo(f"{len(report.errors)} errors, listed in {errors_file}", err=True)
    if dry_run:
        click.echo(f"nothing was loaded: this was a dry run; {report.loans} would be")
    else:
        click.echo(
            f"{report.loans} loaded: {report.created} new, {report.updated} updated, "
            f"{report.unchanged} unchanged, {report.adjusted} adjusted"
        )
    if report.errors:
        raise SystemExit(1)
