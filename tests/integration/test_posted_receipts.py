"""Receipts that wait for a worker: many applied at once leave what each by itself would have left."""

import asyncio
import random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, insert, select, update

from bot.channels import Receipt
from bot.channels.twilio import sign
from bot.outreach import apply_receipts, keep_receipt, record_receipt
from bot.outreach.sending.posted import TRIES
from bot.web import receipts, server
from models import ContactPoint, LedgerEntry, PostedReceipt, read_tx, receipt_table, write_tx
from tests.outbox import OPENING, REPLY, Outbox
from tests.services import ACCOUNT, TOKEN

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


class Status:
    """A status callback on its way to the web process, and what was answered."""

    def __init__(self, token: str = TOKEN, **form: str) -> None:
        form = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "MessageStatus": "read"} | form
        self.body, self.answered = urlencode(form).encode(), []
        url = f"https://acuerdo.example{receipts.PATH}?message=7"
        signature = sign(token, url, {name: [value] for name, value in form.items()})
        kind = "application/x-www-form-urlencoded; charset=UTF-8"
        self.headers = {
            "content-length": str(len(self.body)),
            "content-type": kind,
            "x-twilio-signature": signature,
        }

    async def __call__(self) -> bytes:
        return self.body

    def response_bytes(self, status: int, _headers: server.Headers, body: bytes) -> None:
        self.answered.append((int(status), body))

    @property
    def scope(self) -> Any:
        return SimpleNamespace(
            proto="http",
            http_version="1.1",
            server="127.0.0.1:8000",
            client="127.0.0.1:1",
            scheme="http",
            method="POST",
            path=receipts.PATH,
            query_string="message=7",
            headers=self.headers,
        )


def post_at_once(outbox: Outbox, *statuses: Status) -> list[tuple[int, bytes]]:
    """The web process answers them; what the application answers is a 418."""

    def application(_environ: Any, start: Any) -> list[bytes]:
        start("418 I'M A TEAPOT", [])
        return [b""]

    async def post() -> None:
        answer = server.bridge(application, receipts=receipts.Receipts(outbox.services))
        await asyncio.gather(*(answer(status.scope, status) for status in statuses))

    asyncio.run(post())
    return [answered for status in statuses for answered in status.answered]


def test_the_web_process_keeps_plain_receipts_and_leaves_all_else_to_the_application(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, others = b'<?xml version="1.0" encoding="UTF-8"?><Response/>', (418, b"")
    plain = [Status(), Status(MessageStatus="sent")]
    odd = [Status(token="forged"), Status(MessageStatus=""), Status(AccountSid="")]
    assert post_at_once(outbox, *plain, *odd) == [(200, kept)] * 2 + [others] * 3
    with read_tx(outbox.services.engine) as connection:
        rows = connection.scalars(select(PostedReceipt.content).order_by(PostedReceipt.id)).all()
    assert [(row["message_id"], row["reported"]) for row in rows] == [(7, "read"), (7, "sent")]

    def fails(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(receipts, "keep_receipt", fails)
    again = [Status(), Status()]
    assert post_at_once(outbox, *again) == [others] * 2
