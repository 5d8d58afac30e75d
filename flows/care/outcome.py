"""What came of a dispute or a complaint, reported to whoever opened it."""

from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.event import DomainEvent
from flows.types.wording import key, line

flow = Flow("case_outcome", news={"dispute.resolved": "confirmation", "complaint.resolved": "confirmation"})

UPHELD = key("news.case_upheld")
PARTLY = key("news.case_partly")
DISMISSED = key("news.case_dismissed")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Who is not given their whole right learns where else to go, and may ask a person."""
    event = context.event
    if not isinstance(event, DomainEvent):
        return Done()
    folio, outcome = event.data["folio"], event.data["outcome"]
    if outcome != "dismissed":
        return Done((line(UPHELD if outcome == "upheld" else PARTLY, folio=folio),))
    lender = context.lender
    words = line(DISMISSED, folio=folio, une_phone=lender.une_phone, une_email=lender.une_email)
    return Ask((words,), "choice", no_answer, (AGENT,), menu=True)
