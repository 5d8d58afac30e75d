"""Belvo Direct Debit."""

from bot.debit.belvo.webhook import blueprint

__all__ = ["blueprint"]
