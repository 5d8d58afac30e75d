"""What was lost, doubled or is unknown, against what was sent and against the stand-ins' own books."""

import json
from collections import Counter

from sqlalchemy import Engine, text

from bench.town import debits
from bench.town.town import Town
from bench.town.traffic import Traffic
from models import read_tx
from models.base import AnyRow
from models.ledger import verify, verify_records

COUNTS = ("turns", "mails in", "answers", "mails out", "charges")
"""All other figures must be 0."""
NOT_DELIVERED = ("failed", "undelivered")
"""What ends so, and only that, may be sent again."""
UNSETTLED = "(status IN ('sending', 'unknown', 'unprocessed') OR status = 'queued' AND reason IS NULL)"
"""What is queued with a reason is held back by a rule of contact, and leaves when that allows it."""
_UNSETTLED = f"SELECT count(*) FROM message WHERE {UNSETTLED}"
_UNKNOWN = "SELECT count(*) FROM charge WHERE status IN ('submitting', 'unknown')"
_OURS = """
SELECT id, channel, status IN ('sent', 'delivered', 'read') OR EXISTS (
    SELECT 1 FROM delivery_attempt WHERE message_id = message.id AND provider_sid IS NOT NULL
) AS taken FROM message WHERE direction = 'out' AND status <> 'suppressed'
"""
"""`taken`: as far as we know, by the provider, whatever became of it then."""
_MAILS = "SELECT count(*) FROM message WHERE direction = 'in' AND channel = 'email'"


def is_settled(engine: Engine, traffic: Traffic) -> bool:
    with engine.connect() as connection:
        open_still = [connection.scalar(text(query)) for query in (_UNSETTLED, _UNKNOWN)]
        mails = connection.scalar(text(_MAILS))
        connection.commit()
    return not any(open_still) and mails == traffic.mails


def under_way(engine: Engine) -> list[tuple[object, ...]]:
    """What is not settled: channel, status, purpose, why, how many."""
    what = "channel, status, purpose, reason, min(attempts), min(not_before), count(*)"
    query = f"SELECT {what} FROM message WHERE {UNSETTLED} GROUP BY channel, status, purpose, reason"
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
        rows += [
            ("charge", *row)
            for row in connection.execute(text("SELECT status, count(*) FROM charge GROUP BY status"))
        ]
        rows += [("mails in", connection.scalar(text(_MAILS)))]
        connection.commit()
    return rows


def charges(town: Town) -> dict[str, int]:
    town.call(debits.compare)
    found: dict[str, int] = json.loads((town.folder / debits.FOUND).read_text())
    return found


def audit(town: Town, engine: Engine, traffic: Traffic) -> dict[str, int]:
    with read_tx(engine) as connection:
        arrived = Counter(
            connection.scalars(
                text("SELECT provider_sid FROM message WHERE direction = 'in' AND channel = 'whatsapp'")
            )
        )
        mails = connection.scalar(text(_MAILS)) or 0
        ours = connection.execute(text(_OURS)).all()
        unsettled = connection.scalar(text(_UNSETTLED)) or 0
        faults = [*verify(connection), *verify_records(connection)]
    for fault in faults:
        print("fault of the ledger:", fault)
    with town.books("SELECT callback, wanted FROM sent") as rows:
        taken = {_message(row) for row in rows}
        arriving = Counter(_message(row) for row in rows if row.wanted not in NOT_DELIVERED)
    mailed = {str(mail["Message-ID"]) for mail in town.smtp.mails}
    by_phone = {f"message={row.id}" for row in ours if row.taken and row.channel != "email"}
    by_mail = [row for row in ours if row.taken and row.channel == "email"]
    return {
        "turns": len(traffic.sent),
        "mails in": mails,
        "answers": len(by_phone),
        "mails out": len(mailed),
        "messages lost": len(Counter(traffic.sent) - arrived) + traffic.mails - mails,
        "messages stored twice": sum(times - 1 for times in arrived.values()),
        "sent twice": sum(times - 1 for times in arriving.values()),
        "sent and not known": len(taken - by_phone),
        "known and not sent": len(by_phone - taken),
        "mails known and not sent": max(0, len(by_mail) - len(mailed)),
        "not settled": unsettled,
        "faults of the ledger": len(faults),
    }


def _message(row: AnyRow) -> str:
    """Which of ours it is, by the address that it asks receipts for."""
    return str(row.callback).partition("?")[2]
