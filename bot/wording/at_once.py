"""A message on the borrower's own page: its words stand there at once, as an answer to who is looking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.wording.say import decode
from bot.wording.words import DEFAULT, Wording


def shown_at_once(
    wording: Wording, row: Mapping[str, Any], now: datetime, language: str = DEFAULT
) -> dict[str, Any]:
    """What of a message's row is other than that of one that waits to leave."""
    shown: dict[str, Any] = {"status": "sent", "sent_at": now, "not_before": now, "purpose": "reply"}
    if row.get("wording") is None:  # an agent's own words
        return shown
    say = decode(row["wording"])
    rendered = wording.render(say, say.language or language)
    return shown | {"body": rendered.text, "choices": [dict(each) for each in rendered.choices] or None}
