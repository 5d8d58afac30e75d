"""What came of a dispute, a complaint or a request about personal data, reported to whoever opened it: once
they prove who they are, where that is not known.
"""

from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.smalltalk.hello import no_answer
from flows.types.event import DomainEvent
from flows.types.wording import key, line

flow = Flow(
    "case_outcome",
    private=False,
    news={
        "dispute.resolved": "confirmation",
        "complaint.resolved": "confirmation",
        "privacy.resolved": "confirmation",
    },
)

UPHELD = key("news.case_upheld")
PARTLY = key("news.case_partly")
DISMISSED = key("news.case_dismissed")
PRIVACY_UPHELD = key("news.privacy_upheld")
PRIVACY_PARTLY = key("news.privacy_partly")
PRIVACY_DISMISSED = key("news.privacy_dismissed")

_CLAIM = {"upheld": UPHELD, "partly": PARTLY, "dismissed": DISMISSED}
_PRIVACY = {"upheld": PRIVACY_UPHELD, "partly": PRIVACY_PARTLY, "dismissed": PRIVACY_DISMISSED}


@flow.state("outcome", ".")
def start(context: Context) -> Ask | Move:
    event = context.event
    if not isinstance(event, DomainEvent):
        return Done()
    return Go("outcome", {"kind": event.kind, **event.data})


@flow.state("@identity", ".")
def outcome(context: Context) -> Ask | Move:
    """Who is not given their whole right learns where else to go, and may ask a person."""
    slots, person = context.slots, context.facts.borrower
    if person is None:
        return Start("identity", {"case": slots["folio"]}, over=True)
    if not person.owns(slots["loan_id"]):
        return Done()
    lender, answers = context.lender, _PRIVACY if slots["kind"] == "privacy.resolved" else _CLAIM
    if (came := slots["outcome"]) != "dismissed":
        return Done((line(answers[came], folio=slots["folio"]),))
    about = {"folio": slots["folio"], "une_phone": lender.une_phone, "une_email": lender.une_email}
    return Ask((line(answers[came], **about),), "choice", no_answer, (AGENT,), menu=True)
