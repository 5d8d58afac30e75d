"""Turns of phrase that mean one thing, whatever else the model reads in them."""

import re
from dataclasses import dataclass, replace

from flows.acts.words.owed import (
    ALL_OF_IT,
    CATCHES_UP,
    CHARGE_HOUR,
    HALF,
    IN_PARTS,
    OWED_OF_ONE,
    PAID_THEN,
    PAY_MORE,
    PAYS_ONLY,
    REST_IN_PARTS,
    SEND_YOURS,
    SETTLES,
    SLIP,
    WAS_CALLED,
    WHAT_IS_LEFT,
)
from flows.acts.words.people import CALLS_US, KIN
from flows.acts.words.reported import (
    AGREED_WITH_OTHERS,
    COULD_NOT_PAY,
    DONE_PART,
    FEES,
    OWES_VERDAD,
    PAID_AND_ASKED,
    PAID_BEFORE,
    SAID_TO_SETTLE,
)
from flows.acts.words.sums import DAILY
from flows.answers import plain
from flows.types.event import Message

PAID_IN = re.compile(
    r"\b(?:yo |ya |les |te )*(?:di|hice|deje|mande|realice) (?:un |el |mi |otro )?(?:abono|pago|deposito)\b|"
    r"\bi (?:made|sent) (?:a|the|my) (?:payment|deposit)\b"
)
"""«Es que yo di un abono en octubre»."""
_THIS_WAY = re.compile(r"\b(?:mejor|prefiero|solo) (?:por )?(?:aqui|este medio|este chat|mensaje)\b")
_ROBBED = re.compile(
    r"\b(?:me|nos) (?:robaron|asaltaron|quitaron)\b(?!.*\b(?:ine|identidad|datos|cobr\w+|cuenta)\b)|"
    r"\bi (?:was|got) (?:robbed|mugged)\b"
)
_CANNOT_WRITE = re.compile(
    r"\bno veo bien(?: (?:las?|el|los) (?:letras?|pantalla|celular|mensajes?))?(?: y| me|$)|"
    r"\bno (?:puedo|se|veo bien para) (?:leer|escribir|teclear)\b"
    r"(?!.*\b(?:manej|trabaj|ocupad|junta|ahorita|ahora|al rato|chamba)\w*)|"
    r"\b(?:can t|cannot|don t know how to) (?:read|write|type)\b"
)
_GETS_PAID = re.compile(r"\bi (?:get|ll get|will get|m getting|don t get) paid\b|\bmy (?:payday|paycheck)\b")
"""Of wages, and no payment that was made."""
DISAGREES = re.compile(
    r"\bno (?:(?:estoy|ando) de acuerdo (?:con|en)|(?:los |las |lo )?reconozco) "
    r"(?:los|las|el|la|ese|esos|esa|esas|estos|estas|que me) "
    r"(?:recargos?|moratori\w+|interes\w*|cobro\w*|cargo\w*|monto|cantidad|cuenta|saldo|comision\w*)|"
    r"\bi (?:don t|do not) (?:agree with|recogni[sz]e) (?:the|these|those|that) "
    r"(?:late )?(?:fees?|interest|charges?|amount|balance)"
)
_THIS_IS_SHE = re.compile(r"^(?:(?:yes|yeah|hi|hello) )*(?:this is|it s) (?:her|him|she|he)(?: speaking)?$")
"""On the phone as in a chat: that is me."""
_KIN_PAID = re.compile(
    rf"\bya (?:(?:les|lo|la|te|se los) )*(?:deposito|pago|transfirio|abono|hizo el pago) mi {KIN}\b|"
    rf"\bmi {KIN} ya (?:(?:les|lo|la|te) )*(?:deposito|pago|transfirio|abono|hizo)\b|"
    rf"\bmy {KIN} (?:already )?(?:paid|sent|deposited)\b"
)
_NEARLY = re.compile(
    r"\b(?:ya )?casi (?:acabo|termino|liquido|les pago)\b|\balmost (?:done|finished|paid off)\b"
)
_NEARLY_HAS = re.compile(
    r"\b(?:casi|mero|merito) (?:lo |la )?(?:junto|completo|tengo|reuno|ajusto|consigo)\b|"
    r"\bfalta (?:poco|poquito) para (?:juntar|completar|ajustar)|\balmost have (?:it|all|the money)\b"
)
_NEW_NUMBER = re.compile(
    r"\bmi (?:nuevo (?:numero|telefono|celular)|(?:numero|telefono|celular) nuevo)\b|"
    r"\b(?:actuali[cz]\w+|cambi\w+|corrij\w+) (?:por favor )?mi (?:numero|telefono|celular|"
    r"correo)\b(?! de (?:cuenta|tarjeta))|"
    r"\bcambie de (?:numero|telefono|celular|correo)\b|\b(?:my new (?:number|phone)|"
    r"changed my (?:number|phone))\b"
)
_DATA = (
    r"(?:mis? |ningun |esos |esa |my |any |personal )*(?:datos?|informacion|data|information|info|details)\b"
)
_GIVES_NO_DATA = re.compile(
    r"\bno (?:(?:te|le|les|voy a|pienso|quiero|acostumbro|me gusta) )*(?:d[oa]|compart|paso|pasar|mand)\w* "
    rf"{_DATA}|\bi (?:don t|do not|won t|m not|am not)(?: going to)? (?:giv|shar)\w+ (?:you |out )?{_DATA}|"
    rf"\bpor que (?:tendria|deberia|tengo|debo)(?: de| que)? (?:dar|pasar|compartir)\w* {_DATA}|"
    r"\bno confio en (?:ustedes|esto|este|eso|usted)\b|\bi don t trust (?:you|this)\b"
)
"""«No doy mis datos por aquí»: distrust, and no right that is exercised."""
_HOW_LONG = re.compile(
    r"(?:(?:and|so|ok|but) )*(?:how long (?:do|have) i (?:have|got)|"
    r"what(?: is| s)? the latest (?:day )?i can pay)(?: (?:to pay|to do it|left|it))*"
)
_UNANSWERED = re.compile(
    r"\b(?:llevo|tengo|ya van|van) (?:\w+ ){1,4}esperando\b|"
    r"\b(?:nadie|no) me (?:contest\w+|respond\w+|ha(?:n)? (?:contestado|respondido)|hacen? caso|resuelv\w+|"
    r"da(?:n)? respuesta)|"
    r"\b(?:nobody|no one) (?:answers|answered|replies|replied|is answering)\b"
)
"""«Llevo tres días esperando», «estoy harta de que no me contesten»: no day to pay, no wish for quiet."""
_ANSWER_ME = re.compile(
    r"^(?:a ver si |ya |pues |oigan |bueno )+me (?:contest|respond|atiend|resuelv)\w+"
    r"(?: ya| por favor| algo)*$"
)
_NO_BUREAU = re.compile(r"\bno me (?:mand|pas|met|report|boletin|envi)\w* (?:al?|en|con) (?:el )?buro\b")
_NO_INSURANCE = re.compile(
    r"\b(?:quit\w+|cancel\w+|no quiero|den de baja|remove) (?:\w+ )?(?:el|ese|mi|un|the|my) "
    r"(?:seguro(?! social)|insurance)\b"
)
_LEAVES_DEBIT = re.compile(
    r"\b(?:salir(?:me)?|salgo|sacar(?:me)?|saquen(?:me)?|sacame|get (?:me )?out) (?:ya )?(?:del?|of) "
    r"(?:la |el |the )?(?:domicili\w+|(?:cargo|cobro|pago)s? automatic\w+|debito|direct debit|autopay)"
)
"""«Me quiero salir de la domiciliación»"""
_FEARS_FOR_ACCOUNT = re.compile(
    r"\b(?:me da|tengo|con) (?:mucha |un poco de |algo de )?(?:desconfianza|miedo|pendiente|cosa|temor|pena) "
    r"(?:de )?(?:dar|pasar|poner|mandar|compartir|que (?:tengan|usen))\w* "
    r"(?:mi|la|el) (?:\w+ de (?:mi |la )?)?(?:cuenta|clabe|tarjeta|banco)\b|"
    r"\b(?:afraid|scared|wary|nervous) (?:of|to|about) (?:giv|shar)\w+ "
    r"(?:you )?(?:my|the) (?:account|clabe|card|bank)"
)
_ONLY = r"(?:solo|nomas|nada mas|unicamente|solamente|puros?|just|only)"
_INTEREST = r"(?:(?:los?|el|puros?|the) )*interes(?:t|es)?\b"
_ONLY_INTEREST = re.compile(
    rf"\b(?:pag|abon|d|pay)(?:o|ar\w*|e|oy|)(?: \w+)? {_ONLY} {_INTEREST}|"
    rf"\b{_ONLY} (?:pag|abon|pay)\w* {_INTEREST}|\bpag\w+ (?:los )?puros? {_INTEREST}"
)
"""«¿Qué pasa si solo pago los intereses?»: of a part, and no discount."""
_NOT_AT_HAND = re.compile(
    r"no (?:la|lo) (?:tengo|traigo|encuentro)(?: (?:aqui|ahi|a la mano|conmigo|ahorita|ahora|todavia|aun))+"
)
"""Of a thing that was asked for, and of nobody."""
_WANTS_TO_PAY = re.compile(
    r"^(?!.*\bliquid\w* .*\b(?:grande|chico|otro|segundo)\b)(?:(?:hola|buen[oa]s? \w+|ya|pues|yo|es que|"
    r"oye|oiga|hi|hello|i) )*"
    r"(?:(?:quiero|quisiera|deseo|necesito|vengo a|me gustaria|want to|would like to|d like to|need to) )?"
    r"(?:pagar|abonar|liquidar|(?:hacer|realizar|dar) (?:un|mi|el) (?:pago|abono)|pay|make (?:a|my) payment)"
    r"(?: (?:mi|el|la|lo|que|debo|deuda|credito|prestamo|adeudo|mensualidad|por favor|porfa|my|loan|debt|"
    r"please|mas|chico|grande|chiquito|atrasado|segundo|primero|otro|the|second|first|other|one|smaller|"
    r"bigger))*$"
)
"""No day and no sum with it: how it is paid."""
_IS_BACK = re.compile(
    r"^(?:(?:listo|ok|hola|perdon|disculp[ae]|bueno|ahora si|aqui) )*"
    r"ya (?:puedo|estoy|regrese|llegue|me desocupe)"
    r"(?: (?:hablar|contestar|libre|desocupad[oa]|aqui|de vuelta|en (?:mi )?casa|contigo|gracias))*$"
)
"""«Listo, ya puedo hablar», and no hour to be written at."""
_CALLS_ME = re.compile(
    r"\b(?:pueden?|podrian?|quiero que|necesito que|me pueden) (?:me )?(?:llam|marc|marqu|habl)\w*\b"
    r"(?!.*\b(?:de|con|otr[oa]|tarde|rato)\b)|\b(?:can|could|please) (?:you )?(?:please )?call me\b"
)
_NOT_ENOUGH = re.compile(r"\bno me (?:alcanza|ajusta|esta alcanzando|da para)\b(?!.*\d)")
_OWES_NOTHING = re.compile(
    r"\b(?:saber|diganme|dime|digame|ver|checar) si (?:ya no|todavia|aun|les|te|le|yo)(?: \w+)? "
    r"deb(?:o|ia)\b|"
    r"^(?:(?:y|entonces|ok|so) )*(?:(?:ya no|todavia|aun) (?:(?:les|te|le) )*debo|"
    r"(?:what |how much )?do i (?:still )?owe)(?: \w+){0,3}$"
)
"""«Quiero saber si ya no debo nada»."""
_FALLS_SHORT = re.compile(
    r"\b(?:voy a|les|te|le) qued(?:ar|o) mal\b|\bno (?:lo |la )?(?:junte|complete|ajuste|alcance a juntar)\b|"
    r"\bme muero de hambre\b|\bno tengo (?:ni )?(?:para comer|que comer)\b"
)
"""«Te voy a quedar mal, no junté»."""
_NO_WAY_OUT = re.compile(r"\bno se (?:como|que) (?:le |lo )?(?:voy|vamos) a hacer\b")
_HELP = re.compile(
    r"^(?:(?:por favor|porfa|oiga|oye|please) )*(?:ayuden?me|ayudeme|ayudame|ayuda|help(?: me)?|"
    r"info|informacion|"
    r"(?:me (?:puede[sn]?|podria[sn]?)|pueden?) ayudar(?:me)?|necesito (?:su |tu )?ayuda|i need help)"
    r"(?: (?:por favor|porfa|please))*$"
)
"""What with? The menu asks, and names a person."""
_EACH_TIME = re.compile(
    r"\bcuanto (?:seria|saldria|quedaria|tendria que (?:pagar|dar)|pagaria|daria)(?: \w+){0,3} "
    r"(?:por|a la|al|cada) (?:semana|quincena|mes)\b|"
    r"\bhow much (?:would|will) (?:it|that) be (?:a|per|every) (?:week|month)\b"
)
_NO_PLAN = re.compile(
    r"\b(?:no (?:quiero|necesito|me interesan?|ocupo)|ni quiero) (?:(?:un|el|ese|ningun|tu|sus?|los|hacer) )*"
    r"(?:plan|convenio|acuerdo|pagos (?:chic\w+|en partes))\b|\bi don t (?:want|need) (?:a|any|your) plan\b"
)
_WILL_PAY = re.compile(
    r"\b(?:ya|si|claro que(?: si)?|pues) (?:les |te |le )?(?:voy a pagar|pagare|quiero pagar$)\b|"
    r"\bi (?:will|m going to) pay\b"
)


