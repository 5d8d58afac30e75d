"""Whose the number is, in the words of somebody else than the borrower: theirs, or one at which the borrower
is reached.
"""

import re

from flows.acts.words.people import KIN
from flows.answers import plain

_NOT_HERE = re.compile(
    r"\bno (?:vive|trabaja|esta|se encuentra|es|hay)(?: \w+)? (?:aqui|en (?:esta|este))\b|"
    r"\baqui no (?:vive|trabaja|esta|es|hay)\b|\bdoes ?n t (?:live|work) here\b"
)
_PASSES_ON = (
    r"\b(?:yo )?(?:le|se lo) (?:voy a|vamos a) (?:avisar|decir|comentar|pasar)\b|"
    r"\b(?:ahorita|orita|ahora|ya|permit\w+|esper\w+|un momento) (?:se|te) (?:la|lo) (?:paso|comunico)\b|"
    r"\byo (?:mero |se lo |le |les )+(?:aviso|digo|comento|paso el recado)\b|"
    r"\b(?:le|se lo) (?:paso|doy|dejo) (?:el|su|tu) (?:recado|mensaje)\b|"
    r"\bi (?:ll|will) (?:tell|let) (?:her|him)\b"
)
_REACHED_HERE = re.compile(
    rf"{_PASSES_ON}|"
    r"(?<!no )\bes (?:su|el) (?:numero|num|tel\w*|cel\w*|whats\w*)\b(?! equivocad)|"
    r"\b(?:ahorita|orita|ahora|por el momento|hoy) no (?:esta|se encuentra|puede)\b|"
    r"(?<!ya )\bno (?:esta|se encuentra|anda)\b(?! (?:interesad|de acuerdo|viviendo|registrad))|"
    r"\besta (?:trabajando|ocupad[oa]|dormid[oa]|durmiendo|manejando|comiendo|de viaje|fuera|"
    r"afuera)\b|\banda (?:de viaje|fuera|trabajando)\b|"
    r"\besta en (?:(?:el|su|la|una) )?(?:trabajo|chamba|turno|bano|escuela|clase|junta|casa|cita)\b|"
    r"\b(?:salio|dejo (?:su|el) (?:cel\w*|tel\w*))\b|"
    r"\b(?:yes )?(?:it is|this is|it s) (?:her|his) (?:number|phone|cell)\b|"
    r"\b(?:she|he) (?:s|is) (?:at work|working|busy|asleep|out|(?:not |n t )?(?:here|home|"
    r"in)(?: right now)?)\b|"
    rf"\b(?:she|he|my {KIN}) (?:isn t|is not) (?:here|home|in|around)\b"
)
_PASSED_ON = re.compile(_PASSES_ON)
_NOT_IN = re.compile(
    r"(?:(?:hola|buen[oa]s|dias|tardes|noches|no|disculpe|ella|el|la senora|el senor|ahorita|ahora|orita|hoy|"
    r"sorry|she|he) )*"
    r"(?:no (?:esta|se encuentra|anda)|(?:s|is) not|isn t)"
    r"(?: (?:disponible|aqui|en casa|ahorita|orita|ahora|hoy|por el momento|por ahora|gracias|here|home|in|"
    r"available|right now))*"
)
_NEW_NUMBER = re.compile(
    r"\b(?:este|el|la|esta|mi) (?:numero|num|chip|linea|sim|telefono|cel\w*) (?:ya )?(?:lo|la|me lo|"
    r"me la|es) "
    r"(?:acabo de (?:comprar|adquirir|sacar)|compre|adquiri|saque|dieron|vendieron|nuev[oa]|"
    r"mi[oa] (?:ahora|desde))|"
    r"\b(?:compre|acabo de comprar|me (?:acaban de dar|dieron|vendieron)|saque|adquiri) (?:hace \w+ )?"
    r"(?:este|esta|el|la) (?:numero|num|chip|linea|sim|cel\w*|telefono)\b|"
    r"\b(?:tengo|llevo) (?:poco|\w+ (?:dias?|semanas?|meses|mes|anos?)) con est[ea] (?:numero|chip|linea)\b|"
    r"\best[ea] (?:numero|linea|chip) ahora es (?:mi[oa]|de otra persona)\b|"
    r"\bi (?:just )?(?:got|bought) (?:this|a new) (?:number|phone|sim)\b|\b(?:my|a) new number\b"
)
_NOT_THEIRS = re.compile(
    r"\bno es (?:su|el|la) (?:numero|tel\w*|cel\w*)\b|"
    r"\b(?:numero|telefono) equivocado\b|\bse equivoca\w+ de numero\b|"
    r"\bno soy (?:esa|la|ese) persona\b|\bno (?:la |lo )?conozco a\b|\bno (?:la|lo) conozco\b|"
    r"\bwrong (?:number|person)\b|\bnot (?:her|his|their) (?:number|phone)\b"
)
"""Of somebody whom nobody knows."""
_MINE = re.compile(
    r"\b(?:este|esta|el numero|el tel\w*|el cel\w*) es (?:mi[oa]|"
    r"mi (?:numero|num|tel\w*|cel\w*|linea|whats\w*))\b|"
    r"\b(?:tiene|trae|usa) otro (?:numero|num|tel\w*|cel\w*)\b|"
    r"\bya no (?:usa|tiene|vive|esta|contesta)\b.{0,20}\b(?:numero|num|tel\w*|cel\w*|linea|aqui)\b|"
    r"\b(?:this is|it s) (?:my|mine)\b(?: (?:number|phone|cell))?|"
    r"\b(?:ya )?no (?:le |les |la |lo |me )?(?:escrib|busqu|marqu|llam|mand|molest)\w* (?:a|por) "
    r"(?:aqui|este|mi (?:numero|cel\w*|tel\w*))\b"
)
_TAKEN_OVER = re.compile(
    r"\bya no (?:usa|tiene|contesta) (?:en )?(?:este|ese) (?:numero|num|tel\w*|cel\w*|chip)\b.*\bes mi[oa]\b"
)
_OWN = re.compile(
    r"(?:(?:no|si|pues|este|ya|ahora|que|este numero|el numero) )*(?:es |it s )?(?:el |la )?(?:mi[oa]|mine|"
    r"mi (?:numero|cel\w*|tel\w*)|my (?:number|phone))(?: (?:ahora|propio|desde \w+|gracias))*"
)


