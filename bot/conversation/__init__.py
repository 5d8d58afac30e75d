"""A message in → one transaction → effects recorded; and the same road for everything else that happens."""

from bot.conversation.events import fire_timers, take_events
from bot.conversation.incoming import Incoming
from bot.conversation.message_turn import Received
from bot.conversation.receive import receive
from bot.conversation.rehearse import rehearse
from bot.conversation.unprocessed import retry_unprocessed

__all__ = ["Incoming", "Received", "fire_timers", "receive", "rehearse", "retry_unprocessed", "take_events"]
