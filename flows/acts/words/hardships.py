"""In which words somebody tells that money is short, and why."""

import re

from flows.acts.words.people import KIN
from flows.answers import plain

ROBBED = re.compile(
    r"\b(?:me|nos) (?:robaron|asaltaron|quitaron)\b(?!.*\b(?:ine|identidad|datos|cobr\w+|cuenta)\b)|"
    r"\bi (?:was|got) (?:robbed|mugged)\b"
)
GETS_PAID = re.compile(r"\bi (?:get|ll get|will get|m getting|don t get) paid\b|\bmy (?:payday|paycheck)\b")
"""Of wages, and no payment that was made."""
NEARLY_HAS = re.compile(
    r"\b(?:casi|mero|merito) (?:lo |la )?(?:junto|completo|tengo|reuno|ajusto|consigo)\b|"
    r"\bfalta (?:poco|poquito) para (?:juntar|completar|ajustar)|\balmost have (?:it|all|the money)\b"
)
DIVORCED = re.compile(
    r"\b(?:me estoy|nos estamos) (?:divorci|separ)ando\b|\b(?:going through|getting) (?:a |an )?(?:\w+ )?"
    r"(?:divorced?|separat\w+|break ?up)\b"
)
OVERWHELMED = re.compile(
    r"\bya no puedo con (?:est[eao]s?|es[eao]s?|el|la|los|las|mi|mis|tantas?) "
    r"(?:credito|prestamo|deuda|pago|adeudo|mensualidad|gasto)\w*|\bse me junto todo\b"
)
NOT_ENOUGH = re.compile(r"\bno me (?:alcanza|ajusta|esta alcanzando|da para)\b(?!.*\d)")
FALLS_SHORT = re.compile(
    r"\b(?:voy a|les|te|le) qued(?:ar|o) mal\b|\bno (?:lo |la )?(?:junte|complete|ajuste|alcance a juntar)\b|"
    r"\bme muero de hambre\b|\bno tengo (?:ni )?(?:para comer|que comer)\b"
)
"""«Te voy a quedar mal, no junté»."""
NO_WAY_OUT = re.compile(r"\bno se (?:como|que) (?:le |lo )?(?:voy|vamos) a hacer\b")
BANKRUPT = re.compile(
    r"\b(?:me (?:declare|voy a declarar) en|me fui a|estoy en|estamos en|caimos en|entre en) (?:la )?"
    r"(?:quiebra|bancarrota)\b|\bquebro mi negocio\b|\bmi negocio (?:quebro|cerro)\b|"
    r"\b(?:filed|filing) (?:for )?bankruptcy\b|\b(?:i m|i am|went) bankrupt\b"
)
FEELS_BAD = re.compile(
    r"\bme siento (?:muy |bien |super )?(?:mal|triste)\b|\bi feel (?:so |really )?(?:bad|sad)\b"
)
KIN_LOST_WORK = re.compile(
    rf"\b(?:mi|my) {KIN} (?:se qued\w+ sin|perdio (?:el|su)|esta sin|no tiene|lost (?:his|"
    rf"her)) (?:trabajo|chamba|empleo|"
    rf"job)\b|\b(?:corrieron|despidieron) a mi {KIN}\b"
)
"""«Mi esposo se quedó sin trabajo»: of the one who writes."""
WONT_MAKE_IT = re.compile(
    r"\b(?:not (?:gonna|going to)|won t|can t|cannot) make it\b|\bno (?:la|lo) voy a (?:librar|lograr|"
    r"hacer)\b"
)
"""“Not gonna make it”: with the payment, of the one who writes."""
PAID_LATE = re.compile(
    r"\bno soy (?:moros|rater|tranz|mala paga)\w*|"
    r"\b(?:me llego|me cayo|me depositaron|me pagaron) (?:\w+ ){0,3}(?:tarde|atrasad\w+)\b"
)
EVICTED = re.compile(
    r"\b(?:me|nos) (?:van a |quieren |estan |pueden )?(?:desaloj\w+|(?:correr|corriendo|sacar|sacando|echar|"
    r"echando) de (?:la|mi|esta) (?:casa|renta))\b|\b(?:being|getting|got) evicted\b"
)
_WHY = re.compile(
    r"\bme (?:enferm\w+|operaron|accident\w+|corrieron|despidieron|liquidaron|quede sin|robaron|asaltaron)\b|"
    r"\b(?:estoy|ando|sigo) (?:muy )?(?:enferm[oa]|mal de salud|sin (?:trabajo|chamba|empleo|jale))\b|"
    r"\bperdi (?:el|mi) (?:trabajo|empleo|chamba|jale)\b|\bno tengo (?:trabajo|chamba|empleo|jale)\b|"
    r"\b(?:lost my job|laid off|got (?:fired|sick|robbed)|i m (?:sick|ill|unemployed|out of work))\b"
)


def tells_why(text: str) -> bool:
    """«Ahorita no tengo, me enfermé»: why there is no money, and not only that a sum is too much."""
    return _WHY.search(plain(text)) is not None
