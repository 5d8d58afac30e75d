"""The topics of the lender's file: checked on load, worded in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.lender import SAMPLE, InvalidLenderFile, Lender
from bot.wording import Wording
from flows import Conversation, step
from flows.types.effects import Say
from flows.types.event import Message
from flows.types.topics import Topic
from tests.facts import facts, owed

ABOUT = SAMPLE.read_text(encoding="utf-8").split("[[topics]]")[0]
GOOD = '[[topics]]\nname = "fees"\nexamples = ["me cobran?", "cuánto es"]\nanswer = "Van {late_fees}."\n'


def load(tmp_path: Path, topics: str) -> Lender:
    file = tmp_path / "lender.toml"
    file.write_text(ABOUT + topics, encoding="utf-8")
    return Lender.load(file)


def test_an_answer_may_be_words_alone(tmp_path: Path) -> None:
    lender = load(tmp_path, GOOD)
    assert lender.topic_examples == {"fees": ("me cobran?", "cuánto es")}
    assert lender.topic_answers["en"] == {"topic.fees": "Van {late_fees}."}
    assert lender.facts.topics == {"fees": Topic("fees", frozenset({"late_fees"}))}


@pytest.mark.parametrize(
    ("topics", "fault"),
    [
        (GOOD + GOOD, "topic fees: the name stands in line"),
        (GOOD.replace("late_fees", "latefees"), "unknown variable {latefees} in es_MX; known are"),
        (GOOD.replace('"Van {late_fees}."', '{ en = "Yes." }'), "no answer in es_MX"),
        (GOOD.replace("Van {late_fees}.", " "), "the answer in es_MX is empty"),
        (GOOD.replace("{late_fees}", "{late_fees"), "stray brace"),
        (GOOD.replace('answer = "Van {late_fees}."\n', ""), "answer: is missing"),
        (GOOD.replace('"me cobran?", ', ""), "examples: has 1 items: 2 or more are needed"),
        (
            GOOD + 'answer_when_zero = "Nada de {total}."\n',
            "unknown variable {total} in es_MX; known are late_fees",
        ),
        (GOOD + 'wording = "x"\n', "topics.fees.wording: is not known"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, topics: str, fault: str) -> None:
    first, last = ABOUT.count("\n") + 1, (ABOUT + topics).count("\n")
    with pytest.raises(InvalidLenderFile) as raised:
        load(tmp_path, topics)
    assert fault in str(raised.value)
    line = re.search(r"line (\d+)", str(raised.value))
    assert line
    assert first <= int(line[1]) <= last


SPEAKS_OF_TU = re.compile(
    r"\b(?:tu|tus|te|ti|contigo|tuyo|tienes|puedes|quieres|prefieres|necesitas|debes|dinos|avísanos|llámanos)\b"
)


@pytest.mark.parametrize(("late_fees", "key"), [(1_500, "topic.late_fees"), (0, "topic.late_fees.zero")])
def test_no_sum_of_zero_is_read_where_there_are_words_for_none(late_fees: int, key: str) -> None:
    known = facts(confirmed="yes", notice="yes")
    assert known.borrower is not None
    loan = known.borrower.loans[0]
    first = replace(loan.instalments[0], unpaid=owed(50_000, late_fees=late_fees))
    borrower = replace(known.borrower, loans=(replace(loan, instalments=(first,)),))
    asked = replace(known, borrower=borrower, candidates=(borrower,))
    taken = step(Conversation(), Message("traigo recargos?", "ask_breakdown", topic="late_fees"), asked)
    lines = [each for effect in taken.effects if isinstance(effect, Say) for each, _ in effect.lines]
    assert key in lines


def test_the_sample_answers_in_both_languages() -> None:
    lender = Lender.load(None)
    assert len(lender.topics) >= 40
    for section in lender.topics:
        for key, words in section.worded.items():
            assert words.keys() == ({"es_MX"} if key.endswith("@usted") else {"es_MX", "en"}), section.name
    wording = Wording.load().changing(lender.topic_answers)
    assert wording.raw("topic.prison", "es_MX") != wording.raw("topic.prison", "en")


def test_what_tells_of_a_loan_is_private() -> None:
    topics = Lender.load(None).facts.topics
    assert topics["late_fees"].private
    assert not topics["genuine"].private


def test_the_sample_speaks_of_usted_to_whoever_does() -> None:
    for section in Lender.load(None).topics:
        worded = section.worded
        for key, words in worded.items():
            spoken = words["es_MX"] if key.endswith("@usted") or f"{key}@usted" not in worded else ""
            assert not SPEAKS_OF_TU.search(spoken), key
    taken = step(
        Conversation(),
        Message("disculpe usted", "other", topic="prison"),
        facts(confirmed="yes", notice="yes"),
    )
    say = next(effect for effect in taken.effects if isinstance(effect, Say))
    wording = Wording.load().changing(Lender.load(None).topic_answers)
    assert "cuéntenos" in wording.render(say, "es_MX").text
