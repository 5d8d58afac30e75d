"""A complaint of the treatment, an authority or a lawyer named: taken seriously, the way to complain given, a
person.
"""

from flows.context import Context
from flows.engine import Ask, Flow, HandOver, Move
from flows.types.effects import PlaceHold, Record
from flows.types.wording import key, line, title

flow = Flow(
    "complaint", private=False, protects=True, discreet=True, intents={"complain": title("meaning.complain")}
)

HEARD = key("complaint.heard")


@flow.state("!")
def start(context: Context) -> Ask | Move:
    lender = context.facts.lender
    words = line(HEARD, une_phone=lender.une_phone, une_email=lender.une_email)
    return HandOver("complaint", 2, (words,), (Record("complaint.opened"), PlaceHold("complaint")))
