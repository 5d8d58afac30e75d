"""Text → intent and entities. Doubt is an answer."""

from bot.understanding.labels import ALSO, INTENTS, PRECEDENCE, SAFETY
from bot.understanding.reader import Reading, Understanding, load

__all__ = ["ALSO", "INTENTS", "PRECEDENCE", "SAFETY", "Reading", "Understanding", "load"]
