"""Who is writing. Nothing about a debt, an amount or a day before they proved to be the borrower."""

import re

from flows.acts.readings.proposals import knows_not
from flows.acts.readings.strangers import NOT_BORROWER, asks_what_for
from flows.acts.words.people import BE_BORROWER, after_all, asks_why
from flows.acts.words.whose_number import not_here
from flows.answers import YES_NO, agrees, drops, leans_no, leans_yes, not_now, plain
from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Reprompt, Start
from flows.identity.birthday import birthday, day_alone, day_and_month, is_birthday_alone, month_alone
from flows.identity.notice import THANKS
from flows.identity.people import (
    claimed,
    claims_name,
    denies_name,
    gives_other_name,
    labels,
    named,
    self_named,
)
from flows.identity.who import PERSONAL
from flows.types.effects import Choice, ConfirmIdentity, Record
from flows.types.event import Message
from flows.types.facts import BorrowerFacts
from flows.types.wording import Line, key, line, title

flow = Flow("identity", private=False, acts=(BE_BORROWER,))

OPENING = key("identity.opening")
OPENING_PAGE = key("identity.opening_page")
OPENING_CASE = key("identity.opening_case")
IS_IT_YOU = key("identity.is_it_you")
NOT_YOU = key("identity.not_you")
NOT_YOU_BRIEF = key("identity.not_you_brief")
LATER = key("identity.later")
WITHOUT = key("identity.without")
SHARED = key("identity.shared")
SHARED_BRIEF = key("identity.shared_brief")
BIRTH = key("identity.birth")
BIRTH_PLAIN = key("identity.birth_plain")
BIRTH_AGAIN = key("identity.birth_again")
BIRTH_LAST = key("identity.birth_last")
BIRTH_BRIEF = key("identity.birth_brief")
BIRTH_MONTH = key("identity.birth_month")
BIRTH_DAY = key("identity.birth_day")
WHY = key("identity.why")
WHY_YOU = key("identity.why_you")
FAILED = key("identity.failed")
STRANGER_HELLO = key("stranger.hello")
STRANGER_BRIEF = key("stranger.brief")
STRANGER_NOT_FOUND = key("stranger.not_found")
ME = title("identity.me")
NOT_ME = title("identity.not_me")
PERSON = title("identity.person")
NOBODY = title("identity.nobody")

_REFUSES = re.compile(
    r"\bno (?:te |les |le |se )?(?:la |lo |los )?(?:voy a |quiero |pienso |puedo )?(?:dar|doy|"
    r"decir|digo|proporcion|compart)|"
    r"\bno (?:me acuerdo|recuerdo|la recuerdo)\b|\bmejor (?:dime|digame|diganme)\b|"
    r"\bya (?:la|los|lo) tienen\b|\bya (?:te|le|les) dije\b|\bno doy (?:mis )?datos|"
    r"\b(?:won t|not going to|don t want to|rather not) (?:give|tell|share|say)"
)


@flow.state("who_of_you", "not_you", "factor", "failed", "stranger", "@first_notice", "@hello", ".")
def opening(context: Context) -> Ask | Move:
    """The neutral opening: the lender's trade name, that it is its assistant, the first name, how to stop."""
    if context.facts.borrower is not None:
        return Start("hello") if context.request.get("act") == BE_BORROWER else Done()
    people = context.facts.candidates
    if not people:
        return Go("stranger")
    if not context.facts.registered_phone and (context.slots.get("claimed") or len(people) > 1):
        return Go("factor", {"claimed": [person.id for person in people]})
    doubted = context.asked and context.message is not None and not context.message.certain
    if context.message and not doubted and (found := self_named(context.message.text, people)):
        return Go("factor", {"claimed": [person.id for person in found]})
    if len(people) > 1:
        return _born_then(context.message, context) or Go("who_of_you")
    if context.request.get("act") == BE_BORROWER:
        return _be_borrower(context, people)
    if context.request.get("act") == NOT_BORROWER:
        return Go("not_you")
    name = people[0].first_name
    brief = line(IS_IT_YOU, name=name)
    known = context.asked or not context.facts.registered_phone  # who we are was said before
    greeting = brief if known else _greeting(context, name)
    return Ask((greeting,), "yes_no", _is_it_you, YES_NO, brief=(brief,))


def _be_borrower(context: Context, people: tuple[BorrowerFacts, ...]) -> Move:
    """«Sí soy yo», or the birthday, before anybody asked."""
    if context.message and is_birthday_alone(context.message.text):
        return _check(context, day_and_month(context.message.text), people)
    return Go("factor", {"claimed": [person.id for person in people]})


