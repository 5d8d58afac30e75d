"""acuerdo sample"""

import csv
from datetime import date
from pathlib import Path

import click

from bot.cli.progress import progress
from bot.clock import system_now
from bot.portfolio import COLUMNS, sample_rows


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
    write(out, loans, seed, system_now().date())
    click.echo(f"{loans} loans written to {out}")


def write(out: Path, loans: int, seed: int, today: date) -> None:
    """A portfolio as of `today`."""
    with out.open("w", encoding="utf-8", newline="") as file, progress(loans, "writing") as more:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in sample_rows(loans, seed, today):
            writer.writerow(row)
            more(row["instalment_no"] == "1")
