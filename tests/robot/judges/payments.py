"""A payment that landed is thanked for, once."""

from collections.abc import Iterator

from tests.robot.seen import Seen, Talk

_THANKS = frozenset({"news.paid", "news.paid_kept", "news.paid_off", "news.paid_reported"})
_SILENT = frozenset({"optout.recorded", "contact_point.closed", "vulnerability.reported"})
"""After these nothing is sent unasked."""


def faults(seen: Seen, talk: Talk) -> Iterator[str]:
    thanks = sum(key in _THANKS for key in seen.keys)
    talk.thanked += thanks
    talk.counts["thanks"] += thanks
    known = seen.proved and seen.handler_before == "bot" and _SILENT.isdisjoint(seen.books.ever)
    if known and "payment.posted" in seen.kinds and not thanks:
        yield "no thanks for a payment that landed"
    if talk.thanked > sum(row.kind == "payment.posted" for row in seen.books.entries):
        yield "thanks for a payment that did not land, or twice"
