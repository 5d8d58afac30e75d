"""Knows the borrower but is not them: thanked, told nothing, left in peace."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import CloseContactPoint, OpenTask, Record
from flows.types.wording import key, line, title

flow = Flow(
    "third_party",
    private=False,
    protects=True,
    discreet=True,
    intents={"third_party": title("meaning.third_party")},
)

THANKS = key("third_party.thanks")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Where the borrower has proved to be reached here, the address stays theirs: a person looks at it."""
    reported = Record("wrong_party.reported", {"knows_borrower": True})
    close = (
        OpenTask("third_party_at_confirmed_address")
        if context.facts.borrower
        else CloseContactPoint("third_party")
    )
    return Done((line(THANKS),), (reported, close), clear=True)
