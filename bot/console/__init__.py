"""Agents' web pages: the queue, the thread, take over, reply, give back."""

from bot.console.views import blueprint

__all__ = ["blueprint"]
