"""What some words mean whatever the model reads in them, and what they do not mean."""

import re
from dataclasses import replace

from flows.acts.readings.charges import no_dispute
from flows.acts.readings.collectors import of_collector
from flows.acts.readings.debit_end import ends_charges, ends_debit, not_the_debit
from flows.acts.readings.idioms import DISAGREES, PAID_IN, idiom
from flows.acts.readings.kin import of_their_kin
from flows.acts.readings.opting_out import PAID, opting_out
from flows.acts.readings.spoken_of import spoken_of, without_mentions
from flows.acts.readings.undo import takes_back
from flows.acts.words import crisis, keywords, people
from flows.acts.words.questions import asks_of_contacts, asks_of_firm
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum
from flows.acts.words.whose_number import is_wrong_number, taken_over
from flows.answers import drops, plain, thinks_it_over
from flows.engine import Ask
from flows.types.event import Message

PROTECTED = frozenset(
    {
        "opt_out",
        "wrong_person",
        "third_party",
        "report_vulnerability",
        "dispute_debt",
        "dispute_charge",
        "complain",
        "privacy_request",
        "talk_to_human",
    }
)
"""What is read as one of these is not read again as something milder."""
_SHORT = 3
"""Words of «never mind», «déjalo así»: what drops a question says no more."""
_OF_ANOTHER = (
    "third_party",
    "talk_to_human",
    "provide_clabe",
    "contact_preference",
    "other",
    "refuse_to_pay",
)
REPORTED = "report_payment"
_OF_LOAN = re.compile(r"\b(?:prestamo|credito|deuda|adeudo|debo|dinero prestado|loan|debt|owe)\b")
_OTHER_LOAN = re.compile(r"^(?:no |si |es )*(?:el |del |de el )?otro (?:credito|prestamo)$")
_ENDING = re.compile(
    r"\b(?:no|ya|sin|nunca|dej|quit|kit|cancel|revoc|retir|anul|baj|rebaj|elimin|deten|suspend|par[ae]n|"
    r"stop|end|remov|not|don t|never)\w*"
)
_KNOWS_NOBODY = re.compile(
    r"\b(?:don t|do not) know (?:any|anyone|anybody)\b|\bno conozco a ning\w+\b|\bthere is no \w+ here\b"
)
_OPENER = re.compile(
    r"(?:(?:oye|oiga|oigan|disculp[ae]n?|perdon|hola|buen[oa]s \w+|una|tengo|puedo|hacer(?:le|te|les)?|"
    r"preguntar(?:le|te|les)?|pregunta|duda|consulta|algo|hey|excuse me|i have|a|quick|question|"
    r"bot|robot|asistente|estas|estan|ahi|nomas|nada mas|rapid[oa]|solo|just|preguntita|dudita|"
    r"con permiso|joven|"
    r"senorita|senor) ?)+"
)
"""«Oye, una pregunta»: what is wanted comes next."""
_IS_DONE = re.compile(r"(?:(?:ok|y|entonces|oye|si) )*(?:ya )?(?:quedo|esta|listo|is it done)(?: listo| ya)?")
"""«¿Ya quedó?», of what was just spoken of."""
_NOT_ME = re.compile(r"(?:no )?(?:no soy yo|not me|it s not me|that s not me)")
_NOT_OF_WHO = re.compile(
    r"\bno soy (?:de|client[ea]|usuari[oa]|soci[oa]|emplead[oa])\b(?!.*\b(?:persona|equivoc)\w*)|"
    r"\bnot me who\b"
)
"""«Ya no soy cliente de ese banco»: not of who is writing."""
_MY_KIN = (
    rf"(?:(?:es que|pero|y|oye|la verdad|me|dice|dijo|que|segun|creo|but) )*(?:mi|my) (?:ex )?{people.KIN}\b"
)
_MOVED = re.compile(r"\b(?:ciudad|casa|domicilio|direccion|trabajo|estado|moved|address|city)\b")
"""«Me cambié de ciudad»: of no account."""
_CHARGED = re.compile(
    r"\b(?:cobr|descuent|descont|carg|debit|domicili|nomina|cuenta|tarjeta|permiso|autoriz|recurrent|"
    r"charge|autopay|account|taking|card)\w*"
)
_ENDS = ("opt_out", "cancel_debit")
_ALL = re.compile(
    r"(?:ya )?(?:cancel\w*|quit\w*) todo(?: por favor| porfa| ya)?|cancel (?:it all|everything)|"
    r"(?:ya |lo que )?(?:quiero|quisiera|necesito|i want to|i need to) cancel(?:ar)?"
    r"(?: por favor| porfa| todo)?"
)
"""«Cancela todo»: the charges, or the messages? It is asked."""
_UNHAPPY = re.compile(
    r"(?:(?:pues|la verdad|a mi|eso|sigue|sin|pero|es que|it|that|still) )*"
    r"(?:no me cuadran?(?: (?:nada|eso|la cuenta|esa cuenta|el monto|las cuentas))?|"
    r"doesn t add up|don t add up|is wrong|isn t right)"
)
"""After the parts of a balance were shown: a person looks at it, as was promised."""
_HOLIDAY = re.compile(
    r"(?:y )?(?:cuando (?:es|cae)|que dia (?:es|cae)|when is) (?:la |el |the )?"
    r"(?:navidad|semana santa|ano nuevo|dia de (?:muertos|las madres|reyes)|dia del padre|"
    r"christmas|easter|thanksgiving|new year s?)(?: este ano)?"
)
_MAY_BE_WEARY = ("affirm", "complain", "deny", "other", "report_vulnerability", "thank")
"""What «ya me cansé» is read as."""
INFORMED = frozenset({"ask_balance", "ask_breakdown", "ask_due_date", "ask_payment_methods"})
"""Questions whose answer does nothing."""
_NAMED_PERSON = re.compile(
    r"\b(?:comuni\w+|pas\w+|hablar|habl\w+|transf\w+|contact\w+|speak|talk) (?:con|al?|with|to) "
    r"(?:el |la |un |una |the |a )?(?:lic(?:enciad[oa])?|abogad[oa]|gerente|supervisor\w*|director\w*|"
    r"ingenier[oa]|senor(?:a|ita)?|manager|supervisor)\b"
)
"""The person who is asked for, and no authority that is named."""


