"""Whether a text is a question about something, and not about the talk itself."""

import re

from flows.answers import plain

_LEAST_WORDS = 3
_ASKS = re.compile(
    r"(?:y |oye |oiga |disculp[ae] |perdon |hola |hi |hello |buen[oa]s? (?:dias? |tardes? |noches? )?)*"
    r"(?:como|donde|cuando|cuanto|cuantos|cuantas|quien|quienes|cual|cuales|por que|para que|de que|que|"
    r"tienen|venden|hacen|ustedes|existe|hay|how|where|when|who|which|why|what|do you|does|is there|"
    r"(?:can|could|will|would) (?:you|i))\b"
)
_OF_A_THING = re.compile(r"(?:tienen?|venden?|compran?|rentan?|manejan|ofrecen|regalan|sell) [a-z]{4,}$")
"""«¿Tienen motos?»: short, and about a thing."""
_OF_THE_TALK = re.compile(
    r"\b(?:no (?:te |le |les )?enti?end\w*|(?:te|se) refier\w+|que (?:me )?quier\w+ decir|ayud\w+|pregunt\w*|"
    r"dudas?|consultas?|hay alguien|(?:estas|sigues|siguen) ahi|que (?:onda|tal)|como (?:estas?|estan|te va)|"
    r"hello|help|questions?|don t understand|do you mean|anyone there|"
    r"que (?:calor|frio|bueno|bien|mal|lastima|pena|padre|chido|gusto|risa|coraje|lata|feo|horror|tarde)\b|"
    r"que (?:puedo|podemos|podria|hago)(?: hacer)?$|"
    r"what (?:can|should|do) (?:i|we) do$)\b|"
    r"^(?:pero |y )?(?:que|como|cual|cuando|donde|quien|cuanto|por que|what|why|how|who|when|where)$"
)


_OF_FIRM = re.compile(
    r"\b(?:quien(?:es)?|como se llama|who)\b.{0,24}\b(?:duen[oa]s?|propietari[oa]s?|director\w*|fundador\w*|"
    r"socios|fundo|owner|owns|ceo|founder|founded)\b(?!.*\b(?:deuda|credito|prestamo|cuenta|debt|loan)\b)"
)

_NO_MONEY = re.compile(
    r"\b(?:si|what (?:if|happens if)|and if|suppose) (?:\w+ ){0,4}?"
    r"(?:no (?:hay|junto|completo|tengo|traigo|alcanzo|(?:me )?alcanza|ajusto|llego|cumplo|pago|puedo|"
    r"voy a poder|"
    r"(?:me )?(?:pagan|depositan|cae))|se me (?:olvida|pasa)|(?:les |me )?fall[oa]|can t|cannot|"
    r"don t have|am short|fail|forget|miss|skip)\b"
)
_ASKS_FOR_MORE = re.compile(
    r"\b(?:esper\w+|plazo|prorroga|mov\w+|muev\w+|cambi\w+|puede ser|podria ser|"
    r"(?:otr[oa]|que) (?:dia|fecha)|parci\w+|partes|abon\w+|wait|move|another day|instead|extension)\b"
)


_THAT_DAY = re.compile(
    r"\b(?:ese dia|esa fecha|entonces|la fecha|el dia|(?:un|algun) (?:mes|pago|dia)|"
    r"(?:una|alguna) (?:quincena|semana|parte|parcialidad|mensualidad)|(?:one|a) (?:month|payment|week)|"
    r"that day|that date|by then)\b"
)


_SUPPOSES = re.compile(
    r"\b(?:si(?!$)(?! (?:quiero|quisiera|acepto|me interesa|necesito)\b)|"
    r"if|que tal|(?:que|k) (?:me )?pas\w+|que hago|suppose|say|what|multa\w*|penal\w+|castig\w+|"
    r"sancion\w*|recarg\w+|fines?|fees?|romp\w+|incumpl\w+|fall[aoe]\w*|a lo mejor|quiza|capaz)\b"
)


def supposes(text: str) -> bool:
    """Whether it asks what would be, and does not only name a day: «ah bueno, ese día»."""
    return _SUPPOSES.search(plain(text)) is not None


_NO_MONEY_THEN = re.compile(
    r"(?:(?:y|pero|oye|oiga|and|what) )*(?:si|if) (?:\w+ )?"
    r"no (?:me )?(?:hay|tengo|junto|traigo|completo|alcanza|money)"
    r"(?: (?:todo|para todo|dinero|fondos|saldo|suficiente|lana|nada|en|la|mi|cuenta|el|lo|completo|"
    r"there|in|the|account))*"
)


_NO_ACCOUNT = re.compile(
    r"\bno (?:tengo|traigo|uso|manejo) (?:una? |mi )?(?:cuenta|tarjeta|banco|app|spei|clabe)\b|"
    r"\bdon t have an? (?:bank|account|card|app)\b"
)
"""«¿Cómo le hago si no tengo cuenta?»: of ways to pay, and no lack of money."""


