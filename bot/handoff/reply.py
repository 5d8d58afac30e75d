"""An agent's words into the outbox, in the transaction that checks who owns the conversation."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from bot.audit import record
from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.handoff.attachment import attached, goes_with
from bot.handoff.once import once
from bot.handoff.owner import NotYours
from bot.handoff.permission import ReplyPermission, reply_permission
from bot.page_links import new_link, revoke
from bot.services import Services
from bot.wording import encode, shown_at_once
from flows.types.effects import Say
from flows.types.wording import key
from models import contact_point_table, conversation_table, loan_table, message_table, read_tx, write_tx
from models.contact_point import WEB
from models.loan import shared_brand

MOST_CHARACTERS = 1500
INVITATIONS = {"resume": key("agent.resume"), "answer": key("agent.answer"), "called": key("agent.called")}
"""The templates that ask a borrower to write back, so that free text may leave. None speaks of a debt."""
PAGE_LINK = key("pages.agent_link")
CASE_OPENED = key("case.opened")


class CannotLeave(Exception):
    """The rules forbid it, or WhatsApp's window is closed and free text would be refused."""

    def __init__(self, found: ReplyPermission) -> None:
        super().__init__(f"this cannot be sent: {found.how} ({found.rule or 'the window is closed'})")
        self.reply_permission = found


class NotWorded(ValueError):
    def __init__(self) -> None:
        super().__init__(f"write between 1 and {MOST_CHARACTERS} characters")


def reply(
    services: Services,
    conversation_id: int,
    agent_id: int,
    text: str,
    warned_of: tuple[str, ...] = (),
    key: str | None = None,
    file_id: int | None = None,
) -> int:
    """Queues an answer; its id. `warned_of` are the faults of its text that the agent saw; `file_id` one that
    `attach` kept. The same text and file with the same `key` are one message, however often it is sent.
    Raises NotYours, CannotLeave, NotWorded, FileGone.
    """
    if not 0 < len(text) <= MOST_CHARACTERS:
        raise NotWorded
    more = {"body": text, "extra": {"warned_of": list(warned_of)} if warned_of else None}
    file = () if file_id is None else (file_id,)
    named = once(conversation_id, agent_id, key, text, *file) if key else None
    if file_id is None:
        return _queue(services, conversation_id, agent_id, ("reply", "contact"), lambda *_: more, named)

    def with_file(connection: Connection, found: ReplyPermission) -> dict[str, Any]:
        if found.where.channel == "sms" and found.person_id is None:  # it goes as a link to the person's page
            raise CannotLeave(found)
        return more | {"media": [attached(connection, conversation_id, agent_id, file_id)]}

    return _queue(services, conversation_id, agent_id, ("reply", "contact"), with_file, named, file_id)


def invite(
    services: Services,
    conversation_id: int,
    agent_id: int,
    name: str,
    which: str = "resume",
    key: str | None = None,
) -> int:
    """Queues one of `INVITATIONS`, which ask the borrower to write back, once per `key`; its id. Raises
    NotYours, CannotLeave, KeyError.
    """
    with read_tx(services.engine) as connection:
        words = invitations(connection, services, conversation_id, name)[which]
    more = {"body": "", "wording": encode(words)}
    named = once(conversation_id, agent_id, key, which) if key else None
    return _queue(services, conversation_id, agent_id, ("template",), lambda *_: more, named)


def send_page_link(services: Services, conversation_id: int, agent_id: int, key: str | None = None) -> int:
    """Queues a link to the borrower's own pages, whose tries begin anew, once per `key`; its id. Raises
    NotYours, CannotLeave.
    """

    def words(connection: Connection, found: ReplyPermission) -> dict[str, Any]:
        if found.person_id is None:
            raise CannotLeave(found)
        link = new_link(connection, services, found.person_id, services.clock.now())
        return {"body": "", "wording": encode(Say(((PAGE_LINK, {"url": link.url}),)))}

    named = once(conversation_id, agent_id, key, "page") if key else None
    return _queue(services, conversation_id, agent_id, ("reply", "contact"), words, named)


