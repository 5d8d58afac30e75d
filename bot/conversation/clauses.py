"""A message that asks or wishes something next to what else it says: each read alone, and the rest. What
protects somebody is read in each clause too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flows.acts.readings.agreed import PREFERENCE
from flows.acts.readings.apart import READ_BACK, WISHES
from flows.acts.readings.asked import of_loans
from flows.acts.readings.charges import charged_to_account
from flows.acts.readings.debit_end import ends_debit
from flows.acts.readings.lacked import lacks_its_sum
from flows.acts.readings.opting_out import only_calls
from flows.acts.readings.other_loan import paid_then
from flows.acts.readings.plainly import INFORMED, SAY_SO
from flows.acts.readings.terms import act_on_terms
from flows.acts.words import keywords
from flows.acts.words.signals import Signals
from flows.answers import agrees_plainly, plain
from flows.types.event import Message
from flows.types.ways import Ways

Read = Callable[[str], Message]
_ASKING = (
    r"(?:cu[aá]nt[oa]s?|cu[aá]l(?:es)?|d[oó]nde|c[oó]mo|cu[aá]ndo|qu[eé]|d[ií](?:me|game|ganme)|"
    r"acept[ae]n|cobran|hay|"
    r"(?:quiero |quisiera |necesito |ocupo )?saber|tell me|let me know|i want to know|"
    r"si (?:me |nos |se )?(?:tienen|aceptan|puede[ns]?)|me (?:van|cobran|pueden)|a qu[eé] cuenta|van a|"
    r"how|where|when|what|do you|does|is there|can i|will)\b"
)
_OF_LOAN = (
    r"(?:el|del|al)\s+(?:m[aá]s\s+)?(?:cr[eé]dito\s+|pr[eé]stamo\s+)?"
    r"(?:otro|primero|segundo|chico|chiquito|grande)\b"
)
_REST = r"la otra|el resto|lo (?:dem[aá]s|otro|que (?:falt|rest|qued)\w+)"
_DAY = r"(?:(?:el |este )?(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)|hoy|ma[nñ]ana)"
_GIVING = r"(?:(?:les|te|le|lo|se los?) )?(?:pag(?:o|ar)|deposit(?:o|ar)|abon(?:o|ar)|d(?:oy|ar)|transfiero)"
_PAYING = rf"{_GIVING} (?:\$ ?)?(?:\d[\d,.]*|la mitad|{_DAY})|{_DAY} {_GIVING}"
_WISHING = (
    r"(?:(?:me |nos )?(?:pued|podr[ií]a|m[aá]nd|env[ií]|pas[ae]|regal|haga?n?me|h[aá]ga|cancel|"
    r"qu[ií]t|elimin|borr|par[ae]n|d[eé]j(?:a|e)n?)\w*|(?:ya )?no (?:me|nos|quiero)|quiero|quisiera|"
    r"necesito|ocupo|me gustar[ií]a|una? (?:descuento|rebaja|quita)|"
    rf"c[oó]br\w+(?:me|l[oa])|desc?u[eé]nt\w+l[oa]|(?:mejor |{_REST})"
    r"(?: ?\b(?:que|mitad|parte|me|se|l[oa])\b)* ?(?:c[oó]br|c[aá]rg|descuent|descu[eé]nt)\w*|"
    rf"{_OF_LOAN}|h[aá]zme|h[aá]znos|{_PAYING}|me (?:hac|dan|baj|ayud)\w*|"
    r"(?:mu[eé]v|p[aá]s|c[aá]mbi|comun[ií])\w*|domicili\w+|(?:hacer|un) (?:un )?plan|"
    r"(?:please )?(?:send|give|cancel|remove|stop|charge)|don'?t|i(?: want|'d like| need|'ll))\b"
)
_AND = r"(?:y|e|and|pero|but|oye|ah|tambi[eé]n|aparte|adem[aá]s|de paso|por favor|porfa|also|please|,)"
_BREAK = re.compile(
    rf"(?<=[?!.;])\s*|\n+|\s*,\s*|\s+(?=¿)|\s+(?:{_AND}\s+)+(?=¿?(?:{_ASKING}|{_WISHING}))", re.IGNORECASE
)
_BARE = re.compile(
    r"\s+(?:y\s+)?(?=(?:cu[aá]ndo (?:vence|pago|me toca|es|tengo)|d[oó]nde (?:pago|deposito|puedo)|"
    r"cu[aá]nto (?:debo|es|pago|falta|me falta|sale)|a qu[eé] cuenta|c[oó]mo pago|si tienen|si aceptan)\b)",
    re.IGNORECASE,
)
"""Before one question of several that no sign parts: «cuánto debo cuándo vence y dónde pago»."""
_UNPARTED = re.compile(
    rf"\s+(?=(?:quiero|quisiera|necesito|ocupo|{_PAYING}|(?:ya )?no me (?:llam|marqu|habl)\w+|"
    r"me (?:hacen|dan|pueden) |(?:d[ií]gan|m[aá]nden?|comun[ií]quen|p[aá]sen)me|"
    r"cancel[ae]n?|qu[ií]ten|mu[eé]van|cambien|"
    r"cu[aá]nto (?:debo|es)|(?:a )?d[oó]nde (?:pago|deposito)|"
    r"(?<!que )(?<!qué )(?:me|nos) cobran (?:recargos?|inter[eé]s\w*|comisi[oó]n\w*|algo|extra|m[aá]s))\b)",
    re.IGNORECASE,
)
"""Before a wish or a question that no sign and no word parts: «quiero un plan dónde deposito»."""
_NUMBERED = re.compile(r"(?:^|(?<=\s))\d\)\s*|^[ \t]*(?:\d\.|[-•*])\s+", re.MULTILINE)
"""«1) ¿Cuánto debo? 2) ¿Dónde pago?»"""
_COURTESY = (
    r"(?:hola|buen[oa]s?(?: d[ií]as| tardes| noches)?|disculpen?|perd[oó]n|la molestia|hi|hello|sorry)"
)
_OPENING = re.compile(rf"(?:{_AND}|{_COURTESY}|¿|\s)*(?:(?P<asks>{_ASKING})|{_WISHING})", re.IGNORECASE)
_FOR_A_TIME = re.compile(r"\b(?:hasta|mientras|antes|until|before)\b", re.IGNORECASE)
"""«Pago el viernes, no me escriban hasta entonces»: one wish."""
_OTHER_LOAN = re.compile(rf"\b{_OF_LOAN}", re.IGNORECASE)
_OF_MONEY = frozenset(
    {"promise_to_pay", "report_payment", "request_discount", "request_extension", "request_plan"}
)
"""What one of two loans may be spoken of, next to the other: «ya pagué el chico, el grande el 10»."""
_MOST = 6
_BEGINS = (
    r"d[eé]j(?:a|e|en) (?:ya )?de (?:mand|escrib|envi|molest|contact)|d[eé]jen (?:mi|en paz mi)|"
    r"ya no me (?:mand|escrib|envi|molest)|qu[ií]t(?:en|e|a)me de|hagan? (?:el )?favor de (?:ya )?no|"
    r"desactiv(?:en|e|a)\b|les retiro|stop (?:texting|writing|messaging|taking)|turn off|"
    r"please (?:cancel|don't)|alguien (?:us[oó]|rob[oó]) mi|jam[aá]s he tenido|ese cr[eé]dito no|"
    r"(?:se puede|puedo) (?:pagar|depositar)|d[oó]nde (?:pago|deposito|puedo)|can i pay\b|where (?:do|can) i"
)
_CLAUSE = re.compile(
    r"(?<=[?!.;])\s*|\n+|\s*,\s*|\s+(?:y|e|pero|and|but)\s+|"
    rf"(?<!\bno)(?<!\bni)(?<!\bque)(?<!\bnunca)(?<!\bsi)(?<!\byou)(?<!\bto)\s+(?={_BEGINS})",
    re.IGNORECASE,
)
"""Also before a demand, a denial or a question of how to pay that no sign parts: «cuánto debo dejen de
escribirme», «ya no me manden nada se puede pagar en el oxxo?».
"""
_MOST_CLAUSES = 8
_DEPENDS = re.compile(
    r"\W*(?:para|pa|si|cuando|hasta|aunque|que(?! conste)|porque|if|when|until|so|because)\b", re.IGNORECASE
)
"""«Para que ya no me escriban», «si no, pongo una queja»: no wish by itself."""
_SO_THAT = re.compile(
    r"[,\s]+(?:(?:para|pa|con tal de) que|so(?: that)? you(?:'ll| will)?)\s+(?:\w+\s+){0,2}?"
    r"(?:no me|no nos|(?:me )?dej(?:en|es|e)|stop|leave)\b[^,.;!?]*$",
    re.IGNORECASE,
)
_SAYS_SOMETHING = 2
"""Words."""
_YES_AND = re.compile(
    r"\s*(?P<yes>[^,.;!?]{1,30}?)[\s,.;!]+(?:pero|y|nom[aá]s|s[oó]lo|but|and|just)(?:\s+que)?\s+"
    r"(?P<wish>[^?]+)",
    re.IGNORECASE,
)
"""«Sí, pero no me llamen al trabajo»."""
_HEARD = frozenset(
    {"complain", "dispute_charge", "dispute_debt", "opt_out", "privacy_request", "talk_to_human"}
)
_OTHERWISE: Mapping[str, frozenset[str]] = {
    "dispute_debt": frozenset({"dispute_charge", "report_payment", "report_vulnerability"}),
    "opt_out": frozenset({"contact_preference", "opt_in"}),
}
"""What a clause says less than the whole: «ese seguro yo no lo pedí»."""
_SURE = 0.97


def taken_apart(message: Message, read: Read, ways: Ways) -> Message:
    """With its questions that can be answered, a wish that comes after what else it does, and the rest, where
    it is more than one of these.
    """
    message = _with_protection(_without_lack(_without_reason(message, read), read), read)
    if agreed := _YES_AND.fullmatch(message.text):
        yes, how = read(agreed["yes"]), read(agreed["wish"])
        if agrees_plainly(yes) and how.certain and how.intent in (PREFERENCE, "opt_out"):
            return replace(message, rest=yes, wish=how)
    pieces = _pieces(message.text)
    if message.account is not None or len(pieces) > _MOST:
        return message
    return _in_pieces(message, pieces, read, ways) or _in_two(message, read, ways) or message


def _in_pieces(message: Message, pieces: Sequence[str], read: Read, ways: Ways) -> Message | None:
    """With its questions and its wish, where a piece of it is one."""
    if len(pieces) < _SAYS_SOMETHING:
        return None
    asks: list[Message] = []
    rest: list[Message] = []
    for piece in pieces:
        asked = _asked(piece, read, ways)
        asks, rest = ([*asks, asked], rest) if asked else (asks, [*rest, _wished(read(piece))])
    wish, does = _wish(rest, read)
    if wish is None:
        does = _together(rest, read)
    return replace(message, asks=tuple(asks), rest=does, wish=wish) if asks or wish else None


def _in_two(message: Message, read: Read, ways: Ways) -> Message | None:
    """In front of a wish or a question that nothing parts from what is before, where each is plain alone."""
    for begins in _UNPARTED.finditer(message.text):
        two = message.text[: begins.start()], message.text[begins.end() :]
        if all(read(piece).certain for piece in two) and (found := _in_pieces(message, two, read, ways)):
            return found
    return None


def _wished(piece: Message) -> Message:
    return paid_then(charged_to_account(piece))


def _without_reason(message: Message, read: Read) -> Message:
    """«Les pago el viernes para que ya no me molesten»: what is done, and not what for."""
    does = _SO_THAT.sub("", message.text)
    if "opt_out" not in (message.intent, *message.also) or len(does.split()) < _SAYS_SOMETHING:
        return message
    return replace(read(does), text=message.text) if does != message.text else message


def _without_lack(message: Message, read: Read) -> Message:
    """«No puedo pagar los 680 el viernes, quiero un plan»: what is wished, and not what for."""
    pieces = _pieces(message.text)
    left = [piece for piece in pieces if not lacks_its_sum(read(piece))]
    does = _together(list(map(read, left)), read) if 0 < len(left) < len(pieces) else None
    return does if does and does.certain and does.intent in WISHES else message


def _with_protection(message: Message, read: Read) -> Message:
    """With what one of its clauses certainly is, and the whole drowns."""
    clauses = [each for each in _CLAUSE.split(message.text) if each.strip("¿?¡!., ")]
    if message.account is not None or not 1 < len(clauses) <= _MOST_CLAUSES:
        return message
    for clause in clauses:
        if clause.endswith("?") or _DEPENDS.match(clause) or keywords.other_sense(clause):
            continue
        act = _protects(read(clause))
        if act == message.intent:
            message = replace(message, certain=True)
        elif act and {message.intent, *message.also}.isdisjoint({act, *_OTHERWISE.get(act, ())}):
            message = replace(message, also=(*message.also, act))
    return message


def _protects(clause: Message) -> str:
    """What it certainly is, if that protects somebody."""
    if clause.intent == "cancel_debit":  # «no me cobren mañana» may be of one charge
        return clause.intent if ends_debit(clause.text) else ""
    words = SAY_SO.get(clause.intent)
    sure = clause.confidence >= _SURE or (words and words.search(plain(clause.text)))
    return clause.intent if sure and clause.intent in _HEARD else ""


def _wish(rest: Sequence[Message], read: Read) -> tuple[Message | None, Message | None]:
    """A wish that begins when the others, read together, are done; null where none fits."""
    slowest = [*WISHES, *_OF_MONEY]
    wishes = (each for each in rest if each.certain and each.intent in slowest)
    for wish in sorted(wishes, key=lambda each: slowest.index(each.intent)):
        does = _together([each for each in rest if each is not wish], read)
        if does is not None and _pays(does):
            does = replace(does, intent="promise_to_pay", topic=None, certain=True)
        if does is None or not does.certain or _FOR_A_TIME.search(does.text):
            continue
        if does.intent == "request_extension" and wish.intent in _OF_MONEY and not Signals(does.text).charge:
            continue  # «una prórroga, pago el viernes»: one wish
        if wish.intent == "promise_to_pay" and only_calls(does.text):
            continue
        of_another = wish is not rest[0] and _of_another_loan(does, wish)
        if of_another or does.intent in WISHES.get(wish.intent, ()):
            return wish, does
    return None, None


def _of_another_loan(does: Message, wish: Message) -> bool:
    """«Del chico 300 el viernes y del grande en pagos»."""
    of_money = {does.intent, wish.intent} <= _OF_MONEY and does.intent != wish.intent
    return of_money and _OTHER_LOAN.search(wish.text) is not None


def _pays(piece: Message) -> bool:
    """«La mitad hoy»: read in doubt, and it is read back."""
    gives = piece.date is not None and (piece.amount is not None or bool(piece.parts))
    return gives and not piece.certain and piece.intent in READ_BACK


def _asked(piece: str, read: Read, ways: Ways) -> Message | None:
    """The piece, where it asks what can be answered."""
    opens = _OPENING.match(piece)
    if not opens and not piece.endswith("?"):
        return None
    asked = of_loans(read(piece), ways)
    if terms := act_on_terms(asked):
        asked = replace(asked, act=terms, topic=None, certain=True)
    informed = asked.intent in INFORMED
    if opens and not opens["asks"] and not piece.endswith("?"):  # «mándame el estado de cuenta»
        gives = asked.date is not None or any(map(str.isdigit, piece))  # «quiero que sea 300»
        topic = asked.topic and (informed or asked.intent == "other") and not gives
        return asked if asked.act or topic else None
    return asked if asked.certain and (asked.act or asked.topic or informed) else None


def _together(pieces: Sequence[Message], read: Read) -> Message | None:
    if len(pieces) == 1:
        return pieces[0]
    return read(", ".join(piece.text for piece in pieces)) if pieces else None


def _pieces(text: str) -> list[str]:
    parts = _BREAK.split(_NUMBERED.sub("", text))
    if len(_BARE.findall(f" {text}")) > 1:
        parts = [piece for part in parts if part for piece in _BARE.split(part)]
    return [piece for piece in parts if piece and piece.strip("¿?¡!., ")]
