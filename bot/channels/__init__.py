"""How messages come and go, one folder per channel's provider; and what every provider's transport must do."""

from bot.channels.transport import Choice, Outgoing, PermanentFailure, Reaction, Sent, TransientFailure, Transport, UnknownOutcome

__all__ = ["Choice", "Outgoing", "PermanentFailure", "Reaction", "Sent", "TransientFailure", "Transport", "UnknownOutcome"]
