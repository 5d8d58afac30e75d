"""Where the borrower wants to be reached, when the message names it."""

import re

_NAMED = (
    ("whatsapp", re.compile(r"\b(?:whats?(?:app?|ap|up)?|wh?ats|wasap\w*|guasap\w*|wa|wapp)\b")),
    ("email", re.compile(r"\b(?:correo(?:\s+electronico)?|e-?mail|mail)\b|\w@\w")),
    ("sms", re.compile(r"\bsms\b|\bmensaj\w+ de texto\b")),
    (
        "call",
        re.compile(
            r"\b(?:(?<!me )(?<!se )(?<!te )llam(?:a|ad|ar|en|es|e|ame|ando|adas?|arme|enme|eme|o|aron|an)\w*|marqu?(?:en|e|es|ar|ame|enme|eme|an|a)\w*|marc(?:ar|an|ame|arme|aron|ando)\w*|habl(?:en|e|a)me|"
            r"me hablen|calls?|calling|phone me|timbr\w+|telefonazo)\b"
        ),
    ),
)


def channel(flat: str) -> str | None:
    """The last one named: what is wanted stands after what is not."""
    found = [(match.start(), name) for name, pattern in _NAMED for match in pattern.finditer(flat)]
    return max(found)[1] if found else None
