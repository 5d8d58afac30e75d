"""Promises whose grace is over, and what their borrowers are to know of it."""

from collections.abc import Iterable

from bot.reach import News, notify_borrowers
from bot.services import Services
from models import ledger, write_tx
from models.ledger import JudgedPromise


def expire_promises(services: Services) -> int:
    """Judges a batch of those whose grace is over by what the ledger holds; how many."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        judged = ledger.expire_promises(connection, services.day(now), now)
        notify_borrowers(connection, promise_news(judged), now)
    return len(judged)


def promise_news(judged: Iterable[JudgedPromise]) -> list[News]:
    """That one was kept is part of the receipt for its payment; one that is judged again is no news of its
    own, but part of what changed the picture.
    """
    return [
        News(promise.loan_id, f"promise.{promise.outcome}", promise.key, promise.data)
        for promise in judged
        if promise.was == "open" and promise.outcome in ("partial", "broken")
    ]
