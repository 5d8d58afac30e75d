"""Misspelt days, months and number words, written out before anything is looked for in them."""

import re

_SHORTLY = "|".join(f"(?<={word} )" for word in ("next", "this", "on", "by", "for", "til", "until", "coming"))
"""Before «fri»: «sat» alone is the tax office."""
_DAYS = {
    "lunes": r"lumes|lune[zc]?|lunes[sz]+|luness?|lunnes",
    "martes": r"mrtes|marte[zc]|martes[sz]+|marters|(?<=el )marte",
    "miercoles": r"m(?:i|ei|e)?e?r[ckq]u?[oe]l[eo]?[szc]*|mieroles|miercloes|miecoles|miercoels|mierocles",
    "jueves": r"ju?e[vb]e[szc]+|jueve|juebe|g[uü]e[vb]e[sz]|jeuves|jueevs|juves|jubes|jieves|juevs|huebes",
    "viernes": (
        r"[vb]i?e?r+ne[szc]+|[vb]ierne|veirnes|vierens|viernse|vienres|viernens|vierns|"
        r"(?<=el )vienes(?! (?:por|a|con|de)\b)"
    ),
    "sabado": r"[sz]a[vb]a?do|[sz]abd?ao|sabdao|sabdo|saabado|sabadito",
    "domingo": r"do[mn]in?g?m?n?go|do[mn]igno|dominog|domimgo|dmingo|doming|dominguito",
    "mañana": r"man?ana|ma;ana|maniana|mañna|mñn|mñna|mañan|mñana|maana|mananita",
    "friday": r"firday|fryday|fridays?|firiday|fri",
    "monday": rf"mondya|munday|(?:{_SHORTLY})mon",
    "tuesday": rf"tusday|teusday|tuseday|tues|(?:{_SHORTLY})tue",
    "wednesday": rf"wensday|wednsday|wendsday|wedensday|(?:{_SHORTLY})weds?",
    "thursday": rf"thrusday|thurday|thursay|thurs?|(?:{_SHORTLY})thu",
    "saturday": rf"saterday|satuday|saturady|(?:{_SHORTLY})sat",
    "tomorrow": r"tom+or+ow|tmrw|tmr|2morrow|tomarrow",
    "sunday": rf"sundey|(?:{_SHORTLY})sun",
    "la quincena": r"(?:(?:my|the) )?(?:next )?pay ?day",
    "hoy": r"oy|ohy|hoi",
    "ayer": r"aller|aier",
    "despues": r"dsps?|dps|dspu?es|despue[zc]?",
    "quincena": r"[kq]u?i[nm][sc]ena|quinsena|quincna|qna|15na",
}
_MONTHS = {
    "enero": r"enro|henero",
    "febrero": r"febero|fevrero|febrro",
    "marzo": r"marso",
    "abril": r"avril|habril",
    "junio": r"gunio|junnio",
    "julio": r"gulio|jullio",
    "agosto": r"agsto|hagosto",
    "septiembre": r"se[pt]+iem?n?bre|sectiembre|septienbre",
    "octubre": r"otubre|octuvre|optubre|octubbre",
    "noviembre": r"n[ou][vb]i?em?n?bre|novienbre",
    "diciembre": r"di[cs]i?em?n?bre|dicienbre",
}
_HUNDREDS = {
    "doscientos": r"do[sc]{1,2}i?[ea]nt(?:it)?[oa]s|do[sc]{1,2}ienton",
    "trescientos": r"tre[sc]{1,2}i?ent(?:it)?[oa]s",
    "cuatrocientos": r"[ck]uatro[sc]{1,2}i?ent(?:it)?[oa]s|cuatrosiento",
    "quinientos": r"[qk]u?ini[ei]?[nt]+(?:it)?[oa]s|quiñent(?:it)?[oa]s|kinientos|quiniento",
    "seiscientos": r"[sc]ei[sc]{1,2}i?ent(?:it)?[oa]s",
    "setecientos": r"[sc](?:ie|e)te[sc]{1,2}i?ent(?:it)?[oa]s",
    "ochocientos": r"o[ch]{1,2}o[sc]{1,2}i?ent(?:it)?[oa]s",
    "novecientos": r"n(?:ue|o)[vb]e[sc]{1,2}i?ent(?:it)?[oa]s",
}
_NUMBERS = {
    "cincuenta": r"[sc]in[ckq]u?enta|cinquenta",
    "sesenta": r"se[szc]enta|[cz]esenta",
    "setenta": r"[cz]etenta|sententa",
    "cinco": r"sinco|zinco|sinko",
    "seis": r"ceis|zeis",
    "siete": r"ciete",
    "veinte": r"beinte|bente",
    "quince": r"kince|quinse|kinse",
    "nueve": r"nuebe",
    "diez": r"(?<=el )dies|(?<=dia )dies",
    "once": r"onse",
    "trece": r"trese",
    "catorce": r"[ck]atorse|katorce",
    "treinta": r"tre?[iy]?nta",
    "mil": r"mill(?= (?:pesos|varos))|mil(?:it|ec?it)os?",
    "doce": r"dose|doze",
    "dieciseis": r"die[sz][iy]?se[iy][sz]|diesis[ei]+s|diez y seis",
    "diecisiete": r"die[sz][iy]?siete|diez y siete",
    "dieciocho": r"die[sz][iy]?ocho|diez y ocho",
    "diecinueve": r"die[sz][iy]?n[uw]e[vb]e|diez y nueve",
    "veintiuno": r"[vb]e?i?nti ?un[oa]?|veintiun",
    "veintidós": r"[vb]e?i?nti ?d[oó]s",
    "veintitrés": r"[vb]e?i?nti ?tr[eé]s",
    "veinticuatro": r"[vb]e?i?nti[ck]uatro",
    "veinticinco": r"[vb]e?i?nti[cs]in[ck]o",
    "veintiseis": r"[vb]e?i?nti[sc]eis",
    "veintisiete": r"[vb]e?i?nti[sc]iete",
    "veintiocho": r"[vb]e?i?nti ?ocho",
    "veintinueve": r"[vb]e?i?ntinue[vb]e",
    "noventa": r"no[vb]enta",
}
_SPELLINGS = {**_DAYS, **_MONTHS, **_HUNDREDS, **_NUMBERS}
_MISSPELT = re.compile(
    r"\b(?:" + "|".join(f"({pattern})" for pattern in _SPELLINGS.values()) + r")\b",
)
_WRITTEN = tuple(_SPELLINGS)
_TENS = "treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
_UNITS = "uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
_THOUSANDS = (
    rf"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veinte|{_TENS}"
)
_HUNDRED_WORDS = "|".join(("cien", "ciento", *_HUNDREDS))
_GLUED = (
    (re.compile(rf"\b({_THOUSANDS})mil\b"), r"\1 mil"),
    (re.compile(rf"\bmil({_HUNDRED_WORDS})\b"), r"mil \1"),
    (re.compile(rf"\b({_HUNDRED_WORDS})({_TENS}|diez|quince|veinte|veinticinco)\b"), r"\1 \2"),
    (re.compile(rf"\b({_TENS})[yi]({_UNITS})\b"), r"\1 y \2"),
    (re.compile(rf"(?<=\bmil )siento(?= (?:{_TENS}|diez|quince|veinte))"), "ciento"),
    (re.compile(r"\b(dos|tres|cuatro|seis|ocho) (?=cientos\b)"), r"\1"),
    (re.compile(r"\b(\d{1,3})mil(?=\d{3}\b)"), r"\1 mil "),
    (re.compile(r"\b(\d{1,3})mil\b"), r"\1 mil"),
    (re.compile(rf"\b({_UNITS}|mil|{_HUNDRED_WORDS}|{_TENS})(pesos|varos)\b"), r"\1 \2"),
)
_GLUED_HUNDRED = re.compile(r"(?<=mil)[a-z]+\b|\b[a-z]{8,}(?=(?:treinta|cuarenta|cincuenta|sesenta|ochenta))")
_IN_GLUED = ("mil", "cien", "nient", "nta")
"""One of these stands in each: «veintemil», «cientotreinta», «quinientosdiez», «treintaydos»."""


def spell(flat: str) -> str:
    """«el juebes dosmil cuatrosientos» → «el jueves dos mil cuatrocientos»."""
    if any(map(flat.__contains__, _IN_GLUED)):
        flat = _GLUED_HUNDRED.sub(lambda match: _MISSPELT.sub(_written, match[0]), flat)
        for pattern, written in _GLUED:
            flat = pattern.sub(written, flat)
    return _MISSPELT.sub(_written, flat)


def _written(match: re.Match[str]) -> str:
    return _WRITTEN[match.lastindex - 1] if match.lastindex else match[0]