def plainly(message: Message, pending: Ask | None, *, known: bool, agreed: bool = False) -> Message:
    """What some words mean whatever the model reads in them, and what they do not mean. `agreed`: whether a
    promise or a plan stands.
    """
    text = message.text
    if crisis.self_harm(text) or crisis.violence(text) or crisis.death(text) or crisis.gravely_ill(text):
        named = _CHARGED.search(plain(text))  # «I don't want to live anymore» ends no debit
        also = tuple(label for label in message.also if named or label != "cancel_debit")
        also = (*also, "opt_out") if keywords.opts_out(text) and "opt_out" not in also else also
        return replace(message, intent="report_vulnerability", also=also, certain=True)
    if message.intent in _MAY_BE_WEARY and crisis.weary_of_us(text):
        return message.meaning("abuse")
    message = _of_nobody(message, known=known)
    if pending is not None and (_only_drops(message) or (not agreed and _drops_terms(message))):
        return replace(message, intent="deny", certain=True, also=())
    message = without_mentions(message, known=known)
    if found := _keyword(message, pending) or spoken_of(message, known=known):
        return found
    protects = message.certain and message.intent in PROTECTED - {"wrong_person", "third_party"}
    ill = message.intent == "report_vulnerability" and crisis.ill(text) and not crisis.death(text)
    if people.declares_other(text) and (ill or not protects):
        message = replace(message, intent="third_party", topic=None, certain=True)
    if message.intent == "third_party" and crisis.ill(text):  # «soy su hija, está internada»
        if known and _speaks_of_kin(text):  # «mi esposa está embarazada»
            return message.meaning("report_vulnerability")
        return replace(message, certain=True, also=tuple({*message.also, "report_vulnerability"}))
    if known and (found := _of_others(message)):
        return found
    if found := _other_than_read(message, agreed=agreed):
        return found
    sure = message.certain and not (message.intent in _ENDS and _ALL.fullmatch(plain(text)))
    message = _one_act(not_the_debit((idiom(message) or message) if sure else _likely(message)))
    message = opting_out(message)
    return _with_payment(message) if message.certain and message.intent in _ENDS else message


