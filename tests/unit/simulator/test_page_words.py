"""Whatever the page may have to say has words."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.debit.returns import Kind
from bot.simulator.page import home
from bot.simulator.page.clabes import ready
from bot.simulator.page.debit import outcomes
from bot.simulator.page.home import LOCALES, words_of
from bot.simulator.page.timeline import WHY
from bot.wording import Wording
from models import LEDGER_KINDS
from models.charge import CHARGE_STATES
from models.mandate import MANDATE_STATES

FOLDER = Path(home.__file__).parent
EXPECTED = ("identity", "yes_no", "clabe", "amount", "date", "choice", "consent", "text")
FOLLOWED = {
    "mandate_": MANDATE_STATES,
    "charge_": CHARGE_STATES,
    "return_": get_args(Kind),
    "expects_": EXPECTED,
    "clabe_": [row["kind"] for row in ready(1)],
    "stuck_": {*WHY.values(), "no_mandate", "lacking", "nothing_due", "no_due", "too_far"},
    "progress_": ("worker", "moved", "registration", "decision", "notice", "submission", "result"),
    "outcome_": [row["id"] for row in outcomes() if row["id"] == row["meaning"]],
    "day_": ("open", "closed", "weekend", "holiday"),
    "chosen_": ("charge", "next"),
    "later_": ("day", "hours", "cap"),
    "promise_": ("open", "kept", "partial", "broken", "cancelled"),
    "hint_": ("birth", "clabe_pays", "clabe_nsf_once", "rfc", "email"),
    "step_": ("authorized", "active", "notified", "submitted", "result", "settled"),
    "actor_": ("borrower", "agent", "lender", "system", "provider"),
}
"""Keys that the page puts together, and what may follow."""


@pytest.fixture(params=LOCALES.values())
def words(request: pytest.FixtureRequest) -> dict[str, object]:
    return words_of(Wording.load(), request.param)


def test_every_kind_of_entry_has_words(words: dict[str, object]) -> None:
    assert [kind for kind in LEDGER_KINDS if f"ledger.{kind}" not in words] == []


def test_every_key_that_is_put_together_has_words(words: dict[str, object]) -> None:
    wanted = [f"simulator.{start}{end}" for start, ends in FOLLOWED.items() for end in ends]
    assert [key for key in wanted if key not in words] == []


def test_every_key_that_is_written_out_has_words(words: dict[str, object]) -> None:
    keys = {
        key
        for path in FOLDER.rglob("*.js")
        for key in re.findall(r'\bt\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    keys |= {
        key
        for path in FOLDER.rglob("*.html")
        for key in re.findall(r"\bt\('(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    assert len(keys) > 50
    assert sorted(key for key in keys if f"simulator.{key}" not in words) == []
