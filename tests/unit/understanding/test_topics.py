"""Which topic a message asks about, by the sample's examples."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.lender import Lender
from bot.understanding import Understanding, load
from bot.understanding.reader import ASKING

DEV = Path(__file__).parents[2] / "data/dev.jsonl"
TODAY = date(2026, 11, 20)
EXAMPLES = Lender.load(None).topic_examples


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return load().knowing(EXAMPLES)


@pytest.mark.no_cover
def test_examples_that_are_held_back_are_recognised() -> None:
    """An eighth of the examples is held back, the others are learnt from: the eighth that is worst."""
    held = [(name, text) for name, texts in EXAMPLES.items() for text in texts[5::8]]
    known = {name: [text for at, text in enumerate(texts) if at % 8 != 5] for name, texts in EXAMPLES.items()}
    topics = load().knowing(known)
    nearest = [topics.topic(text).nearest == name for name, text in held]
    assert sum(nearest) / len(nearest) >= 0.9
    named = [(topics.topic(text).name, name) for name, text in held]
    assert sum(found not in (None, name) for found, name in named) <= 0.08 * len(named)


def test_few_messages_of_other_kinds_are_taken_for_a_topic(understanding: Understanding) -> None:
    """Of those that ask nothing; about a question a topic often says more than the intent's own answer."""
    dev = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    others = [line["text"] for line in dev if line["intent"] not in ASKING]
    taken = [text for text in others if understanding.read(text, TODAY).topic]
    assert len(taken) <= 0.02 * len(others), taken


@pytest.mark.parametrize(
    "text", ["ya no me escriban", "me cobraron doble", "el viernes les deposito 500", "sí"]
)
def test_what_acts_or_protects_is_no_topic(understanding: Understanding, text: str) -> None:
    assert understanding.read(text, TODAY).topic is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("qué le escribo en concepto al hacer el spei", "payment_concept"),
        ("se vale dar menos de lo que toca?", "partial_payment"),
        ("traen terminal para pasar tarjeta", "card_payment"),
        ("hasta qué hora contestan el teléfono", "contact"),
        ("how often are you going to message me", "crossed_messages"),
    ],
)
def test_what_is_only_asked_about_is_no_act(understanding: Understanding, text: str, topic: str) -> None:
    """Each was read as an act once: a payment that was made, a complaint, the end of all messages."""
    read = understanding.read(text, TODAY)
    assert read.topic == topic
    assert not read.certain or read.intent in {*ASKING, "other"}


def test_the_sample_is_fitted_already(understanding: Understanding) -> None:
    """When this fails: `acuerdo nlu train`."""
    assert understanding.topics_kept


def test_without_topics_there_is_none() -> None:
    assert load().topic("me pueden meter a la cárcel?").name is None
    assert load().read("me pueden meter a la cárcel?", TODAY).topic is None
