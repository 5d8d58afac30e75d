"""acuerdo flows"""

import click

from bot.soundness import flow_faults
from bot.wording import Wording
from flows import CATALOGUE
from flows.engine.draw import draw as draw_flow


def require_sound() -> None:
    """What `check` and every start of a process that talks demands. Raises ClickException with every
    fault.
    """
    if faults := flow_faults(Wording.load()):
        raise click.ClickException("\n".join(faults))


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
