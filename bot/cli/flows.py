"""acuerdo flows"""

from collections.abc import Iterator

import click

import bot.handoff
import bot.outreach  # noqa: F401  what these send is declared when they are imported
from bot.understanding import INTENTS
from bot.wording import Wording
from flows import CATALOGUE
from flows.acts import ACTS
from flows.engine.check import check as check_flows
from flows.engine.draw import draw as draw_flow
from flows.routing import ANSWERS
from flows.types.wording import DECLARED


def require_sound() -> None:
    """What `check` and every start of a process that talks demands. Raises ClickException with every
    fault.
    """
    readings = [*(intent for intent in INTENTS if intent not in ANSWERS), *ACTS]
    faults = [*check_flows(CATALOGUE, Wording.load().inventory(), DECLARED.values(), readings), *_unread()]
    if faults:
        raise click.ClickException("\n".join(map(str, faults)))


def _unread() -> Iterator[str]:
    """Flows that nothing leads to: their intent is none that a message is read into."""
    for flow in CATALOGUE.values():
        for intent in flow.intents:
            if intent not in INTENTS and intent not in ACTS:
                yield f"{flow.name}: no message is read as {intent}: add it to bot/understanding/labels.py"


@click.group()
def command() -> None:
    """Proves the flows sound, draws them.

    Example: acuerdo flows check
    """


@command.command()
def check() -> None:
    """Proves: no dangling target, no trap, words in every locale and tone, lengths that fit.

    Example: acuerdo flows check
    """
    require_sound()
    states = sum(len(flow.states) for flow in CATALOGUE.values())
    click.echo(f"{len(CATALOGUE)} flows with {states} states are sound")


@command.command()
@click.argument("name", required=False)
def draw(name: str | None) -> None:
    """Prints flows as Mermaid.

    Example: acuerdo flows draw promise
    """
    if name is not None and name not in CATALOGUE:
        message = f"there is no flow {name!r}: {', '.join(CATALOGUE)}"
        raise click.BadParameter(message)
    for flow in [CATALOGUE[name]] if name else CATALOGUE.values():
        click.echo(draw_flow(flow))