def send_folio(services: Services, conversation_id: int, agent_id: int) -> None:
    """Queues the folio of the open dispute and the day of its answer, once. Raises NotYours, CannotLeave."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        rows = thread_rows.by_id(connection, conversation_id, now)
        cases = views.view(connection, rows, services, now).facts.cases
    for case in cases:
        if case.kind == "dispute":
            words = Say(((CASE_OPENED, {"folio": case.folio, "due_date": case.due}),))
            more = {"body": "", "wording": encode(words)}
            ways, key = ("reply", "contact"), once(conversation_id, 0, "folio", case.folio)
            _queue(services, conversation_id, agent_id, ways, lambda *_, more=more: more, key)


def revoke_page_links(services: Services, conversation_id: int, agent_id: int) -> None:
    """All links and open pages of everyone who is reached here end at once."""
    now = services.clock.now()
    people = select(contact_point_table.c.borrower_id).where(
        contact_point_table.c.conversation_id == conversation_id
    )
    with write_tx(services.engine) as connection:
        for person in set(connection.scalars(people)):  # one address reaches a few people at most
            revoke(connection, person, now)
            record(connection, now, f"agent:{agent_id}", "page.revoked", f"borrower:{person}")


def invitations(
    connection: Connection, services: Services, conversation_id: int, name: str
) -> dict[str, Say]:
    """What the borrower would read; the agent goes by the first name."""
    brand = connection.scalar(select(shared_brand(_people(conversation_id))))
    lender = services.lender.facts.named(brand).trade_name
    params = {"agent": name.split(maxsplit=1)[0] if name.strip() else lender, "lender": lender}
    return {which: Say(((words, params),)) for which, words in INVITATIONS.items()}


def _queue(
    services: Services,
    conversation_id: int,
    agent_id: int,
    ways: tuple[str, ...],
    words: Callable[[Connection, ReplyPermission], dict[str, Any]],
    reply_key: str | None = None,
    file_id: int | None = None,
) -> int:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        head = connection.execute(
            select(conversation_table).where(conversation_table.c.id == conversation_id).with_for_update()
        ).first()
        if reply_key and (queued := _queued_before(connection, reply_key)) is not None:
            return queued
        if head is None or head.handler != "agent" or head.agent_id != agent_id:
            raise NotYours
        connection.execute(
            update(conversation_table)
            .where(conversation_table.c.id == conversation_id)
            .values(version=conversation_table.c.version + 1)
        )
        found = reply_permission(connection, services, head, now)
        if found.how not in ways:
            raise CannotLeave(found)
        made = _insert(
            connection,
            services,
            head.id,
            found,
            {
                "agent_id": agent_id,
                "reply_key": reply_key,
                "borrower_id": found.person_id,
                "purpose": found.purpose,
                "not_before": max(now, found.at),
                "created_at": now,
                **words(connection, found),
            },
        )
        if file_id is not None:
            goes_with(connection, file_id, made)
        return made


def _queued_before(connection: Connection, reply_key: str) -> int | None:
    return connection.scalar(select(message_table.c.id).where(message_table.c.reply_key == reply_key))


def _insert(
    connection: Connection,
    services: Services,
    conversation_id: int,
    found: ReplyPermission,
    values: dict[str, Any],
) -> int:
    where = found.where
    row = {
        "conversation_id": conversation_id,
        "direction": "out",
        "author": "agent",
        "channel": where.channel,
        "address": where.address,
        "sender": where.sender,
        "status": "queued",
        "attempts": 0,
        **values,
    }
    if where.channel == WEB:
        row |= shown_at_once(services.wording, row, services.clock.now())
    made: int = connection.execute(
        insert(message_table).values(row).returning(message_table.c.id)
    ).scalar_one()
    return made


def _people(conversation_id: int) -> Select[Any]:
    """The borrowers whom the tape reaches here."""
    return select(contact_point_table.c.borrower_id).where(
        contact_point_table.c.conversation_id == conversation_id
    )


def own_accounts(connection: Connection, services: Services, conversation_id: int) -> frozenset[str]:
    """Accounts and references that borrowers here pay into: the only long numbers that an agent may write."""
    rows = connection.execute(
        select(loan_table.c.pay_clabe, loan_table.c.pay_reference, loan_table.c.cash_reference).where(
            loan_table.c.borrower_id.in_(_people(conversation_id))
        )
    )
    return frozenset({services.lender.facts.pay_clabe, *(number for row in rows for number in row if number)})
