"""acuerdo nlu"""

from pathlib import Path

import click

from bot.lender import Lender
from bot.understanding.evaluation import evaluate
from bot.understanding.model import ARTEFACT
from bot.understanding.reader import load
from bot.understanding.report import comparison, text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The reading of messages: trained, measured, improved.

    Example: acuerdo nlu eval tests/data/dev.jsonl
    """


@command.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=ARTEFACT,
    help="where to write it; the shipped one unless given",
)
def train(out: Path) -> None:
    """Makes the model from the training lines, and fits the sample's topics: the same lines, the same bytes.
    Takes about a minute.

    Example: acuerdo nlu train --out /tmp/model.npz
    """
    try:
        from bot.understanding.fitting import train as fit
    except ModuleNotFoundError as error:
        message = f"training needs {error.name}, which running does not: install it with `make train-setup`"
        raise click.ClickException(message) from error
    fit().save(out)
    if out == ARTEFACT:
        load(out).knowing(Lender.load(None).topic_examples).keep_topics()
    click.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB")


@command.command("eval")
@click.argument("file", type=_FILE)
@click.option(
    "--artefact", type=_FILE, default=ARTEFACT, help="the model to measure; the shipped one unless given"
)
@click.option("--against", type=_FILE, help="another model to compare it with")
def eval_(file: Path, artefact: Path, against: Path | None) -> None:
    """Prints accuracy, macro F1, recall by label, confusions, entity exactness, calibration and time per
    message.

    Example: acuerdo nlu eval tests/data/dev.jsonl --against /tmp/model.npz
    """
    report = evaluate(load(artefact), file)
    click.echo(comparison(report, evaluate(load(against), file)) if against else text(report))


@command.command()
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="how many, the newest first",
)
def review(limit: int) -> None:
    """Lists what was not understood and what agents put right, anonymised, as JSON lines ready to be
    labelled.

    Example: acuerdo nlu review --limit 500 > to-label.jsonl
    """
    import json

    from bot.conversation.review import labelled, unread
    from bot.services import make_services

    for line in labelled(unread(make_services(), limit)):
        click.echo(json.dumps(line, ensure_ascii=False))
