"""A complaint of the treatment, an authority or a lawyer named: taken seriously, the way to complain given, a
person.
"""

from flows.engine import Ask, Context, Flow, HandOver, Move, line
from flows.types.effects import PlaceHold, Record

flow = Flow("complaint", version=1, private=False)


@flow.state("!")
def start(context: Context) -> Ask | Move:
    lender = context.facts.lender
    words = line("complaint.heard", une_phone=lender.une_phone, une_email=lender.une_email)
    return HandOver("complaint", 2, (words,), (Record("complaint.opened"), PlaceHold("complaint")))
