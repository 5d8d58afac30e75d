"""Answers that states read themselves: a plain yes or no, and the buttons that go with them."""

import re
from difflib import get_close_matches
from functools import lru_cache

from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.wording import title
from values import fold

YES_NO = (Choice("yes", title("answer.yes")), Choice("no", title("answer.no")))

_YESES = frozenset({
    "si", "sii", "siii", "sip", "sipi", "simon", "claro", "claro que si", "por supuesto", "va", "vale",
    "sale", "sale va", "ok", "okay", "oki", "okey", "okis", "dale", "listo", "perfecto", "correcto",
    "exacto", "asi es", "de acuerdo", "confirmo", "confirmado", "lo confirmo", "si confirmo", "esta bien",
    "ta bien", "ta bueno", "esta bueno", "orale", "arre", "andale", "acepto", "si acepto",
    "si por favor", "si porfa", "si gracias",
    "si claro", "si esta bien", "si soy yo", "soy yo", "si soy", "yo mero", "yo mera", "el mismo",
    "la misma", "servidora", "servidor", "una servidora", "un servidor", "su servidora", "su servidor",
    "yes", "yep", "yup", "yeah", "yea", "ye", "👍", "👌", "✅", "🙋", "si va", "si de acuerdo",
    "si correcto", "si asi es",
    "afirmativo", "a su orden", "a sus ordenes", "presente", "con el", "con ella", "si con el",
    "si con ella", "si digame", "si diga", "si mande", "pues si", "pues sale", "pues va",
    "es correcto", "si es correcto", "esta correcto", "asi mero", "eso mero", "eso es", "tal cual",
    "claro q si", "claro k si", "exactamente", "asi esta bien", "esta bien asi", "si asi esta bien", "it is",
    "that is right",
    "sale y vale", "me late", "si me late", "i agree", "yes i agree", "sounds good", "works for me", "sisas",
    "correctisimo", "que si", "ya te dije que si", "ya le dije que si", "ya les dije que si", "si que si",
})  # fmt: skip
_NOES = frozenset({
    "nada", "mejor nada", "no", "nop", "nel", "nones", "nah", "no gracias", "mejor no", "ahorita no",
    "todavia no", "no acepto",
    "no es correcto", "incorrecto", "cancelar", "no soy", "no soy yo", "👎", "negativo", "para nada",
    "no por ahora", "no por favor", "entonces no", "pues no", "no pues no", "ya no", "siempre no", "no ya no",
    "bueno no", "mejor ya no", "no no", "ay no", "no entonces no", "ok no", "no thanks", "no thank you",
})  # fmt: skip


_ACCEPTS = frozenset({
    "acepto", "yo", "si", "los", "las", "el", "la", "lo", "terminos", "condiciones", "cargo", "cargos",
    "domiciliacion", "autorizacion", "todo", "ok", "claro", "de", "acuerdo", "por", "favor", "gracias", "i",
    "accept", "entonces", "bueno", "pues", "va", "sale", "okay", "esta", "bien", "ya", "muy",
})  # fmt: skip
_LONG = 6
_LONG_WORDS = sorted(word for word in _ACCEPTS if len(word) >= _LONG)
_DROPS = re.compile(
    r"\bolvid(?:a|e|emos|en|alo|elo|enlo|emoslo)\b|\bdej(?:a|e|en)lo(?: asi)?(?: mejor| porfa|"
    r" por favor| por ahora| gracias)*$|\bdejemoslo\b|\bya "
    r"no(?: lo| la)? quiero\b|"
    r"\bcancel(?:a|e|en|ar|alo|elo|emoslo)?(?: eso| esto| todo| it| that)?(?: mejor| porfa| por favor)?$|"
    r"^(?:no|nop),? (?:muchas |muchisimas )?gracias\b(?!.*\b(?:pero|si|mejor|que)\b)|^no thank(?:s|"
    r" you)\b(?!.*\bbut\b)|"
    r"\bleave it(?: as(?: it)? is| alone| like that)?(?: please| then| thanks)?$|"
    r"\bmejor (?:no|nada|ya no|luego|despues|otro dia)$|\b(?:forget it|never ?mind)\b"
)
_ASKS_WHETHER = re.compile(
    r"^(?:y|pero|que pasa|and) (?:si|if)\b|"
    r"\b(?:puedo|se puede|podria|como (?:lo |la )?(?:puedo|se)|can i|how)\b"
)
_REFUSES = (
    "no acepto",
    "no quiero",
    "no autorizo",
    "no estoy de acuerdo",
    "i do not accept",
    "i dont accept",
)
_AGREES = (
    "acepto",
    "aceptar",
    "aceptado",
    "autorizo",
    "adelante",
    "accept",
    "si",
    "ok",
    "okay",
    "va",
    "vale",
    "claro",
    "sale",
    "bueno",
    "yes",
    "i accept",
    "de acuerdo",
    "autorizo",
)


