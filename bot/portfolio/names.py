"""Whether two descriptions of a borrower are of one person."""

import re

from values import fold


def name_key(name: str) -> str:
    """The same for a name in any order, case and accents."""
    return " ".join(sorted(re.findall(r"[^\W_]+", fold(name))))


def are_two_people(name: str, born: str | None, other: str, other_born: str | None) -> bool:
    """Names as `name_key` makes them. Another name with another birth date is somebody else; where a birth
    date is not known, a name without a word of the other.
    """
    if name == other or not name or not other:
        return False
    if born and other_born:
        return born != other_born
    return not set(name.split()) & set(other.split())
