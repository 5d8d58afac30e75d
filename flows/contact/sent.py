"""«¿Ya lo mandaste?», right after something was sent or asked of a person."""

from flows.acts.readings.contact_given import SAVED, SENT, SENT_BY_PERSON
from flows.care.answer_time import answer_time
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("sent", private=False, discreet=True, acts=(SAVED, SENT, SENT_BY_PERSON))

HERE = key("sent.here")
NOTED = key("sent.noted")
BY_PERSON = key("sent.by_person")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    if context.request.get("act") == SAVED:
        return Done((line(NOTED),))
    if context.request.get("act") == SENT:
        return Done((line(HERE),))
    return Done((line(BY_PERSON), *answer_time(context.facts)))
