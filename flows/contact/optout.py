"""No more messages: obeyed now, confirmed once, with the way back."""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import OptOut

flow = Flow("optout", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line("optout.done", phone=context.facts.lender.phone),), (OptOut(),), clear=True)
