"""Agents' web pages: who needs a person, the thread with what is owed next to it, take over, answer,
release; what was not understood.
"""

from bot.console.access.guard import ConsoleSessions
from bot.console.routes import blueprint

__all__ = ["ConsoleSessions", "blueprint"]
