"""Who says to be writing: somebody else than the borrower, or the borrower after all."""

import re

from flows.answers import plain

KIN = (
    r"(?:espos[oa]|marid[oa]|mujer|pareja|novi[oa]|herman[oa]|mama|papa|madre|padre|hij[oa]|"
    r"amig[oa]|vecin[oa]|"
    r"prim[oa]|ti[oa]|suegr[oa]|cunad[oa]|compadre|comadre|abuel[oa]|niet[oa]|sobrin[oa]|yerno|"
    r"nuera|jef[ea]|"
    r"secretari[oa]|asistente|companer[oa]|ex(?: espos[oa])?|viud[oa]|aval|fiador[a]?|garante|referencia|"
    r"codeudor[a]?|conocid[oa]|concun[oa]|padrino|madrina|ahijad[oa]|inquilin[oa]|caser[oa]|patron[a]?|"
    r"emplead[oa]|"
    r"guarantor|cosigner|neighbou?r|landlord|landlady|coworker|cousin|uncle|aunt|grand(?:son|daughter|ma|pa)|"
    r"wife|husband|brother|sister|son|daughter|mother|father|friend|mom|dad|boss|partner|roommate|"
    r"girlfriend|boyfriend|cousin|uncle|aunt|neighbor|grandma|grandpa)"
)
_NAME = r"(?!mi\b|my\b|de\b|con\b|que\b|not\b|no\b|at\b|with\b|going\b|from\b|\w+ing\b)(?:\w+ )"
_OTHER = re.compile(
    rf"\b(?:soy|habla|le habla|les habla|escribe|le escribe|contesta|somos|aqui)(?: yo)? (?:su|la|"
    rf"el|un|una) {KIN}\b(?! (?:de familia|solter|viud|jubilad))|"
    rf"\b(?:im|i m|i am|this is|it s|its) (?:his|her|their|the|a) {KIN}\b(?! of (?:two|three|four|\d|a)\b)|"
    rf"\b(?:soy|aqui) {KIN} de (?!puta|tu|la ch|familia|un|dos|tres|cuatro|cinco|\d|\w+ hij|\w+ nin)|"
    rf"\b(?:soy|habla|le habla|me llamo|aqui|escribe) {_NAME}{{1,3}}(?:(?:su|la|el) {KIN}\b|{KIN} de )|"
    rf"\b(?:im|i m|i am|this is|my name is) "
    rf"(?:{_NAME}{{1,3}}(?:his|her|their|the) |{_NAME}{{1,4}}s ){KIN}\b|"
    r"\b(?:te|le|les) (?:escribe|habla|contesta|responde) otra persona\b|"
    r"\b(?:soy|es|habla) otra persona\b|\b(?:someone|somebody) else (?:is )?(?:here|texting|writing)\b|"
    r"\bno soy (?:el|ella)\b(?! mism)|\b(?:im|i m|i am) not (?:him|her)\b|"
    r"\b(?:el|ella|mi (?:espos|marid|herman|mam|pap|hij|jef)\w*) (?:dejo|olvido|no esta|salio|no "
    r"se encuentra|anda fuera)\b|"
    r"\b(?:she|he) (?:left (?:the|her|his) phone|is not here|isn t here|is out)\b"
)
_HANDS_OVER = re.compile(
    rf"\b(?:ahora|ahorita|ya|aqui|orita) (?:le |te |les )?(?:escribe|contesta|habla|responde|sigue|"
    rf"va) mi {KIN}\b|"
    rf"\b(?:le|te|les|lo|los) (?:paso|comunico|dejo) (?:a|con) mi {KIN}\b|"
    rf"\bva a (?:contestar|escribir|responder|seguir|hablar)(?:le|te|les)? mi {KIN}\b|"
    rf"\bmi {KIN} (?:le |te |les )?(?:va a )?(?:contesta|escribe|responde|sigue)r?(?:le|te|les)?"
    r"(?: (?:ahora|ahorita|por aqui|de aqui|desde aqui|y))*$|"
    rf"\b(?:my {KIN} (?:will|is going to|ll) (?:answer|write|reply|talk|continue|text)|"
    rf"(?:passing|handing|giving) (?:you |the phone |it )*(?:over )?to my {KIN})\b"
)
"""«Ahora escribe mi esposo»: from here on it is somebody else."""
_REPRESENTS = re.compile(
    r"\b(?:soy|habla|le habla|les habla|somos|escribe)\b(?: \w+){0,5}? "
    r"(?:abogad[oa]s?|lic|licenciad[oa]|apoderad[oa]|representantes?(?: legal(?:es)?)?|defensor[a]?)"
    r"(?: \w+)?? (?:de|del)\b(?! (?:profesion|oficio|ventas?|ustedes|la empresa|un despacho|carrera))|"
    r"\brepresentante legal\b|\ben (?:nombre y )?representacion (?:de|legal)\b|"
    r"\b(?:a nombre|de parte) de mi client[ea]\b|"
    r"\brepresento (?:legalmente )?a(?:l| la| mi)? (?:senor\w*|client[ea])\b|"
    r"\b(?:attorney|lawyer|counsel|legal representative|paralegal) (?:for|of|representing)\b(?! me\b)|"
    r"\bi represent (?:the borrower|m[rs]s?)\b|\bon behalf of (?:my client|m[rs]s?)\b"
)
"""A lawyer, or who else acts for the borrower."""
BE_ANOTHER = "be.another_borrower"
"""«Soy Ana», on a phone that she shares with the one who has proved to be writing."""
BE_BORROWER = "be.borrower"
ASK_OF_OTHER = "ask.of_other"
"""«¿Cuánto debe mi esposo?», of somebody who has proved who they are."""
_WHY = re.compile(
    r"\b(?:que (?:datos? )?(?:necesit|ocup|requier)\w+|what do you need|"
    r"para que|por que|porque|pa que|con que fin|es seguro|es necesario|que van a hacer|desconfi|"
    r"why|what for|is it safe|do you need)\b"
)
_STEMS = (
    "soy",
    "otra persona",
    "body else",
    "one else",
    "me llamo",
    "my name",
    "somos",
    "habla",
    "escribe",
    "contesta",
    "aqui",
    "im ",
    "i m ",
    "i am",
    "this is",
    "it s",
    "its",
    "dejo",
    "olvido",
    "no esta",
    "salio",
    "se encuentra",
    "anda fuera",
    "left",
    "is not here",
    "isn t",
    "is out",
)
_MINE = re.compile(
    rf"\b(?:mi|my) {KIN} (?:no )?(?:me|tiene|paga|pago|debe|trabaja|esta enferm|fallec|muri|va a|"
    rf"puede|pays|owes)"
)
_PAYS = re.compile(
    rf"\b(?:mi|my) {KIN} (?:(?:me|te|les|lo|va|a|ir|puede|ayuda|will|can|is|going|to) )*"
    r"(?:pag|deposit|abon|liquid|transf|pay|send)"
    rf"|\b(?:mi|my) {KIN} es (?:el|la|quien) (?:que )?pag\w+|\b(?:lo|la|eso) (?:paga|pago) mi {KIN}\b"
)
_TO_OTHER = re.compile(
    rf"\b(?:habl|llam|marqu|busqu|escrib|cobr|dig|pid)\w{{1,2}}(?:les?|selo) (?:a|con) "
    rf"(?:el|ella|mi {KIN})\b|"
    rf"\bhablen con (?:el|ella|mi {KIN})\b|"
    r"(?<!to )(?<!me )(?<!ll )(?<!gonna )(?<!can )\btalk to (?:him|her)\b|"
    rf"(?:^|please |just |can |better |should )(?:call|text|write|talk) (?:to )?(?:him|her|my {KIN})\b|"
    r"\b(?:su|his|her) (?:numero|cel\w*|tel\w*|whats\w*|number|phone) (?:es|is)\b"
)
_MAY_PAY = re.compile(
    rf"\b(?:mi|my) {KIN} (?:me |lo |la |les )?(?:va a|puede|podria|can|could|will|is going to) "
    r"(?:pag|deposit|abon|liquid|transf|pay|send)"
)
_AFTER_ALL = re.compile(
    r"\b(?:si soy(?: yo)?|soy yo|(?:ya )?soy (?:el|la) (?:titular|duen[oa]|del (?:credito|prestamo))|"
    r"ya regrese|soy el mismo|soy la misma|me equivoque|fue (?:un )?error|era broma|"
    r"it (?:is|s) me|its me|i am (?:him|her)|that s me|my mistake|"
    r"(?:si|perdon|disculp\w+) es mi(?:o| (?:numero|tel\w*|cel\w*))|^es mio|"
    r"sorry this is my (?:number|phone)|it (?:is|s) mine)\b(?!.*\bno soy\b)"
)


