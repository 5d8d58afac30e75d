"""Files that people send each other: known by their first bytes, kept with their message, and opened for a
messaging provider by a signed address.
"""

from bot.files.given import MOST_BYTES, MOST_IN_ALL, BadFile, GivenFile, given_file, plain_name
from bot.files.kinds import ENDINGS, PICTURES, kind_of
from bot.files.links import file_id_of, sent_file_url

__all__ = [
    "ENDINGS",
    "MOST_BYTES",
    "MOST_IN_ALL",
    "PICTURES",
    "BadFile",
    "GivenFile",
    "file_id_of",
    "given_file",
    "kind_of",
    "plain_name",
    "sent_file_url",
]
