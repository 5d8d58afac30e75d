"""«¿Me conviene?»: what speaks for it and what against; the borrower decides."""

from flows.acts.words.advice import ACTS, ADVISE, OF_DEBIT, OF_PLAN, OF_SETTLEMENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("advice", acts=ACTS)

_WORDS = {
    OF_DEBIT: key("advice.debit"),
    OF_PLAN: key("advice.plan"),
    OF_SETTLEMENT: key("advice.settlement"),
    ADVISE: key("advice.any"),
}


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line(_WORDS[context.request["act"]]),))
