"""What may be wrong with a message that left: one function for each kind, tried on every message."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from bot.auditor.law import Law, is_closed
from bot.auditor.log import Sent
from models.base import AnyRow

_WINDOW = timedelta(hours=24)
_THREATS = (
    r"\b(carcel|prision|embarg|orden judicial|juzgado|juez\b|actuario|policia|ministerio publico|fraude)"
    r"|\b(demandar|denunciar|lista negra|exhibir|ultimo aviso)|\bvecin[oa]s?\b"
)
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[\s.-]{0,2}){14,18}\d(?!\d)")
_DEBT = re.compile(r"\$\s?\d|\b(adeud|deuda|saldo|vencid|mensualidad|prestamo|credito vencido)")


@dataclass(frozen=True, slots=True)
class Terms:
    """The lender's own terms, and the country's law."""

    country: str
    law: Law
    sender_role: str
    identity_days: int
    own_accounts: frozenset[str]
    names: tuple[str, ...]
    """Trade and legal name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When it reached the borrower, by their clock."""

    zone: ZoneInfo
    known: bool

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


Check = Callable[[Sent, Terms], str | None]
CHECKS: dict[str, Check] = {}
OF_CALLS = (
    "hours-early",
    "hours-late",
    "hours-zone-unknown",
    "day-saturday",
    "day-sunday",
    "day-holiday",
    "hours-wish",
    "cap-day",
    "cap-week",
    "cap-channels",
    "opted-out",
)
"""Those that a call or a visit of an agent is tried by too."""


def _check(name: str) -> Callable[[Check], Check]:
    def add(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return add


def _unasked(sent: Sent) -> bool:
    return bool(sent.row.purpose != "reply")


def _demand(sent: Sent) -> bool:
    """A contact of ours, about a debt."""
    return bool(sent.row.purpose == "contact")


def _moment(sent: Sent, terms: Terms) -> Moment:
    zone = sent.row.zone
    return Moment(ZoneInfo(zone) if zone else terms.law.zone, bool(zone))


def _local(sent: Sent, terms: Terms) -> datetime:
    return _moment(sent, terms).local(sent.at)


def _span(sent: Sent, terms: Terms, *, known: bool, channel: str) -> tuple[time, time] | None:
    return terms.law.hours(_local(sent, terms).date(), zone_known=known, channel=channel)


@_check("hours-early")
def _early(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    span = _span(sent, terms, known=True, channel="")
    return f"{local:%H:%M}" if _unasked(sent) and span and local.time() < span[0] else None


@_check("hours-late")
def _late(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    span = _span(sent, terms, known=True, channel="")
    return f"{local:%H:%M}" if _unasked(sent) and span and local.time() >= span[1] else None


@_check("hours-zone-unknown")
def _zone_unknown(sent: Sent, terms: Terms) -> str | None:
    if not _unasked(sent) or sent.row.zone:
        return None
    local, span = _local(sent, terms), _span(sent, terms, known=False, channel="")
    outside = span and not span[0] <= local.time() < span[1]
    return f"{local:%H:%M}" if outside else None


@_check("hours-sms")
def _sms(sent: Sent, terms: Terms) -> str | None:
    if not _unasked(sent) or sent.row.channel != "sms":
        return None
    local, span = _local(sent, terms), _span(sent, terms, known=True, channel="sms")
    return f"{local:%H:%M}" if span and not span[0] <= local.time() < span[1] else None


@_check("day-saturday")
def _saturday(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    shut = local.weekday() == 5 and terms.law.saturday is None
    return local.date().isoformat() if _unasked(sent) and shut else None


@_check("day-sunday")
def _sunday(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    return local.date().isoformat() if _unasked(sent) and local.weekday() == 6 else None


@_check("day-holiday")
def _holiday(sent: Sent, terms: Terms) -> str | None:
    day = _local(sent, terms).date()
    return day.isoformat() if _unasked(sent) and is_closed(terms.country, day) else None


@_check("hours-wish")
def _wish(sent: Sent, terms: Terms) -> str | None:
    """The borrower's own hours, as they stated them; a wish outside the lawful hours binds nobody."""
    windows = [fact.data["time_window"] for fact in sent.facts if fact.data.get("time_window")]
    if not _demand(sent) or not windows:
        return None
    start, end = (time.fromisoformat(each) for each in windows[-1])
    span = _span(sent, terms, known=bool(sent.row.zone), channel=sent.row.channel)
    if span is None or max(start, span[0]) >= min(end, span[1]):
        return None
    local = _local(sent, terms).time()
    return f"{local:%H:%M}, asked for {start:%H:%M}-{end:%H:%M}" if not start <= local < end else None


