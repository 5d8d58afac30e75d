"""How messages come and go, one folder per channel's provider; and what every provider's transport must
do.
"""

from bot.channels.transport import (
    Choice,
    DeliveryStatus,
    Held,
    Listed,
    Outgoing,
    PermanentFailure,
    Reaction,
    Receipt,
    Sent,
    TransientFailure,
    Transport,
    UnknownOutcome,
)

__all__ = [
    "Choice",
    "DeliveryStatus",
    "Held",
    "Listed",
    "Outgoing",
    "PermanentFailure",
    "Reaction",
    "Receipt",
    "Sent",
    "TransientFailure",
    "Transport",
    "UnknownOutcome",
]
