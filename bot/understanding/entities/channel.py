"""Where the borrower wants to be reached, when the message names it."""

import re

_ENGLISH = (
    "is|the|my|your|this|that|up|going|a|an|it|happening|due|all|in|wrong|left|next|these|"
    "those|with|to|of|and"
)
"""After «whats», which is then «what's»."""
_UNREACHED = re.compile(
    r"\b(?:no|ni)(?: (?:me|nos|te|le|puedo|tengo|se))* "
    r"(?:entran?|llegan?|caen?|reciben?|recibo|recibir|contestar|tengo|uso|manejo|funciona|sirve)"
    r"(?: (?:las?|el|mi|los|bien|ni))* (?:llamadas?|whats\w*|wasap\w*|correo|e-?mail|sms)\b"
)
"""«no me entran llamadas» asks for none."""
_NAMED = (
    (
        "whatsapp",
        re.compile(
            r"\b(?:whats?(?:app?|ap)|what's ?app|g?uatsap\w*|g?uats|wasap\w*|guasap\w*|watsap\w*|wa|wapp|"
            rf"wats|wsp|whats(?!'|\s*(?:{_ENGLISH})\b)|(?<=por )what|(?<=al )what|(?<=mi )what)\b"
        ),
    ),
    ("email", re.compile(r"\b(?:corre(?:o(?:\s+electronico)?|ito)|e-?mail|imeil|g?mail)\b|\w@\w")),
    ("sms", re.compile(r"\bsms\b|\bmensaj\w+ de texto\b")),
    (
        "call",
        re.compile(
            r"\b(?:(?<!me )llamo|(?<!se )(?<!te )llamas?(?! la atencion)|"
            r"llam(?:ad|ar|en|es|e|ame|ando|aron|an|aban?)\w*|"
            r"marqu?(?:en|e|es|ar|ame|enme|eme|an|a)\w*|marc(?:ar|an|ame|arme|aron|ando)\w*|"
            r"habl(?:en|e|a)me|me hablen|calls?|calling|phone me|timbr\w+|telefonazo)\b"
        ),
    ),
)


_WANTED = re.compile(
    r"\b(?:mejor|prefiero|preferiria|solo|solamente|nada mas|nomas|better|rather|only)"
    r"(?: (?:por|x|al|a|el|mi|un|una|que me|via|by|me))* $"
)


def channel(flat: str) -> str | None:
    """The one that is preferred in words, else the last: what is wanted stands after what is not."""
    flat = _UNREACHED.sub(" ", flat)
    found = [(match.start(), name) for name, pattern in _NAMED for match in pattern.finditer(flat)]
    wanted = [one for one in found if _WANTED.search(flat[: one[0]])]
    return max(wanted or found)[1] if found else None
