"""acuerdo understand"""

import json
import sys
from datetime import date
from typing import Any

import click

from bot.understanding import Understanding, load

_EXPECTING = (None, "yes_no", "identity", "clabe", "amount", "date", "choice", "consent", "text")


@click.command()
def command() -> None:
    """Reads JSON lines from standard input, writes one JSON line for each.

    Example: echo '{"text": "el viernes les deposito 500", "today": "2026-11-22", "expecting": null}' |
    acuerdo understand
    """
    understanding = load()
    for raw in sys.stdin.buffer:
        click.echo(json.dumps(answer(understanding, raw), ensure_ascii=False))
        sys.stdout.flush()


def answer(understanding: Understanding, raw: bytes) -> dict[str, Any]:
    """The reading, or what is wrong with the line."""
    try:
        given = json.loads(raw.decode("utf-8"))
        text, today = given["text"], date.fromisoformat(given["today"])
        expecting = given.get("expecting")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"error": 'not a line such as {"text": "…", "today": "2026-11-22", "expecting": null}'}
    if not isinstance(text, str) or expecting not in _EXPECTING:
        return {"error": "text must be a string, and expecting null or what the bot waits for"}
    try:
        reading = understanding.read(text, today, expecting)
    except OverflowError:
        return {"error": "today lies at the end of the calendar: days next to it cannot be named"}
    return {
        "intent": reading.intent,
        "confidence": reading.confidence,
        "also": list(reading.also),
        "entities": reading.entities,
    }
