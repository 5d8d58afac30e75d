"""What a real Twilio does on its own: calls the webhook with what phones write, and with receipts. Run by the
worker.
"""

import time
from collections.abc import Sequence

import requests
import structlog
from sqlalchemy import insert, select, update

from bot.channels.twilio import sign
from bot.outgoing import session
from bot.services import Services
from bot.simulator.database import sent, simulator_engine, written
from bot.simulator.lease import acquire_lease
from bot.simulator.twilio.service import new_sid
from models import read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

RECEIPT_SECONDS = 0.5
NEXT = {"queued": "sent", "sent": "delivered", "delivered": "read"}
MOST_TRIES, MOST_RECEIPT_TRIES = 60, 5
AGAIN_SECONDS = 0.5
POST_SECONDS = 4.0
BATCH = 20
_session = session()


def write(
    services: Services,
    address: str,
    text: str = "",
    payload: str | None = None,
    media: str | None = None,
    **more: str,
) -> str:
    """A phone writes; the worker delivers it. The SID that it will have. `media` is a content type, `more`
    further parameters.
    """
    sid, settings, now = new_sid("SM"), services.settings, services.clock.now()
    to = f"whatsapp:{settings.whatsapp_from}" if address.startswith("whatsapp:") else settings.sms_from
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": settings.twilio_account_sid,
        "From": address,
        "To": to,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "MessageType": "text",
        **more,
    }
    if address.startswith("whatsapp:+"):
        form["WaId"] = address.removeprefix("whatsapp:+")
    if payload is not None:
        form |= {"ButtonPayload": payload, "ButtonText": text, "MessageType": "interactive"}
    if media is not None:
        picture = f"{settings.public_url}/simulator/media/{sid}"
        form |= {
            "NumMedia": "1",
            "MediaUrl0": picture,
            "MediaContentType0": media,
            "MessageType": media.split("/", maxsplit=1)[0],
        }
    row = {
        "sid": sid,
        "sender": address,
        "to": to,
        "form": form,
        "at": now.replace(tzinfo=None),
        "created": time.time(),
        "next_at": 0.0,
        "delivered": 0,
        "tries": 0,
    }
    with write_tx(simulator_engine(settings)) as connection:
        connection.execute(insert(written), row)
    return sid


def deliver(services: Services) -> int:
    """Delivers what waits, in order, and the receipts that are due; how many. One process at a time does."""
    engine, now = simulator_engine(services.settings), time.time()
    with read_tx(engine) as connection:
        waiting = connection.execute(
            select(written)
            .where(written.c.delivered == 0, written.c.tries < MOST_TRIES)
            .order_by(written.c.id)
            .limit(BATCH)
        ).all()
        unfinished = (
            sent.c.status.in_(list(NEXT)) & (sent.c.status != sent.c.wanted) & (sent.c.next_at <= now)
        )
        due = connection.execute(select(sent).where(unfinished).order_by(sent.c.id).limit(BATCH)).all()
    if not (due or [row for row in waiting if row.next_at <= now]) or not acquire_lease(services, "deliver"):
        return 0
    return _deliver_messages(services, waiting, now) + sum(_receipt(services, row) for row in due)


def _deliver_messages(services: Services, waiting: Sequence[AnyRow], now: float) -> int:
    """In the order of writing; one that is not taken holds up those behind it."""
    delivered_count = 0
    for row in waiting:
        if row.next_at > now or not acquire_lease(services, "deliver"):
            break
        taken = _post(services, f"{services.settings.public_url}/webhooks/twilio/messages", row.form)
        values = {"delivered": 1} if taken else {"tries": row.tries + 1, "next_at": now + AGAIN_SECONDS}
        with write_tx(simulator_engine(services.settings)) as connection:
            connection.execute(update(written).where(written.c.id == row.id).values(**values))
        delivered_count += taken
        if not taken:
            break
    return delivered_count


def _receipt(services: Services, row: AnyRow) -> bool:
    if not acquire_lease(services, "deliver"):
        return False
    status = "failed" if row.wanted == "failed" and row.status == "sent" else NEXT[row.status]
    form = {
        "MessageSid": row.sid,
        "SmsSid": row.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "AccountSid": row.account,
        "To": row.to,
        "From": row.sender,
        "ApiVersion": "2010-04-01",
    }
    if status == "failed" and row.error:
        form["ErrorCode"] = row.error
    taken = not row.callback or _post(services, row.callback, form)
    values = {"status": status, "tries": 0, "next_at": time.time() + RECEIPT_SECONDS}
    if not taken and row.tries < MOST_RECEIPT_TRIES:
        values = {"tries": row.tries + 1, "next_at": time.time() + AGAIN_SECONDS}
    with write_tx(simulator_engine(services.settings)) as connection:
        connection.execute(update(sent).where(sent.c.id == row.id).values(**values))
    return taken


def _post(services: Services, url: str, form: dict[str, str]) -> bool:
    """Signed as Twilio signs; whether it need not be tried again."""
    signature = sign(
        services.settings.twilio_auth_token, url, {name: [value] for name, value in form.items()}
    )
    try:
        answer = _session.post(
            url, data=form, headers={"X-Twilio-Signature": signature}, timeout=POST_SECONDS
        )
    except requests.RequestException:
        return False
    if 400 <= answer.status_code < 500:
        log.warning("the webhook refused the stand-in", status=answer.status_code, sid=form["MessageSid"])
    return answer.status_code < 500