@_check("cap-day")
def _cap_day(sent: Sent, terms: Terms) -> str | None:
    count = 1 + sum(1 for other in _contacts(sent) if _same_day(sent, other.sent_at, terms))
    return f"{count} on one day" if _demand(sent) and count > terms.law.a_day else None


@_check("cap-week")
def _cap_week(sent: Sent, terms: Terms) -> str | None:
    """Of seven days by the borrower's calendar."""
    moment, today = _moment(sent, terms), _local(sent, terms).date()
    recent = [o for o in _contacts(sent) if today - moment.local(o.sent_at).date() < timedelta(days=7)]
    count = 1 + len(recent)
    return f"{count} in seven days" if _demand(sent) and count > terms.law.a_week else None


@_check("cap-channels")
def _cap_channels(sent: Sent, terms: Terms) -> str | None:
    """Ley 2300 art. 3: not by several channels in one week."""
    most = terms.law.channels_a_week
    if most is None or not _demand(sent):
        return None
    moment, today = _moment(sent, terms), _local(sent, terms).date()
    monday = today - timedelta(days=today.weekday())
    used = {o.channel for o in _contacts(sent) if moment.local(o.sent_at).date() >= monday}
    return ", ".join(sorted(used | {sent.row.channel})) if len(used | {sent.row.channel}) > most else None


@_check("cap-notices")
def _cap_notices(sent: Sent, terms: Terms) -> str | None:
    if sent.row.purpose not in ("confirmation", "notice"):
        return None
    others = [o for o in sent.before if o.purpose in ("confirmation", "notice")]
    count = 1 + sum(1 for other in others if _same_day(sent, other.sent_at, terms))
    return f"{count} on one day" if count > terms.law.notices_a_day else None


def _contacts(sent: Sent) -> list[AnyRow]:
    return [other for other in sent.before if other.purpose == "contact"]


def _same_day(sent: Sent, at: datetime, terms: Terms) -> bool:
    moment = _moment(sent, terms)
    here: date = moment.local(sent.at).date()
    return moment.local(at).date() == here


@_check("opted-out")
def _opted_out(sent: Sent, terms: Terms) -> str | None:
    del terms
    last = sent.last("optout.recorded", "optin.recorded")
    silent = last is not None and last.kind == "optout.recorded" and last.at < sent.at
    return "asked for no more messages" if _demand(sent) and silent else None


@_check("point-closed")
def _closed(sent: Sent, terms: Terms) -> str | None:
    del terms
    point = _point(sent)
    closed = sent.last("contact_point.closed")
    if not _unasked(sent) or point is None or closed is None or point.status != "closed":
        return None
    return str(closed.data.get("reason", "closed")) if closed.at < sent.at else None


@_check("point-unknown")
def _unknown(sent: Sent, terms: Terms) -> str | None:
    """Only addresses that the lender or the borrower gave may be written to."""
    del terms
    known = sent.row.borrower_id is None or _point(sent) is not None
    return sent.row.channel if _unasked(sent) and not known else None


def _point(sent: Sent) -> AnyRow | None:
    """The contact point that it went to; the two forms of a Mexican number are one."""
    want = _digits(sent.row.address)
    return next(
        (point for point in sent.points if want in (_digits(point.address), _digits(point.key))), None
    )


def _digits(address: str) -> str:
    bare = re.sub(r"^(whatsapp|mailto):", "", address).strip().lower()
    return f"+52{bare[-10:]}" if re.fullmatch(r"\+52\d{10,11}", bare) else bare


def _held(kind: str) -> None:
    @_check(f"hold-{kind}")
    def check(sent: Sent, terms: Terms) -> str | None:
        del terms
        return kind if _demand(sent) and kind in sent.holds else None


for _kind in (
    "dispute",
    "deceased",
    "vulnerable",
    "legal",
    "opt_out",
    "hardship",
    "complaint",
    "payment_reported",
):
    _held(_kind)


