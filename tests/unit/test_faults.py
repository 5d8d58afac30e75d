"""Every fault of an edited text has its words in both languages."""

import re
from pathlib import Path

from bot.faults import Fault
from bot.wording import Wording

ROOT = Path(__file__).parents[2]
MADE = re.compile(r'(?:\bFault|PydanticCustomError)\(\s*"(\w+)"')


def test_a_fault_reads_as_its_english() -> None:
    fault = Fault("topic_long", "has 9 characters", count=9).at("topic a", 3)
    assert fault == "line 3: topic a: has 9 characters"
    assert (fault.code, fault.line, fault.params["count"]) == ("topic_long", 3, "9")
    assert Fault("toml", "is no TOML") == "is no TOML"


def test_every_code_has_words_with_its_values() -> None:
    rooms = [*(ROOT / "bot" / "lender").glob("*.py"), *(ROOT / "bot" / "revisions").glob("*.py")]
    rooms += (ROOT / "bot" / "portfolio").rglob("*.py")
    rooms.append(ROOT / "bot" / "channels" / "twilio" / "approval.py")
    rooms += [ROOT / "bot" / "outreach" / "planning" / "strategy.py", ROOT / "bot" / "wording" / "changed.py"]
    codes = {code for path in rooms for code in MADE.findall(path.read_text(encoding="utf-8"))}
    wording = Wording.load()
    assert len(codes) > 25
    for locale in ("es_MX", "en"):
        known = {key for _, key in wording.keys(locale)}
        assert {f"faults.{code}" for code in codes} <= known
