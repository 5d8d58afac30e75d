"""A person who was asked for, and is not wanted any more."""

import re

from flows.answers import plain

NO_PERSON = "withdraw.person"
_PERSON = (
    r"(?:persona|asesor[a]?|agente|humano|ejecutiv[oa]|operador[a]?|alguien(?: mas)?|person|agent|human|"
    r"advisor|"
    r"representative)"
)
_HERE = r"(?:aqui|contigo|por aqui|con el (?:bot|robot|asistente)|with you|with the bot|here)"
_NO_PERSON = re.compile(
    r"(?:(?:no|ya|ok|bueno|mejor|gracias|perdon|disculpa|olvidalo|nada|pues|siempre|sabes que|oye|actually|"
    r"never mind|nevermind|sorry) )*(?:"
    rf"(?:ya no|no) (?:quiero|ocupo|necesito|hace falta|es necesari[oa]|me pases?|me comuniques) "
    rf"(?:(?:hablar|que me atienda|que me llame|esperar|con|a|al|la|una|un|ningun[oa]?|el|otra) )*{_PERSON}|"
    rf"(?:sig[ou]|sigamos|seguimos|seguir|prefiero seguir|continuo|continuamos|contigo|"
    rf"me quedo) (?:aqui )?{_HERE}|"
    rf"(?:sigamos|seguimos) {_HERE}|"
    rf"(?:quiero |quisiera )?cancel\w* (?:lo de |(?:mi|la) (?:cita|llamada) (?:con|del?) |al?|la|el|mi) ?"
    rf"(?:la |el |un )?{_PERSON}|"
    rf"(?:i )?(?:don t|no longer) (?:need|want) (?:to (?:talk|speak) (?:to|with) )?(?:the |a |an )?{_PERSON}|"
    rf"(?:no need for|forget|never mind) (?:the |a |an )?{_PERSON}|"
    rf"(?:i (?:ll|d rather|would rather|can) )?(?:keep|stay|continue) (?:talking )?{_HERE}"
    r")(?: (?:gracias|ya|porfa|por favor|contigo|aqui|mejor|dime tu|ayudame tu|anymore|thanks|any more|"
    r"please))*"
)


_NO_MORE = re.compile(
    r"(?:(?:no|ah|ok|bueno|mejor|siempre|perdon|disculp[ae]|sabes que|gracias|pero|actually|oh|well) )*"
    r"(?:ya no(?: (?:es necesario|hace falta|lo necesito|quiero|gracias))?|(?:olvid[ae]|dej[ae])(?:lo|"
    r"n?lo)(?: asi)?|"
    r"no es necesario|never ?mind|forget it|it s (?:ok|fine)|no need)"
    r"(?: (?:gracias|muchas|mejor|asi|ya|olvid[ae]n?lo|dej[ae]n?lo|thanks|thank you|anymore))*"
)


PERSON_HOURS = re.compile(
    rf"\b(?:horario|a que hora|que dias?|what time|hours)\b.*\b(?:{_PERSON}|atienden|abren|cierran)"
)
"""«¿Cuál es el horario de los asesores?»: none is wanted yet."""
SPOKE_ALREADY = re.compile(
    r"(?:(?:no|si|gracias|hola|ok|oye) )*ya (?:me )?(?:hable|platique|atendio|ayudo|contesto|resolvio|llamo|"
    rf"marco)(?: con)? (?:un |una |el |la |su |tu |uno de sus )?{_PERSON}"
    r"(?!.*\b(?:no|pero|quiero|otr[oa]|mal|grosero|falta)\b)"
)
"""«Ya hablé con un asesor y todo bien»."""


def withdraws(text: str) -> bool:
    """«Mejor ya no, gracias», right after a person was asked for."""
    return _NO_MORE.fullmatch(plain(text)) is not None or wants_no_person(text)


def wants_no_person(text: str) -> bool:
    """«Ya no quiero persona», «mejor sigo aquí contigo»."""
    return _NO_PERSON.fullmatch(plain(text)) is not None