@_check("loan-settled")
def _settled(sent: Sent, terms: Terms) -> str | None:
    del terms
    last = sent.last("loan.settled", "payment.reversed")
    paid = last is not None and last.kind == "loan.settled" and last.at < sent.at
    return "nothing was owed any more" if _demand(sent) and paid else None


@_check("loan-written-off")
def _written_off(sent: Sent, terms: Terms) -> str | None:
    del terms
    return sent.row.loan_status if _demand(sent) and sent.row.loan_status == "written_off" else None


@_check("third-party-channel")
def _third_party(sent: Sent, terms: Terms) -> str | None:
    barred = terms.sender_role == "third_party" and sent.row.channel not in terms.law.third_party
    return sent.row.channel if _unasked(sent) and barred else None


@_check("owner")
def _owner(sent: Sent, terms: Terms) -> str | None:
    """The bot wrote while a person had the conversation."""
    del terms
    here = [f for f in sent.facts if f.data.get("conversation") == sent.row.conversation_id]
    turns = [f for f in here if f.kind.startswith("handoff.") and f.at < sent.at]
    theirs = bool(turns) and turns[-1].kind != "handoff.released"
    return turns[-1].kind if sent.row.author == "bot" and _unasked(sent) and theirs else None


@_check("window")
def _window(sent: Sent, terms: Terms) -> str | None:
    """WhatsApp: outside 24 hours from their last message only a template may leave."""
    del terms
    if sent.row.channel != "whatsapp" or sent.row.template:
        return None
    open_ = sent.received_at is not None and sent.at < sent.received_at + _WINDOW
    return "no template outside the window" if not open_ else None


@_check("template-unapproved")
def _template(sent: Sent, terms: Terms) -> str | None:
    """As WhatsApp decided before it left."""
    del terms
    template = sent.template
    if template is None or (template.status == "approved" and template.category == "UTILITY"):
        return None
    decided = template.checked_at or template.created_at
    return f"{template.status}, {template.category}" if decided <= sent.at else None


@_check("threat")
def _threat(sent: Sent, terms: Terms) -> str | None:
    del terms
    found = re.search(_THREATS, _plain(sent.row.body))
    return found[0] if found and (sent.row.author == "agent" or _demand(sent)) else None


@_check("account-number")
def _account(sent: Sent, terms: Terms) -> str | None:
    """An account of the borrower's, or of anyone but the lender: payments go to the lender's own."""
    found = {re.sub(r"\D", "", match) for match in _LONG_NUMBER.findall(sent.row.body)}
    return "a long number" if found - terms.own_accounts - sent.paid_into else None


@_check("debt-to-stranger")
def _stranger(sent: Sent, terms: Terms) -> str | None:
    """A debt was disclosed where nobody had proved who they are, or too long ago."""
    proved = sent.last("identity.confirmed")
    fresh = proved is not None and proved.at >= sent.at - timedelta(days=terms.identity_days + 1)
    disclosed = _DEBT.search(_plain(sent.row.body))
    return disclosed[0][:20] if _demand(sent) and disclosed and not fresh else None


@_check("first-contact-name")
def _first_name(sent: Sent, terms: Terms) -> str | None:
    """The first message to a person names the lender."""
    names = (*terms.names, *([sent.row.brand] if sent.row.brand else ()))
    named = any(_plain(name) in _plain(sent.row.body) for name in names)
    return "the lender is not named" if sent.first and _demand(sent) and not named else None


@_check("shouting")
def _shouting(sent: Sent, terms: Terms) -> str | None:
    del terms
    letters = [c for c in sent.row.body if c.isalpha()]
    loud = len(letters) >= 20 and all(c.isupper() for c in letters)
    return "capitals alone" if loud and (sent.row.author == "agent" or _demand(sent)) else None


@_check("repeated")
def _repeated(sent: Sent, terms: Terms) -> str | None:
    """The same words twice within an hour, to the same address."""
    del terms
    same = [
        o
        for o in sent.before
        if o.body == sent.row.body
        and o.address == sent.row.address
        and sent.at - o.sent_at < timedelta(hours=1)
        and o.status != "failed"
    ]
    return f"message {same[-1].id}" if _unasked(sent) and same and sent.row.body else None


def _plain(text: str) -> str:
    """Lower case, without accents."""
    return "".join(c for c in normalize("NFD", text.lower()) if not combining(c))
