"""Personal data: the notice, and a person who answers within the time that the law gives."""

from flows.care.cases import case
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line, title

flow = Flow(
    "privacy",
    private=False,
    protects=True,
    discreet=True,
    intents={"privacy_request": title("meaning.privacy_request")},
)

NOTED = key("privacy.noted")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    lender = context.lender
    words = line(NOTED, privacy_url=lender.privacy_url, une_email=lender.une_email)
    opened = case(context.facts, "privacy_request")
    return Done((words, opened.words), opened.effects)
