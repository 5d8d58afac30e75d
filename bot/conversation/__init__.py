"""A message in → one transaction → effects recorded; and the same road for everything else that happens."""

from bot.conversation import accounts, thread_rows, view
from bot.conversation.agent_acts import NotHeld, act_as_agent
from bot.conversation.bursts import held_back
from bot.conversation.events import fire_timers, take_events
from bot.conversation.incoming import UNPROVED, Incoming
from bot.conversation.left import left_unanswered
from bot.conversation.message_turn import Received
from bot.conversation.receive import receive
from bot.conversation.rehearse import rehearse, rehearse_release
from bot.conversation.review import NoSuchIntent, correct, unread
from bot.conversation.suggest import suggested
from bot.conversation.turn import LostTurn, Refused, Turn, guard
from bot.conversation.unprocessed import retry_unprocessed
from bot.conversation.view import people

__all__ = [
    "UNPROVED",
    "Incoming",
    "LostTurn",
    "NoSuchIntent",
    "NotHeld",
    "Received",
    "Refused",
    "Turn",
    "accounts",
    "act_as_agent",
    "correct",
    "fire_timers",
    "guard",
    "held_back",
    "left_unanswered",
    "people",
    "receive",
    "rehearse",
    "rehearse_release",
    "retry_unprocessed",
    "suggested",
    "take_events",
    "thread_rows",
    "unread",
    "view",
]