def _greeting(context: Context, name: str) -> Line:
    """Where something waits that may not be named here, with the pages that ask who is reading, or with the
    folio of the case that is answered.
    """
    url = context.facts.own_page_url if context.slots.get("page") else None
    about = {"name": name, "lender": context.lender.trade_name}
    if folio := context.slots.get("case"):
        return line(OPENING_CASE, **about, folio=folio)
    return line(OPENING_PAGE, **about, url=url) if url else line(OPENING, **about)


def _is_it_you(context: Context, message: Message) -> Move | None:
    person = context.facts.candidates[0]
    if message.payload is None and asks_what_for(message):
        about = {"name": person.first_name}
        return Reprompt((line(PERSONAL, **about), line(IS_IT_YOU, **about)))
    if message.payload is None and is_birthday_alone(message.text) and birthday(person):
        return _check(context, day_and_month(message.text), (person,))
    if (
        claims_name(message.text, (person,))
        or after_all(message.text)
        or leans_yes(message)
        or agrees(message)
    ):
        return Go("factor", {"claimed": [person.id]})
    if not_now(message):
        return Done((line(LATER),), clear=True)
    denies = message.payload is None and (denies_name(message.text) or not_here(message.text))
    if denies or leans_no(message) or gives_other_name(message.text, (person,)):
        return Go("not_you")
    unread = message.payload is None and message.topic is None
    if unread and (message.intent == "other" or not message.certain) and asks_why(message.text):
        return Reprompt((line(WHY_YOU), line(IS_IT_YOU, name=person.first_name)))
    return None


@flow.state("factor", "@wrong_person", ".")
def not_you(context: Context) -> Ask | Move:
    """A «no» may be distrust, or an hour that does not suit: a second, plain word closes the address."""
    name = context.facts.candidates[0].first_name if context.facts.candidates else ""
    brief = (line(NOT_YOU_BRIEF, name=name),)
    words = brief if context.asked else (line(NOT_YOU, name=name),)
    return Ask(words, "choice", _really, (Choice("me", ME), Choice("not_me", NOT_ME)), brief=brief)


def _really(context: Context, message: Message) -> Move | None:
    people = context.facts.candidates
    is_me = message.payload == "me" or after_all(message.text) or claims_name(message.text, people[:1])
    if is_me or leans_yes(message):
        return Go("factor", {"claimed": [person.id for person in people[:1]]})
    if message.payload is None and people and asks_what_for(message):
        about = {"name": people[0].first_name}
        return Reprompt((line(PERSONAL, **about), line(NOT_YOU_BRIEF, **about)), answers=True)
    if not_now(message):
        return Done((line(LATER),), clear=True)
    if message.stale:  # the «No» of an older question, pressed again
        return None
    if message.payload in ("not_me", "no") or leans_no(message) or gives_other_name(message.text, people[:1]):
        return Start("wrong_person")
    return None


@flow.state("factor", "@returned", "@first_notice", ".")
def who_of_you(context: Context) -> Ask | Move:
    """A shared phone: first names, and the initial of the surname where two are called the same. The factor
    decides; of two that nothing distinguishes it decides too.
    """
    shown = labels(context.facts.candidates[:8])
    choices = (
        *(Choice(f"person.{people[0].id}", PERSON, {"name": label}) for label, people in shown.items()),
        Choice("nobody", NOBODY),
    )
    denied = context.request.get("act") == NOT_BORROWER
    words = line(SHARED_BRIEF) if context.asked or denied else line(SHARED, lender=context.lender.trade_name)
    return Ask((words,), "choice", _who, choices, brief=(line(SHARED_BRIEF),))


def _who(context: Context, message: Message) -> Move | None:
    nobody = re.search(r"\bningun[oa]?\b|\bneither\b", plain(message.text)) is not None
    if message.payload == "nobody" or (message.payload is None and (nobody or leans_no(message))):
        asked = {"claimed": [person.id for person in context.facts.candidates], "whose": True}
        return Start("returned", asked, effects=(Record("wrong_party.reported", {"knows_borrower": False}),))
    for people in labels(context.facts.candidates[:8]).values():
        if message.payload == f"person.{people[0].id}":
            return Go("factor", {"claimed": [person.id for person in people]})
    all_here = context.facts.candidates
    if message.payload is None and (
        found := named(message.text, all_here) or claimed(message.text, all_here)
    ):
        return Go("factor", {"claimed": [person.id for person in found]})
    return _born_then(message, context)


def _born_then(message: Message | None, context: Context) -> Move | None:
    """The one of several whose birthday it is, where it stands alone."""
    if message is None or message.payload is not None or not is_birthday_alone(message.text):
        return None
    given = day_and_month(message.text)
    matching = [person for person in context.facts.candidates if given and birthday(person) == given]
    return _known(matching[0]) if len(matching) == 1 else None


