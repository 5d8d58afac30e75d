"""The floor of a turn: a bare Flask view that checks the signature, reads conversation, borrower and loan
with SQLAlchemy Core, then in one short write transaction inserts two messages and updates the conversation.
"""

import os
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import bindparam, insert, select, update
from twilio.request_validator import RequestValidator

from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    loan_table,
    make_engine,
    message_table,
    read_tx,
    write_tx,
)
from values import address_key

_READ = (
    select(
        conversation_table.c.id,
        conversation_table.c.version,
        conversation_table.c.state,
        borrower_table.c.id.label("borrower"),
        borrower_table.c.name,
        loan_table.c.id.label("loan"),
        loan_table.c.outstanding_centavos,
    )
    .select_from(
        conversation_table.join(
            contact_point_table, contact_point_table.c.conversation_id == conversation_table.c.id
        )
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .join(loan_table, loan_table.c.borrower_id == borrower_table.c.id)
    )
    .where(conversation_table.c.key == bindparam("key"))
)
_INSERT = insert(message_table)
_UPDATE = (
    update(conversation_table)
    .where(
        conversation_table.c.id == bindparam("conversation"),
        conversation_table.c.version == bindparam("seen"),
    )
    .values(version=bindparam("next"), state=bindparam("now"))
)

app = Flask(__name__)
engine = make_engine(os.environ["ACUERDO_DATABASE_URL"])
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@app.post("/webhooks/twilio/messages")
def messages() -> Response:
    form = request.form
    if not validator.validate(
        os.environ["ACUERDO_PUBLIC_URL"] + request.path, form, request.headers.get("X-Twilio-Signature", "")
    ):
        return Response(status=403)
    at = datetime.now(UTC)
    with read_tx(engine) as connection:
        row = connection.execute(_READ, {"key": address_key(form["From"])}).first()
    assert row is not None
    shared = {
        "conversation_id": row.id,
        "borrower_id": row.borrower,
        "channel": "whatsapp",
        "address": form["From"],
        "created_at": at,
        "attempts": 0,
    }
    rows = [
        shared
        | {
            "direction": "in",
            "author": "borrower",
            "status": "received",
            "body": form["Body"],
            "account_sid": form["AccountSid"],
            "provider_sid": form["MessageSid"],
            "not_before": None,
        },
        shared
        | {
            "direction": "out",
            "author": "bot",
            "status": "queued",
            "body": "Hola",
            "account_sid": None,
            "provider_sid": None,
            "not_before": at,
        },
    ]
    with write_tx(engine) as connection:
        connection.execute(_INSERT, rows)
        connection.execute(
            _UPDATE,
            {
                "conversation": row.id,
                "seen": row.version,
                "next": row.version + 1,
                "now": {"stack": [], "wait_id": 1},
            },
        )
    return Response("<Response/>", content_type="text/xml")
