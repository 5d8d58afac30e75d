"""Receipts that wait for a worker: many applied at once leave what each by itself would have left."""

import random
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.channels import Receipt
from bot.outreach import apply_receipts, keep_receipt, record_receipt
from bot.outreach.sending.posted import TRIES
from models import ContactPoint, LedgerEntry, PostedReceipt, read_tx, receipt_table, write_tx
from tests.outbox import OPENING, REPLY, Outbox
from tests.services import ACCOUNT

POSTED = (
    ("sent", "sent"),
    ("delivered", "delivered"),
    ("read", "read"),
    ("undelivered", "failed"),
    ("odd", None),
)
STATUSES = ("sent", "sending", "unknown", "delivered")


def test_many_at_once_are_what_each_is_alone(outbox: Outbox) -> None:
    """Two like messages of every kind get the same receipts, in disorder and doubled."""
    dice = random.Random(16)
    outbox.set(ContactPoint, failures=2)
    pairs = []
    for number in range(24):
        status, say = dice.choice(STATUSES), dice.choice((REPLY, OPENING))
        known = status in ("sent", "delivered")
        sids = [f"SM{number}{which}" for which in "ab"]
        mine, theirs = (
            outbox.queue(say, {"provider_sid": sid, "account_sid": ACCOUNT} if known else {}, status=status)
            for sid in sids
        )
        came = dice.choices(POSTED, weights=(6, 6, 6, 1, 1), k=dice.randint(0, 5))
        pairs += [((mine, sids[0]), (theirs, sids[1]), posted) for posted in came]
    dice.shuffle(pairs)
    for (mine, sid), (theirs, other), (reported, delivery) in pairs:
        record_receipt(outbox.services, Receipt(mine, sid, ACCOUNT, reported, delivery))  # type: ignore[arg-type]
        keep_receipt(outbox.services, Receipt(theirs, other, ACCOUNT, reported, delivery))  # type: ignore[arg-type]
    keep_receipt(outbox.services, Receipt(10**9, "SMnobodys", ACCOUNT, "read", "read"))
    assert apply_receipts(outbox.services) == len(pairs) + 1
    assert apply_receipts(outbox.services) == 0
    for (mine, _), (theirs, _), _ in pairs:
        assert _known(outbox, theirs) == _known(outbox, mine)
    assert _count(outbox, PostedReceipt) == 0


def test_one_that_raises_holds_up_no_other(outbox: Outbox) -> None:
    message = outbox.queue(attempt={"provider_sid": "SM1", "account_sid": ACCOUNT}, status="sent")
    with write_tx(outbox.services.engine) as connection:
        odd = {"content": {"of": "another version"}, "at": outbox.services.clock.now()}
        connection.execute(insert(PostedReceipt).values(odd))
    keep_receipt(outbox.services, Receipt(message, "SM1", ACCOUNT, "read", "read"))
    assert apply_receipts(outbox.services) == 1
    assert outbox.row(message).status == "read"
    for _ in range(TRIES):
        assert apply_receipts(outbox.services) == 0
    with write_tx(outbox.services.engine) as connection:
        assert connection.scalar(select(PostedReceipt.tries)) == TRIES
        connection.execute(update(PostedReceipt).values(tries=0))  # a person's second try


def _known(outbox: Outbox, message: int) -> Any:
    row = outbox.row(message)
    with read_tx(outbox.services.engine) as connection:
        kept = select(receipt_table.c.status).where(receipt_table.c.message_id == message)
        entries = select(LedgerEntry.kind, LedgerEntry.data).order_by(LedgerEntry.id)
        mine = [kind for kind, data in connection.execute(entries) if data.get("message") == message]
        receipts = sorted(connection.scalars(kept))
    return row.status, row.outcome, row.error_code, row.sent_at, receipts, mine


def _count(outbox: Outbox, record: type) -> int:
    with read_tx(outbox.services.engine) as connection:
        return connection.scalar(select(func.count()).select_from(record)) or 0