_LESS_OFTEN = re.compile(
    r"\bno (?:me |nos |sea |es |era |que |quiero |\w+n |\w+r )*(?:tan seguido|tanto mensaje|"
    r"tantos mensajes)\b|"
    r"\b(?:solo|nomas|nada mas|pero) que no (?:sea |me \w+ )?(?:tan seguido|(?:a )?diario|todos los dias|"
    r"a cada rato)$|^(?:(?:bueno|no|pero|wait|just) )*no (?:todos los dias|(?:a )?diario|a cada rato|todos)$|"
    r"\b(?:menos seguido|less often|not (?:so|that) often|not every day)\b"
)
"""«No tan seguido»: fewer messages, and not none."""
_NO_LEAVE = re.compile(
    r"\b(?:no|nunca|jamas|never) (?:(?:les?|te|he|di|yo|gave|you) )*"
    r"(?:autori[cz]\w+|authori[sz]ed?|(?:di|dado|gave you) (?:\w+ )?(?:permis\w+|consent\w+|"
    r"autori[cz]\w+)) .*"
    r"\b(?:escrib\w*|mensaj\w*|contact\w*|llam\w*|mi numero|mi whats\w*|mi telefono|text|message|write|call|"
    r"my number)\b"
)
"""«Yo no autoricé que me escriban»: why we write, and how it ends."""
_WHAT_ABOUT = re.compile(
    r"\b(?:quiero|quisiera|para|necesito) saber (?:de )?(?:que se trata|que es|por ?que)|^de que se trata\b|"
    r"\bwhat (?:is|s) this about\b"
)
_BORROWED = re.compile(
    r"^(?:(?:yo|es que|pero|a mi|nada mas|solo|nomas) )*(?:me prestaron|pedi|saque) (?:solo )?\d"
)
"""«Me prestaron 5000»: of the loan that there is."""
_HOW_LATE = re.compile(
    r"\b(?:hace )?cuanto (?:tiempo )?(?:hace )?(?:llevo (?:de atraso|atrasad[oa]|sin pagar|vencid[oa])|"
    r"que (?:no pago|debo|me atrase)|tengo de atras\w+)|\bdesde cuando (?:debo|estoy atrasad[oa])|"
    r"\bhow (?:late|overdue|far behind|many days (?:late|overdue|behind)|long have i been (?:late|"
    r"overdue|behind))\b"
)


