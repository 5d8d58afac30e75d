"""What is written to the assistant itself: orders to do what it may not, small talk, the press."""

import re

from flows.answers import plain

TAMPERS = "aside.tampers"
SMALL_TALK = "aside.small_talk"
PRESS = "aside.press"

_TAMPERS = re.compile(
    r"\b(?:ignor|olvid|salt|desobede|forget|disregard|overrid|bypass)\w* (?:\w+ ){0,3}?"
    r"(?:tus|sus|your|all|previous|prior|todas|anteriores) (?:\w+ ){0,3}?"
    r"(?:instrucciones|reglas|programacion|restricciones|instructions|rules|guidelines|prompts?)\b|"
    r"\b(?:tu|your|system|el|the) (?:prompt|programacion|system message)\b(?! (?:pay|pago|repl|atten))|"
    r"\b(?:tus|your) (?:instrucciones|instructions) (?:iniciales|internas|originales|verbatim)\b|"
    r"\b(?:modo|mode) (?:debug|desarrollador|administrador|admin|dios|prueba|developer|god)\b|"
    r"\b(?:debug|developer|admin|god) mode\b|\bjailbreak\b|\bsystem prompt\b|"
    r"^(?:actua|haz de cuenta que eres|finge (?:ser|que eres)|simula (?:ser|que eres)|ahora eres|"
    r"act|pretend|roleplay|you are now|from now on you are)\b(?: (?:como|as|to be|you are|that you are))? "
    r"(?:si fueras |if you were )?(?:un|una|mi|el|la|an?|my|the|dan)\b|"
    r"\b(?:asume|supon|assume|suppose)\w* (?:que )?(?:ya |you already |you have |i am |i have )?"
    r"(?:verific|me identific|confirm|soy administrador|verified|admin)\w*|"
    r"\bdrop table\b|\bselect from\b"
)
_MARKED = re.compile(
    r"^\s*(?:\[?(?:system|sistema|assistant|user|admin|root)\]?\s*:|<\w+[^>]*>|```)", re.IGNORECASE
)
"""As if it came from whoever runs the assistant, or were a programme."""
_OPENS = r"(?:(?:oye|oiga|hola|y|ok|a ver|bueno|entonces|pero|jaja\w*|hey|hi|so|and|then|tu|usted|porfa) )*"
_SMALL_TALK = re.compile(
    _OPENS + r"(?:como te llamas|como se llama(?: usted)?|cual es (?:tu|su) nombre|tienes nombre|"
    r"cuantos anos (?:tienes|tiene)|que edad (?:tienes|tiene)|"
    r"(?:cuentame|dime|cuenta|me cuentas|sabes)(?: \w+)? (?:chistes?|cuentos?)(?: \w+)?|"
    r"(?:eres|es usted) (?:hombre|mujer|casad[oa]|solter[oa]|feliz|mexican[oa]|de donde)"
    r"(?: o (?:hombre|mujer))?|"
    r"(?:de donde eres|donde vives|tienes (?:novi[oa]|hijos|familia|sentimientos|corazon|alma))|"
    r"(?:que|como) (?:haces|estas haciendo)|que (?:te gusta|comiste|desayunaste)|te quiero|me caes bien|"
    r"quieres ser mi novi[oa]|"
    r"what s your name|what is your name|do you have a name|how old are you|"
    r"(?:tell|know)(?: me)? (?:a|any|another) jokes?|where do you live|are you (?:married|single|happy)|"
    r"(?:do you|can you) (?:love|feel|sleep|eat)\b.*|i love you|who (?:made|built|created|programmed) you|"
    r"quien te (?:hizo|creo|programo|invento))"
    r"(?: (?:por favor|porfa|please|tu|jaja\w*|lol|bot|robot|amig[oa]|guap[oa]))*"
)
_PRESS = re.compile(
    r"\b(?:soy|somos|habla|escribe|trabajo como|i m|i am|this is) (?:\w+ ){0,3}?"
    r"(?:periodista|reporter[oa]|corresponsal|journalist|reporter)\b|"
    r"\b(?:reportaje|nota periodistica|entrevista para|for a (?:news )?story|news article)\b"
)


def aside(text: str) -> str | None:
    """The act that it is."""
    flat = plain(text)
    if _MARKED.match(text) or _TAMPERS.search(flat):
        return TAMPERS
    if _SMALL_TALK.fullmatch(flat):
        return SMALL_TALK
    return PRESS if _PRESS.search(flat) else None
