"""Consent to a direct debit: the terms in full, the word for them, and what the provider still lacks."""

import re

from flows.answers import ACCEPTED, accepts, agrees_somehow
from flows.context import Context
from flows.debit.accounts import backs_out, pays_by_hand
from flows.debit.asked import (
    asks,
    asks_bank,
    asks_cost,
    asks_most,
    asks_terms,
    asks_to_read,
    finds_wrong,
    puts_off,
    sets_condition,
)
from flows.debit.identity_code import is_of, written_code
from flows.debit.mandate import FREE, IN_SHORT, PLAN_PERSON, account_of, flow, lacks, request_terms
from flows.debit.schedule import plan_charged, schedule, why_void
from flows.debit.terms import TERMS_ROOM, terms_of
from flows.engine import Ask, Done, Go, HandOver, Move, Reprompt, Start
from flows.owed.payment_methods import ways
from flows.types.effects import AuthorizeMandate, CancelMandate, Choice, CompleteMandate, OpenTask
from flows.types.event import Message
from flows.types.wording import Line, key, line, title

ASK_CONSENT = key("mandate.ask_consent")
ASK_CONSENT_FOLIO = key("mandate.ask_consent_folio")
NOT_CONSENT = key("mandate.not_consent")
EXPIRED = key("mandate.expired")
SAY_ACCEPT = key("mandate.say_accept")
CHANGED = key("mandate.changed")
LATER = key("mandate.later")
NO_HURRY = key("identity.later")
DECLINED = key("mandate.declined")
BY_HAND = key("mandate.by_hand")
DECLINED_CHANGE = key("mandate.declined_change")
ASK_CODE = key("mandate.ask_code")
CODE_NOT_YOURS = key("mandate.code_not_yours")
BAD_CODE = key("mandate.bad_code")
ASK_EMAIL = key("mandate.ask_email")
FILES = key("mandate.files")
FILES_ON_PAGE = key("mandate.files_on_page")
AUTHORIZED = key("mandate.authorized")
AUTHORIZED_NEXT = key("mandate.authorized_next")
AT_MOST = key("mandate.at_most")
THE_ACCOUNT = key("mandate.the_account")
ACCEPT = title("mandate.accept")
DECLINE = title("mandate.decline")