def has_new_number(text: str) -> bool:
    """«Este número lo compré hace poco»: by somebody whom nobody knows."""
    return _NEW_NUMBER.search(plain(text)) is not None


def taken_over(text: str) -> bool:
    """«Ana ya no usa este número, ahora es mío»: on an address that was hers."""
    return _TAKEN_OVER.search(plain(text)) is not None


def passes_on(text: str) -> bool:
    """«Yo le aviso», «ahorita se la paso», «no se encuentra»: by whoever knows the borrower."""
    flat = plain(text)
    return _PASSED_ON.search(flat) is not None or _NOT_IN.fullmatch(flat) is not None


def reached_here(text: str) -> bool:
    """«Ella no está, yo le aviso», «sí es su número, está trabajando»: by somebody else, of a number at which
    the borrower is reached.
    """
    return _REACHED_HERE.search(plain(text)) is not None


def not_here(text: str) -> bool:
    """«No vive aquí esa señora»"""
    return _NOT_HERE.search(plain(text)) is not None


def is_theirs(text: str) -> bool:
    """«Soy su mamá, este es mi número», «ella ya no vive aquí»: nothing for the borrower is read there."""
    flat = plain(text)
    return any(found.search(flat) for found in (_MINE, _NEW_NUMBER, _NOT_HERE, _NOT_THEIRS))


def is_wrong_number(text: str) -> bool:
    """«Número equivocado», «no la conozco»."""
    return _NOT_THEIRS.search(plain(text)) is not None


def is_own(text: str) -> bool:
    """«Es mío», asked whose number it is."""
    return _OWN.fullmatch(plain(text)) is not None
