"""Whatever is open: all may be paid before the borrower answers. Every script, after each of its messages."""

from copy import copy

from tests.conversations.script import SCRIPTS, Play

ANSWERS = (
    "sí [affirm]",
    "los dos [other]",
    "el viernes [other date=2026-11-27]",
    "300 [promise_to_pay amount=30000]",
    "en 3 pagos [request_plan instalments=3]",
)


def test_an_answer_that_comes_after_all_was_paid_raises_nothing() -> None:
    for path in sorted(SCRIPTS.glob("*.txt")):
        play = Play(path.stem)
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not text.strip() or text.startswith("#"):
                continue
            play.line(number, text.strip())
            open_question = play.step is not None and play.step.expecting is not None
            if text.startswith(">") and open_question and play.facts.borrower is not None:
                for answer in ANSWERS:
                    paid = copy(play)
                    paid.line(number, "~ settled")
                    paid.line(number, f"> {answer}")
