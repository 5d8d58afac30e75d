"""Agents' web pages: who needs a person, the thread with what is owed borrower_panel it, take over, answer,
give back; what was not understood.
"""

from bot.console.guard import DeskSessions
from bot.console.routes import blueprint

__all__ = ["DeskSessions", "blueprint"]