_OPTIONS = re.compile(
    r"^(?:(?:bueno|ya|ok|va|a ver|y|entonces|pues|oye|oiga|dime|digame|me dice|and|so) )*"
    r"(?:(?:dime|digame|deme|dame|cuales son|"
    r"(?:que|cuales) (?:otras )?(?:son )?)(?: (?:mis|las|otras))? ?opciones|que opciones (?:tengo|hay|"
    r"me (?:das|dan))|"
    r"what are my options|what options(?: do i have)?)(?: (?:tengo|hay|me dan|me das|para pagar|tienen|"
    r"son|pues))*$"
)
"""«¿Qué opciones tengo?»: what ways there are."""
_BY_PLACE = re.compile(
    r"(?:(?:pues|va|ok|mejor|quiero) )*(?:la|el|the) (?:de |del )?(?:en ?medio|enmedio|medio|arriba|"
    r"abajo|middle|top|"
    r"bottom)(?: one| option| opcion| por favor)*"
)
"""«La de en medio»: an answer, and no word of what one goes through."""
_FEELS_BAD = re.compile(
    r"\bme siento (?:muy |bien |super )?(?:mal|triste)\b|\bi feel (?:so |really )?(?:bad|sad)\b"
)


_KIN_LOST_WORK = re.compile(
    rf"\b(?:mi|my) {KIN} (?:se qued\w+ sin|perdio (?:el|su)|esta sin|no tiene|lost (?:his|"
    rf"her)) (?:trabajo|chamba|empleo|"
    rf"job)\b|\b(?:corrieron|despidieron) a mi {KIN}\b"
)
"""«Mi esposo se quedó sin trabajo»: of the one who writes."""