@flow.state("factor", "failed", "@first_notice", ".", "opening")
def factor(context: Context) -> Ask | Move:
    """Day and month of birth, from the tape or from CURP or RFC; three tries, then a person."""
    if context.facts.borrower is not None:
        return Done()
    people = _claimed(context)
    if not people:
        return Go("opening")
    if all(birthday(person) is None for person in people):
        return Go("failed", {"reason": "no_factor"})
    name = people[0].first_name if context.facts.registered_phone else ""
    question = line(BIRTH, name=name) if name else line(BIRTH_PLAIN)
    again = {1: line(BIRTH_AGAIN), 2: line(BIRTH_LAST, phone=context.lender.phone)}
    words = again.get(context.slots.get("tries", 0), question)
    half = BIRTH_MONTH if context.slots.get("day") else BIRTH_DAY if context.slots.get("month") else None
    brief = line(half or BIRTH_BRIEF)
    known = context.asked or half
    return Ask((brief if known else words,), "identity", _read_factor, brief=(brief,))


def _claimed(context: Context) -> tuple[BorrowerFacts, ...]:
    wanted = context.slots.get("claimed", ())
    return tuple(person for person in context.facts.candidates if person.id in wanted)


def _read_factor(context: Context, message: Message) -> Move | None:
    if message.payload is not None:
        return None
    flat = plain(message.text)
    if given := day_and_month(message.text) or _completed(context, message.text):
        return _check(context, given, _claimed(context))
    if (day := day_alone(message.text)) is not None:
        return Go("factor", {"day": day, "month": None})
    if (month := month_alone(message.text)) is not None:
        return Go("factor", {"day": None, "month": month})
    if others := _another_named(context, message.text):
        return Go("factor", {"claimed": [person.id for person in others]})
    phone = context.lender.phone
    named = claims_name(message.text, _claimed(context))
    insists = named or after_all(message.text) or agrees(message)  # «ya te dije que soy yo»
    if insists or asks_why(message.text) or _REFUSES.search(flat) or knows_not(message):
        return Reprompt((line(WHY, phone=phone),))
    if not_now(message):
        return Done((line(LATER),), clear=True)
    if drops(message) or leans_no(message):
        return Done((line(WITHOUT, phone=phone),), clear=True)
    return None


def _another_named(context: Context, text: str) -> tuple[BorrowerFacts, ...]:
    """«Soy Ana», where Juan, of the same phone, was asked: whoever it is proves it."""
    found = self_named(text, context.facts.candidates)
    return () if set(found) & set(_claimed(context)) else found


def _completed(context: Context, text: str) -> tuple[int, int] | None:
    """«De marzo», after «el 15», or the other way round."""
    day = context.slots.get("day") or day_alone(text)
    month = context.slots.get("month") or month_alone(text)
    return day_and_month(f"{day} {month}") if day and month else None


def _check(context: Context, given: tuple[int, int] | None, people: tuple[BorrowerFacts, ...]) -> Move:
    matching = [person for person in people if given is not None and birthday(person) == given]
    if len(matching) == 1:
        return _known(matching[0])
    tries = context.slots.get("tries", 0) + 1
    failed = (Record("identity.failed", {"factor": "birth", "tries": tries}),)
    if tries >= context.facts.policy.identity_tries:
        return Go("failed", {"reason": "identity_failed"}, effects=failed)
    about = {"claimed": [person.id for person in people], "tries": tries, "day": None, "month": None}
    return Go("factor", about, effects=failed)


def _known(person: BorrowerFacts) -> Done | Start:
    confirmed = ConfirmIdentity(person.id, "birth")
    if person.notice_given or not person.loans:
        return Done((line(THANKS, name=person.first_name),), (confirmed,))
    return Start("first_notice", effects=(confirmed,))


@flow.state("!")
def failed(context: Context) -> Ask | Move:
    words = line(FAILED, phone=context.lender.phone)
    return HandOver(context.slots.get("reason", "identity_failed"), 1, (words,))


@flow.state("factor", "!")
def stranger(context: Context) -> Ask | Move:
    """Nobody on the tape is reached here: they read who we are, and are asked for the phone that we know."""
    lender = context.lender
    words = line(STRANGER_HELLO, lender=lender.trade_name, phone=lender.phone)
    return Ask((words,), "choice", _stranger, (AGENT,), brief=(line(STRANGER_BRIEF),))


def _stranger(context: Context, message: Message) -> Move | None:
    if not message.entities.get("phone"):
        return None
    people = context.facts.candidates
    if not people:
        return Reprompt((line(STRANGER_NOT_FOUND),))
    return Go("factor", {"claimed": [person.id for person in people]})
