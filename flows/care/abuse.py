"""Insults and nothing else: calm, one offer, no mirrored tone."""

from flows.engine import Ask, Context, Flow, Move, line
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice

flow = Flow("abuse", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask(
        (line("abuse.calm"),),
        "choice",
        no_answer,
        (Choice("agent", "menu.agent"), Choice("stop", "menu.stop")),
        menu=True,
    )
