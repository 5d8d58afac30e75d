"""Belvo Direct Debit."""

from bot.debit.belvo.http import Api
from bot.debit.belvo.provider import BelvoProvider

__all__ = ["Api", "BelvoProvider"]