_NOT_WORDS = re.compile(r"(?:[^\w\u2191-\U0010ffff]|_|[\U0001f3fb-\U0001f3ff])+")
"""All but letters, digits and signs such as 👍; the colour of a hand is none."""


_SPELT = {
    "acecto": "acepto", "aceto": "acepto", "asepto": "acepto", "haser": "hacer", "keda": "queda",
    "kedo": "quedo",
    "aseptar": "aceptar", "combenio": "convenio", "conbenio": "convenio",
    "comvenio": "convenio", "kada": "cada", "kiere": "quiere", "kieren": "quieren", "kiero": "quiero",
    "kisiera": "quisiera", "kinsena": "quincena", "komo": "como", "kuando": "cuando", "kuanto": "cuanto",
    "qiero": "quiero", "qincena": "quincena", "ke": "que", "kobren": "cobren", "kobrar": "cobrar",
    "kobro": "cobro", "kobran": "cobran", "estubo": "estuvo", "kien": "quien",
}  # fmt: skip
_MISSPELT = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b")
_LONE_K = re.compile(r"(?<!\d )\bk\b(?= [a-z])")
"""«Ya no quiero k me cobren», and not «5 k»."""


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """Lower case, no accents, no punctuation, one space: what the tables of answers are written in. The
    commonest misspellings are spelt out.
    """
    words = _LONE_K.sub("que", _NOT_WORDS.sub(" ", fold(text)).strip())
    return _MISSPELT.sub(lambda found: _SPELT[found[0]], words)


def plain_answer(text: str) -> bool:
    """Whether the text is a yes or a no and nothing else."""
    return plain(text) in _YESES or plain(text) in _NOES


def is_yes(message: Message) -> bool:
    """A yes and nothing else: neither «sí, pero…» nor «¿sí?» is one."""
    if message.payload is not None:
        return message.payload == "yes"
    return "?" not in message.text and plain(message.text) in _YESES


_YES_WORDS = frozenset({
    "si", "sii", "sip", "simon", "claro", "que", "va", "vale", "sale", "ok", "okay", "okey", "oki",
    "dale", "listo",
    "perfecto", "correcto", "correctos", "exacto", "asi", "es", "esta", "ta", "bien", "todo", "de",
    "acuerdo", "confirmo",
    "confirmado", "confirmada", "orale", "arre", "andale", "acepto", "por", "favor", "porfa", "porfis",
    "gracias", "muchas",
    "yes", "yep", "yup", "yeah", "sure", "right", "that", "s", "thats", "is", "it", "please", "thanks",
    "thank", "you", "fine",
    "good", "great", "exactly", "lo", "la", "el", "ese", "esa", "eso", "yo", "mi", "cuenta", "mia",
    "correcta", "jala", "senorita", "senor", "joven", "amigo", "anotalo", "anotame", "anoteme",
    "anote", "anotado", "me",
    "parece", "excelente",
    "confirm", "confirmed", "i", "deal", "sounds", "agreed", "agree", "muy", "amable", "ya", "pues",
    "quedamos", "buenisimo", "correct", "perfect", "absolutely", "definitely", "alright", "cool", "works",
    "for", "course", "sir", "maam", "go", "ahead", "with",
})  # fmt: skip
"""A text of these alone, and beginning with a yes, is a yes."""
_YES_STARTS = frozenset({
    "si", "sii", "sip", "simon", "claro", "va", "vale", "sale", "ok", "okay", "okey", "oki", "dale",
    "listo", "perfecto",
    "correcto", "exacto", "asi", "de", "confirmo", "orale", "arre", "andale", "acepto", "yes", "yep",
    "yup", "yeah", "sure", "right",
    "that", "thats", "esta", "ta", "jala", "me", "excelente", "confirm", "confirmed", "deal", "sounds",
    "agreed", "muy", "ese",
    "esa", "eso", "todo", "fine", "correct", "perfect", "absolutely", "definitely", "alright", "cool",
    "go",
})  # fmt: skip
_DAY_WORDS = frozenset({
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "hoy", "manana", "dia",
    "pesos", "mxn",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow",
    "on", "the", "of",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre",
    "diciembre", "para", "del",
})  # fmt: skip


_IN_AGREEMENT = re.compile(
    r"\b(?:yo )?(?:si )?(?:estoy|quedo) (?:muy |totalmente )?(?:de acuerdo|conforme)\b|"
    r"^(?:si )?(?:es|esta) correct[oa]s?\b"
)


