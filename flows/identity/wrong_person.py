"""Not the borrower and does not know them: an apology, the contact point closed, nothing disclosed."""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import CloseContactPoint, Record

flow = Flow("wrong_person", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done(
        (line("wrong_person.sorry"),),
        (Record("wrong_party.reported", {"knows_borrower": False}), CloseContactPoint("wrong_person")),
        clear=True,
    )
