"""Agents' web pages: the queue, the thread, take over, reply, give back; what was not understood."""

from bot.console import review
from bot.console.views import blueprint

__all__ = ["blueprint", "review"]
