"""acuerdo sample"""

import csv
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.progress import progress
from bot.clock import shift_of, system_now
from bot.portfolio import COLUMNS, sample_rows
from bot.settings import Settings


@click.command()
@click.option("--loans", type=click.IntRange(1, 1_000_000), required=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed and day give the same file."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def command(loans: int, seed: int, out: Path) -> None:
    """Writes a synthetic portfolio as a loan tape.

    Example: acuerdo sample --loans 1000 --seed 7 --out cartera.csv
    """
    write(out, loans, seed, _today())
    click.echo(f"{loans} loans written to {out}")


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
