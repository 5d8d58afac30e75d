"""Whoever speaks of «usted» is answered so, until they speak otherwise."""

import re
from datetime import date

import pytest

from bot.wording import TEMPLATES, Wording, decode, encode
from flows import Conversation, step
from flows.acts.words.register import register_of
from flows.types.effects import Say
from flows.types.event import DomainEvent, Message
from flows.types.wording import DECLARED, Title
from tests.facts import facts
from values import LoanId, Money

TU = re.compile(
    r"\b(?:tu|tus|te|ti|contigo|tienes|puedes|quieres|prefieres|eres|dime|escríbeme|avísame)\b|[aei]rte\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("text", "before", "register"),
    [
        ("disculpe, ¿me puede decir cuánto le debo?", "", "usted"),
        ("buenas tardes señorita", "", "usted"),
        ("¿usted es un robot?", "", "usted"),
        ("no me cobre mañana", "", "usted"),
        ("no me cobren mañana", "", ""),
        ("comuníqueme con alguien", "", "usted"),
        ("le pido que me espere", "", "usted"),
        ("quiero que me domicilie el pago", "", "usted"),
        ("le pido a mi hermana", "", ""),
        ("gracias", "usted", "usted"),
        ("el viernes", "usted", "usted"),
        ("oye dime cuánto debo", "usted", ""),
        ("cuánto debo", "", ""),
        ("ustedes me cobran mucho", "", ""),
        ("una señorita que se llama laura", "", ""),
        ("sí, señorita, gracias", "", "usted"),
    ],
)
def test_how_somebody_speaks(text: str, before: str, register: str) -> None:
    assert register_of(text, before) == register


def test_the_register_is_kept_for_the_conversation() -> None:
    wording, known = Wording.load(), facts(confirmed="yes", notice="yes")
    first = step(Conversation(), Message("disculpe, ¿cuánto le debo?", "ask_balance"), known)
    stored = Conversation.from_json(first.conversation.to_json())
    second = step(stored, Message("el viernes", "promise_to_pay", date=None), known)
    broken = DomainEvent(
        "promise.broken",
        LoanId(7),
        {"promised": Money(50_000), "paid": Money(0), "due_date": date(2026, 11, 20)},
    )
    news = step(second.conversation, broken, known)
    assert any(isinstance(effect, Say) for effect in news.effects)
    for taken in (first, second, news):
        for say in (effect for effect in taken.effects if isinstance(effect, Say)):
            assert not TU.search(wording.render(decode(encode(say)), "es_MX").text)


def test_no_word_for_usted_speaks_of_tu_and_each_has_its_other_form() -> None:
    wording = Wording.load()
    keys = wording.keys("es_MX")
    formal = {key for tone, key in keys if tone == "usted"}
    assert formal
    for key in formal:
        words = wording.raw(key, "es_MX", register="usted")
        for text in (words,) if isinstance(words, str) else words:
            assert not TU.search(text.replace("parte", "").replace("carta", "")), key
    assert formal <= {key for tone, key in keys if tone != "usted"}


def test_whatever_flows_say_of_tu_has_its_form_for_usted() -> None:
    """But for templates and forms, which a provider approves in one form, for buttons, and for an agent's."""
    wording = Wording.load()
    formal = {key for tone, key in wording.keys("es_MX") if tone == "usted"}
    said = [key for key in DECLARED.values() if not isinstance(key, Title) and key not in TEMPLATES]
    said = [key for key in said if not key.startswith(("form.", "pages.agent_"))]
    words = {key: wording.raw(key, "es_MX") for key in said if key not in formal}
    texts = {key: (text,) if isinstance(text, str) else text for key, text in words.items()}
    informal = re.compile(rf"{TU.pattern}|\b(?:entender|ayudar|atender)te\b", re.IGNORECASE)
    assert [key for key, forms in texts.items() if any(map(informal.search, forms))] == []


def test_words_that_are_agreed_to_are_the_same_in_every_register() -> None:
    """They are kept as evidence, and looked for in what was sent."""
    agreed = re.compile(
        r"offers\.(?:terms_|part_item|parts_from|saves_|if_|others_)|mandate\.terms|mandate\..+_item"
    )
    formal = {key for tone, key in Wording.load().keys("es_MX") if tone == "usted"}
    assert [key for key in formal if agreed.match(key)] == []