_CHILD = re.compile(
    r"\b(?:yo )?(?:solo |apenas )?tengo (?:[5-9]|1[0-7]|ocho|nueve|diez|once|doce|trece|catorce|"
    r"quince) anos\b"
    r"(?! (?:de|con|pag|siendo|sin|viviendo|trabaj|esper))|\bsoy (?:menor de edad|un nin[oa]|una nina)\b|"
    r"\bi m (?:only )?(?:[5-9]|1[0-7])(?: years old)?$|\bi m (?:a (?:kid|child|minor)|underage)\b"
)


def is_child(text: str) -> bool:
    """«Tengo 10 años», «soy menor de edad»."""
    return _CHILD.search(plain(text)) is not None


def declares_other(text: str) -> bool:
    """«Soy su esposo», «ella dejó el celular», “I'm his wife”: not the borrower."""
    flat = plain(text)
    if _HANDS_OVER.search(flat) or _REPRESENTS.search(flat) or is_child(text):
        return True
    if not any(map(flat.__contains__, _STEMS)):
        return False
    return _OTHER.search(flat) is not None and _MINE.search(flat) is None


_GIVES_PHONE = re.compile(
    r"\b(?:le|te|les) (?:paso|comunico|dejo|presto)(?: (?:el|mi) (?:cel\w*|tel\w*))? (?:a|con)\b|"
    r"\b(?:ahora|ahorita|ya|aqui) (?:le |te |les )?(?:escribe|contesta|habla|responde|sigue)\b|"
    r"\bhere is\b|\bpassing (?:you|the phone) to\b"
)


