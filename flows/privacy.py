"""Personal data: the notice, and a person who answers within the time that the law gives."""

from flows.border.effects import OpenTask, Record
from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("privacy", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    lender = scene.facts.lender
    words = line("privacy.noted", privacy_url=lender.privacy_url, une_email=lender.une_email)
    return Done((words,), (Record("privacy.requested"), OpenTask("privacy_request")))
