"""They want our messages again."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OptIn
from flows.types.wording import key, line, title

flow = Flow(
    "optin",
    private=False,
    discreet=True,
    intents={"opt_in": title("meaning.opt_in")},
    acts=("restore.messages",),
)

DONE = key("optin.done")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done((line(DONE),), (OptIn(),))
