"""Another number or address that a borrower gives, and «¿ya lo mandaste?»"""

import re

from flows.acts.words.people import KIN
from flows.types.event import Message

EMAIL, PHONE = "give.email", "give.phone"
SENT, SENT_BY_PERSON, SAVED = "ask.sent", "ask.sent_by_person", "ask.saved"
OF_ANOTHER = "give.other_phone"
"""Somebody else's: the answer is that nobody else is contacted."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+?52\D{0,2}1?\D{0,2})?(?:\d\D{0,2}){9}\d(?!\w)")
_IS_MINE = re.compile(
    r"\b(?:(?:mi|el|es) (?:nuevo|numero|num|cel\w*|tel\w*|whats\w*|correcto|bueno|otro)|numero nuevo|"
    r"ahora es|(?:escrib|mand|contact)(?:[ae]n?|[aei]r)?me(?: \w+)? (?:al?|en el)|"
    r"my (?:new |other )?(?:number|phone|cell)|(?:text|reach) me (?:at|on))\b"
)
_OF_ANOTHER = re.compile(
    r"\b(?:su|sus|de mi|his|her|mi (?=espos|herman|mama|papa|hij|marid))"
    r" ?(?:numero|cel|tel|espos|herman|mama|papa|hij|marid|number|phone)"
)
_SENT = re.compile(
    r"(?:(?:y|oye|oiga|entonces|pero|hola|so) )*(?:ya )?(?:me )?(?:lo |la |los |las )*"
    r"(?:mandaste|mandaron|mando|enviaste|enviaron|envio|guardaste|guardaron|anotaste|anotaron|cambiaron|"
    r"actualizaron|did you (?:send|save|note|change))(?: (?:ya|it|el|la|mi|correo|estado|de|cuenta|"
    r"documento|por|al|email|mail))*|"
    r"(?:(?:y|pero|oye) )*no (?:me )?(?:ha )?lleg(?:o|ado|a)"
    r"(?: (?:nada|el correo|el mail|todavia|aun|el documento))*"
)
_SPELT = (
    (re.compile(r"\s*\barroba\b\s*", re.IGNORECASE), "@"),
    (re.compile(r"\s+punto\s+", re.IGNORECASE), "."),
)
_SAVED = re.compile(r"\b(?:guard|anot|cambi|actualiz|save|note|change)\w*")
_KIN = re.compile(rf"\b(?:mi|my|de mi|su|his|her) {KIN}\b")
_NOT_IN = ("report_payment", "opt_out", "third_party", "wrong_person")
_MAY_GIVE = ("authorize_debit", "contact_preference", "other", "provide_clabe")
"""What «mi esposo tiene otro número, 55…» may be read as."""
_OF_CONTACT = ("contact_preference", "contact_data")
_BY_PERSON = (*_OF_CONTACT, "topic", "unknown_topic")
"""Flows after which a person does what was asked."""


def act_of(message: Message, flat: str, done: str, *, known: bool) -> str | None:
    """`flat` is its plain text, `done` what was done a moment ago."""
    if done in _OF_CONTACT and _SAVED.search(flat) and _SENT.fullmatch(flat):
        return SAVED
    if _SENT.fullmatch(flat):
        return SENT if done == "papers" else SENT_BY_PERSON if done in _BY_PERSON else None
    account = message.account is not None and message.account.kind != "phone"
    ruled_out = message.topic == "others_told" or (message.intent in _NOT_IN and message.certain)
    if not known or account or ruled_out:
        return None
    if message.date is not None or message.amount is not None:
        return None  # «el viernes le pago, mi cel nuevo es…»
    if email_in(message.text):
        return EMAIL
    given = message.account is not None or phone_in(message.text)
    if given and message.intent in _MAY_GIVE and _KIN.search(flat):
        return OF_ANOTHER
    if message.account is not None and message.intent == "provide_clabe":
        return PHONE
    if message.account is None and message.intent == "provide_clabe" and phone_in(message.text):
        return PHONE  # ten digits are no account
    alone = done in _OF_CONTACT and _PHONE.fullmatch(message.text.strip())
    mine = alone or (_IS_MINE.search(flat) and not _OF_ANOTHER.search(flat))
    return PHONE if mine and phone_in(message.text) else None


def email_in(text: str) -> str | None:
    for spelt, sign in _SPELT:
        text = spelt.sub(sign, text)
    found = _ADDRESS.search(text)
    return found[0].lower() if found else None


def phone_in(text: str) -> str | None:
    found = _PHONE.search(text)
    return re.sub(r"\D", "", found[0])[-10:] if found else None
