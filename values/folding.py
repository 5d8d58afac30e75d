"""Text folded for comparison: one rule for names, places, answers and lint, so that all of them agree."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents: «Peña» is `pena`. Length may change."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in flat if not unicodedata.combining(c))
