"""The `[[topics]]` of the lender's file: questions in examples, answers in words, checked on load."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.faults import Fault
from bot.toml_lines import line_of
from flows.types.topic_values import VARIABLES
from flows.types.topics import Topic

Language = Literal["es_MX", "en"]
Form = Literal["es_MX", "en", "usted"]
"""`usted`: in Spanish to whoever is spoken to so; where it is left out, the words in Spanish serve."""

_LONGEST = 900
"""Characters of an answer: it shares a message with the question that is asked again after it."""


class TopicSection(BaseModel):
    """`answer`: words in Spanish, or a table of words by language, and in Spanish as `usted`.
    `answer_when_zero`: words where a sum or a count that the answer names is zero, so that nobody reads
    «$0.00».
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    examples: tuple[str, ...] = Field(min_length=2)
    answer: str | dict[Form, str]
    answer_when_zero: str | dict[Form, str] | None = None

    @property
    def answers(self) -> dict[Form, str]:
        return _by_language(self.answer)

    @property
    def answers_when_zero(self) -> dict[Form, str]:
        return _by_language(self.answer_when_zero) if self.answer_when_zero else {}

    @property
    def topic(self) -> Topic:
        """Its name and what its answers need."""
        used = frozenset(name for words in self.answers.values() for name in _variables(words))
        return Topic(self.name, used, bool(self.answers_when_zero))

    @property
    def worded(self) -> dict[str, dict[Language, str]]:
        """Wording key, or `key@usted` → language → words."""
        topic = self.topic
        zero = worded(topic.key_when_zero, self.answers_when_zero) if topic.when_zero else {}
        return {**worded(topic.key, self.answers), **zero}


def worded(key: str, answers: Mapping[Form, str]) -> dict[str, dict[Language, str]]:
    """The key, or `key@usted` → language → words; Spanish where a language has none."""
    own: dict[Language, str] = {"es_MX": answers["es_MX"], "en": answers.get("en", answers["es_MX"])}
    return {key: own, **({f"{key}@usted": {"es_MX": answers["usted"]}} if "usted" in answers else {})}


def _by_language(words: str | dict[Form, str]) -> dict[Form, str]:
    return {"es_MX": words} if isinstance(words, str) else words


def faults(topics: Sequence[TopicSection], source: str) -> Iterator[Fault]:
    """What is wrong with the topics of a file, each with its line."""
    first: dict[str, int] = {}
    for number, topic in enumerate(topics):
        found = list(_faults(topic))
        if topic.name in first:
            line = line_of(source, ("topics", first[topic.name]))
            found.insert(0, Fault("topic_twice", f"the name stands in line {line} already", first=line))
        first.setdefault(topic.name, number)
        if found:
            line = line_of(source, ("topics", number))
            yield from (fault.at(f"topic {topic.name}", line) for fault in found)


def _faults(topic: TopicSection) -> Iterator[Fault]:
    yield from _faults_of(topic.answers, VARIABLES)
    if topic.answer_when_zero is not None:
        yield from _faults_of(topic.answers_when_zero, topic.topic.variables)
    for example in topic.examples:
        if not example.strip():
            yield Fault("topic_example", "an example is empty")


def _faults_of(answers: dict[Form, str], variables: frozenset[str]) -> Iterator[Fault]:
    if "es_MX" not in answers:
        yield Fault("topic_spanish", "no answer in es_MX")
    for language, words in answers.items():
        if not words.strip():
            yield Fault("topic_empty", f"the answer in {language} is empty", language=language)
        if len(words) > _LONGEST:
            what = f"the answer in {language} has {len(words)} characters; at most {_LONGEST}"
            yield Fault("topic_long", what, language=language, count=len(words), most=_LONGEST)
        try:
            unknown = sorted(set(_variables(words)) - variables)
        except ValueError as error:
            what = f"the answer in {language} has a stray brace ({error}); write {{{{ for a brace"
            yield Fault("topic_brace", what, language=language)
            continue
        for name in unknown:
            known = ", ".join(sorted(variables))
            what = f"unknown variable {{{name}}} in {language}; known are {known}"
            yield Fault("topic_variable", what, name=name, language=language, known=known)


def _variables(words: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(words) if name is not None]
