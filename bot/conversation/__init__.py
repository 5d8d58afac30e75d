"""A message in → one transaction → effects recorded; and the same road for everything else that happens."""

from bot.conversation.events import fire_timers, take_events
from bot.conversation.incoming import Incoming
from bot.conversation.receive import Received, receive
from bot.conversation.retry import retry_unprocessed

__all__ = ["Incoming", "Received", "fire_timers", "receive", "retry_unprocessed", "take_events"]
