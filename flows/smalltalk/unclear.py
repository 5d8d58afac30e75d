"""Doubt is an answer: what was meant is asked, with the likeliest meanings as buttons; nothing is done on a
guess.
"""

from flows.engine import Ask, Context, Done, Flow, Move, Start, line
from flows.routing import DIGRESSIONS, SAFETY
from flows.types.effects import Choice
from flows.types.event import Message

flow = Flow("unclear", version=1, private=False)

MEANINGS = {
    "ask_balance": "meaning.ask_balance",
    "ask_breakdown": "meaning.ask_breakdown",
    "ask_due_date": "meaning.ask_due_date",
    "ask_payment_methods": "meaning.ask_payment_methods",
    "report_payment": "meaning.report_payment",
    "promise_to_pay": "meaning.promise_to_pay",
    "request_extension": "meaning.request_extension",
    "request_plan": "meaning.request_plan",
    "request_discount": "meaning.request_discount",
    "report_hardship": "meaning.report_hardship",
    "refuse_to_pay": "meaning.refuse_to_pay",
    "authorize_debit": "meaning.authorize_debit",
    "cancel_debit": "meaning.cancel_debit",
    "change_account": "meaning.change_account",
    "provide_clabe": "meaning.provide_clabe",
    "dispute_debt": "meaning.dispute_debt",
    "dispute_charge": "meaning.dispute_charge",
    "wrong_person": "meaning.wrong_person",
    "third_party": "meaning.third_party",
    "ask_identity": "meaning.ask_identity",
    "talk_to_human": "meaning.talk_to_human",
    "contact_preference": "meaning.contact_preference",
    "opt_out": "meaning.opt_out",
    "opt_in": "meaning.opt_in",
    "complain": "meaning.complain",
    "privacy_request": "meaning.privacy_request",
    "report_vulnerability": "meaning.report_vulnerability",
    "request_loan": "meaning.request_loan",
}


@flow.state(".", *(f"@{name}" for name in dict.fromkeys((*DIGRESSIONS.values(), *SAFETY.values()))))
def start(context: Context) -> Ask | Move:
    meanings = [label for label in context.slots.get("meanings", ()) if label in MEANINGS]
    if not meanings:
        return Done()
    choices = tuple(
        Choice(f"meaning.{label}", MEANINGS[label]) for label in meanings if label != "talk_to_human"
    )
    return Ask(
        (line("unclear.which"),), "choice", _picked, (*choices, Choice("agent", "menu.agent")), menu=True
    )


def _picked(context: Context, message: Message) -> Move | None:
    """The picked meaning; a new message is heard as itself, and takes the question's place."""
    del context
    target = {**DIGRESSIONS, **SAFETY}.get((message.payload or "").removeprefix("meaning."))
    return Start(target) if target else None
