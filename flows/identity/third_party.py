"""Knows the borrower but is not them: thanked, told nothing, left in peace."""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import CloseContactPoint, OpenTask, Record

flow = Flow("third_party", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Where the borrower has proved to be reached here, the address stays theirs: a person looks at it."""
    reported = Record("wrong_party.reported", {"knows_borrower": True})
    close = (
        OpenTask("third_party_at_confirmed_address")
        if context.facts.borrower
        else CloseContactPoint("third_party")
    )
    return Done((line("third_party.thanks"),), (reported, close), clear=True)
