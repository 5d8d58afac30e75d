"""The floor of a turn: a bare Flask view that checks the signature, reads conversation, borrower and loan with SQLAlchemy Core, then in one
short write transaction inserts two messages and updates the conversation.
"""

import os
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import bindparam, insert, select, update
from twilio.request_validator import RequestValidator

from models import Borrower, ContactPoint, Conversation, Loan, Message, make_engine, reading, writing
from values import address_key

_C, _P, _B, _L, _M = (m.__table__ for m in (Conversation, ContactPoint, Borrower, Loan, Message))
_READ = (
    select(_C.c.id, _C.c.version, _C.c.state, _B.c.id.label("borrower"), _B.c.name, _L.c.id.label("loan"), _L.c.outstanding_centavos)
    .select_from(_C.join(_P, _P.c.conversation_id == _C.c.id).join(_B, _B.c.id == _P.c.borrower_id).join(_L, _L.c.borrower_id == _B.c.id))
    .where(_C.c.key == bindparam("key"))
)
_INSERT = insert(_M)
_UPDATE = (
    update(_C)
    .where(_C.c.id == bindparam("conversation"), _C.c.version == bindparam("seen"))
    .values(version=bindparam("next"), state=bindparam("now"))
)

app = Flask(__name__)
engine = make_engine(os.environ["ACUERDO_DATABASE_URL"])
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@app.post("/webhooks/twilio/messages")
def messages() -> Response:
    form = request.form
    if not validator.validate(os.environ["ACUERDO_PUBLIC_URL"] + request.path, form, request.headers.get("X-Twilio-Signature", "")):
        return Response(status=403)
    at = datetime.now(UTC)
    with reading(engine) as connection:
        row = connection.execute(_READ, {"key": address_key(form["From"])}).first()
    assert row is not None
    shared = {"conversation_id": row.id, "borrower_id": row.borrower, "channel": "whatsapp", "address": form["From"], "created_at": at, "attempts": 0}
    rows = [
        shared | {"direction": "in", "author": "borrower", "status": "received", "body": form["Body"], "account_sid": form["AccountSid"],
                  "provider_sid": form["MessageSid"], "not_before": None},
        shared | {"direction": "out", "author": "bot", "status": "queued", "body": "Hola", "account_sid": None, "provider_sid": None, "not_before": at},
    ]  # fmt: skip
    with writing(engine) as connection:
        connection.execute(_INSERT, rows)
        connection.execute(_UPDATE, {"conversation": row.id, "seen": row.version, "next": row.version + 1, "now": {"stack": [], "wait_id": 1}})
    return Response("<Response/>", content_type="text/xml")