def supposes_no_money(text: str, *, dated: bool) -> bool:
    """«¿Y si no junto para el viernes?»: what happens then, and not another day that is wished."""
    flat = plain(text)
    if _NO_ACCOUNT.search(flat):
        return False
    of_a_day = dated or _THAT_DAY.search(flat) is not None or _NO_MONEY_THEN.fullmatch(flat) is not None
    return of_a_day and _NO_MONEY.search(flat) is not None and not _ASKS_FOR_MORE.search(flat)


def asks_of_firm(text: str) -> bool:
    """«¿Quién es el dueño?»: of whom the lender belongs to, not of who is writing."""
    return _OF_FIRM.search(plain(text)) is not None


_LENDERS_CLABE = re.compile(
    r"\b(?:su|tu|your) (?:cuenta )?clabe\b|"
    r"\bclabe (?:de ustedes|again|otra vez|do i (?:use|send|pay)|"
    r"(?:para|pa|to) (?:pag|deposit|transf|pay|send))|"
    r"^(?:(?:y|oiga|oye|entonces|bueno|hola|ok|and|so|wait|hey|but) )*"
    r"(?:(?:cual|whats?|which)(?: (?:es|is|s))? (?:la|the)|"
    r"(?:pas|d|mand|send|give)\w*(?: me)? (?:la|the)) clabe"
    r"(?: (?:por favor|porfa|please))?$"
)


def asks_lenders_clabe(text: str) -> bool:
    """«¿Cuál es la clabe?»: the one to pay into, and not the borrower's own."""
    return _LENDERS_CLABE.search(plain(text)) is not None


_OF_CONTACTS = re.compile(
    r"(?:(?:y|oye|oiga|pero|entonces|tambien|ustedes|hola|disculp[ae]|and|so|hey) )*"
    r"(?:(?:me|le|les|nos) )?(?:(?:va|van|vas) a (?:ir|(?:llam|habl|marc|dec|cont|avis|contact|busc|visit|"
    r"moles|ven|mand|exhib|quem)\w+)|"
    r"(?:are you|will you|would you)(?: going to)? (?:call|tell|come|go|contact|visit|send|text|message))\b"
)


_CONSEQUENCE = re.compile(
    r"\b(?:que|k|what) (?:me |nos |les? )?(?:pasa|pasara|pasaria|sucede|hago|hacen|happens|if)\b|"
    r"^(?:y |pero |and |but )*(?:que tal )?(?:si|if) (?:yo |i )?(?:no|don t|can t|cannot)\b"
)
_MORE_CHARGED = re.compile(
    r"\b(?:cobr|carg|charg|gener)\w* (?:\w+ ){0,2}?(?:mas|extra|more|recargos?|interes\w*|comision\w*|"
    r"multas?|moratori\w*|penaliz\w*|late fees?|interest)\b|"
    r"\bque (?:me )?pasa si (?:me |yo me )?(?:atraso|retraso)\b|\bwhat happens if i m late\b"
)


def asks_consequence(text: str) -> bool:
    """«¿Y si no puedo pagar el viernes, qué pasa?»: no day is promised."""
    return _CONSEQUENCE.search(plain(text)) is not None


_IF_LATE = re.compile(
    r"(?:(?:y|pero|disculp[ae]|oiga|oye|perdon|hola|and|but|what) )*"
    r"(?:si|if) (?:yo |me |i |i m )*(?:atraso|retraso|tardo|(?:am |pay )?late)"
    r"(?: (?:con|por|en|de|la|las|los|algun|alguna|partes?|pagos|parcialidad(?:es)?|quincenas?|mes|un|"
    r"una|uno|alguno|one|"
    r"unos|dos|tres|cuatro|cinco|\d+|mas|el|mi|pago|dias?|semanas?|by|few|days?|"
    r"weeks?))*"
)


def supposes_late(text: str) -> bool:
    """«¿Y si me atraso 5 días?»: what it costs, and no day of a payment."""
    return _IF_LATE.fullmatch(plain(text)) is not None


def asks_more_charged(text: str) -> bool:
    """«¿Y me van a cobrar más?»: of what lateness costs, and of no charge to an account."""
    flat = plain(text)
    return ("?" in text or _ASKS_COST.search(flat) is not None) and _MORE_CHARGED.search(flat) is not None


_GENERATES = re.compile(
    r"(?:(?:y|pero|oiga|oye|entonces|si|and) )*(?:no )?(?:(?:me|se|nos|eso|esto) )*(?:van? a )?"
    r"(?:gener|cobr|carg|sub)\w* (?:\w+ ){0,2}?(?:recargos?|interes\w*|comision\w*|moratori\w*|multas?)\b"
)


