"""One due date, later: where policy has it; otherwise the day becomes a promise."""

import re
from datetime import date

from flows.acts.readings.agreed import agrees_to_terms
from flows.acts.words.crisis import ill
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum
from flows.answers import agrees, is_no, is_unsure, plain, reports_payment
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.offers.agreement import (
    offer_of,
    policy_of,
    propose,
    read_back,
    say_yes,
    situation,
    unsure,
)
from flows.offers.arithmetic import extension
from flows.owed.nothing import nothing_owed
from flows.promises.terms import latest, next_week
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title

_TROUBLE = re.compile(
    r"\b(?:enferm\w*|murio|accident\w*|robaron|asalt\w*|sin (?:trabajo|chamba)|despid\w*|despedi\w*|"
    r"corrieron|"
    r"descont\w*|no me (?:han pagado|pagaron|depositaron)|no (?:alcance|complete|junte)|descompus\w*|"
    r"emergencia|"
    r"sick|ill|accident|robbed|laid off|lost my job|emergency|haven t been paid)\b"
)

_GETS_PAID = re.compile(
    r"\b(?:me (?:pag|deposit|lleg|cae|raya)\w*|cobro|pension|quincena|nomina|i get paid|payday|paycheck)\b"
)

flow = Flow("extension", intents={"request_extension": title("meaning.request_extension")})

UNTIL = key("extension.until")
SURE = key("extension.sure")
SORRY = key("extension.sorry")
COVERS = key("extension.covers")
ALREADY = key("extension.already")
NOT_NOW = key("offers.not_now")


@flow.state("confirm", "@promise", ".", "!")
def start(context: Context) -> Ask | Move:
    """A day that was named is the day, or no extension: the bot does not bargain about days."""
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    wished = context.request.get("date")
    day = date.fromisoformat(wished) if wished else None
    offer = extension(policy_of(context), situation(context, loan), day)
    named_other = offer is not None and day is not None and offer.first.due_date < day
    if offer is None or named_other or "amount" in context.request or loan.promise is not None:
        return Start("promise", dict(context.slots), _until(context, loan, day))
    return propose(
        context, loan, offer, lines=_acknowledged(context), **next_week(context.message, context.facts.today)
    )


def _until(context: Context, loan: LoanFacts, wished: date | None) -> tuple[Line, ...]:
    """Why a day that may be promised is no extension: it is later than policy gives, or one was given."""
    offer = extension(policy_of(context), situation(context, loan), wished)
    if offer is None and wished is None and loan.extended_on is not None and "amount" not in context.request:
        return (line(ALREADY, hours=context.lender.hours),)
    if offer is None or wished is None or not offer.first.due_date < wished <= latest(context):
        return ()
    return (line(UNTIL, day=offer.first.due_date),)


def _acknowledged(context: Context) -> tuple[Line, ...]:
    """A word before the terms: of what happened, where that is written."""
    text = context.message.text if context.message else ""
    trouble = ill(text) or _TROUBLE.search(plain(text)) is not None
    return (line(SORRY if trouble else SURE),)


@flow.state("confirm", "@promise", ".")
def confirm(context: Context) -> Ask | Move:
    if context.loan is None:
        return Done()
    return read_back(context, _confirmed)


def _confirmed(context: Context, message: Message) -> Move | None:
    if agrees_to_terms(message):
        return say_yes(context)
    by_turns = "frequency" in message.entities and message.date is None  # «¿100 al mes?»
    if by_turns or reports_payment(message):
        return None
    if sooner := _sooner(context, message):
        return sooner
    if _names_its_day(context, message):
        if Signals(message.text).cannot:  # «el 7 no puedo»
            return Start("promise", {"loan_id": context.slots["loan_id"], "request": {}})
        return say_yes(context) if agrees(message) else unsure(context)
    week, amount = next_week(message, context.facts.today), message.amount or bare_sum(message.text)
    if message.payload is None and (message.date is not None or amount is not None or week):
        about = {name: context.slots[name] for name in ("loan_id", "week") if name in context.slots}
        request = message.gist | ({"amount": amount.centavos} if amount is not None else {})
        assert context.loan is not None
        why = _until(context, context.loan, message.date)
        return Start("promise", about | week | {"request": request}, why)
    if is_no(message) or message.intent == "deny" or is_unsure(message):
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None


def _names_its_day(context: Context, message: Message) -> bool:
    """«El viernes está bien», with that Friday read back."""
    same_day = message.payload is None and message.date == offer_of(context).first.due_date
    return same_day and message.amount is None and not message.parts and "?" not in message.text


def _sooner(context: Context, message: Message) -> Move | None:
    """«Me pagan el día 5», with the 7th read back."""
    loan, day = context.loan, message.date
    told = message.payload is None and _GETS_PAID.search(plain(message.text)) is not None
    if loan is None or day is None or message.amount is not None or not told:
        return None
    if context.facts.today <= day <= offer_of(context).first.due_date:
        return Go("confirm", lines=(line(COVERS, day=day),))
    return None
