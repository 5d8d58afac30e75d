"""The step: a conversation, an event and the facts in; a conversation and effects out. Pure, and the same for
all that happens.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.engine.conversation import Conversation
from flows.engine.domain import Domain
from flows.engine.replies import compose, digest
from flows.engine.state import Catalogue
from flows.engine.turn import LIVE, Turn
from flows.types.effects import Effect, Expecting, Say
from flows.types.event import DomainEvent, Event, Message, Outreach, Released, TimerFired


@dataclass(frozen=True, slots=True)
class Step:
    conversation: Conversation
    effects: tuple[Effect, ...]
    flow: str | None
    state: str | None
    expecting: Expecting | None


def step(
    conversation: Conversation,
    event: Event,
    facts: Any,
    catalogue: Catalogue,
    domain: Domain,
    *,
    silent: bool = False,
) -> Step:
    """With `silent` a person has the conversation: only what protects somebody is done, and nothing is sent.
    Never raises for what a borrower may write; raises KeyError for a flow or a version that the catalogue
    lacks.
    """
    run = Turn(
        list(conversation.stack), conversation.wait_id, conversation.doubts, facts, event, catalogue, domain
    )
    if _recent(run, conversation):
        run.done, run.spoken = conversation.done, dict(conversation.spoken)
    match event:
        case Message() if silent:
            run.on_message_silently(event)
        case Message():
            run.on_message(event)
        case Outreach():
            run.on_outreach(event)
        case DomainEvent():
            run.on_domain_event(event)
        case TimerFired():
            run.on_timer(event)
        case Released() if domain.asks_nothing(run.facts):
            run.stack.clear()
        case Released():
            run.run()
    register, language = conversation.register, conversation.language
    if isinstance(event, Message):
        register, language = domain.register(event, register), domain.language(event, language)
    spoken = language or domain.own_language(run.facts)
    say = Say((), (), run.purpose, run.loan_id, run.tone, register, spoken)
    says, memory = _replies(run, conversation, say)
    done = (replace(e, register=register, language=spoken) if isinstance(e, Say) else e for e in run.effects)
    lately = (run.done, run.spoken)
    after = Conversation(tuple(run.stack), run.wait_id, run.doubts, *memory, register, language, *lately)
    top = after.top
    return Step(after, (*done, *says), top.flow if top else None, top.state if top else None, run.expecting())


def _recent(run: Turn, before: Conversation) -> bool:
    """Whether our last reply is still being talked about."""
    return before.sent_at is not None and run.now() - datetime.fromisoformat(before.sent_at) < LIVE


def _replies(run: Turn, before: Conversation, say: Say) -> tuple[list[Say], tuple[str, int, str | None]]:
    """The messages of this step, each like `say`, and what to remember of them."""
    ask = run.ask if not run.over else None
    says = compose(say, tuple(run.lines), ask)
    memory = before.sent, before.repeats, before.sent_at
    if not says or not isinstance(run.event, Message):
        return says, memory
    sent = digest(says[-1:])
    waits = ask is not None and not ask.menu  # whenever it is asked again
    repeats = before.repeats + 1 if sent == before.sent and (waits or _recent(run, before)) else 0
    if repeats and len(says) == 1 and (other := run.domain.otherwise(says[0])):
        says = [other] if repeats % 2 else says
    elif repeats and not (ask and ask.alone):
        explained = ask is not None and len(ask.lines) > 1 and not (ask.menu or ask.binds)
        if ask and ask.brief and explained:
            says = compose(say, tuple(run.lines), replace(ask, lines=ask.brief, before=()))
        same_fault = ask is not None and ask.retried and bool(run.event.account or run.event.entities)
        says = run.domain.repeated(ask, repeats, same_fault).around(says)
    return says, (sent, repeats, run.now().isoformat(timespec="seconds"))
