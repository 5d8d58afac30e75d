"""Whoever edits what is shipped reads its comments in their own language."""

import tomllib
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.compliance import countries, rules_text
from bot.console.access.guard import LONG_TEXTS
from bot.console.managers.comments import translated
from bot.lender import SAMPLE, read_text
from bot.toml_lines import section_of
from bot.wording import Wording

ROOT = Path(__file__).parents[3]
WORDING = Wording.load()
SHIPPED = {
    **{country: rules_text(country) for country in countries()},
    **{name: section_of(read_text(SAMPLE), name) for name in ("policy", "topics", "wording")},
    "strategy": (ROOT / "bot/outreach/strategies/default.toml").read_text(encoding="utf-8"),
}


def comments(body: str) -> list[str]:
    runs = groupby(body.splitlines(), key=lambda line: line.startswith("#"))
    return [" ".join(line.lstrip("# ") for line in run) for is_comment, run in runs if is_comment]


@pytest.mark.parametrize("name", SHIPPED)
def test_each_comment_has_its_words_in_each_language(name: str) -> None:
    body = SHIPPED[name]
    spanish = translated(body, WORDING, "es_MX")
    assert len(comments(spanish)) == len(comments(body))
    assert [text for text in comments(spanish) if text in comments(body) and text != "Art. 3."] == []
    assert comments(translated(spanish, WORDING, "en")) == comments(body), "and back"
    ours, theirs = ([line for line in text.splitlines() if line[:1] != "#"] for text in (body, spanish))
    described = [line.startswith(("about = ", "target = ")) for line in ours]
    assert [a != b for a, b in zip(ours, theirs, strict=True)] == described
    tomllib.loads(spanish)
    assert translated(spanish, WORDING, "en").count(" = ") == body.count(" = ")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_may_be_changed_in_a_form_and_grow(name: str) -> None:
    assert 2 * len(urlencode({"body": SHIPPED[name]})) < LONG_TEXTS["console.propose_rule"]


def test_what_a_lender_wrote_stays() -> None:
    own = "# Lo acordó el comité.\n[policy]\n# y esto no\nmax_parts = 3\n"
    assert translated(own, WORDING, "en") == own
