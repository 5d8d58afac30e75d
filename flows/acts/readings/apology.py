"""«Perdón por lo de ayer, andaba de malas», «disculpe la tardanza, no tenía señal», «fue mi hijo, agarró el
teléfono»: nothing is wished, and no discount is asked for.
"""

import re

from flows.acts.words import crisis, people
from flows.answers import plain
from flows.types.event import Message

APOLOGISE = "apologise"
_MAY_BE = ("abuse", "complain", "greet", "other", "request_discount", "report_hardship", "deny")
_SORRY = re.compile(
    r"(?:(?:hola|oye|oiga|ay|buen[oa]s \w+|mil|una|hi|i m|im|so|very) )*(?:perdon\w*|disculp\w+|sorry) "
    r"(?:por|que|for|about) (?:(?:lo|la|el|los|las|mi|mis|te|les|le|no|haber|haberte|my|the|being|not) )*"
    r"(?:de (?:ayer|hace rato|la otra vez|antes)|tard\w+|demora|groser\w*|enoj\w+|molest\w+|contest\w+|"
    r"respond\w+|yesterday|rude\w*|late|delay|answer\w*|reply\w*)\b.*"
)
_ALONE = re.compile(
    r"(?:(?:ay|hola|oye|oiga|mil|una|ok|i m|im|so|very) )*(?:perdon\w*|disculp\w+|sorry)"
    r"(?: (?:eh|oye|sorry|a todos|i forgot|se me (?:olvido|paso)|lo olvide|"
    r"(?:es que )?(?:estoy|ando|estaba|andaba|i was|i m) (?:muy |bien |just |so )?(?:enojad[oa]|molest[oa]|"
    r"de malas|estresad[oa]|desesperad[oa]|nervios[oa]|frustrad[oa]|upset|angry|stressed|frustrated)))*"
)
_LATE = re.compile(
    r"^(?:perdon\w*|disculp\w+|sorry) (?:es que )?(?:estaba|andaba|i was)\b|"
    r"\b(?:tardanza|demora|por tardar\w*|por (?:no )?(?:contestar|responder)\w*|(?:no )?(?:habia|he) visto "
    r"(?:su|tu|el|los|sus|tus) mensajes?|apenas (?:vi|veo|leo|lei|me llego)|"
    r"no (?:te |le |les |lo )?(?:habia|he|pude|podia|habia podido|he podido) (?:contest|respond|le[ei]|"
    r"escrib)\w*|"
    r"(?:cel\w*|telefono) (?:no (?:servia|prendia|jalaba|agarraba)|(?:se )?descompu\w+|estaba descompuesto)|"
    r"sorry i was (?:at|in|driving|busy|asleep|working|out)|"
    r"(?:no tenia|sin|me quede sin|no habia|no hay|no agarra|se fue la) (?:senal|internet|pila|bateria|datos|"
    r"saldo en el (?:cel\w*|telefono)|wi ?fi|red|luz)|se me (?:acabo|murio|descargo|apago) (?:la pila|"
    r"la bateria|el (?:cel\w*|telefono)|el saldo)|me quede dormid[oa]|estaba dormid[oa]|traia en silencio|"
    r"(?:just|only) saw (?:your|this|the)|late (?:reply|response)|replying late|no signal|phone died|"
    r"fell asleep)\b"
)
"""Why nobody answered until now."""
_SLIP = re.compile(
    r"\b(?:mi|my|el|la|the|los|mis) (?:hij[oa]s?|nin[oa]s?|bebe|niet[oa]s?|sobrin[oa]s?|chamac[oa]s?|"
    r"chiquill[oa]s?|peque\w*|escuincl[ea]s?|hijit[oa]s?|nenit?[oa]|nen[ea]s?|gat[oa]|perr[oa]|kids?|son|"
    r"daughter|baby|grand(?:son|daughter|kid)|toddler|cat) (?:\w+ ){0,6}?"
    r"(?:agarr\w+|tom[oa]\w*|mand[oa]\w*|escribi\w*|jug\w+|jueg\w+|apret\w+|pic[oa]\w*|movi\w*|tecle\w+|"
    r"quit[oa]\w*|traia|tenia|grabbed|took|had|sent|typed|wrote|was playing|pressed|got)\b"
    r"|\b(?:fue|era|lo mando|lo escribio|it was|that was) (?:mi|my) (?:hij[oa]|nin[oa]|bebe|niet[oa]|"
    r"sobrin[oa]|nen[ea]|gat[oa]|kid|son|daughter|baby|cat)\b"
    rf"|^(?:perdon\w*|disculp\w+|sorry) (?:es que )?(?:era|fue|it was|that was) (?:mi|my) {people.KIN}$"
    r"|\b(?:se (?:me )?(?:mando|envio) sol[oa]|se me fue (?:el dedo|sin querer)|dedazo|"
    r"(?:me (?:equivoque|confundi) de|otro|era para otr[oa]|equivocad[oa] de|wrong) "
    r"(?:chat|grupo|contacto|conversacion)|me confundi de persona|"
    r"ese mensaje no era (?:para|de)|mensaje equivocado|no era para (?:aca|ti|ustedes|usted|aqui)|"
    r"sent by (?:mistake|accident)|"
    r"(?:lo )?mande sin querer|not meant for you)\b"
)
"""What was sent by a child, a cat, a finger."""
_SERIOUS = re.compile(
    r"\b(?:pag\w+|deb[oeia]\w*|cobr\w+|abon\w+|deposit\w+|transf\w+|prestamo|credito|deuda|saldo (?!en)|"
    r"cuanto|cuando|puedo|quiero|necesito|queja|baja|enferm\w+|hospital\w*|doctor|accident\w+|urgencias|"
    r"chamba|despid\w+|corrieron|funeral|velorio|luto|carcel|rob\w+|asalt\w+|autoric\w+|acept\w+|plan|dinero|"
    r"pay\w*|paid|owe|loan|want|need|money|debt|stop|how much|when)\b"
)
_MOST_WORDS = 22


_SHAME = re.compile(
    r"(?:(?:la verdad|ay|es que|uy|no sabes) )*(?:me da|que) (?:mucha |tanta |harta )?(?:pena|verguenza)"
    r"(?: (?:con ustedes|contigo|deber\w*|no poder pagar\w*|la verdad|decir\w*))*"
)


def apologises(message: Message) -> bool:
    flat = plain(message.text)
    if "?" in message.text or people.declares_other(message.text) or _grave(message.text):
        return False
    if message.intent in _MAY_BE and message.amount is None and _SORRY.fullmatch(flat):
        return True
    if _SHAME.fullmatch(flat):
        return True
    few = len(flat.split()) <= _MOST_WORDS and not _SERIOUS.search(flat)
    return few and bool(_ALONE.fullmatch(flat) or _LATE.search(flat) or _SLIP.search(flat))


def _grave(text: str) -> bool:
    found = (crisis.self_harm, crisis.violence, crisis.death, crisis.gravely_ill, crisis.ill)
    return any(grave(text) for grave in found)
