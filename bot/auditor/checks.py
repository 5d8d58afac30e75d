"""What may be wrong with the moment, the address and the standing of a message that left: one function for
each kind, tried on every message.
"""

import re
from datetime import datetime, time, timedelta

from bot.auditor.checking import Terms, check, demand, unasked, zone_of
from bot.auditor.law import is_closed
from bot.auditor.log import WEEK, Sent
from models.base import AnyRow

_WINDOW = timedelta(hours=24)


def _local(sent: Sent, terms: Terms) -> datetime:
    """When it reached the borrower, by their clock."""
    return sent.at.astimezone(zone_of(sent, terms))


def _span(sent: Sent, terms: Terms, *, known: bool, channel: str) -> tuple[time, time] | None:
    return terms.law.hours(_local(sent, terms).date(), zone_known=known, channel=channel)


@check("hours-early")
def _early(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    span = _span(sent, terms, known=True, channel="")
    return f"{local:%H:%M}" if unasked(sent) and span and local.time() < span[0] else None


@check("hours-late")
def _late(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    span = _span(sent, terms, known=True, channel="")
    return f"{local:%H:%M}" if unasked(sent) and span and local.time() >= span[1] else None


@check("hours-zone-unknown")
def _zone_unknown(sent: Sent, terms: Terms) -> str | None:
    if not unasked(sent) or sent.row.zone:
        return None
    local, span = _local(sent, terms), _span(sent, terms, known=False, channel="")
    outside = span and not span[0] <= local.time() < span[1]
    return f"{local:%H:%M}" if outside else None


@check("hours-sms")
def _sms(sent: Sent, terms: Terms) -> str | None:
    if not unasked(sent) or sent.row.channel != "sms":
        return None
    local, span = _local(sent, terms), _span(sent, terms, known=True, channel="sms")
    return f"{local:%H:%M}" if span and not span[0] <= local.time() < span[1] else None


@check("day-saturday")
def _saturday(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    shut = local.weekday() == 5 and terms.law.saturday is None
    return local.date().isoformat() if unasked(sent) and shut else None


@check("day-sunday")
def _sunday(sent: Sent, terms: Terms) -> str | None:
    local = _local(sent, terms)
    return local.date().isoformat() if unasked(sent) and local.weekday() == 6 else None


@check("day-holiday")
def _holiday(sent: Sent, terms: Terms) -> str | None:
    day = _local(sent, terms).date()
    return day.isoformat() if unasked(sent) and is_closed(terms.country, day) else None


@check("hours-wish")
def _wish(sent: Sent, terms: Terms) -> str | None:
    """The borrower's own hours, as they stated them; a wish outside the lawful hours binds nobody."""
    windows = [fact.data["time_window"] for fact in sent.facts if fact.data.get("time_window")]
    if not demand(sent) or not windows:
        return None
    start, end = (time.fromisoformat(each) for each in windows[-1])
    span = _span(sent, terms, known=bool(sent.row.zone), channel=sent.row.channel)
    if span is None or max(start, span[0]) >= min(end, span[1]):
        return None
    local = _local(sent, terms).time()
    return f"{local:%H:%M}, asked for {start:%H:%M}-{end:%H:%M}" if not start <= local < end else None


@check("cap-day")
def _cap_day(sent: Sent, terms: Terms) -> str | None:
    count = 1 + sum(1 for other in _contacts(sent) if _same_day(sent, other.sent_at, terms))
    return f"{count} on one day" if demand(sent) and count > terms.law.a_day else None


@check("cap-week")
def _cap_week(sent: Sent, terms: Terms) -> str | None:
    """Of seven days by the borrower's calendar."""
    zone, today = zone_of(sent, terms), _local(sent, terms).date()
    recent = [o for o in _contacts(sent) if today - o.sent_at.astimezone(zone).date() < timedelta(days=7)]
    count = 1 + len(recent)
    return f"{count} in seven days" if demand(sent) and count > terms.law.a_week else None


@check("cap-channels")
def _cap_channels(sent: Sent, terms: Terms) -> str | None:
    """Ley 2300 art. 3: not by several channels in one week."""
    most = terms.law.channels_a_week
    if most is None or not demand(sent):
        return None
    zone, today = zone_of(sent, terms), _local(sent, terms).date()
    monday = today - timedelta(days=today.weekday())
    used = {o.channel for o in _contacts(sent) if o.sent_at.astimezone(zone).date() >= monday}
    return ", ".join(sorted(used | {sent.row.channel})) if len(used | {sent.row.channel}) > most else None


@check("cap-notices")
def _cap_notices(sent: Sent, terms: Terms) -> str | None:
    if sent.row.purpose not in ("confirmation", "notice"):
        return None
    others = [o for o in sent.before if o.purpose in ("confirmation", "notice")]
    count = 1 + sum(1 for other in others if _same_day(sent, other.sent_at, terms))
    return f"{count} on one day" if count > terms.law.notices_a_day else None


def _contacts(sent: Sent) -> list[AnyRow]:
    return [other for other in sent.before if other.purpose == "contact"]


def _same_day(sent: Sent, at: datetime, terms: Terms) -> bool:
    return bool(at.astimezone(zone_of(sent, terms)).date() == _local(sent, terms).date())


@check("opted-out")
def _opted_out(sent: Sent, terms: Terms) -> str | None:
    del terms
    last = sent.last("optout.recorded", "optin.recorded")
    silent = last is not None and last.kind == "optout.recorded" and last.at < sent.at
    return "asked for no more messages" if demand(sent) and silent else None


@check("point-closed")
def _closed(sent: Sent, terms: Terms) -> str | None:
    del terms
    point = _point(sent)
    closed = sent.last("contact_point.closed")
    if not unasked(sent) or point is None or closed is None or point.status not in ("closed", "invalid"):
        return None
    return str(closed.data.get("reason", "closed")) if closed.at < sent.at else None


@check("point-unknown")
def _unknown(sent: Sent, terms: Terms) -> str | None:
    """Only addresses that the lender or the borrower gave may be written to or called; or a guarantor's."""
    del terms
    wanted = unasked(sent) and sent.person is not None and sent.row.address
    known = _point(sent) is not None or _digits(sent.row.address) in map(_digits, sent.guarantors)
    return sent.row.channel if wanted and not known else None


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
    @check(f"hold-{kind}")
    def held(sent: Sent, terms: Terms) -> str | None:
        del terms
        return kind if demand(sent) and kind in sent.holds else None


for _kind in (
    "dispute",
    "deceased",
    "vulnerable",
    "legal",
    "opt_out",
    "hardship",
    "complaint",
    "payment_reported",
    "missing",
    "quiet",
):
    _held(_kind)


@check("loan-settled")
def _settled(sent: Sent, terms: Terms) -> str | None:
    del terms
    last = sent.last("loan.settled", "payment.reversed")
    paid = last is not None and last.kind == "loan.settled" and last.at < sent.at
    return "nothing was owed any more" if demand(sent) and paid else None


@check("loan-written-off")
def _written_off(sent: Sent, terms: Terms) -> str | None:
    del terms
    return sent.row.loan_status if demand(sent) and sent.row.loan_status == "written_off" else None


@check("third-party-channel")
def _third_party(sent: Sent, terms: Terms) -> str | None:
    barred = terms.sender_role == "third_party" and sent.row.channel not in terms.law.third_party
    return sent.row.channel if unasked(sent) and barred else None


@check("loan-of-another")
def _of_another(sent: Sent, terms: Terms) -> str | None:
    """One person was written to about the loan of another."""
    del terms
    owner, reader = sent.row.loan_owner, sent.row.borrower_id
    return f"of borrower {owner}" if None not in (owner, reader) and owner != reader else None


@check("reply-unasked")
def _reply(sent: Sent, terms: Terms) -> str | None:
    """Called an answer, so that no hour, cap or wish counts, though nobody had written for a week."""
    del terms
    heard = sent.received_at is not None and sent.at < sent.received_at + WEEK
    return "nobody had written" if sent.row.purpose == "reply" and not heard else None


@check("owner")
def _owner(sent: Sent, terms: Terms) -> str | None:
    """The bot wrote while a person had the conversation."""
    del terms
    here = [f for f in sent.facts if f.data.get("conversation") == sent.row.conversation_id]
    turns = [f for f in here if f.kind.startswith("handoff.") and f.at < sent.at]
    theirs = bool(turns) and turns[-1].kind != "handoff.released"
    return turns[-1].kind if sent.row.author == "bot" and unasked(sent) and theirs else None


@check("notice-demands")
def _demanding_notice(sent: Sent, terms: Terms) -> str | None:
    """A reminder that is called a notice, so that neither caps nor silence count."""
    del terms
    key = str((getattr(sent.row, "wording", None) or {}).get("key", ""))
    return key if sent.row.purpose in ("confirmation", "notice") and key.startswith("reminder.") else None


@check("window")
def _window(sent: Sent, terms: Terms) -> str | None:
    """WhatsApp: outside 24 hours from their last message only a template may leave."""
    del terms
    if sent.row.channel != "whatsapp" or sent.row.template:
        return None
    open_ = sent.window_opened_at is not None and sent.at < sent.window_opened_at + _WINDOW
    return "no template outside the window" if not open_ else None


@check("template-unknown")
def _unknown_template(sent: Sent, terms: Terms) -> str | None:
    """It left by a template that was never submitted from here."""
    del terms
    return str(sent.row.template) if sent.row.template and sent.template is None else None


@check("template-unapproved")
def _template(sent: Sent, terms: Terms) -> str | None:
    """As WhatsApp had decided when it left."""
    del terms
    decision = sent.decision
    if decision is None or (decision.status == "approved" and decision.category == "UTILITY"):
        return None
    return f"{decision.status}, {decision.category}"


@check("repeated")
def _repeated(sent: Sent, terms: Terms) -> str | None:
    """The same words twice within an hour, to the same address."""
    del terms
    same = [
        o
        for o in sent.before
        if o.body == sent.row.body
        and o.address == sent.row.address
        and sent.at - o.sent_at < timedelta(hours=1)
    ]
    return f"message {same[-1].id}" if unasked(sent) and same and sent.row.body else None