_WONT_MAKE_IT = re.compile(
    r"\b(?:not (?:gonna|going to)|won t|can t|cannot) make it\b|\bno (?:la|lo) voy a (?:librar|lograr|"
    r"hacer)\b"
)
"""“Not gonna make it”: with the payment, of the one who writes."""
_PAID_LATE = re.compile(
    r"\bno soy (?:moros|rater|tranz|mala paga)\w*|"
    r"\b(?:me llego|me cayo|me depositaron|me pagaron) (?:\w+ ){0,3}(?:tarde|atrasad\w+)\b"
)
_PERSON_OR_MACHINE = re.compile(
    r"\b(?:hablo|estoy hablando|escribo|chateo|es|eres|am i (?:talking|speaking|chatting)) (?:\w+ ){0,4}?"
    r"(?:persona|alguien|human[oa]|someone|person|human)(?: (?:de verdad|real))? (?:o|or) (?:\w+ ){0,2}?"
    r"(?:maquina|robot|bot|computadora|machine|computer)\b"
)
_EVICTED = re.compile(
    r"\b(?:me|nos) (?:van a |quieren |estan |pueden )?(?:desaloj\w+|(?:correr|corriendo|sacar|sacando|echar|"
    r"echando) de (?:la|mi|esta) (?:casa|renta))\b|\b(?:being|getting|got) evicted\b"
)
_DISBELIEVES = re.compile(
    r"^(?:(?:pues|la verdad|yo|a mi|es que|but) )*(?:no (?:te|le|les|se|lo) (?:lo )?creo(?: (?:nada|"
    r"eso))*|es mentira|"
    r"(?:esto |eso )?(?:suena|huele) a (?:fraude|estafa)|i don t (?:believe|trust) (?:you|it|this)|"
    r"(?:this )?(?:sounds|looks|smells) like a (?:scam|fraud))$"
)
_HOPES = re.compile(r"^(?:(?:pues|si|ay) )*(?:ojala|dios quiera|primero dios|si dios quiere|hopefully)$")
_NO_CALLS = re.compile(
    r"\bno (?:quiero|mas) llamadas\b|\b(?:don t|do not) want you to call me\b|\bno (?:more )?calls\b"
)
_NO_PRESSURE = re.compile(
    r"\bno me (?:estes?|esten?|anden?|vengas?|quieras?) (?:a )?presion\w+|\bdej(?:a|e|en) de presionar\w*|"
    r"\b(?:don t|stop) (?:pressur|push)\w* me\b"
)


