"""What borrowers ask that is no act, and its answers: `[[topics]]` of the lender's file."""

from collections.abc import Iterator, Sequence

from bot.revisions.kind import Line
from bot.revisions.rereading import reread
from bot.revisions.sections import section
from bot.services import Services


def answers(services: Services, amended: Services) -> Sequence[Line]:
    """Of each example, the topic that it is read as; of each topic, its answers. Raises NotTried."""
    return [*_read(services, amended), *_answered(services, amended)]


def _read(services: Services, amended: Services) -> Iterator[Line]:
    """Nothing where the examples stay: reading them all takes seconds."""
    before, after = services.lender.topic_examples, amended.lender.topic_examples
    if before != after:
        for example, now, then in reread(services.understanding, before, after):
            yield Line(f"«{example}»", now or "–", then or "–")


def _answered(services: Services, amended: Services) -> Iterator[Line]:
    before, after = services.lender.topic_answers, amended.lender.topic_answers
    for language in after:
        for key in sorted({*before[language], *after[language]}):
            old, new = before[language].get(key, ""), after[language].get(key, "")
            if old != new:
                yield Line(f"{key} ({language})", old, new)


KIND = section("topics", answers)
