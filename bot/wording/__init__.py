"""Keys → words, in the borrower's language and tone."""

from bot.wording.at_once import shown_at_once
from bot.wording.changed import Changed, changed_faults
from bot.wording.say import decode, encode
from bot.wording.templates import (
    FORMS,
    TEMPLATES,
    WITH_DEBIT,
    Template,
    form_template,
    template_name,
    templates,
)
from bot.wording.words import DEFAULT, LONG_DAY, MissingWords, Rendered, Wording

__all__ = [
    "DEFAULT",
    "FORMS",
    "LONG_DAY",
    "TEMPLATES",
    "WITH_DEBIT",
    "Changed",
    "MissingWords",
    "Rendered",
    "Template",
    "Wording",
    "changed_faults",
    "decode",
    "encode",
    "form_template",
    "shown_at_once",
    "template_name",
    "templates",
]
