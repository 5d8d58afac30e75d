"""Thanks, or goodbye."""

from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("thanks", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    return Done((line("thanks.back" if scene.alone else "thanks.brief"),))
