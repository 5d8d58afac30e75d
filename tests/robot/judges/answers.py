"""Everybody is answered, unless a person has the conversation or nothing calls for it."""

from collections.abc import Iterator

from tests.robot.seen import Seen, Talk

DOUBT = ("unclear.", "repair.sorry", "repair.again")
_CALLS_FOR_NOTHING = ("thanks", "noise", "sticker", "old_button")
"""Of somebody who is not the borrower: nothing follows that."""
_ANSWERS = ("day", "amount", "move_charge", "stop_charge")
"""«No voy a tener saldo» under a question that is open may be of that one: it may be asked about."""


def faults(seen: Seen, _talk: Talk) -> Iterator[str]:
    if seen.outcome == "unprocessed":
        yield "a turn raised"
    written = seen.written
    if written is None:
        return
    parted = not seen.proved and not seen.books.ever.isdisjoint(
        ("contact_point.closed", "wrong_party.reported")
    )
    silent = parted and written.meaning in _CALLS_FOR_NOTHING
    if seen.handler_before == "bot" and not seen.rows and not silent:
        yield "no answer"
    elif seen.handler_before != "bot" and seen.rows:
        yield "an answer while a person has the conversation"
    if written.meaning in _ANSWERS and written.exact and any(key.startswith(DOUBT) for key in seen.keys):
        yield f"the answer «{written.meaning}» is doubted"
