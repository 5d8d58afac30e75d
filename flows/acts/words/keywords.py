"""Words that opt out or in when they are the whole message, and senses of them that are none."""

import re

from flows.answers import plain

OPT_OUT = frozenset({
    "baja", "alto", "detener", "detengan", "stop", "stopall", "stop all", "no mas", "no mas mensajes",
    "unsubscribe",
    "optout", "opt out", "revoke", "end", "quit", "dar de baja", "darme de baja", "dame de baja",
    "denme de baja",
    "remover", "salir de la lista", "baja por favor", "baja porfavor", "baja porfa", "stop please",
})  # fmt: skip
OPT_IN = frozenset({"alta", "start", "unstop", "darme de alta", "dame de alta", "subscribe"})
LONE_CANCEL = frozenset({"cancelar", "cancel", "cancela", "cancelen"})
"""Where no question stands, these are keywords too."""

_OTHER_SENSE = re.compile(
    r"\bbaja california\b|\bla baja\b.{0,20}\b(?:tasa|interes|temporada)|"
    r"\bno (?:me )?(?:quiero|quisiera|deseo|pretendo|pido|estoy pidiendo|busco|vayan? a|es que "
    r"quiera|voy a|pienso)(?: que)?(?: me)? "
    r"(?:(?:dar(?:me)?|den|dan|darse) (?:de )?baja|salir|cancelar los mensajes|dejar de recibir)|"
    r"\bde baja (?:(?:a|de|del|al|el|la|mi|este) )+(?:credito|prestamo|seguro|linea|internet|luz|cable|"
    r"netflix|contrato|rfc|trabajo|chamba|imss|escuela|gimnasio)\b|"
    r"\b(?:ya )?no me (?:estan? )?(?:lleg|cae|entra)\w*\b|"
    r"\b(?:no|ni|nunca) (?:me |nos )?(?:dej(?:en|es|e)|vay(?:an|as|a) a dejar) de (?:mand|envi|escrib|avis)|"
    r"\bpor ?que (?:ya )?no me (?:han |estan? )?(?:mand|envi|escrib)(?:an?|ad\w|ando|id\w|iendo)\b|"
    r"\bno me (?:mand|envi)\w+ (?:mas )?(?:audios?|notas? de voz|fotos?|links?|ligas?|stickers?|imagenes)\b|"
    r"\b(?:mand|envi)\w+ a otra persona\b|\bno me (?:report|boletin)\w+|"
    r"^dej(?:en|e|a|ame|eme|enme)(?: que)? (?:les?|te|lo|la) (?:aviso|checo|reviso|digo|confirmo|veo)\b|"
    r"^(?:alto|stop|wait stop|detengan\w*)(?: tantito| un momento| wait)? "
    r"(?:no (?:te |le |les )?ent(?:iend|end)\w+|i (?:don t|didn t) (?:understand|get))|"
    r"\bdon t (?:remove|delete|unsubscribe) me\b|"
    r"\bno me (?:den|des|de) de baja\b|\bsin darme de baja\b|"
    r"\b(?:dieron|dio|estoy|di) de baja (?:en|del|de la|de mi) (?:imss|trabajo|chamba|empresa|"
    r"seguro|nomina|escuela)|"
    r"\b(?:non ?stop|bus stop|stop by|don t (?:want to )?(?:unsubscribe|opt out|stop getting))\b"
)


_STEMS = (
    "baja",
    "stop",
    "salir",
    "mensajes",
    "recibir",
    "unsubscribe",
    "opt out",
    "no me",
    "dej",
    "alto",
    "detengan",
    "don t",
)


_SHOUTED = re.compile(
    r"(?<!\bde )(?<!\ba la )(?<!\bla )\b(?:BAJA|STOP)[.!]*\s*$|"
    r"^\W*(?:BAJA|STOP)\s*(?:[.,;!\n]|\s(?:y|e|and)\s)"
)

_FIRST = re.compile(
    r"^\W*(?:BAJA|STOP)\W*\s(?!\W*(?i:california|calif|sur|norte|tasas?|interes\w*|temporada|domicili\w*|"
    r"carg\w*|cobr(?:os|ar|en|anza)\w*|auto\w*|cuenta|seguro|servicio|pagos?|mensual\w*|de|del|en|"
    r"el|la|los|las|lo|mi|un|una|\w+ing|charg\w*|debit\w*|payments?|the|my|it|this|that|by|a)\b)\W*\w"
)
"""«STOP DEPOSITE AYER 500», «BAJA OK GRACIAS»: the word stands first, and alone in its sense."""


def opts_out(text: str) -> bool:
    """As the whole message, or in capitals before or after what is not: «¿cuánto debo? BAJA»."""
    shouted = _SHOUTED.search(text) is not None and not text.isupper()
    shouted = shouted or _FIRST.search(text) is not None
    return plain(text) in OPT_OUT or (shouted and not other_sense(text))


def opts_in(text: str) -> bool:
    return plain(text) in OPT_IN


def other_sense(text: str) -> bool:
    """«No quiero darme de baja», «Baja California»: the word stands in another sense."""
    flat = plain(text)
    return any(stem in flat for stem in _STEMS) and _OTHER_SENSE.search(flat) is not None
