"""A complaint of the treatment, an authority or a lawyer named: taken seriously, the way to complain given, a person."""

from flows.border.effects import PlaceHold, Record
from flows.engine import Ask, Flow, HandOver, Move, Scene, line

flow = Flow("complaint", version=1, private=False)


@flow.state("!")
def start(scene: Scene) -> Ask | Move:
    lender = scene.facts.lender
    words = line("complaint.heard", une_phone=lender.une_phone, une_email=lender.une_email)
    return HandOver("complaint", 2, (words,), (Record("complaint.opened"), PlaceHold("complaint")))
