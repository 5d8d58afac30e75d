"""What is known of each borrower, counted by hand on both databases."""

from datetime import datetime

from sqlalchemy import insert

from bot.api.answers import FeaturesOut
from bot.services import Services
from models import Message, Promise, write_tx
from models.ledger import NewEntry, append
from tests.api_caller import LOAN, Caller
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate


def test_each_borrower_is_counted(call: Caller, services: Services, now: datetime) -> None:
    with write_tx(services.engine) as connection:
        add_borrower(connection, 1)
        bad, thread = add_borrower(connection, 2)
        loan, other = add_loan(connection, bad, 2), add_loan(connection, bad, 3)
        add_mandate(connection, other)
        kinds = ("contact.sent", "contact.sent", "contact.read", "dispute.opened")
        append(connection, loan, now, *(NewEntry(kind, {}, "system:test") for kind in kinds))
        for status in ("broken", "broken", "kept"):
            promise = {"loan_id": loan, "amount": 1, "status": status, "made_at": now}
            days = {"due_date": now.date(), "expires_on": now.date()}
            connection.execute(insert(Promise).values(**promise, **days))
        message = {"conversation_id": thread, "borrower_id": bad, "direction": "in", "author": "borrower"}
        message |= {"channel": "whatsapp", "address": "x", "status": "received", "created_at": now}
        for intent in ("refuse_to_pay", "thanks"):
            connection.execute(insert(Message).values(**message, understood={"intent": intent}))
    call(
        "PUT", "/loans/L-9", LOAN | {"borrower": LOAN["borrower"] | {"phone": "5500000001"}}
    )  # met after its first day: nobody knows whether that was missed
    first, second = call("GET", "/features?limit=2").json["borrowers"]
    assert set(first) == set(FeaturesOut.model_fields)
    assert (first["borrower"], first["loans"], first["first_payment_missed"]) == ("B1", 1, None)
    assert second["borrower"] == "B2"
    counted = {
        "loans": 2,
        "first_payment_missed": True,
        "promises_made": 3,
        "promises_broken": 2,
        "promises_kept": 1,
        "refusals": 1,
        "disputes": 1,
        "contacts_sent": 2,
        "contacts_read": 1,
        "enrolled": True,
        "contact_points": 1,
    }
    assert {name: second[name] for name in counted} == counted
    assert second["dpd"] > 250
    page = call("GET", "/features?limit=1").json
    assert call("GET", f"/features?limit=1&cursor={page['next_cursor']}").json["borrowers"] == [second]
