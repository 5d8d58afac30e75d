"""Not the borrower and does not know them: an apology, the contact point closed, nothing disclosed."""

from flows.context import Context
from flows.engine import Ask, Flow, Move, Start
from flows.types.effects import CloseContactPoint, Record
from flows.types.wording import key, line, title

flow = Flow(
    "wrong_person",
    private=False,
    protects=True,
    discreet=True,
    intents={"wrong_person": title("meaning.wrong_person")},
)

SORRY = key("wrong_person.sorry")


@flow.state("@returned")
def start(context: Context) -> Ask | Move:
    claimed = [person.id for person in context.facts.candidates]
    effects = (Record("wrong_party.reported", {"knows_borrower": False}), CloseContactPoint("wrong_person"))
    return Start("returned", {"claimed": claimed}, (line(SORRY),), effects, alone=True)
