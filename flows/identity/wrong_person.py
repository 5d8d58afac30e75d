"""Not the borrower and does not know them: an apology, the contact point closed, nothing disclosed."""

from flows.acts.readings.strangers import NOT_BORROWER
from flows.context import Context
from flows.engine import Ask, Flow, Move, Start
from flows.types.effects import CloseContactPoint, EndIdentity, Record
from flows.types.wording import key, line, title

flow = Flow(
    "wrong_person",
    private=False,
    protects=True,
    discreet=True,
    intents={"wrong_person": title("meaning.wrong_person")},
    acts=(NOT_BORROWER,),
)

SORRY = key("wrong_person.sorry")


@flow.state("@identity", "@returned")
def start(context: Context) -> Ask | Move:
    """«No soy Ana» alone ends the proof of identity; what closes the address is a second, plain word."""
    reported = Record("wrong_party.reported", {"knows_borrower": False})
    if context.request.get("act") == NOT_BORROWER:
        ended = (EndIdentity("wrong_person"),) if context.facts.borrower else ()
        return Start("identity", {"request": context.request}, effects=(reported, *ended), alone=True)
    claimed = [person.id for person in context.facts.candidates]
    if claimed and not context.facts.registered_phone:  # closed before
        return Start("returned", {"claimed": claimed}, (line(SORRY),), alone=True)
    effects = (reported, CloseContactPoint("wrong_person"))
    return Start("returned", {"claimed": claimed}, (line(SORRY),), effects, alone=True)
