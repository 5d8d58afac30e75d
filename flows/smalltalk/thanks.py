"""Thanks, or goodbye."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("thanks", private=False, intents={"thank": None}, courtesy=True)

BRIEF = key("thanks.brief")
BACK = key("thanks.back")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line(BACK if context.alone else BRIEF),))
