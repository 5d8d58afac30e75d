"""Keys → words, in the borrower's language and tone."""

from bot.wording.say import decode, encode
from bot.wording.templates import TEMPLATES, Template, templates
from bot.wording.words import MissingWords, Rendered, Wording

__all__ = ["TEMPLATES", "MissingWords", "Rendered", "Template", "Wording", "decode", "encode", "templates"]
