"""Who is writing. Nothing about a debt, an amount or a day before they proved to be the borrower."""

import re
from dataclasses import replace
from datetime import date

from flows.answers import YES_NO, leans_no, leans_yes
from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Reprompt, Start
from flows.types.effects import Choice, ConfirmIdentity, GiveNotice, Record, Say
from flows.types.event import Message
from flows.types.facts import BorrowerFacts, Facts
from flows.types.wording import Line, key, line, title

flow = Flow("identity", private=False)

IDENTITY_OPENING = key("identity.opening")
IDENTITY_IS_IT_YOU = key("identity.is_it_you")
IDENTITY_SHARED = key("identity.shared")
IDENTITY_BIRTH = key("identity.birth")
IDENTITY_BIRTH_PLAIN = key("identity.birth_plain")
IDENTITY_BIRTH_AGAIN = key("identity.birth_again")
IDENTITY_FAILED = key("identity.failed")
STRANGER_HELLO = key("stranger.hello")
STRANGER_NOT_FOUND = key("stranger.not_found")
IDENTITY_THANKS = key("identity.thanks")
NOTICE_DEBT_ITEM = key("notice.debt_item")
NOTICE_WHO = key("notice.who")
NOTICE_PAY_ONLY = key("notice.pay_only")
NOTICE_RIGHTS = key("notice.rights")
IDENTITY_PERSON = title("identity.person")
IDENTITY_NOBODY = title("identity.nobody")

_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_ENGLISH = {"jan": 1, "apr": 4, "aug": 8, "dec": 12}
_NUMERIC = re.compile(r"\b(\d{1,2})\s*[/\-. ]\s*(\d{1,2})\b")
_NAMED = re.compile(r"\b(\d{1,2})(?:ro)?\s*(?:de|del|of)?\s*([a-zé]{3,12})|([a-z]{3,12})\s+(\d{1,2})\b")
_YEAR_FIRST = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-/. ]?\s*(\d\d)\s*[-/. ]?\s*(\d\d)(?!\d)")
_DAY_ALONE = re.compile(
    r"(?:(?:s[ií]|soy yo|claro|nac[ií]|el|mi cumple(?:años)?|es)\b[\s,.]*)*"
    r"(?:\d{1,2}\s*[/\-.]\s*\d{1,2}(?:\s*[/\-.]\s*\d{2,4})?|\d{1,2}\s*(?:de\s+)?[a-zé]{3,10}(?:\s+(?:del?\s+)?\d{2,4})?)[\s.!]*$",
    re.IGNORECASE,
)
"""A birthday and nothing else, given unasked: whoever knows the next question answers it at once."""
_PACKED = re.compile(r"(?<!\d)(\d{2})(\d{2})(?:\d{4}|\d{2})?(?!\d)")


@flow.state("who_of_you", "factor", "failed", "stranger", ".", "@wrong_person", "!")
def opening(context: Context) -> Ask | Move:
    """The neutral opening: the lender's trade name, that it is its assistant, the first name, how to stop."""
    if context.facts.borrower is not None:
        return Done()
    people = context.facts.candidates
    if not people:
        return Go("stranger")
    if not context.facts.registered_phone:
        return Go("factor", {"claimed": [person.id for person in people]})
    if len(people) > 1:
        return Go("who_of_you")
    name = people[0].first_name
    greeting = line(IDENTITY_OPENING, name=name, lender=context.facts.lender.trade_name)
    return Ask(
        (line(IDENTITY_IS_IT_YOU, name=name) if context.asked else greeting,), "yes_no", _is_it_you, YES_NO
    )


def _is_it_you(context: Context, message: Message) -> Move | None:
    person = context.facts.candidates[0]
    if message.payload is None and _DAY_ALONE.match(message.text.strip()) and _birth(person):
        return _check(replace(context, slots={**context.slots, "person": person.id}), message)
    if leans_yes(message) or _claims_name(message, person):
        return Go("factor", {"person": person.id})
    if leans_no(message):
        return Start("wrong_person")
    return None


def _claims_name(message: Message, person: BorrowerFacts) -> bool:
    """«sí, soy Ana»"""
    said = message.text.casefold()
    return (
        message.intent in ("affirm", "other", "greet")
        and "soy" in said
        and person.first_name.casefold() in said
    )


@flow.state("factor", "@wrong_person")
def who_of_you(context: Context) -> Ask | Move:
    """A shared phone: first names only; the factor decides."""
    people = context.facts.candidates[:8]
    choices = (
        *(Choice(f"person.{p.id}", IDENTITY_PERSON, {"name": p.first_name}) for p in people),
        Choice("nobody", IDENTITY_NOBODY),
    )
    return Ask((line(IDENTITY_SHARED, lender=context.facts.lender.trade_name),), "choice", _who, choices)


def _who(context: Context, message: Message) -> Move | None:
    if message.payload == "nobody" or (message.payload is None and leans_no(message)):
        return Start("wrong_person")
    said = message.text.casefold()
    for person in context.facts.candidates:
        if message.payload == f"person.{person.id}" or (
            message.payload is None and person.first_name.casefold() in said.split()
        ):
            return Go("factor", {"person": person.id})
    return None


