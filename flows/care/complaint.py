"""A complaint of the treatment, an authority or a lawyer named: taken seriously, the way to complain given, a
person.
"""

from flows.care.cases import case
from flows.context import Context
from flows.engine import Ask, Flow, HandOver, Move
from flows.types.wording import key, line, title

flow = Flow(
    "complaint", private=False, protects=True, discreet=True, intents={"complain": title("meaning.complain")}
)

WORDS = key("complaint.noted")


@flow.state("!")
def start(context: Context) -> Ask | Move:
    lender = context.lender
    words = line(WORDS, une_phone=lender.une_phone, une_email=lender.une_email)
    opened = case(context.facts, "complaint")
    return HandOver("complaint", 2, (words, opened.words), opened.effects)
