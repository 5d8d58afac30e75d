"""The lender's own file: what borrowers read about it, what may be agreed without a person, the topics that
it answers, and what a second person put in force in place of these.
"""

from bot.lender.amendments import read_amendments
from bot.lender.file import SAMPLE, InvalidLenderFile, Lender, read_text
from bot.lender.prices import ChannelName, Prices

__all__ = ["SAMPLE", "ChannelName", "InvalidLenderFile", "Lender", "Prices", "read_amendments", "read_text"]