def _keyword(message: Message, pending: Ask | None) -> Message | None:
    """«BAJA», «STOP», «ALTA»."""
    text = message.text
    if keywords.opts_out(text) or (pending is None and text.strip().lower() in keywords.LONE_CANCEL):
        reported = (REPORTED,) if message.certain and message.intent == REPORTED else ()
        message = replace(message, also=(*message.also, *reported))
        return replace(not_the_debit(message), intent="opt_out", certain=True)
    return replace(message, intent="opt_in", certain=True) if keywords.opts_in(text) else None


def _of_nobody(message: Message, *, known: bool) -> Message:
    """«Número equivocado, ya no escriban» closes the number, and the borrower's own messages go on elsewhere;
    «me muero de risa» reports no death and asks of no insurance, «ya salí del hospital» no illness.
    """
    if message.intent == "wrong_person" and "dispute_debt" in message.also:  # whose debt it is not
        message = message.without("dispute_debt")
    silence = "opt_out" in (message.intent, *message.also)
    if silence and not known and is_wrong_number(message.text):
        return replace(message, intent="wrong_person", also=(), certain=True)
    if not (crisis.figurative(message.text) or crisis.recovered(message.text)):
        return message
    message = replace(message.without("report_vulnerability"), topic=None)
    if message.intent != "report_vulnerability":
        return message
    return replace(message, intent="other", certain=False, alternatives=())


def _with_payment(message: Message) -> Message:
    """«Ya pagué y no quiero que me vuelvan a escribir»: both are done."""
    paid = Signals(message.text).paid_already or PAID.search(plain(message.text))
    return (
        replace(message, also=(*message.also, REPORTED)) if paid and REPORTED not in message.also else message
    )


def _speaks_of_kin(text: str) -> bool:
    """«Mi esposo…», and no word that somebody else is writing."""
    flat = plain(text)
    hands = re.search(r"\b(?:(?:se|te|le|les) (?:la |lo )?paso(?! nada)|aqui esta|here is|hand)\b", flat)
    return not people.declares_other(text) and not hands and re.match(_MY_KIN, flat) is not None


_SPEI_KEY = re.compile(r"[A-Za-z]{2,8}\d{8,26}[A-Za-z0-9]{0,8}")
"""The tracking key of a transfer: a few letters and many digits, and no account."""


def _no_account(message: Message) -> Message | None:
    """A tracking key, or «te doy 100000», read as an account."""
    if _SPEI_KEY.fullmatch(message.text.strip()):
        return message.meaning("report_payment")
    says = Signals(message.text)
    number = None if says.folio else bare_sum(message.text)  # «la referencia es 123456»
    pays = "promise_to_pay" if says.pays else "other"
    return replace(message, intent=pays, amount=number, certain=True) if number else None


def _other_than_read(message: Message, *, agreed: bool) -> Message | None:
    """What is read as something that its words rule out."""
    text = message.text
    if message.intent in ("dispute_charge", "dispute_debt") and (found := no_dispute(message, agreed=agreed)):
        return found
    if message.intent == "provide_clabe" and message.account is None and (found := _no_account(message)):
        return found
    says = Signals(text)
    if _pays(message, says):
        topic = None if message.amount is not None else message.topic  # «pagaré 500» asks for no paper
        return replace(message, intent="promise_to_pay", topic=topic, certain=True)
    if message.intent == "wrong_person" and _NOT_ME.fullmatch(plain(text)):
        return replace(message, intent="deny", certain=True)  # a plainer word closes the address
    if found := of_their_kin(message) or of_collector(message):
        return found
    disputes = message.intent == "talk_to_human" and DISAGREES.search(plain(text))  # a person answers it
    if disputes or _UNHAPPY.fullmatch(plain(text)):
        return replace(message, intent="dispute_charge", certain=True)
    if message.intent == "change_account" and _MOVED.search(plain(text)):
        return replace(message, intent="other", topic=None)
    if not plain(text):  # «??»
        return replace(message, intent="other", also=(), alternatives=(), topic=None, certain=True)
    done = message.intent == REPORTED and "?" in text and _IS_DONE.fullmatch(plain(text))
    if done or _OPENER.fullmatch(plain(text)):
        return replace(message, intent="greet", topic=None, certain=True)
    return None


