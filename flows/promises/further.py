"""A further payment joins a promise: at its read-back, or once it stands."""

import re
from datetime import date
from typing import Any

from flows.answers import plain
from flows.context import Context
from flows.types.event import Message, PaymentPart
from flows.types.facts import PromiseFacts

_ONE_MORE = re.compile(r"(?:y|and|mas|tambien|plus) (?:(?:otros?|unos|another|other|pago|te pago) )*\d")
_ANOTHER = re.compile(r"\b(?:otros|another|other) (?:unos )?\d")


def further(context: Context, standing: PromiseFacts) -> list[dict[str, Any]] | None:
    """«Y lo demás el 5», «y otros 200 el 5», with 350 promised for the 1st: one more; what stands stays."""
    request, text = context.request, plain(context.message.text) if context.message else ""
    parts = [PaymentPart.from_json(part) for part in request.get("parts", ())]
    earlier = [{"date": part.due_date.isoformat(), "amount": part.amount.centavos} for part in standing.rest]
    last = standing.rest[-1].due_date if standing.rest else standing.due_date
    rest = len(parts) == 1 and parts[0].share == "rest" and not standing.rest
    more = not parts and "amount" in request and (_ONE_MORE.match(text) or _ANOTHER.search(text))
    named = parts[0].date if rest else date.fromisoformat(request["date"]) if "date" in request else None
    if not (rest or more) or named is None or named <= last:
        return None
    return [*earlier, {"date": named.isoformat(), "amount": None if rest else request["amount"]}]


def added(context: Context, message: Message) -> dict[str, Any] | None:
    """«Y el resto el 9», «y otros 300 el 9», with 300 for Friday read back: a second payment, and the first
    stays.
    """
    due_date, promised, parts = context.day("date"), context.money("amount"), message.parts
    rest = len(parts) == 1 and parts[0].share == "rest"
    if rest and message.date is None and message.payload is None and promised is not None:
        return {"date": None, "amount": None}  # «y el resto cuando me paguen»
    sums = not parts and message.amount is not None and _ONE_MORE.match(plain(message.text)) is not None
    later = parts[0].date if rest else message.date
    if message.payload or not (rest or sums) or None in (later, due_date, promised):
        return None
    assert later is not None
    assert due_date is not None
    amount = message.amount.centavos if sums and message.amount else None
    return {"date": later.isoformat(), "amount": amount} if later > due_date else None
