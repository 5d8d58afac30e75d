"""Whoever has no time to talk now: left alone, whatever they are at."""

import re

from flows.answers import plain, thinks_it_over
from flows.types.event import Message

TALK_LATER = "talk.later"
_PLACE = (
    r"(?:(?:una |la |el |mi )?(?:junta|clase|llamada|reunion|trabajo|camion|metro|micro|combi|escuela|chamba|"
    r"jale|super|mercado|iglesia|misa|dentista|doctor|gimnasio|gym|carretera|calle|rancho|parcela|milpa|"
    r"turno|fila|"
    r"cine|fiesta|entrega|obra|taller|aeropuerto|entrevista)|casa de mi \w+)(?: con mi \w+)?"
)
_BUSY_AT = (
    r"(?:cuidando (?:a )?(?:mi|mis|al|los|las|la) \w+|manejando|trabajando|comiendo|cocinando|cenando|"
    r"desayunando|ocupad[oa]|saliendo|durmiendo|llegando(?: a (?:la |mi )?\w+)?|"
    rf"(?:en|por) {_PLACE}|driving|busy|at work|eating|in (?:a )?(?:meeting|class|call))"
)
_NOW = r"(?:ahorita|horita|ahora|por ahora|right now|now)"
_THEN = (
    r"(?:al rat(?:o|ito)|ahorita|horita|orita|luego|luegito|mas (?:tarde|al rato|noche)|despues|later|"
    r"en un (?:rat(?:o|ito)|momento|minuto)|in a (?:bit|while|minute))"
)
_DAY = r"(?:en la (?:noche|tarde)|manana|tonight|tomorrow)"
"""Alone it may be the day of a payment."""
_WRITES = (
    r"(?:te|les|le) (?:escribo|digo|contesto|aviso|marco|hablo|respondo|leo|mando mensaje|confirmo|"
    r"devuelvo la llamada)"
)
_WHEN = r"(?:cuando|en cuanto|nomas) (?:\w+ ){1,6}?(?=(?:te|les|le) )"
_OPENS = (
    rf"(?:(?:{_NOW}|perdon|disculp[ae]|oiga|oye|hola|sorry|es que|pues|la verdad|"
    r"ok|si|no|nel|nop|bueno|va|sale|hi|no es nada(?: grave)?|todo bien) )*"
)
_IS_BUSY = (
    rf"(?:no puedo (?:{_NOW} )?(?=(?:es que |por ?que )?(?:estoy|toy|ando|voy) ))?(?:(?:es que|por ?que|"
    rf"estoy|toy|ando|voy|i m|im|i am|{_NOW}) )*{_BUSY_AT}"
    rf"(?: (?:y|pero|{_THEN}|{_DAY}|{_WRITES}|{_NOW}|no puedo|gracias|porfa|por favor|"
    r"(?:que|q|k) (?:quieren|quiere|necesitan|necesita|paso|onda|se les ofrece)))*"
)
_WILL_WRITE = (
    rf"(?:{_WHEN})?(?:y )?(?:{_THEN}(?: {_WRITES})?|{_DAY} {_WRITES}|{_WRITES}(?: (?:{_THEN}|{_DAY}))?)"
)
_CANNOT_TALK = (
    r"no puedo (?:hablar|escribir|leer|contestar|atender(?:le|te|los)?)"
    rf"(?: (?:{_NOW}|y|pero|{_THEN}|{_DAY}|{_WRITES}|es que|porque|estoy|ando|voy|{_BUSY_AT}))*"
)
_WAIT = (
    r"(?:(?:por favor|porfa) )?(?:dame|deme|denme|espera(?:me)?|espereme|perame|perate|pereme|"
    r"permiteme|permitame|aguant[ae]me)"
    r"(?: (?:un|unos|tantito|poquito|moment(?:o|ito)|minut(?:os?|ito)|rat(?:o|ito)|segundo|por favor|porfa|"
    r"\d+|cinco|diez))*"
)
_ONCE_PAID = (
    r"(?:cuando|en cuanto|ya que|una vez que|luego que|apenas|despues de que) "
    r"(?:(?:les?|te|lo|la|ya|yo|los?) )*(?:pague|deposite|transfiera|abone|haga el (?:pago|deposito)|"
    r"pueda pagar|tenga (?:el|los?|mi)? ?(?:dinero|comprobante))(?: (?:\w+ ){0,5}?| )"
    r"(?:te|les?|le) (?:aviso|digo|escribo|confirmo|mando|envio|paso)(?: (?:el |la |mi |su )?"
    r"(?:comprobante|foto|recibo|ticket|captura|mensaje))?|"
    r"(?:once|when|as soon as) i (?:have )?(?:paid|pay)(?: it)? "
    r"i ll (?:let you know|text you|send (?:you )?.*)"
)
"""«Ya que pague les aviso»: nothing is paid yet."""
_LOOKS_FIRST = rf"dej[ae](?:me)? (?:\w+ ){{1,4}}y (?:al rato |ahorita |luego )?{_WRITES}"
_ENGLISH = (
    rf"(?:i ll )?(?:text|talk to|write|call) (?:to )?you (?:back )?(?:later|{_DAY}|in a (?:bit|while))|"
    r"give me a (?:minute|moment|sec(?:ond)?)|brb|"
    r"(?:(?:actually|oh|no|please) )*(?:wait|hold on)(?: (?:a|one|sec(?:ond)?|minute|moment|please))*"
)
_LATER = re.compile(
    rf"{_OPENS}(?:{_IS_BUSY}|{_WILL_WRITE}|{_CANNOT_TALK}|{_WAIT}|{_ONCE_PAID}|{_LOOKS_FIRST}|{_ENGLISH})"
)


def talks_later(message: Message) -> bool:
    """«Estoy en el trabajo», «al rato te escribo», «lo pienso»: of the talk itself, and nothing else."""
    gives = message.date is not None or message.amount is not None
    later = _LATER.fullmatch(plain(message.text)) is not None or (thinks_it_over(message) and not gives)
    return "?" not in message.text and later
