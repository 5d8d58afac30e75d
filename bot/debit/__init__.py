"""Direct debit: the provider port and its adapters, mandates, charging and settling."""

from bot.debit.returns import meaning_of

__all__ = ["meaning_of"]
