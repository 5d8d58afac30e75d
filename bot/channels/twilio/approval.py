"""Templates at WhatsApp: checked, made as Contents, submitted, asked after."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection, insert, select, true, update

from bot.channels.transport import PermanentFailure, TransientFailure, UnknownOutcome
from bot.channels.twilio.decisions import decide
from bot.channels.twilio.templates import CATEGORY, DELETED, REFUSED, template_hash, template_types
from bot.faults import Fault
from bot.reach import NewTask, open_task
from bot.services import Services
from bot.wording import Template as Wanted
from bot.wording import templates
from models import read_tx, task_table, template_table, write_tx
from models.base import AnyRow

if TYPE_CHECKING:
    from bot.channels.twilio.client import TwilioTransport

__all__ = [
    "CATEGORY",
    "InvalidTemplate",
    "ask_undecided",
    "check_templates",
    "faults",
    "keep",
    "missing",
    "push",
    "statuses",
    "sync",
]

log = structlog.get_logger(__name__)

_VARIABLE = re.compile(r"\{\{\d+\}\}")
_DAY = re.compile(r"_r\d{6}$")
MOST_CHARACTERS, MOST_BUTTONS, BUTTON_TITLE = 1024, 10, 25
NOT_FOUND = "20404"


class InvalidTemplate(ValueError):
    """WhatsApp would refuse it."""

    def __init__(self, name: str, language: str, faults: Sequence[str]) -> None:
        super().__init__(
            f"template {name} ({language}): {'; '.join(faults)}: change its words in locales/{language}"
        )
        self.faults = faults


def faults(wanted: Wanted) -> list[Fault]:
    """What WhatsApp refuses in a template, before anyone is asked (limits as of 2026; Twilio's content
    template pages).
    """
    body, found = wanted.body, []
    variables, words = len(wanted.params), len(_VARIABLE.sub(" ", body).split())
    if not re.fullmatch(r"[a-z0-9_]{1,500}", wanted.name):
        found.append(Fault("template_name", "the name is not of lower-case letters, digits and _"))
    if len(body) > MOST_CHARACTERS:
        what = f"longer than {MOST_CHARACTERS} characters"
        found.append(Fault("template_long", what, most=MOST_CHARACTERS))
    if _VARIABLE.match(body) or body.endswith("}}"):
        found.append(Fault("template_edge", "begins or ends with a variable"))
    if re.search(r"\}\}\s*\{\{", body):
        found.append(Fault("template_together", "two variables without words between them"))
    if variables and words < 2 * variables + 1:
        what = f"{words} words are too few for {variables} variables"
        found.append(Fault("template_few", what, words=words, variables=variables))
    if len(wanted.samples) != variables:
        found.append(Fault("template_sample", "a variable has no sample"))
    if len(wanted.buttons) > MOST_BUTTONS or any(len(title) > BUTTON_TITLE for _, title in wanted.buttons):
        what = f"more than {MOST_BUTTONS} buttons, or one longer than {BUTTON_TITLE} characters"
        found.append(Fault("template_buttons", what, most=MOST_BUTTONS, longest=BUTTON_TITLE))
    return found


def make_twilio(services: Services) -> "TwilioTransport":
    """Made where it is needed: its package is heavy and belongs in no web process."""
    from bot.channels.twilio.client import TwilioTransport
    from bot.channels.twilio.contents import ContentStore

    return TwilioTransport(services.settings, ContentStore(services.engine, services.clock))


def missing(services: Services) -> Iterator[tuple[Wanted, dict[str, Any], str]]:
    """`(template, types, hash)` of those that were never made as they read now, or were deleted at Twilio.
    Words that are in force again have the template that they had. Raises InvalidTemplate.
    """
    _restore(services)
    there = template_table.c.name.is_not(None) & (template_table.c.status != DELETED)
    with read_tx(services.engine) as connection:
        known = set(connection.scalars(select(template_table.c.hash).where(there)))
    for wanted in templates(services.wording, services.settings.promise_forms):
        if found := faults(wanted):
            raise InvalidTemplate(wanted.name, wanted.language, found)
        if (key := template_hash(wanted)) not in known:
            yield wanted, template_types(wanted), key


def _restore(services: Services) -> None:
    wanted = {
        template_hash(each): each for each in templates(services.wording, services.settings.promise_forms)
    }
    own = template_table.c
    replaced = own.name.is_(None) & own.hash.in_(list(wanted)) & (own.status != DELETED)
    with read_tx(services.engine) as connection:
        again = list(connection.scalars(select(own.hash).where(replaced)))
    for key in again:
        with write_tx(services.engine) as connection:
            _replace(connection, wanted[key])
            back = update(template_table).where(replaced, own.hash == key)
            connection.execute(back.values(name=wanted[key].name))


def push(services: Services, transport: "TwilioTransport | None" = None) -> int:
    """Makes and submits those that are missing; how many. One whose words changed is submitted under a name
    of its own: WhatsApp keeps the old one's.
    """
    return _push(services, transport or make_twilio(services), list(missing(services)))


def _push(
    services: Services, twilio: "TwilioTransport", wanted_ones: Sequence[tuple[Wanted, dict[str, Any], str]]
) -> int:
    count, today = 0, services.day(services.clock.now())
    with read_tx(services.engine) as connection:
        gone = select(template_table.c.hash).where(template_table.c.status == DELETED)
        deleted = set(connection.scalars(gone))
    for wanted, types, key in wanted_ones:
        variables = {str(i): sample for i, sample in enumerate(wanted.samples, 1)}
        sid = twilio.create_content(wanted.name, wanted.language, types, variables)
        name = _submitted_as(wanted, key) + (f"_r{today:%y%m%d}" if key in deleted else "")
        status = twilio.submit(sid, name, CATEGORY)
        keep(services, wanted, key, sid, status)
        count += 1
    return count


def sync(services: Services, transport: "TwilioTransport | None" = None) -> int:
    """Adopts templates that were submitted from another database, or before this one was restored; how many.
    Those that WhatsApp refused are left.
    """
    twilio = transport or make_twilio(services)
    submitted = {
        (_DAY.sub("", content["approval"].get("name") or ""), content["language"]): content
        for content in twilio.contents()
        if content["approval"].get("status", "unsubmitted") not in ("unsubmitted", *REFUSED)
    }
    count = 0
    for wanted, _, key in list(missing(services)):
        if content := submitted.get((_submitted_as(wanted, key), wanted.language)):
            keep(services, wanted, key, content["sid"], content["approval"]["status"][:24])
            count += 1
    return count


def _submitted_as(wanted: Wanted, key: str) -> str:
    """Its words are in the name: WhatsApp keeps the old one's. What was deleted gets its day there too: its
    name is barred for thirty days.
    """
    return f"{wanted.name}_{key[:6]}"


def keep(services: Services, wanted: Wanted, key: str, sid: str, status: str) -> None:
    """The one that it replaces stays, without its name: messages left by it, and are audited and priced; and
    its words may be in force again.
    """
    row = {
        "hash": key,
        "name": wanted.name,
        "language": wanted.language,
        "content_sid": sid,
        "status": status,
        "category": CATEGORY,
        "created_at": services.clock.now(),
    }
    with write_tx(services.engine) as connection:
        gone = update(template_table).where(template_table.c.hash == key)
        connection.execute(gone.values(hash="deleted:" + template_table.c.content_sid))
        _replace(connection, wanted)
        connection.execute(insert(template_table), row)


def _replace(connection: Connection, wanted: Wanted) -> None:
    own = template_table.c
    same = update(template_table).where(own.name == wanted.name, own.language == wanted.language)
    connection.execute(same.values(name=None))


def statuses(
    services: Services, transport: "TwilioTransport | None" = None, *, undecided: bool = False
) -> Iterator[tuple[str, str, str]]:
    """`(name, language, status)` of each, or of those that are `undecided`, as WhatsApp says now. It may have
    moved one to another category: then it is not sent.
    """
    twilio = transport or make_twilio(services)
    own = template_table.c
    which = own.status.not_in(("approved", *REFUSED)) if undecided else true()
    with read_tx(services.engine) as connection:
        rows = connection.execute(
            select(template_table)
            .where(template_table.c.name.is_not(None), which)
            .order_by(template_table.c.name, template_table.c.language)
        ).all()
    for row in rows:
        reported = _reported(twilio, row.content_sid)
        status = (reported.get("status") or row.status)[:24]
        if row.status == "stopped" and status != DELETED:
            status = row.status
        category = (reported.get("category") or row.category or "")[:24] or None
        with write_tx(services.engine) as connection:
            _decided(
                connection, row, status, category, reported.get("rejection_reason"), services.clock.now()
            )
        yield (
            row.name,
            row.language,
            status if category == CATEGORY else f"{status}, but as {category}",
        )


def _reported(twilio: "TwilioTransport", content_sid: str) -> Mapping[str, Any]:
    try:
        return twilio.approval(content_sid)
    except PermanentFailure as failure:
        if failure.code != NOT_FOUND:
            raise
        return {"status": DELETED}


def _decided(
    connection: Connection,
    row: AnyRow,
    status: str,
    category: str | None,
    rejection: str | None,
    now: datetime,
) -> None:
    """`checked_at` is when this decision was first seen. One task for each that keeps messages from leaving,
    closed once the template is approved.
    """
    is_news = row.checked_at is None or (row.status, row.category) != (status, category)
    at = now if is_news else row.checked_at
    why = rejection[:400] if rejection else row.rejection
    about = {"status": status, "category": category, "rejection": why}
    if is_news:
        mine = (template_table.c.id == row.id) & (template_table.c.status == row.status)
        decide(connection, mine, at, **about)
    key = f"template:{row.content_sid}:"
    if status in REFUSED or category not in (None, CATEGORY):
        data = {"template": row.name, "language": row.language, **about}
        task = NewTask("template_refused", at, key=f"{key}{at:%Y%m%dT%H%M%S}", data=data)
        open_task(connection, task)
    elif is_news:
        over = task_table.c.key.startswith(key, autoescape=True) & task_table.c.done_at.is_(None)
        done = {"done_at": now, "done_by": "system:templates", "outcome": "not_needed"}
        connection.execute(update(task_table).where(over).values(**done))


def _reworded(services: Services) -> Iterator[tuple[Wanted, dict[str, Any], str]]:
    """What a second person put in force is submitted by itself; what a new version brings, by a command."""
    own = services.lender.wording
    return (each for each in missing(services) if each[0].words in own.get(each[0].language, {}))


def ask_undecided(services: Services, transport: "TwilioTransport | None" = None) -> int:
    """The sweep between: messages may wait for those that were submitted; how many may be sent now."""
    try:
        asked = statuses(services, transport, undecided=True)
        return sum(status == "approved" for _, _, status in asked)
    except (TransientFailure, PermanentFailure, UnknownOutcome) as failure:
        log.warning("the provider could not be asked about templates", code=failure.code)
        return 0


def check_templates(services: Services, transport: "TwilioTransport | None" = None) -> int:
    """The sweep: submits those that the lender words anew, and asks after each; how many may be sent. A
    lender without any asks nobody.
    """
    with read_tx(services.engine) as connection:
        if (
            connection.scalar(select(template_table.c.id).where(template_table.c.name.is_not(None)).limit(1))
            is None
        ):
            return 0
    try:
        twilio = transport or make_twilio(services)
        _push(services, twilio, list(_reworded(services)))
        return sum(status == "approved" for _, _, status in statuses(services, twilio))
    except (TransientFailure, PermanentFailure, UnknownOutcome) as failure:
        log.warning("the provider could not be asked about templates", code=failure.code)
        return 0
