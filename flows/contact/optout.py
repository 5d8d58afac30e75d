"""No more messages: obeyed now, confirmed once, with the way back."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OptOut
from flows.types.wording import key, line, title

flow = Flow(
    "optout",
    private=False,
    protects=True,
    discreet=True,
    intents={"opt_out": title("meaning.opt_out")},
    payloads=("stop",),
)

DONE = key("optout.done")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line(DONE, phone=context.lender.phone),), (OptOut(),), clear=True)
