"""A new loan or more credit: not here; a person can say."""

from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("loan_request", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    return Done((line("loan_request.where", phone=scene.facts.lender.phone),))