_OF_OTHER = re.compile(
    rf"\b(?:cuanto|que|cuando|si|how much|what|when)\b.*\b(?:debe|adeuda|tiene que pagar|le (?:falta|"
    rf"toca|queda)|"
    rf"does|owes?)\b.*\b(?:mi|my) {KIN}\b|"
    rf"\b(?:mi|my) {KIN}\b.*\b(?:cuanto|que|how much)\b.*\b(?:debe|adeuda|tiene que pagar|owes?)\b|"
    rf"\b(?:el|la|los|las|lo) (?:saldo|deuda|adeudo|credito|prestamo|cuenta) de mi {KIN}\b|"
    rf"\b(?:cuanto|que) (?:es|hay|tiene) (?:lo |la )?de mi {KIN}\b|\bmy {KIN} s (?:balance|debt|loan|"
    rf"account)\b"
)


_OWES = re.compile(
    rf"\b(?:mi|my) {KIN} (?:(?:tambien|todavia|aun|ya|no|si|les?|te|also|still) )*(?:debe|adeuda|owes?)\b"
    r"(?! (?:pagar|ser|hacer|ir|de|to))"
)


def asks_of_other(text: str) -> bool:
    """«¿Cuánto debe mi esposo?», «el saldo de mi hermana»."""
    return _OF_OTHER.search(plain(text)) is not None


def asks_if_owes(text: str) -> bool:
    """«¿Y mi esposa también les debe?»"""
    return "?" in text and _OWES.search(plain(text)) is not None


def hands_over(text: str) -> bool:
    """«Le paso a Luis», «ahora escribe Luis»."""
    return _GIVES_PHONE.search(plain(text)) is not None


def represents(text: str) -> bool:
    """«Soy abogado de Ana»."""
    return _REPRESENTS.search(plain(text)) is not None


def pays_for_me(text: str) -> bool:
    """«Mi hermano va a pagar por mí»: the borrower, of somebody else."""
    return _PAYS.search(plain(text)) is not None


def may_pay_for_me(text: str) -> bool:
    """“My cousin can deposit it”: of a payment that is not made yet."""
    return _MAY_PAY.search(plain(text)) is not None


def refers_to_other(text: str) -> bool:
    """«Mi esposo paga eso, háblenle a él»: somebody else is to be talked to, which we do not do."""
    flat = plain(text)
    return _TO_OTHER.search(flat) is not None and not re.search(
        r"\b(?:no|not|don t|deje?n|stop|por que)\b", flat
    )


def asks_why(text: str) -> bool:
    """«¿Para qué quieren mi fecha?», «¿es seguro?»"""
    return _WHY.search(plain(text)) is not None


def after_all(text: str) -> bool:
    """«Perdón, sí soy yo»."""
    flat = plain(text)
    return _AFTER_ALL.search(flat) is not None and not flat.startswith(("no soy", "yo no soy"))


_PAID_FOR_ME = re.compile(
    rf"(?:(?:es que|pues|no|yo|y|el pago|quien|lo|la|les) )*(?:fue|hizo|pago|deposito|mando|transfirio)"
    rf"(?: (?:fue|lo hizo))? (?:mi|my) (?:ex )?{KIN}(?: (?:quien|la que|el que) \w+)?|"
    rf"(?:it was |it s |no )*my {KIN}(?: (?:who )?(?:paid|sent|did)(?: it)?)?"
)


def paid_for_me(text: str) -> bool:
    """«Fue mi esposa», of a payment that was reported: nobody else is writing."""
    return _PAID_FOR_ME.fullmatch(plain(text)) is not None


CALLS_US = re.compile(
    r"\b(?:yo )?(?:les?|te|los|las) (?:llamo|marco|hablo|llamare|marcare|voy a (?:llamar|marcar|hablar))\b|"
    r"\bi (?:ll|will|can|d rather|would rather) call\b"
)
"""«Mejor les llamo»: nobody is asked to call."""


def calls_us(text: str) -> bool:
    return CALLS_US.search(plain(text)) is not None
