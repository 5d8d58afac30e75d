"""Belvo Direct Debit."""

from bot.debit.belvo.amounts import pesos
from bot.debit.belvo.banks import codes
from bot.debit.belvo.webhook import blueprint

__all__ = ["blueprint", "codes", "pesos"]
