"""A phone in the browser: what it writes travels through the real webhook, what it shows came through the real REST calls."""

from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from sqlalchemy import select

from bot.compliance import Never
from bot.outreach.request import NothingToSay, request_outreach
from bot.portfolio.payments import receive_payment
from bot.services import Services
from bot.simulator.books import books, sent, written
from bot.simulator.twilio.delivery import write
from models import Borrower, ContactPoint, Conversation, LedgerEntry, Loan, Message, Posting, Promise, reading
from models.base import AnyRow
from models.ledger import Payment
from values import Money

blueprint = Blueprint("simulator", __name__, url_prefix="/simulator", template_folder="templates", static_folder="static")

_B, _P, _C, _L, _E, _G, _R, _M = (m.__table__ for m in (Borrower, ContactPoint, Conversation, Loan, LedgerEntry, Posting, Promise, Message))
LOCALE = "es_MX"
MOST_DAYS = 60


def _services() -> Services:
    found: Services = current_app.extensions["acuerdo"]
    return found


@blueprint.get("/")
@blueprint.get("")
def page() -> str:
    wording = _services().wording
    return render_template("simulator/page.html", t=lambda key, **params: wording.text(f"simulator.{key}", params, LOCALE))


@blueprint.get("/people")
def people() -> Response:
    """Every borrower with the phone and the loan, the most overdue first."""
    services = _services()
    today = services.clock.now().astimezone(ZoneInfo(services.settings.timezone)).date()
    query = (
        select(_B.c.external_id, _B.c.name, _B.c.birth_date, _P.c.address, _L.c.external_id.label("loan"), _L.c.status, _L.c.outstanding_centavos,
               _L.c.overdue_since, _L.c.next_due_centavos, _C.c.handler)
        .select_from(_L.join(_B, _B.c.id == _L.c.borrower_id).join(_P, _P.c.borrower_id == _B.c.id).join(_C, _C.c.id == _P.c.conversation_id))
        .order_by(_L.c.id)
    )  # fmt: skip
    with reading(services.engine) as connection:
        rows = connection.execute(query).all()
    found = [
        {
            "borrower": row.external_id, "name": row.name, "birth": row.birth_date.strftime("%d/%m/%Y") if row.birth_date else "", "address": row.address,
            "loan": row.loan, "status": row.status, "outstanding": row.outstanding_centavos, "due": row.next_due_centavos,
            "late": (today - row.overdue_since).days if row.overdue_since else None, "handler": row.handler,
        }
        for row in rows
    ]  # fmt: skip
    return jsonify(found)


@blueprint.get("/phone")
def phone() -> Response:
    """The phone's messages, both ways, and the loan's ledger beside it."""
    services, address, loan = _services(), request.args.get("address", ""), request.args.get("loan", "")
    with reading(books(services.settings)) as connection:
        ours = connection.execute(select(sent).where(sent.c.to == address).order_by(sent.c.id)).all()
        theirs = connection.execute(select(written).where(written.c.sender == address).order_by(written.c.id)).all()
    messages = sorted([_ours(row) for row in ours] + [_theirs(row) for row in theirs], key=lambda m: m["at"])
    return jsonify(now=_now(services), messages=messages, **_loan(services, loan))


def _now(services: Services) -> str:
    return services.clock.now().astimezone(ZoneInfo(services.settings.timezone)).isoformat(timespec="seconds")


def _ours(row: AnyRow) -> dict[str, Any]:
    return {"id": row.sid, "side": "in", "text": row.body, "choices": row.choices or [], "at": _local(row.at), "status": row.status}


def _local(at: datetime) -> str:
    """The books keep UTC without saying so; the page shows the time that its clock shows."""
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(ZoneInfo(_services().settings.timezone)).isoformat(timespec="milliseconds")


def _theirs(row: AnyRow) -> dict[str, Any]:
    status = "read" if row.delivered else "queued"
    return {"id": row.sid, "side": "out", "text": row.form.get("Body", ""), "choices": [], "at": _local(row.at), "status": status,
            "media": row.form.get("MediaContentType0")}  # fmt: skip


