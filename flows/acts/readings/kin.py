"""Of messages and calls to a relative, by the borrower."""

import re
from dataclasses import replace

from flows.acts.words import people
from flows.answers import plain
from flows.types.event import Message

_KIN_CONTACTED = re.compile(
    rf"\ba mi {people.KIN} (?:le|les|lo|la|los|las) "
    r"(?:estan?|andan?|siguen?|llaman?|hablan?|marcan?|mandan?|molestan?)\b|"
    r"\b(?:dejen|deja|paren|stop|quit) (?:de )?"
    r"(?:llam\w+|marc\w+|molest\w+|call\w+|text\w+|bother\w+|harass\w+) "
    rf"(?:a )?(?:mi|my) {people.KIN}\b"
)
"""«A mi hermano le están llamando por mi deuda»: a complaint, by the borrower."""
_NOT_TO_THEM = re.compile(
    rf"\b(?:no|ya no|ni) (?:le|les|la|lo) (?:manden|escriban|llamen|hablen|marquen|avisen|digan|cuenten|"
    rf"busquen)\w* "
    rf"(?:(?:nada|mensajes|mas|por) )*a (?:ella|el|ellos|ellas|mi {people.KIN})\b|"
    rf"\ble (?:llego|llegan|llega|mandaron|escribieron|llamaron) (?:(?:un|unos|mensajes?|a|su|los) )*"
    rf"a mi {people.KIN}\b|\b(?:don t|stop) (?:text|call|contact|writ|messag)\w* (?:her|him|"
    rf"my {people.KIN})\b"
)
"""«No le manden a ella»: nobody else is to be written to; the one who writes is."""


_BY_THE_WAY = re.compile(
    rf"(?:(?:si|no|pero|fue|era|es|pues|ah) )*(?:a|en|de|con|por|para|from|to|with|by)"
    rf"(?: (?!mi\b|my\b)\w+){{0,3}} (?:mi|my) {people.KIN}"
)
"""«A la de mi hermana», «con mi hermano», of one who is known to be writing: not that they write."""


def of_their_kin(message: Message) -> Message | None:
    """A complaint of what relatives get, or the wish that they get none."""
    flat = plain(message.text)
    if (
        message.intent != "complain"
        and _KIN_CONTACTED.search(flat)
        and not people.declares_other(message.text)
    ):
        return message.meaning("complain")
    if message.intent in ("complain", "opt_out", "other", "third_party") and _NOT_TO_THEM.search(flat):
        return replace(message, intent="other", also=(), topic="others_told", certain=True)
    if message.intent == "third_party" and _BY_THE_WAY.fullmatch(flat):
        return replace(message, intent="other", also=(), certain=False)
    return None
