"""The strategies of the handbook page are ones that `acuerdo strategy check` passes."""

import re
from pathlib import Path

from bot.outreach import Strategy

PAGE = Path(__file__).parents[3] / "docs" / "strategies.md"


def test_every_whole_strategy_of_the_page_is_sound() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    whole = [block for block in blocks if block.startswith("name = ")]
    assert {Strategy.parse(block).name for block in whole} >= {"small-debts", "broken-twice", "enrol-cured"}
