"""Knows the borrower but is not them: thanked, shown nothing, not written to again."""

from flows.acts.readings.strangers import AS_OTHER, TO_CLOSED
from flows.acts.words.people import reached_here, represents
from flows.context import Context
from flows.engine import Ask, Flow, Move, Start
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
STILL = key("third_party.still")
REPRESENTS = key("third_party.represents")


@flow.state("@returned")
def start(context: Context) -> Ask | Move:
    """Where the borrower has proved to be reached here, or whoever writes says so, the address stays theirs,
    and the next one who writes has to prove it again. Elsewhere nobody is written to any more.
    """
    reported = Record("wrong_party.reported", {"knows_borrower": True})
    people = context.facts.candidates
    claimed = [person.id for person in people]
    proved = next((person for person in people if person.notice_given), None)
    if not context.facts.registered_phone and people:  # closed before
        return Start("returned", {"claimed": claimed}, (line(ONLY_THEM),), alone=True)
    ill = context.message is not None and "report_vulnerability" in context.message.also
    here = ill or (context.message is not None and reached_here(context.message.text))
    if person := context.facts.borrower or proved or (people[0] if here and len(people) == 1 else None):
        ended = (EndIdentity("third_party"),) if context.facts.borrower else ()
        handed = () if ill else (line(HANDED, name=person.first_name),)
        words = (*handed, *_to_representative(context))
        return Start("returned", {"claimed": claimed}, words, (reported, *ended), alone=True)
    if here:
        return Start("returned", {"claimed": claimed}, (line(ONLY_THEM),), (reported,), alone=True)
    closed = (reported, CloseContactPoint("third_party"))
    return Start(
        "returned", {"claimed": claimed}, (line(THANKS), *_to_representative(context)), closed, alone=True
    )


@goes_on.state("@returned")
def start_again(context: Context) -> Ask | Move:
    """Whoever declared to be somebody else asks on: nothing is disclosed."""
    claimed = [person.id for person in context.facts.candidates]
    closed = context.request.get("act") == TO_CLOSED
    words = line(CLOSED, lender=context.lender.trade_name, phone=context.lender.phone)
    return Start("returned", {"claimed": claimed}, (words if closed else line(ONLY_THEM),), alone=True)


def _to_representative(context: Context) -> tuple[Line, ...]:
    """Where whoever acts for the borrower proves it."""
    acts_for = context.message is not None and represents(context.message.text)
    return (line(REPRESENTS, email=context.lender.une_email),) if acts_for else ()
