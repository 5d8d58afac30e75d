"""What somebody writes whom we do not know yet, or who has just denied being the borrower."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from flows.acts.readings.end_of_talk import only_acknowledges
from flows.acts.words import people
from flows.acts.words.whose_number import has_new_number, is_own, is_theirs, passes_on, reached_here
from flows.answers import acknowledges, plain
from flows.engine import Ask, Frame
from flows.identity.birthday import birthday, day_and_month, is_birthday_alone
from flows.identity.people import denies_name, presents, self_named
from flows.types.event import Message
from flows.types.facts import BorrowerFacts, Facts
from values import fold

NOT_BORROWER = "deny.borrower"
AS_OTHER = "ask.as_other"
TO_CLOSED = "ask.at_closed"
"""From an address that was closed because somebody else is reached there."""
ASK_SOURCE = "ask.number_source"
_SAYS_NO_MORE = ("affirm", "other", "greet", "ask_identity")
_OF_THE_LOAN = frozenset(
    {"ask_balance", "ask_breakdown", "ask_due_date", "promise_to_pay", "request_plan", "request_extension"}
)
_OF_PAYING = ("ask_payment_methods", "refuse_to_pay", "report_hardship", "report_payment", "request_discount")
_THIRD_PERSON = re.compile(
    r"\b(?:debe|debia|adeuda|quiere|dice|pregunta|ella|el|su|sus|mi client[ea]|he|she|his|her|my client)\b|"
    r"\b(?:la|lo|le|les|los|las) (?:busc\w+|quier\w+|cobr\w+|llam\w+|escrib\w+|necesit\w+)"
)
_HELLO = (
    r"(?:(?:y|ya|si|ok|hola|oiga|oye|disculpe|buen[oa]s?(?: (?:dias?|tardes?|noches?))?|a ver|hi|hey|hello|"
    r"sorry|perdon) )*"
)
_WHAT_FOR = (
    r"(?:que|k|q) (?:se )?(?:te|le|les) ofrece|(?:a|por|de|con|sobre) que asunto|cual es (?:el|su) asunto|"
    r"(?:para|por) que (?:la|lo|le|les|me|nos) (?:busca|quiere|llama|escribe|habla|necesita|marca)[ns]?"
    r"(?: a (?:ella|el|mi|nosotros))?|"
    r"a quien (?:es que )?(?:buscan?|necesitan?)(?: pues| entonces)?|"
    r"why are you (?:looking for|texting|writing)(?: to)? (?:her|him|me)|"
    r"(?:que|k|q) (?:[qk]u?ieren?|querian?|quiere usted|se les ofrece|necesitan?|desean?|paso|pasa)|"
    r"(?:de|sobre) que (?:se trata|es|asunto)(?: esto)?|(?:y )?para que(?: (?:es|me|soy) ?\w*)?|"
    r"que asunto|para que quieren saber|"
    r"what do you want|what is this(?: about)?|what s this about|what for"
)
_ASKS_WHAT_FOR = re.compile(rf"{_HELLO}(?:{_WHAT_FOR})")
_WHO = (
    r"de que empresa|(?:con )?quien(?:es)? (?:es|son|(?:me )?(?:habla|escribe|manda mensajes)|eres|hablo)"
    r"(?: (?:ustedes?|tu|este|esto|aqui))?|who(?: is|s| s)? (?:this|it|are you|texting(?: me)?|there)"
)
_ASKS_WHO = re.compile(rf"{_HELLO}(?:{_WHAT_FOR}|{_WHO})")
_ASKS_ONLY_WHO = re.compile(rf"{_HELLO}(?:{_WHO})")
_SOURCE = re.compile(
    r"\b(?:quien|de donde|como|por ?que|who|where|how|why)\b.*"
    r"\b(?:numero|num|tel|telefono|cel|celular|whats\w*|contacto|number|phone)\b"
)
_GOT = re.compile(
    r"\b(?:dio|dieron|paso|pasaron|vendio|vendieron|sac\w+|cons[ie]gu\w+|tienen?|obtuv\w+|"
    r"encontr\w+|agarr\w+|"
    r"llego|gave|give|got|get|have|find|found|sold)\b"
)
_AROUND_NAME = frozenset({
    "no", "soy", "yo", "me", "llamo", "ni", "hola", "oiga", "oye", "perdon", "disculpe", "disculpa", "pero",
    "ya", "les", "le", "te", "dije", "que", "pues", "es", "i", "m", "im", "am", "not", "this", "isn", "t",
    "is", "sorry", "hi", "my", "name",
})  # fmt: skip
_OTHERS = ("third_party", "wrong_person")
_LIKELY = 0.5
"""From here on «ya no vive aquí», in answer to «¿eres Ana?», is asked about as a denial."""
_SAME_PERSON = timedelta(hours=6)
_FAR = timedelta(days=45)
"""From here on a birthday is no day to pay on."""


def as_stranger(
    message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts, done: str
) -> Message:
    """The same message where nothing of this kind is in it."""
    if _is_the_borrower(message, facts):
        return replace(message, act=people.BE_BORROWER, certain=True)
    if _goes_on_as_other(message, stack, facts, done):
        return replace(message, act=AS_OTHER, certain=True)
    if _at_closed(message, stack, facts):
        return replace(message, act=TO_CLOSED, certain=True)
    idle = pending is None or pending.menu
    if idle and facts.candidates and facts.registered_phone and denies_name(message.text):
        return replace(message, act=NOT_BORROWER, certain=True)
    who = message.alternatives[:1] == ("ask_identity",) or _ASKS_WHO.fullmatch(plain(message.text))
    return replace(message, intent="ask_identity", certain=True) if who and not message.certain else message


def of_number(message: Message, stack: tuple[Frame, ...], facts: Facts) -> Message:
    """Whose number it is: «¿quién se lo dio?», before it is known who asks, and «no soy Ana», said for the
    first time.
    """
    if message.act is not None or not facts.candidates:
        return message
    if facts.borrower is None and message.intent in _OTHERS and people.after_all(message.text):
        return replace(message, intent="other", also=(), act=people.BE_BORROWER, certain=True)
    if _is_asked_whose(stack):
        return _of_asked_number(message)
    if not facts.registered_phone:
        asks = message.intent == "privacy_request" and asks_source(message.text)
        return replace(message, intent="other", also=(), act=ASK_SOURCE, topic=None) if asks else message
    new = message.intent == "other" and has_new_number(message.text)
    if facts.borrower is None and new and not self_named(message.text, facts.candidates):
        return replace(message, intent="wrong_person", topic=None, certain=True)
    doubted = message.intent in ("ask_identity", "other") or not message.certain
    doubted = doubted or (message.intent == "privacy_request" and asks_source(message.text))
    if facts.borrower is None and doubted and (found := _of_stranger(message)):
        return found
    asked = stack[-1] if stack and stack[-1].flow == "identity" else None
    likely = asked is not None and not message.certain and message.confidence >= _LIKELY
    bare = likely or _only_denies(message.text, facts)
    if message.intent != "wrong_person" or not bare or (asked is not None and _was_denied(asked)):
        return message
    return replace(message, act=NOT_BORROWER, also=(), certain=True)


def _of_stranger(message: Message) -> Message | None:
    """«¿Quién les dio mi número?», «¿para qué la buscan?», «le voy a decir que les marque»."""
    if asks_source(message.text):
        return replace(message, act=ASK_SOURCE, topic=None, certain=True)
    if asks_what_for(message):
        return replace(message, intent="ask_identity", also=(), topic=None, certain=True)
    if passes_on(message.text):
        return replace(message, intent="third_party", also=(), topic=None, certain=True)
    return None


def _only_denies(text: str, facts: Facts) -> bool:
    """«No soy Ana» and nothing else."""
    names = {word for person in facts.candidates for word in fold(person.name).split()}
    words = set(plain(text).split())
    says_whom = facts.borrower is None or bool(words & names)
    return says_whom and denies_name(text) and not words - names - _AROUND_NAME


def _was_denied(frame: Frame) -> bool:
    return frame.state == "not_you" or frame.slots.get("request", {}).get("act") == NOT_BORROWER


def as_known(message: Message, borrower: BorrowerFacts, today: date, *, idle: bool) -> Message:
    """«¿Quién es?»; and «sí soy Ana», or a birthday that nobody asks for, of somebody who is known."""
    if _ASKS_ONLY_WHO.fullmatch(plain(message.text)):
        return replace(message, intent="ask_identity", certain=True)
    said = message.intent in _SAYS_NO_MORE and self_named(message.text, (borrower,))
    named = said or presents(message.text, (borrower,))
    born = _gives_own_birthday(message, borrower, today)
    if idle and (named or born):
        return replace(message, intent="other", act=people.BE_BORROWER, certain=True)
    return replace(message.meaning("greet"), date=None) if born else message


def _gives_own_birthday(message: Message, borrower: BorrowerFacts, today: date) -> bool:
    own = birthday(borrower)
    if own is None or day_and_month(message.text) != own:
        return False
    if message.date is not None and message.date.year < today.year - 1:  # with the year of birth
        return True
    soon = message.date is not None and today <= message.date < today + _FAR
    return not soon and is_birthday_alone(message.text)


def asks_what_for(message: Message | None) -> bool:
    """«¿De qué se trata?»"""
    return message is not None and _ASKS_WHAT_FOR.fullmatch(plain(message.text)) is not None


def asks_source(text: str) -> bool:
    """«¿Quién les dio mi número?»"""
    flat = plain(text)
    return _SOURCE.search(flat) is not None and _GOT.search(flat) is not None


def _at_closed(message: Message, stack: tuple[Frame, ...], facts: Facts) -> bool:
    """«Hola», «¿de qué se trata?», after «número equivocado»."""
    closed = bool(stack) and stack[-1].flow == "returned" and not facts.registered_phone
    heard = message.certain and message.intent in ("ask_identity", "thank", "affirm", "request_loan")
    return closed and not heard and not (acknowledges(message) or only_acknowledges(message))


def _is_the_borrower(message: Message, facts: Facts) -> bool:
    """«Sí soy yo», «ya soy Ana», or a birthday, where nobody asked who is writing."""
    alone = message.intent in _SAYS_NO_MORE or not message.certain or presents(message.text, facts.candidates)
    named = bool(self_named(message.text, facts.candidates))
    return alone and (named or people.after_all(message.text) or is_birthday_alone(message.text))


def _goes_on_as_other(message: Message, stack: tuple[Frame, ...], facts: Facts, done: str) -> bool:
    """«Dígame a mí», «¿y cuánto debe?», after «soy su mamá» or «número equivocado»."""
    left = done == "third_party" or _is_returned(stack, facts)
    unread = not message.certain and message.topic is None
    third = _THIRD_PERSON.search(plain(message.text)) is not None
    # «yo le pago», «¿a qué cuenta?»
    pays = message.intent in ("ask_payment_methods", "promise_to_pay") or message.topic == "other_payer"
    of_other = pays or (third and (message.intent in _OF_THE_LOAN or message.topic is not None))
    of_other = of_other or (facts.registered_phone and asks_what_for(message))
    return left and (unread or of_other)


def _of_asked_number(message: Message) -> Message:
    """«Es mío», «no está ahorita», «pero es mi esposo, ¿cuánto es?», asked whose the number is."""
    likely = message.intent in (*_OTHERS, "contact_preference", "other") or not message.certain
    if is_own(message.text) or (likely and is_theirs(message.text)) or message.intent == "wrong_person":
        return message.meaning("deny")
    if likely and (reached_here(message.text) or passes_on(message.text)):
        return message.meaning("affirm")
    if message.intent not in ("third_party", *_OF_THE_LOAN, *_OF_PAYING):
        return message
    return replace(message, intent="other", also=(), act=AS_OTHER, topic=None, certain=True)


def _is_asked_whose(stack: tuple[Frame, ...]) -> bool:
    """Whether somebody else is asked whose the number is."""
    return bool(stack) and stack[-1].flow == "returned" and bool(stack[-1].slots.get("whose"))


def _is_returned(stack: tuple[Frame, ...], facts: Facts) -> bool:
    """Whether somebody else was writing; of an address that stays the borrower's, a while ago."""
    if not stack or stack[-1].flow != "returned":
        return False
    since = stack[-1].asked_at
    return not facts.registered_phone or (
        since is not None and facts.now - datetime.fromisoformat(since) < _SAME_PERSON
    )
