"""Knows the borrower but is not them: thanked, shown nothing, not written to where the number is theirs."""

from flows.acts.readings.strangers import AS_OTHER, TO_CLOSED
from flows.acts.words.people import is_child, represents
from flows.acts.words.whose_number import is_theirs, reached_here
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.effects import CloseContactPoint, EndIdentity, Record
from flows.types.wording import Line, key, line, title

flow = Flow(
    "third_party",
    private=False,
    protects=True,
    discreet=True,
    intents={"third_party": title("meaning.third_party")},
)
goes_on = Flow("as_other", private=False, discreet=True, acts=(AS_OTHER, TO_CLOSED))

ONLY_THEM = key("third_party.only_them")
CLOSED = key("third_party.closed")
THANKS = key("third_party.thanks")
HANDED = key("third_party.handed")
REPRESENTS = key("third_party.represents")


@flow.state("@returned")
def start(context: Context) -> Ask | Move:
    """Where the borrower has proved to be reached here, or whoever writes says so, the address stays theirs,
    and the next one who writes has to prove it again. Elsewhere it is asked whose it is, and plain words that
    it is somebody else's close it.
    """
    reported = Record("wrong_party.reported", {"knows_borrower": True})
    facts, text = context.facts, context.message.text if context.message else ""
    people = facts.candidates
    claimed = [person.id for person in people]
    proved = next((person for person in people if person.notice_given), None)
    if not facts.registered_phone and people:  # closed before
        return Start("returned", {"claimed": claimed}, (line(ONLY_THEM),), alone=True)
    told = any("vulnerable" in loan.holds for person in people for loan in person.loans)
    reports = context.message is not None and "report_vulnerability" in context.message.also
    ill = told or reports
    wanted = facts.borrower or proved
    if wanted is None and is_theirs(text):
        closed = (reported, CloseContactPoint("third_party"))
        words = (line(THANKS), *_to_representative(context, text))
        return Start("returned", {"claimed": claimed}, words, closed, alone=True)
    asks = wanted is None and not (ill or reached_here(text) or is_child(text)) and len(people) == 1
    wanted = wanted or (people[0] if len(people) == 1 else None)
    if wanted is None:
        return Start("returned", {"claimed": claimed}, (line(ONLY_THEM),), (reported,), alone=True)
    handed = () if ill else (line(HANDED, name=wanted.first_name),)
    if told and not reports:  # whom a person writes to
        handed = (line(ONLY_THEM),)
    ended = (EndIdentity("third_party"),) if facts.borrower else ()
    slots = {"claimed": claimed, "whose": asks, "of": wanted.first_name}
    return Start(
        "returned", slots, (*handed, *_to_representative(context, text)), (reported, *ended), alone=True
    )


@goes_on.state(".")
def start_again(context: Context) -> Ask | Move:
    """Whoever declared to be somebody else asks on: nothing is disclosed."""
    closed = context.request.get("act") == TO_CLOSED
    words = line(CLOSED, lender=context.lender.trade_name, phone=context.lender.phone)
    return Done((words if closed else line(ONLY_THEM),))


def _to_representative(context: Context, text: str) -> tuple[Line, ...]:
    """Where whoever acts for the borrower proves it."""
    return (line(REPRESENTS, email=context.lender.une_email),) if represents(text) else ()
