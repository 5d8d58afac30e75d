"""What a lender tunes (strategies, policy, topics, wording): seen, changed with a check and a preview,
compared, approved by a second person and rolled back, all in one way.
"""

from bot.revisions.acts import (
    Faulty,
    NotOpen,
    Outdated,
    SamePerson,
    Unexplained,
    approve,
    propose,
    reject,
)
from bot.revisions.differences import differences
from bot.revisions.kind import Kind, Line, Version
from bot.revisions.kinds import KINDS
from bot.revisions.rereading import LIMIT_SECONDS, NotTried
from bot.revisions.wording import begun

__all__ = [
    "KINDS",
    "LIMIT_SECONDS",
    "Faulty",
    "Kind",
    "Line",
    "NotOpen",
    "NotTried",
    "Outdated",
    "SamePerson",
    "Unexplained",
    "Version",
    "approve",
    "begun",
    "differences",
    "propose",
    "reject",
]
