"""What is written of a payment that was made, or of a charge that was announced, in few words."""

import re

from flows.acts.words.people import KIN

_WAS_NOTIFIED = re.compile(
    r"\bme (?:acab\w+ de )?(?:lleg\w+|avis\w+|mand\w+)\b.*\b(?:me van a|van a|un|el) (?:cobr|carg|"
    r"descont)\w*|"
    r"\b(?:cuanto|cuando|que dia|a que horas?) me (?:lo |la )?(?:van a |iban a )?"
    r"(?:quit|sac|jal|retir|baj)(?:ar|an|aran)\b"
)
"""«Me acaba de llegar que me van a cobrar el viernes»."""
_WHAT_IS_IT = re.compile(
    r"(?:(?:y|oye|oiga|pero|perdon|disculp[ae]) )*"
    r"(?:de que (?:es|son) (?:eso|esto|ese|el)(?: (?:cargo|cobro))?|"
    r"cuanto (?:dijeron|dijiste|dijo|era|seria)|how much (?:did you say|was it)|"
    r"what is (?:that|this) (?:charge|for)|(?:y )?de cuanto (?:es|seria|sera|va a ser)|how much is it for)"
)
"""«¿De qué es eso?», «¿cuánto dijeron?», after the notice."""
_WAS = re.compile(
    r"(?:si |eran? |ya )*(?:son|fueron|es|fue) (?:de |por )?\d+(?: pesos)?"
    r"(?: (?:nada mas|nomas|los que|de|ayer|hoy))*|"
    r"(?:yes |it was |was |about |around |like |como |unos |eran como )+\d+(?: (?:pesos|mxn))?"
)
"""«Sí, son 600», “about 680”, of a payment."""
_AT_HOUR = re.compile(
    r"(?:(?:como|fue|eran?|creo que|ya|tipo|hoy|ayer|about|at|around) )+(?:a |la |las |"
    r"eso de )*(?:at )?\d{1,2}"
    r"(?: \d\d)?(?: (?:de la|en la|am|pm|manana|tarde|noche|y media))*"
)
"""«Como a las 5», of a payment."""


def is_of_notice(flat: str) -> bool:
    return (_WAS_NOTIFIED.search(flat) or _WHAT_IS_IT.fullmatch(flat)) is not None


_TRACKING = re.compile(r"\d{7,15}")
"""A tracking key or a folio of digits alone; longer ones are accounts."""


_WHERE_TO = re.compile(
    r"(?:(?:si|no|fue|era|la|lo|se|deposite|mande|pague|pero|pues) )*(?:a|en) "
    r"(?:(?:la|una|otra)(?: cuenta| tarjeta)?|mi (?:otra )?(?:cuenta|tarjeta))"
    r"(?: del? (?:mi |un[ao]? )?\w+)?"
)
"""«A la de mi hermana», «en la tarjeta de mi esposo»."""
_BY_MEANS = re.compile(
    r"(?:(?:fue|lo|la|hice|se|era|y|si|pues|ya|it was|i (?:sent|did) it) )*"
    r"(?:por|con|via|en|by|through|at) (?:un |una |el |la )*"
    r"(?:spei|transferencia|deposito|ventanilla|cajero|practicaja|oxxo|tienda|app|banca|transfer)"
    r"(?: (?:de|del|en|con|mi|la|el) \w+)*"
    r"(?: (?:como|hoy|ayer|en la|a las?|eso|de|la|las|at|around|about|\d{1,2}|\d\d|y media|am|pm|hrs|manana|"
    r"tarde|noche|dia|mediodia|today|yesterday))*"
)
"""«Por SPEI a las 3 de la tarde», «en el OXXO ayer»."""
_FROM = re.compile(
    r"(?:(?:si|fue|era|la|lo|se|mande|hice|salio|pero|pues|it was) )*(?:de|desde|con|from) "
    r"(?:la |mi |una? |my )*(?:cuenta|tarjeta|account|card)"
    rf"(?: (?:de|del|a nombre de) (?:mi |la |el |un[ao]? )*(?:{KIN}|otra persona|\w+))?"
)
"""«De la cuenta de mi mamá»: whose money it was, and nobody else writes."""


def is_detail(flat: str) -> bool:
    """An hour, a sum, the number of a receipt, by what means, from where or to where it was paid."""
    return any(form.fullmatch(flat) for form in (_AT_HOUR, _WAS, _TRACKING, _WHERE_TO, _BY_MEANS, _FROM))
