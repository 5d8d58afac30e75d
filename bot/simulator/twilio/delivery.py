"""What a real Twilio does on its own: calls the webhook with what phones write, and with receipts. Run by the worker."""

import time

import requests
from sqlalchemy import insert, select, update

from bot.channels.twilio.signature import sign
from bot.services import Services
from bot.simulator.books import books, sent, written
from bot.simulator.twilio.service import new_sid
from models import reading, writing
from models.base import AnyRow

RECEIPT_SECONDS = 0.5
NEXT = {"queued": "sent", "sent": "delivered", "delivered": "read"}
MOST_TRIES = 60
_session = requests.Session()
_session.trust_env = False


def write(services: Services, address: str, text: str = "", payload: str | None = None, media: str | None = None, **more: str) -> str:
    """A phone writes; the worker carries it. The SID that it will have."""
    sid, settings, now = new_sid("SM"), services.settings, services.clock.now()
    to = f"whatsapp:{settings.whatsapp_from}" if address.startswith("whatsapp:") else settings.sms_from
    form = {
        "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": settings.twilio_account_sid, "From": address, "To": to, "Body": text,
        "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01", "MessageType": "text", **more,
    }  # fmt: skip
    if address.startswith("whatsapp:"):
        form["WaId"] = address.rsplit(":+", maxsplit=1)[-1]
    if payload is not None:
        form |= {"ButtonPayload": payload, "ButtonText": text, "MessageType": "interactive"}
    if media is not None:
        form |= {
            "NumMedia": "1",
            "MediaUrl0": f"{settings.public_url}/simulator/media/{sid}",
            "MediaContentType0": media,
            "MessageType": media.split("/")[0],
        }
    with writing(books(settings)) as connection:
        connection.execute(
            insert(written), {"sid": sid, "sender": address, "to": to, "form": form, "at": now.replace(tzinfo=None), "delivered": 0, "tries": 0}
        )
    return sid


def deliver(services: Services) -> int:
    """Carries what waits, in order, and the receipts that are due; how many."""
    engine = books(services.settings)
    with reading(engine) as connection:
        waiting = connection.execute(
            select(written).where(written.c.delivered == 0, written.c.tries < MOST_TRIES).order_by(written.c.id).limit(20)
        ).all()
        due = connection.execute(
            select(sent)
            .where(sent.c.status.in_(list(NEXT)), sent.c.status != sent.c.wanted, sent.c.next_at <= time.time())
            .order_by(sent.c.id)
            .limit(20)
        ).all()
    for row in waiting:
        taken = _post(services, f"{services.settings.public_url}/webhooks/twilio/messages", row.form)
        values = {"delivered": 1} if taken else {"tries": row.tries + 1}
        with writing(engine) as connection:
            connection.execute(update(written).where(written.c.id == row.id).values(**values))
        if not taken:
            time.sleep(0.2)
            break
    for row in due:
        _receipt(services, row)
    return len(waiting) + len(due)


def _receipt(services: Services, row: AnyRow) -> None:
    status = "failed" if row.wanted == "failed" and row.status == "sent" else NEXT[row.status]
    form = {"MessageSid": row.sid, "SmsSid": row.sid, "MessageStatus": status, "SmsStatus": status, "AccountSid": row.account, "To": row.to,
            "From": row.sender, "ApiVersion": "2010-04-01"}  # fmt: skip
    if status == "failed" and row.error:
        form["ErrorCode"] = row.error
    if row.callback:
        _post(services, row.callback, form)
    with writing(books(services.settings)) as connection:
        connection.execute(update(sent).where(sent.c.id == row.id).values(status=status, next_at=time.time() + RECEIPT_SECONDS))


def _post(services: Services, url: str, form: dict[str, str]) -> bool:
    """Signed as Twilio signs; whether the receiver took it."""
    signature = sign(services.settings.twilio_auth_token, url, {name: [value] for name, value in form.items()})
    try:
        answer = _session.post(url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10)
    except requests.RequestException:
        return False
    return answer.status_code < 500