@flow.state("factor", "failed", ".", "opening")
def factor(context: Context) -> Ask | Move:
    """Day and month of birth, from the tape or from CURP or RFC; three tries, then a person."""
    if context.facts.borrower is not None:
        return Done()
    person = _claimed(context)
    if person is None:
        return Go("opening")
    if _birth(person) is None:
        return Go("failed", {"reason": "no_factor"})
    name = person.first_name if context.facts.registered_phone else ""
    question = line(IDENTITY_BIRTH, name=name) if name else line(IDENTITY_BIRTH_PLAIN)
    return Ask(
        (question if not context.slots.get("tries") else line(IDENTITY_BIRTH_AGAIN),), "identity", _check
    )


def _claimed(context: Context) -> BorrowerFacts | None:
    wanted = context.slots.get("person") or next(iter(context.slots.get("claimed", ())), None)
    return next((person for person in context.facts.candidates if person.id == wanted), None)


def _check(context: Context, message: Message) -> Move | None:
    if message.payload is not None or (given := day_and_month(message.text)) is None:
        return None
    person = _claimed(context)
    if person is not None and given == _birth(person):
        return _known(person, context.facts)
    tries = context.slots.get("tries", 0) + 1
    failed = (Record("identity.failed", {"factor": "birth", "tries": tries}),)
    if tries >= context.facts.policy.identity_tries:
        return Go("failed", {"reason": "identity_failed"}, effects=failed)
    return Go("factor", {"person": person.id if person else None, "tries": tries}, effects=failed)


@flow.state("!")
def failed(context: Context) -> Ask | Move:
    return HandOver(
        context.slots.get("reason", "identity_failed"),
        1,
        (line(IDENTITY_FAILED, phone=context.facts.lender.phone),),
    )


@flow.state("factor", "!", "@optout")
def stranger(context: Context) -> Ask | Move:
    """Nobody on the tape is reached at this address: told who we are, shown nothing, asked for the phone that
    we know.
    """
    lender = context.facts.lender
    return Ask(
        (line(STRANGER_HELLO, lender=lender.trade_name, phone=lender.phone),),
        "choice",
        _stranger,
        (AGENT,),
    )


def _stranger(context: Context, message: Message) -> Move | None:
    if message.entities.get("phone"):
        people = context.facts.candidates
        return (
            Go("factor", {"claimed": [person.id for person in people]})
            if people
            else Reprompt((line(STRANGER_NOT_FOUND),))
        )
    return None


def _birth(person: BorrowerFacts) -> tuple[int, int] | None:
    """Day and month, by the tape; else out of CURP or RFC, whose yymmdd stands behind the letters."""
    if person.birth_date:
        return person.birth_date.day, person.birth_date.month
    for code in (person.curp, person.rfc):
        digits = re.match(r"^[A-ZÑ&]{4}\d\d(\d\d)(\d\d)", (code or "").upper())
        if digits:
            return int(digits[2]), int(digits[1])
    return None


def day_and_month(text: str) -> tuple[int, int] | None:
    """`15 de marzo`, `15/03/1990`, `15031990`, `1990-03-15`, `March 15`; null when the text holds no such
    day. Day first, as in Mexico.
    """
    said = text.casefold()
    if (match := _YEAR_FIRST.search(said)) and (day := _day(int(match[2]), int(match[1]))):
        return day
    for before, month, month_first, after in _NAMED.findall(said):
        name = (month or month_first)[:3].replace("é", "e")
        number = _MONTHS.index(name) + 1 if name in _MONTHS else _ENGLISH.get(name)
        if number:
            return _day(int(before or after), number)
    if match := _NUMERIC.search(said) or _PACKED.search(said):
        return _day(int(match[1]), int(match[2]))
    return None


def _day(day: int, month: int) -> tuple[int, int] | None:
    try:
        date(2000, month, day)
    except ValueError:
        return None
    return day, month


def _known(person: BorrowerFacts, facts: Facts) -> Done:
    """The confirmation and, once, the notice that the law asks for at first contact, as its own message."""
    thanks, confirmed = line(IDENTITY_THANKS, name=person.first_name), ConfirmIdentity(person.id, "birth")
    if person.notice_given:
        return Done((thanks,), (confirmed,))
    return Done((), (confirmed, Say((thanks, *_notice(person, facts)), alone=True), GiveNotice()))


def _notice(person: BorrowerFacts, facts: Facts) -> tuple[Line, ...]:
    """Who collects, for whom, the contract, what is owed and as of when, where to pay, where to complain, the
    privacy notice.
    """
    lender = facts.lender
    debts: list[Line] = []
    for loan in person.loans:
        owed = loan.outstanding
        debts.append(
            line(
                NOTICE_DEBT_ITEM,
                loan=loan.external_id,
                total=owed.total,
                principal=owed.principal,
                interest=owed.interest + owed.tax,
                late_fees=owed.late_fees,
                today=facts.today,
            )
        )
    return (
        line(
            NOTICE_WHO,
            collector=lender.collector,
            legal_name=lender.legal_name,
            address=lender.address,
            phone=lender.phone,
        ),
        *debts[:4],
        line(NOTICE_PAY_ONLY, lender=lender.trade_name),
        line(
            NOTICE_RIGHTS,
            une_phone=lender.une_phone,
            une_email=lender.une_email,
            privacy_url=lender.privacy_url,
        ),
    )
