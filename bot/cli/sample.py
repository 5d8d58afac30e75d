"""acuerdo sample"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.progress import progress
from bot.clock import shift_of, system_now
from bot.portfolio import COLUMNS, FEWEST_LOANS, sample_rows, turnaround
from bot.settings import Settings


@click.command()
@click.option("--loans", type=click.IntRange(1, 1_000_000), required=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed and day give the same file."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--payments",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Two months of payments too, before and after: what direct debit brings grows from 165,000 to "
    "1,300,000 pesos a month, 4 % of all.",
)
def command(loans: int, seed: int, out: Path, payments: Path | None) -> None:
    """Writes a synthetic portfolio as a loan tape.

    Example: acuerdo sample --loans 1000 --seed 7 --out cartera.csv
    """
    if payments is None:
        write(out, loans, seed, _today())
        click.echo(f"{loans} loans written to {out}")
        return
    if loans < FEWEST_LOANS:
        message = f"with --payments, at least {FEWEST_LOANS} loans"
        raise click.UsageError(message)
    made = turnaround(loans, seed, _today())
    _write_rows(out, made.loans)
    _write_rows(payments, made.payments)
    click.echo(
        f"{loans} loans written to {out}, {len(made.payments)} payments to {payments}: load both, then see "
        f"/console/reports/before-after?day={made.begins}"
    )


def _write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _today() -> date:
    """The day on which demo and test start: a tape of a later day could not be loaded there."""
    settings, now = Settings(), system_now()
    start = now + shift_of(settings.now, now) if settings.simulated and settings.now else now
    return start.astimezone(ZoneInfo(settings.timezone)).date()


def write(out: Path, loans: int, seed: int, today: date) -> None:
    """A portfolio as of `today`."""
    with out.open("w", encoding="utf-8", newline="") as file, progress(loans, "writing") as more:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in sample_rows(loans, seed, today):
            writer.writerow(row)
            more(row["instalment_no"] == "1")
