"""In which words courts are threatened with, and feared."""

import re

IN_COURT = re.compile(
    r"\bnos (?:vemos|veremos) en (?:(?:el|la|los) )?(?:juzgados?|tribunal(?:es)?|corte)\b|"
    r"\bsee you in court\b"
)
FEARS_COURT = re.compile(
    r"\b(?:miedo|temo|preocupa|asusta|afraid|scared|worried)\b(?: \w+){0,4} (?:demand|denunci|sue|suing)\w*"
)
"""«Me da miedo que me demanden»: asks, and complains of nothing."""
