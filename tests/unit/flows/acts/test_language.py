"""Whoever writes English is answered in English, until they write Spanish again."""

import pytest

from bot.wording import Wording, decode, encode
from flows import Conversation, Step, step
from flows.acts.words.language import language_of, wishes_language
from flows.types.effects import Say
from flows.types.event import DomainEvent, Message
from tests.facts import facts
from values import LoanId


@pytest.mark.parametrize(
    ("text", "before", "language"),
    [
        ("hi, how much do I owe?", "", "en"),
        ("i can pay 300 on friday", "", "en"),
        ("who is this?", "", "en"),
        ("wrong number", "", "en"),
        ("she passed away", "", "en"),
        ("delete my data", "", "en"),
        ("no me late", "", ""),
        ("son 500 pesos", "", ""),
        ("call me", "", "en"),
        ("mi husband lo paga el viernes", "", "es_MX"),
        ("ok thanks", "", ""),
        ("STOP", "", ""),
        ("yes", "es_MX", "es_MX"),
        ("gracias", "en", "en"),
        ("si", "en", "en"),
        ("mejor el viernes", "en", "es_MX"),
        ("¿cuánto debo?", "en", "es_MX"),
        ("¿hablan inglés?", "", "en"),
        ("no hablo español", "", "en"),
        ("no english", "en", "es_MX"),
        ("I don't speak Spanish", "es_MX", "en"),
        ("en español por favor", "en", "es_MX"),
        ("quiero aprender inglés", "", ""),
    ],
)
def test_what_is_evidence_of_a_language(text: str, before: str, language: str) -> None:
    assert language_of(text, before) == language


def test_a_wish_for_a_language_is_one_only_where_it_says_no_more() -> None:
    assert wishes_language("english please")
    assert wishes_language("¿me pueden escribir en inglés?")
    assert not wishes_language("can we speak english, I want to know how much I owe and until when")


def _says(taken: Step) -> list[Say]:
    return [decode(encode(effect)) for effect in taken.effects if isinstance(effect, Say)]


def test_the_language_is_kept_for_the_conversation_and_for_what_it_learns_later() -> None:
    wording, known = Wording.load(), facts(confirmed="yes", notice="yes")
    asked = step(Conversation(), Message("how much do I owe?", "ask_balance"), known)
    (say,) = _says(asked)
    assert say.language == "en"
    assert "Your loan" in wording.render(say, say.language).text
    stored = Conversation.from_json(asked.conversation.to_json())
    news = step(stored, DomainEvent("mandate.cancelled", LoanId(7), {}), known)
    assert {each.language for each in _says(news)} == {"en"}
    back = step(stored, Message("¿y cuándo me toca pagar?", "ask_due_date"), known)
    assert _says(back)[0].language == "es_MX"


def test_who_asks_for_english_is_asked_the_open_question_again_in_english() -> None:
    stranger = facts(notice="yes")
    first = step(Conversation(), Message("cuanto debo", "ask_balance"), stranger)
    then = step(first.conversation, Message("english please", "other", certain=False), stranger)
    (say,) = _says(then)
    assert say.lines[0][0] == "language.chosen"
    assert say.language == "en"
    assert then.expecting == first.expecting == "yes_no"
