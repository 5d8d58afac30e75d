"""Text → intent and entities. Doubt is an answer."""

from bot.understanding.entities import Part
from bot.understanding.labels import ALSO, INTENTS, PRECEDENCE, SAFETY
from bot.understanding.normalize import plain
from bot.understanding.reader import Reading, Understanding, load
from bot.understanding.rereading import Read, reread
from bot.understanding.topics import TopicGuess

__all__ = [
    "ALSO",
    "INTENTS",
    "PRECEDENCE",
    "SAFETY",
    "Part",
    "Read",
    "Reading",
    "TopicGuess",
    "Understanding",
    "load",
    "plain",
    "reread",
]
