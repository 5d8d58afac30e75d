"""A person instead of the bot: who owns a conversation, what they may write, and how the bot gets it back."""

from bot.handoff.acts import ACTS, CALL_OUTCOMES, NotAllowed, perform, record_phone_call
from bot.handoff.assignment import assign_waiting
from bot.handoff.attachment import SENDABLE, FileGone, attach, chosen_file
from bot.handoff.cases import ClosedBefore, UnknownOutcome, close_case, outcomes
from bot.handoff.note import MOST_CHARACTERS as MOST_NOTE_CHARACTERS
from bot.handoff.note import NoteTooLong, note
from bot.handoff.once import once
from bot.handoff.owner import (
    ANSWERING,
    HELD,
    NEEDS_SOMEONE,
    OUTCOMES,
    QUEUED,
    NotYours,
    UnknownColleague,
    assign,
    give_back,
    hand_to_the_bot,
    take,
)
from bot.handoff.permission import ReplyPermission, reply_permission
from bot.handoff.presence import arrive, colleagues_at, is_at_the_desk, leave
from bot.handoff.reply import (
    CannotLeave,
    NotWorded,
    invitations,
    invite,
    own_accounts,
    reply,
    revoke_page_links,
    send_page_link,
)
from bot.handoff.silence import release_silent
from bot.handoff.snooze import URGENT, CannotWait, NotAMoment, is_snoozed, snooze

__all__ = [
    "ACTS",
    "ANSWERING",
    "CALL_OUTCOMES",
    "HELD",
    "MOST_NOTE_CHARACTERS",
    "NEEDS_SOMEONE",
    "OUTCOMES",
    "QUEUED",
    "SENDABLE",
    "URGENT",
    "CannotLeave",
    "CannotWait",
    "ClosedBefore",
    "FileGone",
    "NotAMoment",
    "NotAllowed",
    "NotWorded",
    "NotYours",
    "NoteTooLong",
    "ReplyPermission",
    "UnknownColleague",
    "UnknownOutcome",
    "arrive",
    "assign",
    "assign_waiting",
    "attach",
    "chosen_file",
    "close_case",
    "colleagues_at",
    "give_back",
    "hand_to_the_bot",
    "invitations",
    "invite",
    "is_at_the_desk",
    "is_snoozed",
    "leave",
    "note",
    "once",
    "outcomes",
    "own_accounts",
    "perform",
    "record_phone_call",
    "release_silent",
    "reply",
    "reply_permission",
    "revoke_page_links",
    "send_page_link",
    "snooze",
    "take",
]
