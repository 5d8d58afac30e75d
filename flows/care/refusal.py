"""Will not pay: no argument, no threat; what is possible, and a person."""

from flows.engine import Ask, Context, Flow, Move, line
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice

flow = Flow("refusal", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask(
        (line("refusal.heard"),),
        "choice",
        no_answer,
        (Choice("later", "menu.later"), Choice("agent", "menu.agent")),
        menu=True,
    )
