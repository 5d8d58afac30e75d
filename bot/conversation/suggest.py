"""Replies for an agent to begin with, in the flows' own words: what the bot would answer to what was left, by
its likeliest meanings; then its open question, and what is most often asked, unless a hold forbids to ask.
Nothing is done or invented.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

import flows
from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.left import read_again, step_again
from bot.conversation.view import View
from bot.services import Services
from flows.offers.arithmetic import HELD
from flows.types.effects import Say, StartTimer
from flows.types.event import Message, Released

MOST = 3
_OF_THE_BOT = frozenset(
    {
        "identity.opening",
        "identity.shared",
        "stranger.hello",
        "who.we_are",
        "media.audio",
        "media.sticker",
        "media.contact",
    }
)
"""Words in which the bot introduces itself, or owns what it cannot do: a person cannot send them."""
COMMON = ("ask_balance", "ask_payment_methods", "ask_due_date", "ask_breakdown")


def suggested(connection: Connection, services: Services, conversation_id: int, at: datetime) -> list[str]:
    """The likeliest first."""
    rows = thread_rows.by_id(connection, conversation_id, at)
    view = views.view(connection, rows, services, at)
    view, left = read_again(connection, services, view)
    found: dict[str, None] = {}
    for step in _steps(services, view, left):
        say = _answer(step)
        if say is not None:
            found[services.wording.render(say, say.language or "es_MX").text] = None
        if len(found) == MOST:
            break
    return list(found)


def _steps(services: Services, view: View, left: Message | None) -> Iterator[flows.Step]:
    if left is not None:
        yield step_again(view, left)
        alone = replace(left, certain=True, also=(), alternatives=(), act=None, topic=None, parts=())
        for label in dict.fromkeys((*left.also, *left.alternatives)):
            yield flows.step(view.conversation, replace(alone, intent=label), view.facts)
    borrower = view.facts.borrower
    if any(loan.holds.intersection(HELD) for person in view.facts.candidates for loan in person.loans):
        return  # nothing is asked for
    yield flows.step(view.conversation, Released(), view.facts)
    language = view.conversation.language or (borrower.language if borrower else "")
    for label in COMMON:
        asked = Message(services.wording.text(f"meaning.{label}", {}, language or "es_MX"), label)
        yield flows.step(view.conversation, asked, view.facts)


def _answer(step: flows.Step) -> Say | None:
    """Its first message, without the question behind it: an agent's words record nothing and bind nobody, so
    that what does is left to the bot. A link to somebody's own page is not shown about either.
    """
    if any(not isinstance(effect, Say | StartTimer) for effect in step.effects):
        return None
    say = next((effect for effect in step.effects if isinstance(effect, Say)), None)
    if say is None:
        return None
    answer = say.lines[: len(say.lines) - say.question]
    if not answer and step.expecting in ("consent", "clabe"):
        return None
    lines = tuple(line for line in answer or say.lines if "url" not in line[1])
    if any(key in _OF_THE_BOT or key.startswith("reminder.") for key, _ in lines):
        return None
    return replace(say, lines=lines, choices=()) if lines else None
