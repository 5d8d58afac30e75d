"""How many segments an SMS takes, by which it is charged, and its words without the accents that make it take
more.
"""

import unicodedata

_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM-7, 3GPP TS 23.038: é, ñ, ü and ¿ are in it; á, í, ó and ú are not."""
_ESCAPED = frozenset("\f^{}\\[~]|€")
"""In it too, in the place of two letters."""
_GSM_7, _UCS_2 = (160, 153), (70, 67)
"""What a message holds that is one segment, and what each of several does."""
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
)


def sms_segments(text: str) -> int:
    """By GSM-7, or by UCS-2 where one letter is not in it. No letter is divided between two segments."""
    if _LETTERS.union(_ESCAPED).issuperset(text):
        sizes, (whole, part) = [2 if letter in _ESCAPED else 1 for letter in text], _GSM_7
    else:
        sizes, (whole, part) = [2 if letter > "\uffff" else 1 for letter in text], _UCS_2
    if sum(sizes) <= whole:
        return 1
    segments, used = 1, 0
    for size in sizes:
        if used + size > part:
            segments, used = segments + 1, 0
        used += size
    return segments


def without_accents(text: str) -> str:
    """«Mañana, señor Ávila» is «Mañana, señor Avila»: what GSM-7 has stays, and what it lacks becomes the
    letter beneath, where there is one.
    """
    return "".join(map(_in_gsm_7, text.translate(_PLAIN)))


def _in_gsm_7(letter: str) -> str:
    if letter in _LETTERS or letter in _ESCAPED:
        return letter
    flat = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return flat if flat and _LETTERS.issuperset(flat) else letter
