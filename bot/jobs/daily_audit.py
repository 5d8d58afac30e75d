"""The auditor's daily report: made once per day that is over, signed and stored."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from bot.auditor import LAWS, Report, Terms, audit, sign
from bot.services import Services
from models import audit_report_table, read_tx, write_tx
from models.upsert import insert_new


def audit_terms(services: Services) -> Terms:
    """What the auditor must know of the lender."""
    about = services.lender.lender
    return Terms(
        country=about.contact_country,
        law=LAWS[about.contact_country],
        sender_role=about.sender_role,
        identity_days=services.lender.policy.identity_days,
        own_accounts=frozenset({about.pay.clabe}),
        names=(about.trade_name, about.legal_name),
        own_hosts=frozenset(
            (urlsplit(url).hostname or "").removeprefix("www.")
            for url in (services.settings.public_url, about.privacy_url)
        ),
    )


def audit_days(services: Services, first: date, last: date) -> Report:
    with read_tx(services.engine) as connection:
        return audit(connection, audit_terms(services), first, last)


def audit_yesterday(services: Services) -> int:
    """The sweep: how many reports it made."""
    now = services.clock.now()
    day = services.day(now) - timedelta(days=1)
    with read_tx(services.engine) as connection:
        if connection.scalar(select(audit_report_table.c.id).where(audit_report_table.c.day == day)):
            return 0
    body: dict[str, Any] = audit_days(services, day, day).as_dict()
    row = {
        "day": day,
        "violations": len(body["violations"]),
        "body": body,
        "signature": sign(body, services.settings.signing_key),
        "created_at": now,
    }
    with write_tx(services.engine) as connection:
        connection.execute(insert_new(connection, audit_report_table, ("day",)), row)
    return 1
