"""A person instead of the bot: who owns a conversation, what they may write, and how the bot gets it back."""

from bot.handoff.note import note
from bot.handoff.owner import NEEDS_SOMEONE, OUTCOMES, NotYours, give_back, take
from bot.handoff.reply import CannotLeave, NotWorded, invitation, invite, own_accounts, reply
from bot.handoff.rights import Rights, rights
from bot.handoff.silence import release_silent

__all__ = [
    "NEEDS_SOMEONE", "OUTCOMES", "CannotLeave", "NotWorded", "NotYours", "Rights",
    "give_back", "invitation", "invite", "note", "own_accounts", "release_silent", "reply", "rights", "take",
]  # fmt: skip
