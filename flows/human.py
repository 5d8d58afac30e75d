"""A person is wanted: one step, one message, then silence until a person answers."""

from flows.engine import Ask, Flow, HandOver, Move, Scene, line

flow = Flow("human", version=1, private=False)


@flow.state("!")
def start(scene: Scene) -> Ask | Move:
    return HandOver("asked", 1, (line("human.wait", hours=scene.facts.lender.hours),))
