"""A message in → one transaction → effects recorded; and the same road for everything else that happens."""

from bot.conversation.happen import fire_timers, take_events
from bot.conversation.incoming import Incoming
from bot.conversation.receive import Received, receive

__all__ = ["Incoming", "Received", "fire_timers", "receive", "take_events"]