def _loan(services: Services, external_id: str) -> dict[str, Any]:
    with reading(services.engine) as connection:
        loan = connection.execute(select(_L).where(_L.c.external_id == external_id)).first()
        if loan is None:
            return {"loan": None, "entries": []}
        entries = connection.execute(select(_E).where(_E.c.loan_id == loan.id).order_by(_E.c.seq.desc()).limit(60)).all()
        promise = connection.execute(select(_R).where(_R.c.loan_id == loan.id).order_by(_R.c.id.desc()).limit(1)).first()
        waits = select(_C.c.flow, _C.c.step, _C.c.expecting, _C.c.handler).join(_P, _P.c.conversation_id == _C.c.id)
        thread = connection.execute(waits.where(_P.c.borrower_id == loan.borrower_id).limit(1)).first()
    return {
        "loan": {
            "id": external_id, "status": loan.status, "outstanding": loan.outstanding_centavos, "due": loan.next_due_centavos,
            "since": loan.overdue_since.isoformat() if loan.overdue_since else None,
            "promise": {"amount": promise.amount, "date": promise.due_date.isoformat(), "status": promise.status} if promise else None,
            "thread": thread._asdict() if thread else None,
        },
        "entries": [{"seq": e.seq, "kind": e.kind, "at": _local(e.at), "actor": e.actor, "data": e.data, "hash": e.hash[:10]} for e in entries],
    }  # fmt: skip


@blueprint.post("/write")
def write_message() -> Response:
    given = request.get_json()
    media = {"image": "image/jpeg", "audio": "audio/ogg"}.get(given.get("media", ""))
    extra = {"Latitude": "19.43", "Longitude": "-99.13"} if given.get("media") == "location" else {}
    return jsonify(sid=write(_services(), given["address"], given.get("text", ""), given.get("payload"), media, **extra))


@blueprint.post("/clock")
def clock() -> Response:
    """Moves the demo's time: `{hours}`, or `{to: due, loan}`, or `{to: day}`: ten in the morning of the next day."""
    services, given = _services(), request.get_json()
    now = services.clock.now()
    zone = ZoneInfo(services.settings.timezone)
    if given.get("to") == "due":
        with reading(services.engine) as connection:
            due = connection.scalar(select(_L.c.overdue_since).where(_L.c.external_id == given.get("loan")))
        target = datetime.combine(due, time(10), zone) if due else now
    else:
        target = datetime.combine(now.astimezone(zone).date() + timedelta(days=int(given.get("days", 1))), time(10), zone)
    if not now < target <= now + timedelta(days=MOST_DAYS):
        return jsonify(now=_now(services), moved=False)
    services.clock.move(target - now)
    return jsonify(now=_now(services), moved=True)


@blueprint.post("/payment")
def payment() -> Response:
    """The lender receives a payment for the loan; no amount means what is due."""
    services, given = _services(), request.get_json()
    now = services.clock.now()
    with reading(services.engine) as connection:
        due = connection.scalar(select(_L.c.next_due_centavos).where(_L.c.external_id == given["loan"]))
    amount = int(given.get("amount") or due or 0)
    if amount <= 0:
        return jsonify(error="nothing is due"), HTTPStatus.CONFLICT  # type: ignore[return-value]
    receive_payment(
        services, given["loan"], Payment(Money(amount), now.astimezone(UTC), "spei", f"SPEI{int(now.timestamp() * 1000)}", "lender:simulator")
    )
    return jsonify(amount=amount)


@blueprint.post("/remind")
def remind() -> Response:
    """Reaches out now, within the contact rules, or says why not."""
    given = request.get_json()
    try:
        planned = request_outreach(_services(), given["borrower"], "reminder")
    except NothingToSay as error:
        return jsonify(refused=str(error), rule=error.rule)
    if isinstance(planned, Never):
        return jsonify(refused=planned.because, rule=planned.rule)
    return jsonify(not_before=planned.isoformat())


@blueprint.get("/media/<sid>")
def media(sid: str) -> Response:
    """What a phone sent, as a drawing."""
    del sid
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#eee"/></svg>'
    return Response(picture, content_type="image/svg+xml")
