"""What borrowers ask that is no act, and its answers: `[[topics]]` of the lender's file."""

from collections.abc import Iterator, Sequence

from bot.revisions.kind import Line
from bot.revisions.rereading import reread
from bot.revisions.sections import section
from bot.services import Services


def answers(services: Services, amended: Services) -> Sequence[Line]:
    """Of each topic, its answers."""
    return list(_answered(services, amended))


def readings(services: Services, amended: Services) -> Sequence[Line]:
    """Of each example that is read as another topic than now, or than its own, both. Raises NotTried."""
    before, after = services.lender.topic_examples, amended.lender.topic_examples
    found = reread(services.understanding, before, after) if before != after else []
    return [Line(f"«{example}»", now or "–", then or "–") for example, now, then in found]


def _answered(services: Services, amended: Services) -> Iterator[Line]:
    before, after = services.lender.topic_answers, amended.lender.topic_answers
    for language in after:
        for key in sorted({*before[language], *after[language]}):
            old, new = before[language].get(key, ""), after[language].get(key, "")
            if old != new:
                yield Line(f"{key} ({language})", old, new)


KIND = section("topics", answers, slow_preview=readings)