def _pays(message: Message, says: Signals) -> bool:
    """«Voy a pagar», read as a refusal; «pagaré 500,50», read in doubt."""
    doubted = message.intent == "promise_to_pay" and not message.certain and message.amount is not None
    if message.intent != "refuse_to_pay" and not doubted:
        return False
    denies = re.search(r"\b(?:no|nunca|ni|not|never)\b", says.flat) or PAID_IN.search(says.flat)
    return says.pays and not denies


def _one_act(message: Message) -> Message:
    """Of two acts that one wish is read as, the one that its words name."""
    acts = {message.intent, *message.also}
    if acts >= {"dispute_debt", "dispute_charge"} and not _OF_LOAN.search(plain(message.text)):
        return replace(message.without("dispute_debt", "dispute_charge"), intent="dispute_charge")
    if message.intent == "talk_to_human" and "complain" in acts and _NAMED_PERSON.search(plain(message.text)):
        return message.without("complain")
    wants_debit = message.intent == "cancel_debit" and message.alternatives[1:2] == ("authorize_debit",)
    if wants_debit and not message.certain and not _ENDING.search(plain(message.text)):
        return replace(message, intent="authorize_debit", certain=True)  # «¿cómo le hago para domiciliar?»
    if message.intent == "wrong_person" and _KNOWS_NOBODY.search(plain(message.text)):
        return replace(message, certain=True)
    if message.intent == "complain" and asks_of_contacts(message.text):
        return replace(message, intent="other", also=(), topic=message.topic or "others_told")
    if message.intent == "ask_due_date" and _HOLIDAY.fullmatch(plain(message.text)):
        return replace(message, intent="other")
    paid = Signals(message.text).paid_already  # «ya pagué el otro crédito»
    if message.intent == "request_loan" and (paid or _OTHER_LOAN.search(plain(message.text))):
        return replace(message, intent="ask_balance" if paid else "other", also=())
    if message.intent in INFORMED and INFORMED.issuperset(message.alternatives[:2]):
        return replace(message, certain=True)  # two questions: the likelier is answered, which harms nobody
    return _of_care(message) if message.intent == "report_vulnerability" else message


def _of_care(message: Message) -> Message:
    """“Never mind, I can't” takes something back; what may be hardship too is treated as the graver."""
    if takes_back(message.text):
        return message.meaning("deny")
    graver = message.alternatives[1:2] == ("report_hardship",)
    return replace(message, certain=True) if graver else message


