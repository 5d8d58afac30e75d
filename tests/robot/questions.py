"""What a message of the bot's asks, as a person reads it: in both languages, «tú» and «usted»."""

import re

_ASKED = {
    "consent": r"responde ACEPTO|responda ACEPTO|reply ACEPTO|ACCEPT\b",
    "agreement": r"¿Está?s? de acuerdo\?|Do you agree\?",
    "read_back": r"¿Es correcto\?|¿Anoto entonces|Is that right\?|Is it correct\?",
    "birthday": r"nacimiento|date of birth|birthday|day and month",
    "who": r"¿Eres |¿Es usted |Are you |¿Con quién|Who am I talking",
    "notice": r"(?:Te|Le) avisamos: el|A notice: on",
    "account": r"Escríb[ae]me la CLABE|(?:tu|su) CLABE de 18|Necesito la CLABE|me la mandas? otra vez|"
    r"your 18-digit CLABE|I need the CLABE|Send me the CLABE",
    "options": r"¿Cuál (?:te|le) acomoda|¿Cuál de estas formas|Which (?:one|of these ways)",
    "which_loan": r"¿De cuál de (?:tus|sus) créditos|¿Con cuál empezamos|Which of your loans|Which one first",
    "day": r"¿Qué día|¿A qué día|What day|Which day",
    "amount": r"¿Cuánto (?:puede|quiere|podría)s?\b|How much c(?:an|ould)",
    "receipt": r"el comprobante o la clave|the receipt or tracking",
    "code": r"RFC|CURP",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ASKED.items()}


def asked(text: str) -> str:
    """The name of the question that stands in it; of several what binds, then who is writing."""
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), "")