_SETTLED = ("partial", "promise")
"""Whose question, for a day or a sum, has lost its point once the payment is charged by itself."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@flow.state("terms", "complete", "declined", "again", "taken", "!")
def terms(context: Context) -> Ask | Move:
    """A bare «sí» never authorises a debit."""
    loan = context.loan
    if loan is None or not loan.instalments:
        return Go("declined")
    if context.facts.refused == "account_in_use":
        return Go("taken")
    if why := why_void(context, loan):
        return Go("again", {"why": why})
    choices = (Choice(ACCEPTED, ACCEPT), Choice("no", DECLINE))
    lapse = (CancelMandate(loan.id, "expired"),)
    names = (context.who.name, context.lender.legal_name, loan.external_id, context.slots["bank"])
    question = line(ASK_CONSENT_FOLIO, folio=context.slots["folio"])
    if sum(map(len, names)) <= TERMS_ROOM:
        return Ask(
            (*terms_of(context), line(ASK_CONSENT)),
            "consent",
            _consented,
            choices,
            binds=True,
            lapse=lapse,
            alone=True,
            brief=(question,),
        )
    return Ask((question,), "consent", _consented, choices, binds=True, lapse=lapse, before=terms_of(context))


def _consented(context: Context, message: Message) -> Move | None:
    if accepts(message):
        plan = plan_charged(context.loan)
        return Go("complete", effects=(AuthorizeMandate(context.slots["folio"], message.text, plan),))
    if asks_to_read(message):
        return Reprompt((*terms_of(context), line(ASK_CONSENT)), answers=True)
    if told := _answer_to(context, message):
        return Reprompt((told, line(ASK_CONSENT_FOLIO, folio=context.slots["folio"])), answers=True)
    if asks(message):
        return None
    if finds_wrong(message) and context.loan:
        ended = (CancelMandate(context.loan.id, "declined"),)
        return HandOver("wants_debit", 1, (line(PLAN_PERSON, hours=context.lender.hours),), ended)
    if backs_out(message):
        return Go("declined")
    if puts_off(message):
        return Reprompt((line(NO_HURRY), line(ASK_CONSENT_FOLIO, folio=context.slots["folio"])), answers=True)
    if sets_condition(message):
        return Reprompt((line(NOT_CONSENT),))
    return Reprompt((line(SAY_ACCEPT),)) if agrees_somehow(message) else None


def _answer_to(context: Context, message: Message) -> Line | None:
    """What is asked of the terms that were read."""
    if asks_terms(message):
        return line(IN_SHORT)
    if asks_cost(message):
        return line(FREE)
    if asks_bank(message):
        return line(THE_ACCOUNT, **account_of(context))
    return line(AT_MOST, amount=context.money("max_amount")) if asks_most(message) else None


@flow.state(".")
def later(context: Context) -> Ask | Move:
    """The account is given another time: a CLABE begins this conversation whenever it comes."""
    del context
    return Done((line(LATER),))


@flow.state("terms", ".")
def again(context: Context) -> Ask | Move:
    """What is owed moved while the terms were read, or they lapsed: put again, under another folio."""
    return request_terms(context, line(CHANGED if context.slots["why"] == "changed" else EXPIRED))


@flow.state("@promise", ".")
def declined(context: Context) -> Ask | Move:
    """What is paid by hand instead goes on as a promise where a day or a sum is given."""
    loan, message = context.loan, context.message
    effects = (CancelMandate(loan.id, "declined"),) if loan and "folio" in context.slots else ()
    words = line(DECLINED)
    if loan and loan.mandate:
        words = line(DECLINED_CHANGE, bank=loan.mandate.bank, last4=loan.mandate.last4)
    if loan is None or message is None or not pays_by_hand(message):
        return Done((words,), effects)
    words = words if loan.mandate else line(BY_HAND)
    if message.date is None and message.amount is None:
        return Done((words, *ways(context)), effects)
    request = {**message.gist, "intent": "promise_to_pay"}
    return Start("promise", {"loan_id": loan.id, "request": request}, (words,), effects)


@flow.state("email", "identity_code", "authorized")
def complete(context: Context) -> Ask | Move:
    """What the provider still lacks."""
    lacking = lacks(context)
    if "document" in lacking:
        return Go("identity_code")
    return Go("email" if "email" in lacking else "authorized")


@flow.state("complete")
def identity_code(context: Context) -> Ask | Move:
    del context
    return Ask((line(ASK_CODE),), "text", _read_code)


def _read_code(context: Context, message: Message) -> Move | None:
    given = written_code(message.text)
    if given is None:
        return None
    kind, code = given
    if code is None or not is_of(context.who, code):
        return Reprompt((line(CODE_NOT_YOURS if code else BAD_CODE),))
    return Go("complete", {"code": True}, effects=(CompleteMandate(context.slots["folio"], {kind: code}),))


@flow.state("complete")
def email(context: Context) -> Ask | Move:
    del context
    return Ask((line(ASK_EMAIL),), "text", _read_email)


def _read_email(context: Context, message: Message) -> Move | None:
    found = _EMAIL.search(message.text)
    if found is None:
        return None
    given = CompleteMandate(context.slots["folio"], {"email": found[0].lower()})
    return Go("complete", {"email": True}, effects=(given,))


@flow.state(".")
def authorized(context: Context) -> Ask | Move:
    """Identity documents are never asked for in a chat: where the provider demands them, they are given on
    the borrower's page; who has none is helped by a person.
    """
    loan, folio = context.loan, context.slots["folio"]
    coming = min(schedule(loan)) if loan and loan.instalments else None
    if loan and "files" in context.facts.policy.extra.get("mandate_needs", ()):
        if context.facts.page_url is not None:
            return Done((line(FILES_ON_PAGE, folio=folio, url=context.facts.page_url),))
        return Done((line(FILES, folio=folio),), (OpenTask("mandate_files", {"folio": folio}, loan.id),))
    if coming is None or coming[0] <= context.facts.today:
        return Done((line(AUTHORIZED, folio=folio),), ends=_SETTLED)
    words = line(AUTHORIZED_NEXT, folio=folio, amount=coming[1], due_date=coming[0])
    return Done((words,), ends=_SETTLED)
