"""Nothing that binds happens without its word, and no word of that kind is lost."""

import re
from collections.abc import Iterator

from tests.robot.borrower import Written
from tests.robot.seen import Seen, Talk

_AGREES = re.compile(r"\b(?:ok|va(?! a\b)|aja)\b|👍", re.IGNORECASE)
"""What the robot writes in passing and is a yes all the same."""
_NEEDS = {
    "promise.made": ("yes",),
    "plan.agreed": ("yes",),
    "mandate.authorized": ("accept",),
    "mandate.cancelled": ("cancel_debit", "dispute", "vulnerable", "no", "accept", "button", "several"),
    "optout.recorded": ("opt_out", "abuse", "complaint", "wrong_number", "button", "several"),
    "contact_point.closed": ("another", "wrong_number", "vulnerable", "dispute", "no", "button", "several"),
}
"""What happened → what must have been written. ACEPTO to terms of the day before yesterday ends those."""
_HEARD = {
    "opt_out": "optout.recorded",
    "complaint": "complaint.opened",
    "dispute": "dispute.opened",
    "vulnerable": "vulnerability.reported",
    "birthday": "identity.confirmed",
    "accept": "mandate.authorized",
}
"""What was written without a slip → what must have happened by then: protection, whoever has the
conversation, and the answer to a question. «Ya no me manden nada, mejor por mensaje de texto» wishes for
another way or hour, and not for none.
"""
_ANEW = frozenset({"mandate.expired", "mandate.changed"})
"""Terms of days ago, or of what was due before a payment landed: they are shown anew."""


def faults(seen: Seen, _talk: Talk) -> Iterator[str]:
    if seen.written is None:
        return
    meanings = {seen.written.meaning, seen.written.also} - {""}
    anew = not _ANEW.isdisjoint(seen.keys)
    yield from _unasked(seen, seen.written, meanings, anew=anew)
    yield from _lost(seen, seen.written, meanings, anew=anew)


def _unasked(seen: Seen, written: Written, meanings: set[str], *, anew: bool) -> Iterator[str]:
    given = meanings | {"yes"} if _AGREES.search(written.text) else set(meanings)
    if seen.several:
        given.add("several")
    for kind, reasons in _NEEDS.items():
        replaced = kind == "mandate.cancelled" and (anew or "mandate.requested" in seen.kinds)
        if kind in seen.kinds and given.isdisjoint(reasons) and not replaced:
            yield f"{kind} by «{written.meaning}»"


def _lost(seen: Seen, written: Written, meanings: set[str], *, anew: bool) -> Iterator[str]:
    known = seen.proved or "contact_point.closed" not in seen.books.ever
    heeded = meanings - {"opt_out"} if "hours" in meanings else meanings
    for meaning in sorted(heeded & _HEARD.keys()):
        answerable = seen.handler_before == "bot" or meaning != "accept"
        happened = _HEARD[meaning] in seen.books.ever or (anew and meaning == "accept")
        if written.exact and known and answerable and not happened:
            yield f"«{meaning}» is lost"
    shown = any(written.text[-4:] in each.text for each in seen.arrived)
    if written.meaning == "clabe" and seen.handler_before == "bot" and not shown:
        yield "an account is lost"
