"""What a borrower does on their page takes the road of a turn: the same effects, in one transaction, with
both sides of it kept as messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import Connection, insert

from bot.conversation import LostTurn, Turn, guard, thread_rows
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.files import GivenFile
from bot.pages.words import language
from bot.reach import News, best_contact_point, notify_borrower
from bot.services import Services
from flows.types.effects import Effect
from flows.types.facts import BorrowerFacts, Facts
from models import message_table, page_file_table, read_tx, write_tx
from models.upsert import add

TRIES = 5


class NoConversation(LookupError):
    """Nobody can be reached at any address of this borrower."""

    def __init__(self, borrower_id: int) -> None:
        super().__init__(f"borrower {borrower_id} has no contact point: a tape has to give one")


@dataclass(frozen=True, slots=True)
class PageAct:
    """`shown`: the words that the page showed; `answer`: what the borrower did with them; `then`: what the
    page showed after that.
    """

    effects: tuple[Effect, ...]
    answer: str
    shown: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    digits: str = ""
    file: GivenFile | None = None
    news: str = ""
    """The kind of the event by which the chat goes on afterwards."""
    about: dict[str, Any] = field(default_factory=dict)
    """The loan (`loan`) and the facts of that event."""
    then: str = ""


def evidence() -> dict[str, Any]:
    """Where and by what it was done, as far as the request shows."""
    return {
        "page": True,
        "ip": request.remote_addr or "",
        "device": (request.user_agent.string or "")[:200],
    }


def facts_of(
    connection: Connection, services: Services, borrower_id: int, now: datetime
) -> tuple[views.View, Facts]:
    """The conversation in which this borrower is best reached, and the facts with them as the one who acts.
    Raises NoConversation.
    """
    point = best_contact_point(connection, borrower_id, usable_only=False)
    if point is None:
        raise NoConversation(borrower_id)
    view = views.view(connection, thread_rows.by_id(connection, point.conversation_id, now), services, now)
    return view, views.of_person(connection, view, services, borrower_id).facts


def act(services: Services, borrower_id: int, wanted: PageAct) -> None:
    """Applies it. Raises LostTurn where others kept winning, and Refused."""
    for _ in range(TRIES):
        now = services.clock.now()
        with read_tx(services.engine) as connection:
            view, facts = facts_of(connection, services, borrower_id, now)
        try:
            with write_tx(services.engine) as connection:
                guard(connection, view, {})
                _apply(connection, services, view, facts.borrower, wanted)
        except LostTurn as lost:
            if type(lost) is not LostTurn:
                raise
            continue
        return
    raise LostTurn


def _apply(
    connection: Connection,
    services: Services,
    view: views.View,
    person: BorrowerFacts | None,
    wanted: PageAct,
) -> None:
    assert person is not None
    now = view.facts.now
    row = {
        "conversation_id": view.id,
        "borrower_id": person.id,
        "channel": "web",
        "address": view.address,
        "attempts": 0,
        "created_at": now,
    }
    out = row | {"direction": "out", "author": "bot", "status": "read", "sent_at": now}
    if wanted.shown:
        connection.execute(insert(message_table), out | {"body": wanted.shown})
    given = {"direction": "in", "author": "borrower", "status": "received", "body": wanted.answer}
    extra = {"extra": wanted.evidence, "media": _kept(connection, services, person.id, wanted.file, now)}
    message_id = add(connection, insert(message_table), row | given | extra)
    if wanted.then:
        connection.execute(insert(message_table), out | {"body": wanted.then})
    turn = Turn(
        connection,
        services,
        view,
        now,
        actor=f"borrower:{person.id}",
        borrower=person,
        message_id=message_id,
        digits=wanted.digits,
        language=language(person.language),
    )
    apply_all(turn, wanted.effects)
    turn.finish()
    if wanted.news:
        loan, facts = wanted.about["loan"], {k: v for k, v in wanted.about.items() if k != "loan"}
        notify_borrower(connection, News(loan, wanted.news, f"{wanted.news}:{message_id}", facts), now)


def _kept(
    connection: Connection, services: Services, borrower_id: int, file: GivenFile | None, now: datetime
) -> list[dict[str, str]] | None:
    """What the desk opens it by."""
    if file is None:
        return None
    row = {"borrower_id": borrower_id, "created_at": now}
    row |= {"content": file.content, "content_type": file.content_type}
    kept = add(connection, insert(page_file_table), row)
    url = f"{services.settings.public_url}/console/files/{kept}"
    return [{"url": url, "content_type": file.content_type}]


def loan_of(person: BorrowerFacts, external_id: str) -> Any:
    """The loan that a form names, or null."""
    loans: Sequence[Any] = person.loans
    return next((loan for loan in loans if loan.external_id == external_id), None)
