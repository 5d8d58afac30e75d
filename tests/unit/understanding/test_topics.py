"""Which topic a message asks about, by the sample's examples, on lines that it does not hold."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.lender import Lender
from bot.understanding import Understanding, load

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return load().knowing(Lender.load(None).topic_examples)


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    return [line.split("\t") for line in (DATA / "topics.tsv").read_text(encoding="utf-8").splitlines()]


def test_held_back_lines_are_no_examples(lines: list[list[str]]) -> None:
    known = {text.casefold() for texts in Lender.load(None).topic_examples.values() for text in texts}
    assert [text for _, text in lines if text.casefold() in known] == []


def test_few_messages_of_other_kinds_are_taken_for_a_topic(understanding: Understanding) -> None:
    dev = [json.loads(line) for line in (DATA / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    taken = [line["text"] for line in dev if understanding.read(line["text"], TODAY).topic]
    assert len(taken) <= 0.03 * len(dev)


def test_without_topics_there_is_none() -> None:
    assert load().topic("me pueden meter a la cárcel?").name is None
    assert load().read("me pueden meter a la cárcel?", TODAY).topic is None