_OPENS_YES = re.compile(
    r"^(?:(?:bueno|pues|ps|pos|pus|pz|ah|aja|entonces|oh|well) )+(?=\w)| con (?:mucho )?gusto$"
)


def agrees(message: Message) -> bool:
    """«Sí, así es, gracias», «ok, el viernes»: a yes with nothing in it that asks for, adds or doubts."""
    if message.payload is not None or "?" in message.text:
        return False
    flat = _OPENS_YES.sub("", plain(message.text))
    words = _IN_AGREEMENT.sub("de acuerdo", flat).split()
    if not words or words[0] not in _YES_STARTS or words == ["todo"]:  # a sum, and no yes
        return False
    return all(word in _YES_WORDS or word in _DAY_WORDS or word.replace(",", "").isdigit() for word in words)


def agrees_plainly(message: Message) -> bool:
    """A yes to terms: «sí, de acuerdo, gracias», and neither a day nor a number with it: «ok, 300»."""
    adds = message.date is not None or any(map(str.isdigit, message.text))
    return is_yes(message) or (agrees(message) and not adds and message.amount is None)


_ASSENTS = frozenset({
    "si", "sii", "siii", "sip", "sipi", "simon", "claro", "correcto", "correctos", "exacto", "asi", "acuerdo",
    "confirmo", "confirmado", "confirmada", "acepto", "anotalo", "anote", "afirmativo", "quedamos", "yes",
    "yep", "yup", "yeah", "sure", "right", "exactly", "confirm", "confirmed", "deal", "agreed", "agree",
    "correct", "absolutely", "definitely", "works",
})  # fmt: skip
_SETTLES = frozenset({"va", "vale", "sale", "dale", "orale", "arre", "andale", "jala"})
_THANKS = frozenset({"gracias", "amable", "thanks", "thank"})


def acknowledges(message: Message) -> bool:
    """«Ok, gracias», «va, gracias», 👍: as much of what was just answered as of a question below it."""
    if message.payload is not None or not agrees_plainly(message):
        return False
    words = set(plain(message.text).split())
    return not words & (_ASSENTS | _DAY_WORDS) and (not words & _SETTLES or bool(words & _THANKS))


def is_no(message: Message) -> bool:
    return message.payload == "no" or (message.payload is None and plain(message.text) in _NOES)


def leans_yes(message: Message) -> bool:
    """Good enough for a question that binds nobody."""
    return is_yes(message) or (message.payload is None and message.intent == "affirm" and message.certain)


def leans_no(message: Message) -> bool:
    return is_no(message) or (message.payload is None and message.intent == "deny" and message.certain)


_NOT_NOW = re.compile(
    r"\b(?:ahorita no|ahora no|no puedo (?:hablar|ahorita|ahora)|estoy (?:ocupad|trabajando|"
    r"manejando)|mas tarde|"
    r"luego|despues|al rato|al ratito|en un rato|cualquier cosa (?:me|te|les) avis\w+|not now|busy|later|"
    r"adios|bye|chao)\b|^ocupad[oa]$"
)
_ASKS_HOW = re.compile(
    r"(?:(?:y|pero|and|but|oye|so) )*(?:como|cuando|how|when) (?:lo|la|se|puedo|do|can|would|is)\b"
)
"""«Y cómo lo cancelo después»: a question, whatever its sign."""
_THINKS = re.compile(
    r"^(?:(?:no|a ver|ay) )*(?:(?:es)?per(?:a|e|en)(?:te|me|se|nos)?|aguant\w+|wait|hold on)$|"
    r"\b(?:ahorita|luego|al rato|manana|mas tarde|lunes|martes|miercoles|jueves|viernes|sabado|"
    r"domingo) (?:te|les|le) (?:confirmo|digo|aviso)\b|"
    r"\b(?:(?:lo|la) (?:pienso|platico|consulto|checo)|(?:lo )?voy a (?:pensar|checar|consultar)(?:lo)?|"
    r"dej[ae](?:me)? (?:lo |la )?(?:pens\w+|pienso|ver(?! (?:las|los|que|cuales|mis|otras)\b)|veo|checo|"
    r"chec\w+|consult\w+|platic\w+)|"
    r"(?:ando|estoy) viendo(?! (?:lo|como|de|mi|para)\b)|ahi veo|"
    r"let me (?:think|see(?! (?:the|my|what|all|other)\b)|check)|i ll (?:think|"
    r"see))\b"
)


def not_now(message: Message) -> bool:
    """«Ahorita no puedo», «luego te la paso»"""
    asks = "?" in message.text or _ASKS_HOW.match(plain(message.text))
    return message.payload is None and not asks and _NOT_NOW.search(plain(message.text)) is not None


