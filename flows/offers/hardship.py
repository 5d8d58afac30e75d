"""Cannot pay: heard first, noted, not pressed; what helps is offered."""

from datetime import timedelta

from flows.engine import Ask, Context, Done, Flow, Go, Move, line
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice, PlaceHold, Record

flow = Flow("hardship", version=1)

PAUSE = timedelta(days=14)


@flow.state("offer", ".")
def start(context: Context) -> Ask | Move:
    """Reminders pause for two weeks."""
    loan = context.loan
    if loan is None:
        return Done((line("balance.nothing", name=context.who.first_name),))
    return Go(
        "offer",
        effects=(Record("hardship.reported"), PlaceHold("hardship", loan.id, context.facts.now + PAUSE)),
    )


@flow.state(".")
def offer(context: Context) -> Ask | Move:
    del context
    return Ask(
        (line("hardship.heard"),),
        "choice",
        no_answer,
        (Choice("later", "menu.later"), Choice("agent", "menu.agent")),
        menu=True,
    )
