"""After somebody else wrote: where it is not known whose the number is, that is asked. Thanks are answered
once, and then nothing is said, unless the person writes to be the borrower after all.
"""

from flows.acts.readings.end_of_talk import only_acknowledges
from flows.acts.words.people import after_all
from flows.acts.words.whose_number import is_theirs, reached_here
from flows.answers import YES_NO, acknowledges, leans_no, leans_yes
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.identity.people import claims_name
from flows.types.effects import CloseContactPoint
from flows.types.event import Message
from flows.types.wording import key, line

flow = Flow("returned", private=False)

WELCOME = key("thanks.brief")
WHOSE = key("third_party.whose")
WHOSE_OF_YOU = key("third_party.whose_of_you")
STILL = key("third_party.still")
THANKS = key("third_party.thanks")


@flow.state("start", "@identity", ".")
def start(context: Context) -> Ask | Move:
    """Nothing else is asked: who claims to be the borrower proves it, and is talked with as ever."""
    if context.facts.borrower is not None:
        return Done()
    if context.slots.get("whose"):
        name = context.slots.get("of")
        return Ask((line(WHOSE, name=name) if name else line(WHOSE_OF_YOU),), "yes_no", _whose, YES_NO)
    return Ask((), None, _read)


def _whose(context: Context, message: Message) -> Move | None:
    """Whether the number is the borrower's: one that is not is closed."""
    if message.stale:  # the «No» of «¿Eres Ana?», pressed again
        return Go("start")
    if leans_no(message) or (message.payload is None and is_theirs(message.text)):
        return Go("start", {"whose": False}, (line(THANKS),), (CloseContactPoint("third_party"),))
    if leans_yes(message) or (message.payload is None and reached_here(message.text)):
        return Go("start", {"whose": False}, (line(STILL),))
    return _read(context, message)


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
        return Go("start", {"whose": False, "thanked": True}, (line(WELCOME),))
    settled = message.certain and message.intent in ("affirm", "deny", "thank")  # «sí, segurísimo»
    quiet = settled or acknowledges(message) or only_acknowledges(message)
    return Go("start", {"whose": False}) if quiet else None