_NOT_CALLED = re.compile(
    r"^(?:(?:ya|por favor|porfa|que|oigan|pero|please) )*(?:no (?:me |nos |le )?(?:llam|marqu|habl)(?:en?|"
    r"es)|"
    r"(?:don t|do not|stop) call(?:ing)?(?: me| us)?)(?: (?:mas|ya|nunca|por favor|porfa|please|any ?more|"
    r"again))*$"
)
"""«No me llamen»: of nobody who is wished for."""
_THE_DATA = re.compile(
    r"^(?:(?:me|oiga|oye|ok|va|si|por favor|porfa|a ver) )*(?:mand|pas|envi|d)(?:a|e|as|an|en|ame|eme|"
    r"enme|ime)(?: los| tus| sus)? "
    r"datos(?: (?:para (?:pagar|depositar|transferir|el (?:pago|deposito))|bancarios|de (?:pago|"
    r"la cuenta)|porfa|por favor))*$"
)
"""«Mándame los datos»: to pay."""


_CHILDREN = r"(?:a )?(?:(?:los|mis?) )?(?:hij|nin|beb)\w+"
_TAKES_CHILDREN = re.compile(
    rf"\b(?:me|nos) (?:van|iban|quieren|pueden) a? ?(?:quitar|arrebatar) {_CHILDREN}|"
    rf"\b(?:van|iban|quieren|pueden) a? ?(?:quitarme|quitarnos|llevarse) {_CHILDREN}|"
    r"\b(?:they|you|collectors?) (?:\w+ ){1,3}take (?:away )?my (?:kids?|children|son|daughter|baby)\b"
)
"""«Dicen que me van a quitar a mis hijos si no pago»: a threat of who collects."""


