"""Thanks, or goodbye; a yes or a no to nothing that was asked."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("thanks", private=False, intents={"thank": None}, acts=("end.talk",), courtesy=True)

BACK = key("thanks.back")
BRIEF = key("thanks.brief")
FINE = key("thanks.fine")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    if context.request.get("act") == "end.talk":
        return Done((line(FINE),))
    return Done((line(BACK if context.alone else BRIEF),))
