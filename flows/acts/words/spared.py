"""«Cancela mi promesa, pero no la domiciliación»: what is to stay, next to what is to end."""

import re

_DEBIT = (
    r"(?:domicili\w*|(?:cargo|cobro|pago) automatico|direct debit|auto ?(?:pay|debit)|"
    r"automatic (?:debit|payment)s?)"
)
_WHAT = (
    rf"(?:(?:el|la|los|lo|mi|mis|con|ese|esa|my|the|that|todo) )*(?:{_DEBIT}|promesa|compromiso|plan|acuerdo|"
    r"convenio|credito|prestamo|linea|cuenta|demas|resto|promise|commitment|agreement|loan|account|rest|"
    r"everything else)(?: (?:del|de la|de|for|on) (?:pagos?|\w+day|lunes|martes|miercoles|jueves|viernes|"
    r"sabado|domingo|manana|dia \d+|\d+))?"
)
_ENDS = r"(?:cancel|quit|elimin|borr|anul|desactiv|olvid|toqu|muev|remov|delet|stop|end|undo)\w*"
_STAYS = re.compile(
    r"\b(?:(?:pero|y|mas|aunque|sin que|solo que|but|and) )?(?:"
    rf"(?:no|ni|don t|do not) (?:(?:me|nos|le|lo|la|quiero|que|vayan? a|want to) )*{_ENDS} {_WHAT}|"
    rf"(?:no|not|(?<=pero )si|sin {_ENDS}|without {_ENDS}|deja|deje|dejen|dejame|dejenme|mant[ei]\w+|"
    rf"conserv\w+|sigo|seguimos|keep|leave) {_WHAT}|"
    rf"{_WHAT} (?:(?:tambien )?(?:si|no)(?= (?:y|pero)\b|$)|dej\w+|siguen?(?: igual)?|se quedan?|que siga)"
    r")(?= |$)"
)
_ONLY = re.compile(rf"(?:(?:solo|nomas|nada mas|sino|unicamente|just|only) )+({_WHAT})")
_WISH = re.compile(
    rf"\b(?:{_ENDS}|ya no (?:quiero|me)|no quiero|no (?:me )?(?:hagan|cobren|descuenten|carguen)|turn off)\b"
)
_OF_DEBIT = re.compile(_DEBIT)


def wished(flat: str) -> str | None:
    """What is left of a plain text without what is to stay, where something else is to end; null where
    nothing is spared.
    """
    rest = " ".join(_STAYS.sub(" ", flat).split())
    if rest == flat:
        return None
    if alone := _ONLY.fullmatch(rest):
        return f"cancelen {alone[1]}"
    return rest if _WISH.search(rest) else None


def names_debit(flat: str) -> bool:
    return _OF_DEBIT.search(flat) is not None
