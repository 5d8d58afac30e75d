"""What became of an agreement, and its next part, for the one it concerns."""

from flows.buttons import AGENT, PAID, PAY_NOW
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.event import DomainEvent
from flows.types.wording import key, line

flow = Flow(
    "plan_news",
    news={
        "plan.reminder": "contact",
        "plan.missed": "contact",
        "plan.broken": "contact",
        "plan.kept": "confirmation",
        "settlement.kept": "confirmation",
        "settlement.late": "confirmation",
    },
)

REMINDER = key("offers.news_reminder")
MISSED = key("offers.news_missed")
MOVED = key("offers.news_moved")
BROKEN = key("offers.news_broken")
KEPT = key("offers.news_kept")
SETTLED = key("offers.news_settled")
LATE = key("offers.news_late")

_WORDS = {"plan.kept": KEPT, "settlement.kept": SETTLED}


@flow.state(".")
def start(context: Context) -> Ask | Move:
    event = context.event
    if not isinstance(event, DomainEvent):
        return Done()
    data = dict(event.data)
    if event.kind in _WORDS:
        return Done((line(_WORDS[event.kind], **data),))
    if event.kind == "settlement.late":
        return Done((line(LATE, hours=context.lender.hours, **data),))
    choices = (PAY_NOW, PAID, AGENT)
    words = {"plan.reminder": REMINDER, "plan.broken": BROKEN}.get(
        event.kind, MOVED if data.get("date") is not None else MISSED
    )
    return Ask((line(words, **data),), "choice", no_answer, choices, menu=True)
