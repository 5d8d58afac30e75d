"""The mailbox's sweep: replies become turns, bounces become receipts; a mail is read once it is kept."""

import structlog
from sqlalchemy import insert, select

from bot.channels import Receipt, TransientFailure
from bot.channels.email import Mailbox, Received, reaction_to, received_from
from bot.conversation import UNPROVED, Incoming, receive
from bot.outreach.sending import attempts
from bot.outreach.sending.receipts import record_receipt
from bot.services import Services
from flows.types.event import MediaKind
from models import borrower_table, contact_point_table, message_table, read_tx, write_tx
from models.base import AnyRow
from values import address_key

log = structlog.get_logger(__name__)

BATCH = 1_000


def read_mail(services: Services) -> int:
    """How many mails it took. Killed in the middle, the mail is read again, and its sid is known."""
    settings = services.settings
    if settings.smtp_url:
        add_addresses(services)
    if not settings.imap_url:
        return 0
    taken, mailbox = 0, Mailbox(settings.imap_url)
    try:
        with mailbox.open() as connection:
            for uid, raw in mailbox.unread(connection):
                if (mail := received_from(raw, settings.secret_key)) is not None:
                    _take(services, mail)
                    taken += 1
                mailbox.mark_read(connection, uid)
    except TransientFailure as failure:
        log.warning("the mailbox could not be read", code=failure.code)
    return taken


def _take(services: Services, mail: Received) -> None:
    answered = _message(services, mail.message_id)
    if mail.bounce_code is not None:
        if answered is not None:
            record_receipt(services, _receipt(answered, mail.bounce_code))
        return
    # Without our token anybody may have written the sender's address: it is a stranger's. With it our mail
    # was received; who answers from another address may have been forwarded it.
    address = answered.address if answered else mail.sender
    key = address_key(address) if answered else f"unproved:{address_key(address)}"
    forwarded = answered is not None and address_key(mail.sender) != address_key(address)
    incoming = Incoming(
        channel="email",
        address=address,
        key=key[:160],
        sender=services.settings.email_from,
        account_sid="imap",
        provider_sid=mail.sid,
        text=mail.text,
        at=services.clock.now(),
        kind=_kind(mail),
        extra={UNPROVED: mail.sender} if forwarded else {},
        media=tuple(
            {"url": f"mail:{place}", "content_type": file.content_type, "name": file.name}
            for place, file in enumerate(mail.files)
        ),
        contents={f"mail:{place}": file.content for place, file in enumerate(mail.files)},
    )
    receive(services, incoming)


def _kind(mail: Received) -> MediaKind:
    """What is written counts first: a picture may be no more than a signature's."""
    if mail.text or not mail.files:
        return "text"
    return "image" if mail.files[0].content_type.startswith("image/") else "document"


def _receipt(row: AnyRow, code: str) -> Receipt:
    return Receipt(
        message_id=row.id,
        provider_sid=row.sid,
        account_sid=row.sid_account,
        reported=f"bounced {code}"[:24],
        delivery="failed",
        code=code,
        reaction=reaction_to(code),
    )


def _message(services: Services, message_id: int | None) -> AnyRow | None:
    if message_id is None:
        return None
    query = attempts.MESSAGES.where(message_table.c.id == message_id, message_table.c.channel == "email")
    with read_tx(services.engine) as connection:
        return connection.execute(query).first()


def add_addresses(services: Services) -> int:
    """Makes the e-mail addresses of the tape contact points, in the conversation that their borrower has; not
    one that two borrowers share, since nobody would know who writes.
    """
    other = borrower_table.alias("other")
    known = select(contact_point_table.c.id).where(
        contact_point_table.c.borrower_id == borrower_table.c.id, contact_point_table.c.channel == "email"
    )
    shared = select(other.c.id).where(
        other.c.email == borrower_table.c.email, other.c.id != borrower_table.c.id
    )
    thread = (
        select(contact_point_table.c.conversation_id)
        .where(contact_point_table.c.borrower_id == borrower_table.c.id)
        .order_by(contact_point_table.c.additional, contact_point_table.c.id)
        .limit(1)
        .scalar_subquery()
    )
    missing = (
        select(borrower_table.c.id, borrower_table.c.email, thread.label("thread"))
        .where(borrower_table.c.email.is_not(None), ~known.exists(), ~shared.exists())
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        rows = [row for row in connection.execute(missing) if row.thread is not None]
    if not rows:
        return 0
    now = services.clock.now()
    points = [
        {
            "borrower_id": row.id,
            "conversation_id": row.thread,
            "channel": "email",
            "key": address_key(row.email),
            "address": row.email,
            "status": "unverified",
            "failures": 0,
            "additional": True,
            "created_at": now,
        }
        for row in rows
    ]
    with write_tx(services.engine) as connection:
        connection.execute(insert(contact_point_table), points)
    return len(points)
