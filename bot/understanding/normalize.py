"""Chat Spanish, made plain: one spelling for what people write in ten ways."""

import re
import unicodedata

MOST_CHARACTERS = 1200
"""A borrower's message is read up to here; what follows is kept with the message, not read."""

_SHORT = {
    "q": "que",
    "k": "que",
    "ke": "que",
    "qe": "que",
    "x": "por",
    "xq": "porque",
    "pq": "porque",
    "porq": "porque",
    "xk": "porque",
    "xke": "porque",
    "tmb": "tambien",
    "tb": "tambien",
    "tbn": "tambien",
    "ntp": "no te preocupes",
    "pa": "para",
    "pal": "para el",
    "xfa": "por favor",
    "xfavor": "por favor",
    "porfa": "por favor",
    "porfas": "por favor",
    "porfis": "por favor",
    "plis": "por favor",
    "d": "de",
    "dl": "del",
    "bn": "bien",
    "ps": "pues",
    "pos": "pues",
    "pz": "pues",
    "pus": "pues",
    "aki": "aqui",
    "nomas": "nada mas",
    "namas": "nada mas",
    "toy": "estoy",
    "ta": "esta",
    "tan": "estan",
    "asta": "hasta",
    "ahorita": "ahora",
    "aorita": "ahora",
    "orita": "ahora",
    "horita": "ahora",
    "msj": "mensaje",
    "msjs": "mensajes",
    "mjs": "mensajes",
    "mnsj": "mensaje",
    "nose": "no se",
    "tngo": "tengo",
    "onde": "donde",
    "cta": "cuenta",
    "dscto": "descuento",
    "domi": "domiciliacion",
    "cnto": "cuanto",
    "cndo": "cuando",
    "dsp": "despues",
    "dps": "despues",
    "dsps": "despues",
    "kiero": "quiero",
    "kien": "quien",
    "kienes": "quienes",
    "qien": "quien",
    "cel": "celular",
    "tel": "telefono",
    "num": "numero",
    "hr": "hora",
    "hrs": "horas",
    "grax": "gracias",
    "tnx": "thanks",
    "tnks": "thanks",
    "tyvm": "thanks",
    "vaja": "baja",
    "unsuscribe": "unsubscribe",
    "unsubcribe": "unsubscribe",
    "gcs": "gracias",
    "bnas": "buenas",
    "wenas": "buenas",
    "trds": "tardes",
    "bns": "buenos",
    "ds": "dias",
    "i": "y",
    "oi": "hoy",
    "aller": "ayer",
    "oiga": "oiga",
    "lic": "licenciado",
    "licenciada": "licenciado",
    "licenciados": "licenciado",
    "sñor": "señor",
    "sr": "señor",
    "sra": "señora",
    "depo": "deposito",
    "dep": "deposito",
    "transf": "transferencia",
    "s": "es",
    "c": "se",
    "m": "me",
    "t": "te",
    "l": "le",
    "wey": "guey",
    "we": "guey",
    "mx": "",
    "haci": "asi",
    "ase": "hace",
    "aser": "hacer",
    "boy": "voy",
    "ai": "ahi",
    "ay": "hay",
    "ahy": "hay",
    "ha": "a",
    "aora": "ahora",
    "ahorra": "ahora",
    "pago": "pago",
    "qincena": "quincena",
    "kincena": "quincena",
    "porfavor": "por favor",
    "nome": "no me",
    "nole": "no le",
    "nolo": "no lo",
    "noes": "no es",
    "noesta": "no esta",
    "nosoy": "no soy",
    "nopuedo": "no puedo",
    "noquiero": "no quiero",
    "notengo": "no tengo",
    "nodebo": "no debo",
    "nohe": "no he",
    "nohay": "no hay",
    "nopude": "no pude",
    "yano": "ya no",
    "yapague": "ya pague",
    "yame": "ya me",
    "yalo": "ya lo",
    "yales": "ya les",
    "meda": "me da",
    "medan": "me dan",
    "sepuede": "se puede",
    "mevan": "me van",
    "sime": "si me",
    "sile": "si le",
    "aunq": "aunque",
    "domisiliacion": "domiciliacion",
    "deposite": "deposite",
    "bro": "",
    "jaja": "jaja",
    "jajaja": "jaja",
    "jajajaja": "jaja",
}
_SPACES = re.compile(r"\s+")
_ACCENTS = re.compile(r"[\u0300-\u034e\u0350-\u036f]+")
"""What most letters with an accent fall apart into: all of these combine."""
_REPEATED = re.compile(r"([a-zñ])\1{2,}|([aiu])\2+\b")
"""Drawn out: a letter three times, or a vowel twice at the end, where no word of either language has it."""
_TOKENS = re.compile(r"[a-zñ]+|\d+|[^\s\w]")
_SIGNS = {
    " ok ": "👍👌✅",
    " no ": "👎❌",
    " ruego ": "🙏",
    " enojo ": "😡🤬😠🖕😤",
    " llanto ": "😭😢😔😞🥺😥😪💔😩",
    " risa ": "😂🤣😅😆",
    " ironia ": "🙄😒🤡🙃🤨",
    " asco ": "🤮🐀🐷💩🤢",
    " alto ": "🛑🚫🙅",
    " duda ": "🤔🤷❓",
    " cariño ": "❤🥰😘😊☺🤗🫶😍",
    " bravo ": "🙌🎉🥳💪🤝🫡👏",
    " billete ": "💸💰💵🤑",
    " tarjeta ": "💳",
    " saludando ": "👋",
    " presente ": "🙋",
}
_SPOKEN = str.maketrans({sign: word for word, signs in _SIGNS.items() for sign in signs})


def plain(text: str) -> str:
    """Lower case without accents (ñ stays), control characters gone, white space folded."""
    text = text[:MOST_CHARACTERS].casefold()
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    text = text.translate(_SPOKEN)
    kept = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("ñ", "\0")))
    if not kept.isascii() or not kept.replace("\0", "").isprintable():
        kept = "".join(
            c if c == "\0" or c.isprintable() else " " for c in kept if not unicodedata.combining(c)
        )
    # Signs that stand for whole words grow: what is read stays as short as what was written.
    return _SPACES.sub(" ", kept.replace("\0", "ñ"))[:MOST_CHARACTERS].strip()


def words(flat: str) -> str:
    """`plain` text as spaced words, abbreviations written out, numbers left as they are: the form that the
    lexicon's patterns match.
    """
    flat = _REPEATED.sub(r"\1\2", flat)
    spaced = [_SHORT.get(part, part) for part in _TOKENS.findall(flat)]
    return " " + " ".join(part for part in spaced if part and (part[0].isalnum() or part in "?!$")) + " "
