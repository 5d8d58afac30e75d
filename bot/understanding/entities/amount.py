"""Sums of pesos, in integer centavos."""

import re

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_UNIT = (
    r"(?:pesos?|pesitos?|pes|varos?|baros?|morlacos|lanas?|bolas|mxn|mn|m\.n\.|del aguila|pejecoins|bucks|ps)"
)
_MARKED = re.compile(rf"\$\s*({_NUMBER})(?:\s*(mil|k)\b)?|(?<![\d.,])({_NUMBER})\s*(mil|k)?\s*{_UNIT}\b")
_THOUSANDS = re.compile(
    rf"(?<![\d.,])({_NUMBER})\s*(?:mil|k|mill?on(?:es)?)\b(?!\s*(?:gracias|disculpas|perdones|veces|cosas|problemas|bendiciones|anios|años|formas))"
)
_SLANG = re.compile(r"\bquinienton\b|\bun quiniento\b")
_BARE = re.compile(
    rf"(?<![\d.,:/\-$#+])({_NUMBER})(?![\d:/\-]|[.,]\d)(?!\s*(?:%|por ciento|dias?|dia|semanas?|mes(?:es)?|años?|anios?|horas?|hrs?|hs|am|pm|minutos?|min|veces|vez|de la (?:mañana|tarde|noche)|llamadas?|mensajes?|numeros?|digitos?|hijos?|niños?|personas?|pagos?|cuotas?|partes?|quincenas?|cuadras|kilos?|km|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)))"
)
_DIGIT = re.compile(r"\d")
_PAYING = re.compile(
    r"\b(?:pag|abon|deposit|transf|mand|dar|doy|di|dan|dej|traigo|tengo|junt|complet|paso|pase|presta|cobr|baj|descont|quit|deb|cay|retir|reembols|regres|devolv|devuelv|"
    r"mis|los|otros|de a|solo|nada mas|con|quedamos en|hasta|son|eran|fueron|puedo|send|pay|paid|got|sac|ahorr|consig|alcanz|lleg|prest|saco|esos|le va|caigo con|ampli)"
)


def _centavos(number: str, times: int = 1) -> int:
    whole, _, cents = number.replace(",", "").partition(".")
    return (int(whole) * 100 + int((cents + "00")[:2])) * times


_MOST = 100_000_000


def amount(flat: str, *, bare: bool) -> int | None:
    """The sum that the act turns on: the last of those that are marked as money, else one that is paid, owed
    or charged.
    """
    if not _DIGIT.search(flat) and "quinient" not in flat:
        return None
    if _SLANG.search(flat):
        return 50_000
    if marked := list(_MARKED.finditer(flat)):
        last = marked[-1]
        return _checked(_centavos(last[1] or last[3], 1000 if last[2] or last[4] else 1))
    if thousands := list(_THOUSANDS.finditer(flat)):
        return _checked(_centavos(thousands[-1][1], 1000))
    numbers = [match for match in _BARE.finditer(flat) if not match[1].startswith("0")]
    if bare and numbers:
        return _checked(_centavos(numbers[-1][1]))
    if numbers and _PAYING.search(flat) and flat.strip() != numbers[-1][0]:
        value = _centavos(numbers[-1][1])
        return (
            _checked(value)
            if (value >= 5_000 and not 190_000 <= value <= 203_500)
            or (value % 10_000 == 0 and value >= 5_000)
            else None
        )
    return None


def _checked(centavos: int) -> int | None:
    return centavos if 0 < centavos <= _MOST else None
