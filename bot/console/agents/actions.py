"""What an agent does with a conversation: take it, answer, ask the borrower to write back, note, give it
back.
"""

from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import handoff
from bot.compliance import Fault, faults, load_rules
from bot.console import formatting
from bot.console.access import guard
from bot.console.agents import thread
from bot.console.agents.borrower_panel import borrower_panel
from bot.console.agents.conversation import bounded, page
from bot.web import services
from models import read_tx

_REFUSALS: dict[type[Exception], str] = {
    handoff.CannotLeave: "cannot_leave",
    handoff.NotWorded: "not_worded",
    handoff.FileGone: "file_gone",
}


def add_to(blueprint: Blueprint) -> None:
    for name, act in (
        ("take", take),
        ("reply", reply),
        ("invite", invite),
        ("send-page", send_page),
        ("revoke-page", revoke_page),
        ("note", note),
        ("release", release),
        ("snooze", snooze),
        ("assign", assign),
    ):
        blueprint.add_url_rule(
            f"/conversations/<int:conversation_id>/{name}", view_func=act, methods=["POST"]
        )


def take(conversation_id: int) -> AnyResponse:
    from_another = "from_another" in request.form and guard.may_lead(g.agent)
    if handoff.take(services(), conversation_id, g.agent.id, even_from_another=from_another):
        return _back(conversation_id)
    return _lost(conversation_id)


def reply(conversation_id: int) -> AnyResponse:
    """Words that break a rule come back with a warning; sent all the same, the message remembers that its
    author was warned.
    """
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    found = _faults(conversation_id, text)
    if any(fault.final for fault in found) or (found and "warned" not in request.form):
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, draft=text, faults=found)
    try:
        warned_of = tuple(fault.code for fault in found)
        file = request.form.get("file", type=bounded)
        handoff.reply(services(), conversation_id, g.agent.id, text, warned_of, _key(), file)
    except handoff.NotYours:
        return _lost(conversation_id, draft=text)
    except tuple(_REFUSALS) as error:
        alert = _REFUSALS[type(error)]
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert=alert, draft=text)
    return _back(conversation_id)


def invite(conversation_id: int) -> AnyResponse:
    try:
        which = request.form.get("which", "resume")
        handoff.invite(services(), conversation_id, g.agent.id, g.agent.name, which, _key())
    except KeyError:
        abort(HTTPStatus.BAD_REQUEST)
    except handoff.NotYours:
        return _lost(conversation_id)
    except handoff.CannotLeave:
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="cannot_leave")
    return _back(conversation_id)


def send_page(conversation_id: int) -> AnyResponse:
    """A link to the borrower's own pages, sent as the agent's message."""
    try:
        handoff.send_page_link(services(), conversation_id, g.agent.id, _key())
    except handoff.NotYours:
        return _lost(conversation_id)
    except handoff.CannotLeave:
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="cannot_leave")
    return _back(conversation_id)


def revoke_page(conversation_id: int) -> AnyResponse:
    handoff.revoke_page_links(services(), conversation_id, g.agent.id)
    return _back(conversation_id)


def note(conversation_id: int) -> AnyResponse:
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    with read_tx(services().engine) as connection:
        if thread.head(connection, conversation_id) is None:
            abort(HTTPStatus.NOT_FOUND)
    try:
        if text:
            follow_up = "follow_up" in request.form
            handoff.note(services(), conversation_id, g.agent.id, text, follow_up=follow_up, key=_key())
    except handoff.NoteTooLong:
        return _too_long(conversation_id)
    return _back(conversation_id)


def _too_long(conversation_id: int) -> AnyResponse:
    return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="note_too_long")


def release(conversation_id: int) -> AnyResponse:
    outcome, text = request.form.get("outcome", ""), request.form.get("text", "").strip()
    if len(text) > handoff.MOST_NOTE_CHARACTERS:
        return _too_long(conversation_id)
    try:
        handoff.give_back(
            services(),
            conversation_id,
            g.agent.id,
            outcome if outcome in handoff.OUTCOMES else "answered",
            silently=request.form.get("answer") == "settled",
        )
    except handoff.NotYours:
        return _lost(conversation_id)
    if text:
        handoff.note(services(), conversation_id, g.agent.id, text, key=_key())
    return _back(conversation_id)


def snooze(conversation_id: int) -> AnyResponse:
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
        if until.tzinfo is None:
            until = until.replace(tzinfo=formatting.zone())
        handoff.snooze(services(), conversation_id, g.agent.id, until, even_anothers=guard.may_lead(g.agent))
    except handoff.NotYours:
        return _lost(conversation_id)
    except handoff.CannotWait:
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="snooze_urgent")
    except (ValueError, OverflowError):  # NotAMoment is one
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="not_a_moment")
    return _back(conversation_id)


def assign(conversation_id: int) -> AnyResponse:
    """To a colleague; a supervisor's right where somebody else has it, or nobody."""
    try:
        colleague = int(request.form.get("agent", "")[:12])
        handoff.assign(
            services(), conversation_id, colleague, g.agent.id, even_from_another=guard.may_lead(g.agent)
        )
    except handoff.NotYours:
        return _lost(conversation_id)
    except (ValueError, handoff.UnknownColleague):
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="no_colleague")
    return _back(conversation_id)


def _key() -> str | None:
    """What the browser names one wish by, however often it sends it."""
    return request.form.get("key", "")[:64] or None


def _faults(conversation_id: int, text: str) -> tuple[Fault, ...]:
    with read_tx(services().engine) as connection:
        head = thread.head(connection, conversation_id)
        if head is None:
            return ()
        known = borrower_panel(connection, services(), head, services().clock.now()).known is not None
        own = handoff.own_accounts(connection, services(), conversation_id)
    return faults(text, load_rules(services().lender.lender.contact_country), known=known, own_accounts=own)


def _lost(conversation_id: int, **more: str) -> AnyResponse:
    """Shows who has it now."""
    return page(conversation_id, HTTPStatus.CONFLICT, alert="lost", **more)


def _back(conversation_id: int) -> AnyResponse:
    return redirect(url_for("console.conversation", conversation_id=conversation_id), HTTPStatus.SEE_OTHER)