@dataclass(frozen=True, slots=True)
class Idiom:
    words: re.Pattern[str]
    intent: str
    """What it is."""
    read_as: tuple[str, ...] = ()
    """What the model may be sure of; otherwise it counts where the model is in doubt."""
    topic: str | None = None
    """What it asks about, where it is a question."""
    among: tuple[str, ...] = ()
    """What else must be among the likeliest readings."""


IDIOMS = (
    Idiom(CHARGE_HOUR, "other", read_as=("other", "ask_due_date", "ask_breakdown"), topic="debit_how"),
    Idiom(OWED_OF_ONE, "ask_balance", read_as=("ask_balance", "other")),
    Idiom(WHAT_IS_LEFT, "ask_balance", read_as=("other", "refuse_to_pay")),
    Idiom(PAY_MORE, "other", read_as=("request_plan", "other", "promise_to_pay"), topic="early_payoff"),
    Idiom(PAID_THEN, "report_payment", read_as=("ask_breakdown", "other", "ask_balance")),
    Idiom(WAS_CALLED, "ask_identity", read_as=("contact_preference", "talk_to_human", "other", "greet")),
    Idiom(
        SLIP,
        "ask_payment_methods",
        read_as=("other", "privacy_request", "provide_clabe", "ask_payment_methods"),
    ),
    Idiom(
        CALLS_US,
        "contact_preference",
        read_as=("other", "promise_to_pay", "third_party", "wrong_person", "contact_preference"),
    ),
    Idiom(_TAKES_CHILDREN, "complain", read_as=("other", "report_hardship", "refuse_to_pay", "deny")),
    Idiom(
        SAID_TO_SETTLE,
        "request_discount",
        read_as=("complain", "dispute_debt", "dispute_charge", "other", "ask_balance", "promise_to_pay"),
    ),
    Idiom(
        AGREED_WITH_OTHERS,
        "promise_to_pay",
        read_as=("complain", "third_party", "other", "report_payment", "ask_due_date"),
    ),
    Idiom(FEES, "other", read_as=("ask_balance", "ask_breakdown", "other"), topic="late_fees"),
    Idiom(COULD_NOT_PAY, "request_extension", read_as=("request_discount", "other", "deny")),
    Idiom(_LESS_OFTEN, "contact_preference", read_as=("deny", "other", "opt_out", "promise_to_pay")),
    Idiom(
        _NO_LEAVE, "other", read_as=("dispute_charge", "dispute_debt", "complain"), topic="crossed_messages"
    ),
    Idiom(_WHAT_ABOUT, "ask_balance", read_as=("complain",)),
    Idiom(_BORROWED, "ask_breakdown", read_as=("request_loan",)),
    Idiom(_HOW_LATE, "ask_due_date", read_as=("ask_balance", "affirm", "ask_breakdown")),
    Idiom(
        IN_PARTS,
        "request_plan",
        read_as=("ask_payment_methods", "promise_to_pay", "request_extension", "request_loan", "other"),
    ),
    Idiom(DAILY, "request_plan", read_as=("promise_to_pay", "other", "contact_preference")),
    Idiom(_OPTIONS, "request_plan", read_as=("other", "affirm")),
    Idiom(_BY_PLACE, "other"),
    Idiom(_FEELS_BAD, "report_hardship", read_as=("complain", "other", "thank")),
    Idiom(_KIN_LOST_WORK, "report_hardship", read_as=("other", "third_party")),
    Idiom(_WONT_MAKE_IT, "report_hardship", read_as=("deny", "other", "third_party", "wrong_person")),
    Idiom(_PAID_LATE, "request_extension", read_as=("other", "wrong_person")),
    Idiom(_NO_PRESSURE, "refuse_to_pay", read_as=("deny", "other", "complain")),
    Idiom(_EVICTED, "report_hardship", read_as=("greet", "other", "complain", "dispute_charge")),
    Idiom(_DISBELIEVES, "other", read_as=("deny", "other", "refuse_to_pay", "complain"), topic="genuine"),
    Idiom(_PERSON_OR_MACHINE, "ask_identity", read_as=("talk_to_human", "other")),
    Idiom(_HOPES, "other", read_as=("abuse", "thank")),
    Idiom(_NOT_CALLED, "opt_out", read_as=("talk_to_human", "other", "contact_preference")),
    Idiom(_NO_CALLS, "contact_preference", read_as=("other", "talk_to_human")),
    Idiom(HALF, "promise_to_pay", read_as=("request_discount", "other")),
    Idiom(_THE_DATA, "ask_payment_methods", read_as=("privacy_request", "provide_clabe", "other")),
    Idiom(ALL_OF_IT, "ask_balance", read_as=("promise_to_pay",)),
    Idiom(PAID_IN, "report_payment"),
    Idiom(DONE_PART, "report_payment", read_as=("promise_to_pay", "other", "ask_balance")),
    Idiom(OWES_VERDAD, "ask_balance"),
    Idiom(PAID_AND_ASKED, "report_payment", read_as=("ask_breakdown", "other", "dispute_charge", "complain")),
    Idiom(PAID_BEFORE, "report_payment", among=("report_payment",)),
    Idiom(PAYS_ONLY, "promise_to_pay", among=("authorize_debit",)),
    Idiom(SETTLES, "request_plan"),
    Idiom(REST_IN_PARTS, "request_plan", read_as=("promise_to_pay", "other", "request_extension")),
    Idiom(CATCHES_UP, "promise_to_pay", read_as=("other", "talk_to_human", "request_plan", "request_loan")),
    Idiom(_THIS_WAY, "contact_preference", among=("contact_preference",)),
    Idiom(_NEW_NUMBER, "contact_preference", read_as=("wrong_person",)),
    Idiom(_ROBBED, "report_hardship"),
    Idiom(_CANNOT_WRITE, "talk_to_human", read_as=("other",)),
    Idiom(_NOT_AT_HAND, "other", read_as=("wrong_person", "third_party")),
    Idiom(_THIS_IS_SHE, "affirm", read_as=("third_party", "wrong_person")),
    Idiom(_KIN_PAID, "report_payment", read_as=("third_party", "promise_to_pay")),
    Idiom(_NEARLY, "ask_balance", read_as=("report_payment",)),
    Idiom(_NEARLY_HAS, "promise_to_pay", read_as=("report_payment",)),
    Idiom(_GIVES_NO_DATA, "ask_identity", read_as=("privacy_request", "refuse_to_pay", "deny")),
    Idiom(_HOW_LONG, "ask_due_date", read_as=("other", "ask_payment_methods", "request_extension")),
    Idiom(_UNANSWERED, "complain", read_as=("opt_out", "other", "request_extension", "ask_identity")),
    Idiom(_ANSWER_ME, "talk_to_human", read_as=("affirm", "other", "greet", "contact_preference")),
    Idiom(_NO_BUREAU, "other", read_as=("opt_out", "refuse_to_pay", "other"), topic="credit_bureau"),
    Idiom(_NO_INSURANCE, "other", read_as=("opt_out", "cancel_debit", "other"), topic="insurance"),
    Idiom(_LEAVES_DEBIT, "cancel_debit", read_as=("authorize_debit", "opt_out")),
    Idiom(_FEARS_FOR_ACCOUNT, "other", read_as=("cancel_debit", "privacy_request"), topic="debit_safety"),
    Idiom(_ONLY_INTEREST, "other", read_as=("request_discount", "ask_breakdown"), topic="partial_payment"),
    Idiom(_NO_WAY_OUT, "report_hardship"),
    Idiom(_HELP, "greet", read_as=("talk_to_human", "privacy_request", "other")),
    Idiom(_NO_PLAN, "deny", read_as=("request_plan", "refuse_to_pay")),
    Idiom(SEND_YOURS, "ask_payment_methods", read_as=("ask_payment_methods", "other", "provide_clabe")),
    Idiom(_EACH_TIME, "request_plan", read_as=("ask_balance", "ask_due_date")),
    Idiom(_OWES_NOTHING, "ask_balance"),
    Idiom(_FALLS_SHORT, "report_hardship"),
    Idiom(_IS_BACK, "greet", read_as=("contact_preference",)),
    Idiom(_WANTS_TO_PAY, "ask_payment_methods", read_as=("greet", "other", "request_plan")),
    Idiom(_CALLS_ME, "contact_preference", read_as=("greet",), among=("contact_preference",)),
    Idiom(_NOT_ENOUGH, "report_hardship", among=("report_hardship",)),
    Idiom(_WILL_PAY, "promise_to_pay"),
    Idiom(_GETS_PAID, "promise_to_pay", read_as=("report_payment",)),
    Idiom(DISAGREES, "dispute_charge", read_as=("deny", "request_discount")),
)


def idiom(message: Message) -> Message | None:
    flat = plain(message.text)
    for each in IDIOMS:
        counts = message.intent in each.read_as if message.certain else True
        among = not each.among or set(each.among) & {message.intent, *message.alternatives[:3]}
        dated = each.words in (PAID_IN, _ONLY_INTEREST) and message.date is not None
        if counts and among and not dated and each.words.search(flat):
            kept = message if each.topic is None else replace(message, parts=(), amount=None, also=())
            return replace(kept, intent=each.intent, topic=each.topic, certain=True)
    return None
