"""A sum that is named because it is not paid."""

from dataclasses import replace

from flows.acts.words.sums import bare_sum, refused_sum
from flows.types.event import Message


def without_refused_sum(message: Message) -> Message:
    """«Pero que no sean 680»: not that sum; of «680 no puedo, pero 300 sí» it is the 300."""
    found = refused_sum(message.text)
    if found is None:
        return message
    refused, rest = found
    parts = tuple(part for part in message.parts if part.amount != refused)
    parts = parts if len(parts) > 1 or any(part.share for part in parts) else ()
    amount = bare_sum(rest) if message.amount == refused else message.amount
    return replace(message, amount=amount, parts=parts)
