"""They want to hear from us again."""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import OptIn

flow = Flow("optin", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done((line("optin.done"),), (OptIn(),))
