"""After «número equivocado»: thanks are answered once, and then nothing is said, unless the person writes to
be the borrower after all.
"""

from flows.acts.readings.end_of_talk import only_acknowledges
from flows.acts.words.people import after_all
from flows.answers import acknowledges
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.identity.people import claims_name
from flows.types.event import Message
from flows.types.wording import key, line

flow = Flow("returned", private=False)

WELCOME = key("thanks.brief")


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
    if mine and message.asks:  # «sí soy Ana, ¿cuánto debo?»: asked about, it leads to the proof itself
        return None
    if mine and claimed:
        return Start("identity", {"claimed": claimed})
    if message.intent == "thank" and not context.slots.get("thanked"):
        return Go("start", {"thanked": True}, (line(WELCOME),))
    quiet = acknowledges(message) or only_acknowledges(message) or message.intent == "thank"
    return Go("start") if quiet else None
