"""The acts next to a thread: a promise, a plan, a reported payment, a dispute, a wish, a phone call."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import handoff, offers
from bot.console.access import guard
from bot.console.agents import thread
from bot.console.agents.borrower_panel import reached_here
from bot.console.agents.conversation import bounded, page
from bot.console.formatting import money, text
from bot.conversation import LostTurn, NotHeld, Refused
from bot.web import services
from flows.offers.arithmetic import Wish
from flows.types.offers import FREQUENCIES
from models import read_tx
from values import Money

MOST_PARTS = 99


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/conversations/<int:conversation_id>/acts/<name>", view_func=act, methods=["POST"]
    )
    for name, made in (("call", call), ("plan", plan), ("debit", debit)):
        blueprint.add_url_rule(
            f"/conversations/<int:conversation_id>/{name}", view_func=made, methods=["POST"]
        )


def act(conversation_id: int, name: str) -> AnyResponse:
    if name not in handoff.ACTS:
        abort(HTTPStatus.NOT_FOUND)
    _require(conversation_id)
    try:
        handoff.perform(services(), conversation_id, g.agent.id, name, request.form)
    except handoff.NotAllowed as error:
        params = {
            name: money(each) if isinstance(each, Money) else each for name, each in error.params.items()
        }
        return _refused(conversation_id, text(error.code, **params))
    except Refused:
        return _refused(conversation_id, text("act_too_late"))
    except NotHeld:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="act_take_first")
    except LostTurn:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="lost")
    return _back(conversation_id)


def call(conversation_id: int) -> AnyResponse:
    """A call that was made outside is kept, with what came of it and a note, whoever has the conversation."""
    with read_tx(services().engine) as connection:
        people = reached_here(connection, conversation_id)
    borrower = request.form.get("borrower", type=int)
    if borrower not in people:
        return _refused(conversation_id, text("act_person"))
    outcome, key = request.form.get("outcome", ""), _key()
    note = request.form.get("text", "").replace("\r\n", "\n").strip()
    if len(note) > handoff.MOST_NOTE_CHARACTERS:
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="note_too_long")
    reference = f"{key}:{outcome[:20]}" if key else f"{conversation_id}:{services().clock.now().isoformat()}"
    try:
        handoff.record_phone_call(services(), g.agent.id, borrower, outcome, reference)
    except handoff.NotAllowed as error:
        return _refused(conversation_id, text(error.code))
    if note:
        follow_up = "follow_up" in request.form
        handoff.note(services(), conversation_id, g.agent.id, note, follow_up=follow_up, key=key)
    return _back(conversation_id)


def plan(conversation_id: int) -> AnyResponse:
    """The bot reads a plan within policy back to the borrower; what is beyond it waits for a supervisor."""
    _require(conversation_id)
    try:
        loan, wish = request.form.get("loan", default=0, type=bounded), _wish(request.form)
        leads = guard.may_lead(g.agent)
        done = offers.offer_plan(services(), conversation_id, g.agent.id, loan, wish, leads=leads, key=_key())
    except offers.NoPlanFor:
        return _refused(conversation_id, text("act_no_plan"))
    except ValueError:
        return _refused(conversation_id, text("act_plan_numbers"))
    except (offers.BorrowerUnknown, handoff.CannotLeave):
        return _refused(conversation_id, text("act_plan_not_now"))
    except handoff.NotYours:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="act_take_first")
    return page(conversation_id, alert="plan_asked") if done == "asked" else _back(conversation_id)


def debit(conversation_id: int) -> AnyResponse:
    """The bot asks the borrower for the account and the consent of a direct debit."""
    _require(conversation_id)
    loan = request.form.get("loan", default=0, type=bounded)
    try:
        offers.offer_debit(services(), conversation_id, g.agent.id, loan, key=_key())
    except (offers.BorrowerUnknown, handoff.CannotLeave):
        return _refused(conversation_id, text("act_plan_not_now"))
    except handoff.NotYours:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="act_take_first")
    return _back(conversation_id)


def _wish(form: Mapping[str, str]) -> Wish:
    """Raises ValueError."""
    parts, amount, first = (form.get(name, "").strip() for name in ("parts", "amount", "first"))
    frequency = form.get("frequency")
    return Wish(
        Money.parse_typed(amount) if amount else None,
        min(int(parts), MOST_PARTS) if parts else None,
        frequency if frequency in FREQUENCIES else None,
        date.fromisoformat(first) if first else None,
        whole="whole" in form,
    )


def _key() -> str:
    """Of one wish, however often it is sent."""
    return request.form.get("key", "")[:40]


def _require(conversation_id: int) -> None:
    with read_tx(services().engine) as connection:
        if thread.head(connection, conversation_id) is None:
            abort(HTTPStatus.NOT_FOUND)


def _refused(conversation_id: int, why: str) -> AnyResponse:
    return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, act_refused=why)


def _back(conversation_id: int) -> AnyResponse:
    return redirect(url_for("console.conversation", conversation_id=conversation_id), HTTPStatus.SEE_OTHER)
