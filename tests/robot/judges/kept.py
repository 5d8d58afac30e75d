"""What is promised of people is kept: somebody has it before them, and who was told «te avisamos» is."""

import re
from collections.abc import Iterator

from tests.robot.seen import Seen, Talk

_WORD_GIVEN = {
    "payment_report.noted": "payment_reported",
    "payment_report.noted_sum": "payment_reported",
    "payment_report.noted_receipt": "payment_reported",
    "topic.unknown": "question",
    "privacy.noted": "privacy_request",
}
"""What says that somebody will answer → the task that makes them."""
_SOMEBODY = re.compile(
    r"(?<! y )lo revisa|(?:te|le) responde|person[^.]*(?:te|le) escribirá|team is checking"
)
_CASES = (
    "complaint.opened",
    "dispute.opened",
    "vulnerability.reported",
    "handoff.requested",
    "payment.reported",
)
_NEWS = {
    "payment_reported": ("news.paid_not_found",),
    "complaint": ("news.case_upheld",),
    "dispute": ("news.case_upheld",),
    "privacy_request": ("news.privacy_upheld",),
}
"""A case that was closed → what its borrower is told."""
_UNWRITABLE = frozenset({"optout.recorded", "contact_point.closed", "wrong_party.reported"})


def faults(seen: Seen, _talk: Talk) -> Iterator[str]:
    tasks = {row.kind for row in seen.books.tasks}
    for key in seen.keys:
        if _WORD_GIVEN.get(key, "") not in ("", *tasks):
            yield f"nobody keeps the word of {key}"
    promised = any(_SOMEBODY.search(outgoing.text) for outgoing in seen.arrived)
    waits = seen.handler != "bot" or tasks or not seen.books.ever.isdisjoint(_CASES)
    if promised and not waits:
        yield "nobody keeps the word that somebody answers"
    if seen.proved and seen.handler == "bot" and _UNWRITABLE.isdisjoint(seen.books.ever):
        for kind in seen.closed:
            if set(_NEWS[kind]).isdisjoint(seen.keys):
                yield f"nothing is told of the {kind} that was closed"