SAY_SO = {
    "opt_out": re.compile(
        r"\bya no me (?:vuelvan a (?:mand|escrib|envi|molest|contact|busc)[ai]r|"
        r"est(?:en?|es) (?:mand|escrib|envi|molest|contact|busc)\w+|"
        r"(?:mand|envi|molest|contact|busqu)(?:en?|es)|escrib(?:an?|as))\b|"
        r"(?<!no me )\bdej(?:a|e|en) de (?:mand|escrib|envi|molest|contact)\w+|"
        r"\bno (?:me )?(?:est(?:ar|en|e) )?(?:mand|escrib|envi|molest|contact)[ai]?[ae]?ndo(?:me)?\b|"
        r"\b(?:stop|quit) (?:text|messag|writ|contact|bother)ing me\b|"
        r"\b(?:don t|do not) (?:text|message|write to|contact) me\b"
    ),
    "complain": re.compile(
        r"(?<!\bno )\b(?:quiero|quisiera|voy a|necesito|deseo) (?:meter|poner|levantar|presentar|hacer) "
        r"una queja\b|(?<!no )\bme quejo (?:de|del|por)\b|\bpongo (?:mi|una) queja\b|"
        r"\bi (?:want|need|d like) to (?:(?:file|make|lodge) a complaint|complain)\b|"
        r"(?<!\bno )\b(?:quiero|quisiera|voy a) quejarme\b|"
        r"\b(?:l[oe]s|te) voy a (?:demandar|denunciar|reportar|acusar)\b|"
        r"\bi(?: m going to| will| ll) (?:report|sue) you\b"
    ),
    "dispute_debt": re.compile(
        r"\b(?:don t|do not) recogni[sz]e (?:this|that|the|any) (?:loan|debt)\b|"
        r"\b(?:us\w+|rob\w+|clon\w+|falsific\w+|suplant\w+) (?:con )?mis? "
        r"(?:ine|identidad|datos|nombre|credencial|curp|documentos)\b|"
        r"\b(?:this|that|it) (?:is not|isn t) my (?:debt|loan)\b|"
        r"\b(?:esta|esa|la) deuda no es mia\b|\b(?:este|ese|el) (?:credito|prestamo) no es mio\b|"
        r"\b(?:(?:used|stole) my (?:id|identity|name|data)|never took (?:out|this|that|a) \w*)\b"
    ),
}
"""What protects somebody, in plain words next to something else: read as it, in doubt or not."""


def _likely(message: Message) -> Message:
    """What its words say plainly, of a message that is read in doubt."""
    if (words := SAY_SO.get(message.intent)) and words.search(plain(message.text)):
        return replace(message, certain=True)
    if ends_charges(message):
        return replace(message, intent="cancel_debit", certain=True)  # «ya no quiero que me cobren nunca»
    if crisis.ill(message.text) and {"report_hardship", "report_vulnerability"} & set(
        message.alternatives[:3]
    ):
        return replace(message, intent="report_vulnerability", certain=True)
    if ends_debit(message.text):
        return replace(message, intent="cancel_debit", topic=None, certain=True)
    if _ALL.fullmatch(plain(message.text)):
        both = ("cancel_debit", "opt_out")
        return replace(message, intent="cancel_debit", alternatives=both, topic=None, certain=False)
    return idiom(message) or message


def _of_others(message: Message) -> Message | None:
    """Of a borrower who is known: somebody pays for them, or they ask whose firm it is."""
    if (
        message.intent in _OF_ANOTHER
        and message.account is None
        and not thinks_it_over(message)
        and people.refers_to_other(message.text)
    ):
        return replace(message, intent="other", also=(), topic="others_told", certain=True)
    reported = message.intent == "report_payment" and people.may_pay_for_me(message.text)
    if reported or (message.intent == "third_party" and people.pays_for_me(message.text)):
        gives = message.date is not None or message.amount is not None
        if gives:
            return replace(message, intent="promise_to_pay", certain=True)
        return replace(message, intent="other", topic="other_payer", certain=True)
    if taken_over(message.text):
        return replace(message, intent="wrong_person", also=(), topic=None, certain=True)
    if message.intent == "ask_identity" and asks_of_firm(message.text):
        return replace(message, intent="other", topic=None, certain=True)
    if message.intent == "third_party" and _speaks_of_kin(message.text):
        return replace(message, certain=False)  # «mi ex esposo es el que debe pagar»: asked about
    bare = _NOT_ME.fullmatch(plain(message.text)) or _NOT_OF_WHO.search(plain(message.text))
    if message.intent == "wrong_person" and bare:
        return replace(message, certain=False, alternatives=("wrong_person", "third_party"))
    return None


def _drops_terms(message: Message) -> bool:
    """«Ya no quiero el convenio, cancélenlo», of what is read back."""
    says = Signals(message.text)
    return bool(
        says.cancel and (says.plan or says.promise) and not (says.debit or says.charge or says.marked)
    )


def _only_drops(message: Message) -> bool:
    return message.intent in PROTECTED and drops(message) and len(message.text.split()) <= _SHORT
