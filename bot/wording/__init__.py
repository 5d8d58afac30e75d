"""Keys → words, in the borrower's language and tone."""

from bot.wording.at_once import shown_at_once
from bot.wording.say import decode, encode
from bot.wording.templates import TEMPLATES, WITH_DEBIT, Template, template_name, templates
from bot.wording.words import DEFAULT, LONG_DAY, MissingWords, Rendered, Wording

__all__ = [
    "DEFAULT",
    "LONG_DAY",
    "TEMPLATES",
    "WITH_DEBIT",
    "MissingWords",
    "Rendered",
    "Template",
    "Wording",
    "decode",
    "encode",
    "shown_at_once",
    "template_name",
    "templates",
]
