"""What must never happen, a file for each kind: `faults(seen, talk)` names what is wrong with a turn."""

from collections.abc import Callable, Iterator

from tests.robot.judges import acts, answers, books, kept, payments, words
from tests.robot.seen import Seen, Talk

JUDGES: tuple[Callable[[Seen, Talk], Iterator[str]], ...] = (
    answers.faults,
    acts.faults,
    words.faults,
    kept.faults,
    payments.faults,
    books.faults,
)