def thinks_it_over(message: Message) -> bool:
    """«Ok, lo pienso», «ando viendo»: neither a yes nor a no."""
    return message.payload is None and _THINKS.search(plain(message.text)) is not None


_IN_EARNEST = re.compile(
    r"(?:(?:a poco|y|pero|como|estas?|esta|es|de|en|la|si|are|you|for) )*"
    r"(?:segur[oa]s?|serio|verdad|deveras|veras|neta|sure|real|really|seriously)"
)


def asks_in_earnest(message: Message) -> bool:
    """«¿Seguro?», «¿en serio?»: of what is read back."""
    return message.payload is None and _IN_EARNEST.fullmatch(plain(message.text)) is not None


_BY_ITSELF = (
    r"(?:me |te |le |les |nos )?(?:pued[ae]|pudo|va|vaya|hac|hizo|reflej|ven?\b|vio\b|aplic|acredit|registr|"
    r"m[uo]str|muestr|actualiz|apar|carg|cobr|h[ae]n?\b|dej[aoe]\b|pas[aoe]\b|proces|realiz|complet|"
    r"mand[ao]\b|"
    r"guard|abr|preocup|molest|enoj|olvid|quit|arregl|fue|escuch|oye|entiend|encuentr|vale|debe|trat|acept|"
    r"descont|descuent|deposit|pag[oa]\b|liber)"
)
"""«No se me refleja», «no se preocupe»: no «no sé»."""
_UNSURE = re.compile(
    rf"\bno lo se\b|\bno se\b(?! {_BY_ITSELF})|\bdepende\b|^(?:pues |mmm+ |ok |"
    r"si )*(?:mas o menos|puede ser|tal vez|a lo mejor|quizas?|quien sabe)$|"
    r"\bno estoy segur|"
    r"\b(?:luego|yo) (?:te|les|le) (?:digo|aviso|confirmo)\b|\bni idea\b|"
    r"^(?:(?:ok|va|si|pues|ahi|mejor) )*(?:te|les|le) (?:digo|aviso|confirmo)$|"
    r"^(?:(?:i|well|ok) )*(?:maybe|perhaps|probably|guess)$|"
    r"\b(?:not sure|i don t know|dont know|idk|no idea|i ll let you know)\b"
)


def reports_payment(message: Message) -> bool:
    """«Pagué el sábado»: its day and sum are no answer to a question about what is to be paid."""
    return message.payload is None and message.certain and message.intent == "report_payment"


def words_unsure(message: Message) -> bool:
    """«No sé», «tal vez», «depende»."""
    return message.payload is None and _UNSURE.search(plain(message.text)) is not None


def is_unsure(message: Message) -> bool:
    return words_unsure(message) or thinks_it_over(message)


def asks_whether(text: str) -> bool:
    """«¿Puedo cancelar?»: it ends nothing."""
    return _ASKS_WHETHER.search(plain(text)) is not None


def drops(message: Message) -> bool:
    """Wants no more of it, rather than something else: «no, mejor olvídelo», not «no gracias, en 4 pagos»."""
    flat = plain(message.text)
    wishes = message.payload is not None or "instalments" in message.entities
    return not wishes and _DROPS.search(flat) is not None and not asks_whether(flat)


ACCEPTED = "accept"
"""The payload of the button of consent."""


def accepts(message: Message) -> bool:
    """The word «acepto», typed or by its button, and no condition: what a debit is authorised with. The
    button's number is not the word.
    """
    words = plain(message.text).split()
    return (
        message.payload in (None, ACCEPTED)
        and "?" not in message.text
        and ("acepto" in words or words[-1:] == ["accept"])
        and all(word in _ACCEPTS or _is_slip(word) for word in words)
    )


def _is_slip(word: str) -> bool:
    """«térmnos», «condisiones»: a long word of an acceptance, misspelt."""
    return len(word) >= _LONG and bool(get_close_matches(word, _LONG_WORDS, 1, 0.85))


def refuses(message: Message) -> bool:
    """«No acepto la domiciliación», too."""
    return leans_no(message) or (message.payload is None and plain(message.text).startswith(_REFUSES))


def agrees_somehow(message: Message) -> bool:
    """«Sí», «sí, pero…», «acepto si…»: a yes of some kind, and no acceptance."""
    if message.payload is not None:
        return message.payload == "accept"
    if message.certain and message.intent in ("affirm", "authorize_debit"):
        return True
    likely = not message.certain or message.intent in ("affirm", "authorize_debit", "other")
    return begins_with_yes(message) and likely


def begins_with_yes(message: Message) -> bool:
    words = plain(message.text)
    return any(words == word or words.startswith(f"{word} ") for word in _AGREES)
