"""acuerdo nlu"""

from pathlib import Path

import click

from bot.understanding import load
from bot.understanding.evaluation import evaluate


@click.group()
def command() -> None:
    """The reading of messages, measured.

    Example: acuerdo nlu eval tests/data/dev.jsonl
    """


@command.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def eval_(file: Path) -> None:
    """Prints accuracy, macro F1, recall by label, confusions, entity exactness, calibration and time per message.

    Example: acuerdo nlu eval tests/data/dev.jsonl
    """
    click.echo(evaluate(load(), file).text())