def asks_of_fees(text: str) -> bool:
    """«¿Y no me genera recargos?»: of what waiting costs."""
    return "?" in text and _GENERATES.match(plain(text)) is not None


def asks_of_contacts(text: str) -> bool:
    """«¿Van a llamar a mis referencias?»: of what may come, and no complaint of what was done."""
    return "?" in text and _OF_CONTACTS.match(plain(text)) is not None


def is_open_question(text: str) -> bool:
    """«¿Venden motos?» is one; «¿cómo?», «no entiendo, ¿qué?» and «¿me ayudas?» are not."""
    flat = plain(text)
    asks = "?" in text or _ASKS.match(flat) is not None
    thing = "?" in text and _OF_A_THING.match(flat) is not None
    return (
        asks and (len(flat.split()) >= _LEAST_WORDS or "¿" in text or thing) and not _OF_THE_TALK.search(flat)
    )


_OF_OFFER = re.compile(
    r"\b(?:de a? ?)?cuanto (?:\w+ ){0,3}?(?:cada|por|al) (?:uno|una|pago|parte|mes|semana|quincena)\b|"
    r"\bde a cuanto (?:me |nos )?(?:queda|sale|saldria|toca|son|es|seria)\w*\b|"
    r"\b(?:en|como|por) cuanto tiempo\b|\bhasta cuando\b|\bcuando (?:acab|termin)\w+\b|"
    r"\bcuant[oa]s (?:pagos|meses|quincenas|semanas) (?:son|serian)\b|"
    r"^(?:y )?cuant[oa]s (?:son|serian|quedan)$|"
    r"^(?:(?:y|ok|si|pero|a ver) )*(?:con|en|de|a|para)? ?(?:que|cuales) (?:fechas|dias)"
    r"(?: (?:son|serian|seria))?$|"
    r"\b(?:cuando|(?:en )?(?:que|q) (?:fecha|dia)) (?:(?:seria|es|empieza|empezaria|toca) )?(?:el |mi )?"
    r"(?:primer|ultim)\w*|"
    r"^(?:y )?cuanto (?:es|seria|pago|pagaria) (?:en total|de mas|de extra)(?: al final)?$|"
    r"\bcomo (?:queda|quedaria|quedarian|serian?)\b|\b(?:quincenal|semanal|mensual) o (?:quincenal|"
    r"semanal|mensual)\b|"
    r"\bcuando (?:empiezo|comienzo|inicio|empezaria|empezamos)\b|"
    r"\b(?:empiezo|comienzo|inicio) (?:desde )?cuando\b|"
    r"^(?:pues |perdon |la verdad |es que )*no (?:le |te )?enti?end[oi]\b|"
    r"\bwhen do i start\b|\bhow (?:much is each|long|much per)\b|"
    r"\bwhen (?:would|does|do|is) (?:it|i|the (?:first|last))\b"
)
_IF_MISSED = re.compile(
    r"\bsi (?:\w+ )?(?:fallo|(?:me )?atraso|no (?:pago|puedo|alcanzo|llego|cumplo|completo)|se me pasa)\b|"
    r"\bif i (?:miss|skip|fail|m late|am late|don t (?:pay|make it)|can t (?:pay|make it))\b"
)
_OF_WHAT_IS_OWED = re.compile(r"\b(?:deb[oe]|saldo|vencid[oa]|adeudo|credito|prestamo|owe|loan)\b")


def asks_of_offer(text: str) -> bool:
    """«¿Y de cuánto es cada uno?», «¿cuándo acabo?», «¿y si me atraso?»: of what is offered."""
    flat = plain(text)
    asks = _OF_OFFER.search(flat) or _IF_MISSED.search(flat)
    return asks is not None and not _OF_WHAT_IS_OWED.search(flat)


_OF_COST = re.compile(
    r"(?!.*\b(?:por dia|al dia|diari\w+|tasa|porcentaje|per day|daily|rate)\b).*(?:"
    r"\b(?:cobr|carg|gener|aument|charg|cost)\w* (?:(?!domic|banco|cuenta)\w+ ){0,3}?"
    r"(?:mas|extra|aparte|interes\w*|recargos?|comision\w*|more|interest|fees?)\b|"
    r"\b(?:sin|con|llevan?|tienen?|hay|incluyen?|trae|any|is there) (?:\w+ )?"
    r"(?:interes\w*|recargos?|costo|comision\w*|interest|fees?|cost)\b)"
)
_ASKS_COST = re.compile(r"\b(?:cuanto|how much)\b")


def asks_what_it_costs(text: str) -> bool:
    """«¿Y me cobran intereses por eso?», «cuánto me cobran de más»: of what is offered."""
    flat = plain(text)
    return ("?" in text or _ASKS_COST.search(flat) is not None) and _OF_COST.match(flat) is not None


def asks_if_missed(text: str) -> bool:
    """«¿Y si me atraso?»"""
    return _IF_MISSED.search(plain(text)) is not None
