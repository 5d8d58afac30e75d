"""The lender's own file: what borrowers read about it, what may be agreed without a person, the topics that
it answers, and what a second person put in force in place of these.
"""

from bot.lender.amendments import read_amendments
from bot.lender.file import (
    SAMPLE,
    ChannelName,
    InvalidLenderFile,
    Lender,
    read_text,
)

__all__ = ["SAMPLE", "ChannelName", "InvalidLenderFile", "Lender", "read_amendments", "read_text"]
