"""Not the borrower and does not know them: an apology, the contact point closed, nothing disclosed."""

from flows.border.effects import CloseContactPoint, Record
from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("wrong_person", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    del scene
    return Done(
        (line("wrong_person.sorry"),), (Record("wrong_party.reported", {"knows_borrower": False}), CloseContactPoint("wrong_person")), clear=True
    )
