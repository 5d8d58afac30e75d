"""After «número equivocado»: silence, unless the person writes to be the borrower after all."""

from flows.acts.words.people import after_all
from flows.answers import acknowledges
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.identity.people import claims_name
from flows.types.event import Message

flow = Flow("returned", private=False)


@flow.state("start", "@identity", ".")
def start(context: Context) -> Ask | Move:
    """Nothing is asked: who claims to be the borrower proves it, and is talked with as ever."""
    if context.facts.borrower is not None:
        return Done()
    return Ask((), None, _read)


def _read(context: Context, message: Message) -> Move | None:
    claimed = list(context.slots.get("claimed", ()))
    mine = message.payload is None and (
        after_all(message.text) or claims_name(message.text, context.facts.candidates)
    )
    if mine and claimed:
        return Start("identity", {"claimed": claimed})
    return Go("start") if acknowledges(message) or message.intent == "thank" else None
