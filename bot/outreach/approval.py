"""Templates at WhatsApp: made as Contents, submitted, asked after."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select, update

from bot.channels.twilio.contents import ContentStore
from bot.outreach.dispatch import make_transport
from bot.services import Services
from bot.wording import Template as Wanted
from bot.wording import templates
from models import Template, reading, writing

_T = Template.__table__
CATEGORY = "UTILITY"


def types_of(wanted: Wanted) -> dict[str, Any]:
    """A template with buttons is a quick reply, of up to ten; without, a text."""
    if not wanted.buttons:
        return {"twilio/text": {"body": wanted.body}}
    actions = [{"type": "QUICK_REPLY", "title": title, "id": payload} for payload, title in wanted.buttons]
    return {"twilio/quick-reply": {"body": wanted.body, "actions": actions}}


def missing(services: Services) -> Iterator[tuple[Wanted, dict[str, Any], str]]:
    with reading(services.engine) as connection:
        known = set(connection.scalars(select(_T.c.hash)))
    for wanted in templates(services.wording):
        types = types_of(wanted)
        key = ContentStore.hash(f"{wanted.name}:{wanted.language}", types)
        if key not in known:
            yield wanted, types, key


def push(services: Services) -> int:
    """Makes and submits those that are missing; how many. A name that changed its words is submitted under its hash."""
    transport: Any = make_transport(services)
    count = 0
    for wanted, types, key in list(missing(services)):
        variables = {str(i): sample for i, sample in enumerate(wanted.samples, 1)}
        sid = transport.create_content(wanted.name, wanted.language, types, variables)
        status = transport.submit(sid, f"{wanted.name}_{key[:6]}", CATEGORY)
        keep(services, wanted, key, sid, status)
        count += 1
    return count


def keep(services: Services, wanted: Wanted, key: str, sid: str, status: str) -> None:
    row = {"hash": key, "name": wanted.name, "language": wanted.language, "content_sid": sid, "status": status, "category": CATEGORY,
           "created_at": services.clock.now()}  # fmt: skip
    with writing(services.engine) as connection:
        connection.execute(_T.delete().where(_T.c.name == wanted.name, _T.c.language == wanted.language))
        connection.execute(insert(_T), row)


def statuses(services: Services) -> Iterator[tuple[str, str, str]]:
    """`(name, language, status)` of each, as WhatsApp says now."""
    transport: Any = make_transport(services)
    with reading(services.engine) as connection:
        rows = connection.execute(select(_T).where(_T.c.name.is_not(None)).order_by(_T.c.name, _T.c.language)).all()
    for row in rows:
        said = transport.approval(row.content_sid)
        values = {"status": said.get("status", row.status), "rejection": said.get("rejection_reason") or None, "checked_at": services.clock.now()}
        with writing(services.engine) as connection:
            connection.execute(update(_T).where(_T.c.id == row.id).values(**values))
        yield row.name, row.language, values["status"]
