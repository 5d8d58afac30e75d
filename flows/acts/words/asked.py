"""In which words loans, their numbers and days, and ways to pay are asked for."""

import re

from flows.answers import plain

LOANS, NUMBER, FOLIO, NOT_MINE = "ask.loans", "ask.number", "ask.folio", "doubt.number"
SCHEDULE, LAST, PROGRESS, PAID = "ask.schedule", "ask.last_payment", "ask.progress", "ask.paid"
FIRST = "ask.first"
LEAST, REMAINDER, WAY, TROUBLE = "ask.least", "ask.remainder", "ask.way", "report.pay_trouble"
CONTRACT = "ask.contract"

_ASK = (
    r"(?:cual(?:es)?|cuant[oa]s?|que|what|which|how many|dime|digame|dame|deme|"
    r"me (?:dices?|da|das|puedes? dar|pasas?))"
)
_LOAN = r"(?:creditos?|prestamos?|loans?|adeudos)"
_THERE = (
    r"(?: (?:o (?:mas|dos|uno|que)|con ustedes|ahi|a mi nombre|activos?|abiertos?|verdad|no|es cierto|"
    r"todavia|with you|open))*"
)
_LOANS = re.compile(
    rf"{_ASK} (?:\w+ )?{_LOAN} (?:\w+ )?(?:tengo|son|salgo|debo|me aparecen|hay|do i have|have i)|"
    rf"(?:tengo|tenia|are there|do i have|son|es) (?:\w+ ){{0,3}}?{_LOAN}{_THERE}$"
)
_LACK = r"no (?:me (?:se|acuerdo|sabia)|recuerdo|encuentro|tengo|se)|necesito|ocupo|perdi|need|lost"
_NUMBER_OF = r"(?:credito|prestamo|contrato|cliente|loan|contract|customer)\b"
_NUMBER = re.compile(
    rf"\b(?:{_ASK}|{_LACK}) (?:\w+ ){{0,4}}?(?:numero|num|number|no|id) (?:de |del |of )?"
    rf"(?:mi |el |la |my |the )?{_NUMBER_OF}|"
    r"\b(?:what s|what is|which is) my (?:loan|contract|account) number\b"
)
_NOT_MINE = re.compile(
    rf"\b(?:est[aeo]|es[aeo]) no es mi (?:numero|num) (?:de |del )?{_NUMBER_OF}|"
    r"\b(?:that|this) (?:is not|isn t) my (?:loan|contract|customer) number\b"
)
FOLIO_ASKED = re.compile(
    rf"\b(?:{_ASK}|{_LACK}|es|era) (?:\w+ ){{0,5}}?(?:folio|reference number|case number)\b"
    r"(?!.*\b(?:deposit\w+|transf\w+|pague|pago|comprobante|ticket|rastreo|recibo|spei|oxxo)\b)"
)
"""Of a payment the folio is theirs to tell."""
FOLIO_NAMED = re.compile(
    r"(?:y |oye |oiga |me da |dame )*(?:el|mi|my) (?:numero de )?folio (?:de|del|of) (?:mi |la |el |my )?"
    r"(?:con[bv]enio|acuerdo|plan|queja|aclaracion|caso|reporte|domiciliacion|cargo automatico|agreement)"
)
ERROR = re.compile(
    r"(?:(?:y|pero|es que|a mi|siempre|sigue|todavia|and|but) )*(?:me |le |nos )?(?:marca|manda|sale|da|"
    r"aparece|tira|"
    r"marcando|it (?:says|gives|shows)) (?:un |an |como |me )?(?:error|invalid[oa]|rechazad[oa]|"
    r"incorrect[oa])"
    r"(?: (?:al? \w+|en \w+|de \w+|la \w+|el \w+|siempre|otra vez))*"
)
"""Of a payment that does not go through, and of no wrong person."""
_WHEN = r"(?:cuando|que (?:dia|fecha)|cual|hasta cuando|when|what day)"
CHARGED = re.compile(
    r"\bme (?:van a |va a )?(?:cobr|descuent|descont|carg|debit)\w*|\bcharge me\b|"
    r"\b(?:cargo|cobro|descuento)\b(?! (?:moratori|extra))"
)
"""«¿Cuándo me cobran el primero?»: of a charge, and not of what falls due."""
PAST = re.compile(
    r"\b(?:fue|hice|hiciste|di|registr\w+|aparece|llego|recib\w+|pague|abone|deposit\w+|received|was|"
    r"made|did)\b"
)
_LAST = re.compile(
    rf"\b{_WHEN}\b.*\b(?:ultim[oa]|last)\b(?!.* (?:vez|mensaje|time|message))|"
    r"\bultim[oa] (?:pago )?(?:cuando|que dia|para cuando|vence|cae)\b"
)
_ENDS = re.compile(
    r"\b(?:cuando|en que (?:fecha|mes|dia)|hasta cuando) (?:ya )?(?:se )?"
    r"(?:termin(?:o|a|aria|are)|acab(?:o|a|aria|are)|quedo libre)\b|"
    r"\bwhen (?:do|will|am) i (?:finish|be done|done)\b|\bwhen does (?:it|my loan) end\b"
)
_LEFT = re.compile(
    r"\b(?:cuant[oa]s (?:\w+ ){0,3}?(?:faltan|quedan|restan)|cuanto tiempo (?:\w+ )?(?:falta|queda)|"
    r"(?:cuales son |que |dame |deme |mis |las )+fechas (?:de |en que )?(?:mis |los |me )?"
    r"(?:pagos?|toca\w*|vence\w*)|(?:calendario|tabla|programa) de (?:mis )?(?:pagos|amortizacion)|"
    r"(?:mand|envi|pas)\w* (?:el |mi )?calendario|how many (?:\w+ ){0,5}?(?:left|remain\w*)|"
    r"payment (?:schedule|dates))\b"
)
_NEXT_ONE = re.compile(
    r"^(?:and )?(?:what (?:about|is|s) )?(?:the (?:one|payment) )?after that(?: one)?$|"
    r"^(?:y|and) (?:el|los|the)(?: pago)? (?:que siguen?|siguientes?|proximos?|de despues|"
    r"next one)(?: cuando(?: es)?)?$"
)
_PROGRESS = re.compile(
    r"\ben (?:que|cual) (?:numero de )?(?:pago|cuota|mensualidad|quincena|parcialidad) voy\b|"
    r"\bpor cual voy\b|"
    r"\bcuant[oa]s (?:\w+ )?(?:llevo|he dado|he pagado|van)\b|\bhow many (?:have i paid|"
    r"payments have i made)\b"
)
_PAID = re.compile(
    r"\bcuanto (?:les |te )?(?:pague|abone|deposite|he (?:pagado|abonado|dado)|llevo (?:pagado|dado|"
    r"abonado))\b|"
    r"\b(?:cuando|cual|de cuanto) fue (?:mi|el) ultim[oa] (?:pago|abono|deposito)\b|"
    r"\b(?:historial|lista) de (?:mis )?pagos\b|\bhow much have i paid\b|\bmy last payment (?:was )?made\b"
)
EVERY = re.compile(
    r"\bcada (?:cuando|cuanto)\b.*\b(?:pag\w+|toca|doy|abon\w+)\b|"
    r"(?:y )?(?:son|es|pago) (?:por )?(?:mensual|quincenal|semanal|mes|quincena|semana)\w*"
    r"(?: o (?:por )?(?:mensual|quincenal|semanal|mes|quincena|semana)\w*)+"
)
_PART = re.compile(
    r"(?:y |oiga |oye )*(?:cual|cuanto|de cuanto|how much) (?:es|son|seria|is) (?:la|el|mi|mis|las|my|"
    r"the|each) "
    r"(?:cuota|mensualidad|quincena|letra|parcialidad|pago|abono|payment|instal\w+)(?:e?s)?"
    r"(?: (?:de |del )?(?:mes|mi credito|mi prestamo|mensual|quincenal|que debo|que toca))*"
)
REMAINDER_ASKED = re.compile(
    r"\b(?:si|con|if) (?:\w+ ){0,3}?(?:doy|pago|abono|deposito|meto|diera|pagara|pay|give)\b.*"
    r"\b(?:cuanto|en cuanto|que|what|how much) (?:\w+ ){0,3}?(?:queda\w*|deb\w+|resta\w*|falta\w*|left|"
    r"owe)\b|"
    r"\b(?:cuanto|en cuanto) (?:me |les )?(?:queda\w*|deb\w+|resta\w*|falta\w*) si (?:\w+ ){0,2}?"
    r"(?:doy|pago|abono|deposito|meto)\b"
)
_OF_CONTRACT = re.compile(
    r"\bde cuanto (?:fue|era) (?:el|mi) (?:credito|prestamo)\b|\bcuanto (?:me prestaron|pedi|saque)\b|"
    r"\b(?:a|en) (?:que|cuanto) (?:plazo|tiempo) (?:esta|es|fue|quedo|saque)\b|"
    r"\bcuando (?:lo |la )?(?:saque|pedi|me (?:lo )?(?:dieron|prestaron))\b|"
    r"\bhow much did i borrow\b|\bwhen did i (?:take|get)\b"
)
"""What the contract says and nothing here knows."""
_FAILS = (
    r"no (?:me |la |lo |se |lo |deja |puedo )*(?:acepta|deja|reconoce|agarra|permite|encuentra|existe|"
    r"jala|pasa)|"
    r"(?:la |lo |me la |me lo )?rechaz\w+|marca error|sale error|es invalida|me da error|"
    r"(?:doesn t|won t|not) (?:accept|work|let me)|is invalid|not found"
)
_TROUBLE = re.compile(
    r"\bno (?:me )?(?:sale|aparece|jala|existe) (?:esa|la|su|esta) (?:clabe|cuenta|referencia)\b|"
    rf"\b(?:clabe|referencia|transferencia|spei)\b.*\b(?:{_FAILS})|"
    rf"\b(?:{_FAILS})\b.*\b(?:clabe|referencia|transferencia|transferir|spei|transfer|depositar|pagar)\b"
)
_PICKED_UP = re.compile(
    r"\b(?:pueden|puede|podrian|pasan|vienen|mandan) (?:a |alguien |ustedes )*(?:pasar|venir|recoger|por) "
    r"(?:a |por |recoger )*(?:el |mi |la )?(?:dinero|pago|abono|efectivo|casa|domicilio)\b"
)
_WHERE_TO_COMPLAIN = re.compile(
    r"(?:(?:y|oye|oiga|pero|hola|and) )*(?:donde|como|con quien|a donde|ante quien|where|how) "
    r"(?:me |puedo |podria |se |le hago para |hago para |can i |do i )*(?:quej\w+|complain|file a complaint|"
    r"(?:pon\w+|met\w+|hac\w+|levant\w+|presento|presentar) (?:una |mi )?(?:queja|reclamacion|denuncia))"
    r"(?: (?:de|con) (?:ustedes|esto|algo))*"
)
"""What is asked, and no complaint of anything."""
_TELEPHONE = re.compile(
    r"(?:(?:y|oye|oiga|hola|me|and) )*(?:(?:cual es|dan?|das|pasan?|pasas|dame|deme|regala\w*|tienen|"
    r"what s|what is) )?"
    r"(?:me )?(?:su|tu|el|un|algun|your|the) (?:numero|telefono|tel|phone)(?: (?:de|number|telefono|"
    r"ustedes|la|"
    r"oficina|contacto|atencion|clientes|a|para|llamar|llamarles|marcar))*|"
    r"(?:(?:y|oye|oiga) )*a (?:que|cual) (?:numero|telefono) (?:les |puedo |me )*"
    r"(?:marco|llamo|hablo|marcar\w*|llamar\w*|hablar\w*|comunico)"
)
_SIGNS = re.compile(r"\b(?:donde|como|hay que|tengo que|where do i|do i) (?:\w+ )?(?:firm\w+|sign)\b")
_CHAT = re.compile(
    r"(?:(?:y|oye|oiga|jaja|and) )*(?:cuantos anos tienes|de donde eres|donde vives|como te llamas|"
    r"estas casad[oa]|tienes (?:novi[oa]|hijos|familia)|eres (?:hombre|mujer|guap[oa]|bonit[oa]|solter[oa])|"
    r"(?:cuentame|dime) un chiste|que signo eres|me das tu whats\w*|how old are you|are you (?:single|"
    r"married)|"
    r"where are you from|tell me a joke)"
)
"""Of whoever is writing for us: a programme."""
FOR_INVOICE = re.compile(
    r"(?:(?:mi|my|el|es|este|is|aqui|esta|va|te|le|les|paso|mando|hola|gracias|rfc|para la factura) )*"
    r"[a-zñ&]{3,4} ?\d{6} ?[a-z0-9]{3}(?: (?:gracias|es|mi|rfc|para|la|factura))*|"
    r"(?:(?:y|ok|oye|pero) )*(?:a|en) (?:que|cual) correo (?:(?:les?|te|lo|la|los|se|debo|puedo|tengo que) )*"
    r"(?:mand|envi)\w*(?: (?:mis|mi|los|la|datos|constancia|fiscal(?:es)?|de situacion|para|factura|rfc))*"
)
"""An RFC that is given, and where papers for an invoice are sent."""
INVOICE = "invoice"
_CAN_DO = re.compile(
    r"(?:(?:bueno|y|ok|pero|a ver|entonces|oye|oiga|so|and) )*(?:que (?:es lo que )?me (?:pueden|"
    r"podrian|van a|puede) "
    r"hacer|que (?:hacen|harian) si no pago|what can (?:you|they) do(?: to me)?)(?: (?:si no pago|"
    r"entonces|ustedes|"
    r"por no pagar|if i don t pay))*"
)
COLLECTOR, COMPLAINTS = "cash_collector", "une"
_ORDINAL = r"(?:(?:primer|segund|tercer|cuart|quint|sext)[oa]?|first|second|third|fourth)"
_NTH = re.compile(
    rf"\b(?:cuando|que dia|(?:cual|que) (?:es |seria )?(?:la )?fecha|when)\b.*\b{_ORDINAL}\b(?! vez)"
)
_GIVE = r"(?:dar|pagar|abonar|depositar)"
_LEAST = re.compile(
    r"\b(?:(?:cuant\w*|que|cual) (?:\w+ ){0,3}?(?:lo|pago|el) (?:minimo|menos)\b(?! de)|"
    r"con \d+ (?:pesos )?(?:alcanza|basta|es suficiente|la libro|me aguantan)|is \d+ enough|"
    rf"lo (?:minimo|menos) (?:que )?(?:puedo|debo|tengo que|se puede|tendria que|hay que) {_GIVE}|"
    r"con cuanto (?:minimo|lo minimo)|pago minimo|minimum (?:payment|i can pay|amount)|"
    r"the least i can (?:pay|give)|what s the (?:minimum|least))"
)
_WHATEVER = re.compile(
    r"(?:(?:pues|la verdad|no se|seria|yo|solo|nomas) )*"
    r"(?:lo (?:mas )?(?:que|q) (?:se |yo )?(?:pueda|tenga|junte|alcance|salga)"
    r"(?: (?:juntar|dar|pagar|conseguir|completar))*|"
    r"lo (?:minimo|menos) posible|lo poco (?:que|q) tengo|"
    r"as (?:little|much) as (?:possible|i can)|whatever i can(?: (?:pay|give|get))?)"
)
"""No sum yet: the least helps to name one."""
_FEE_OF = (
    r"(?: (?:en|por|de|el|la|a|oxxo|tienda|seven|farmacia|transferencia|spei|depositar|pagar|ahi|eso|alli|"
    r"mandar|for|there|that))*"
)
_FEE = re.compile(
    r"(?:(?:y|oye|oiga|pero|and) )*(?:(?:cuanto|que|cual|how much|what) (?:me )?"
    r"(?:cobra\w*|es|quita\w*|is|s) "
    r"(?:de |la |the )*(?:comision|fee|commission)|"
    r"(?:cobran?|tiene|hay|lleva|is there|does it have)(?: \w+)? (?:comision|costo|cargo extra|fee))"
    rf"{_FEE_OF}"
)
FEE = "cash_at_store"
"""The topic of what a way of paying costs."""
PREPAYS = re.compile(
    r"\b(?:si|if|por) (?:\w+ ){0,3}?(?:adelant\w+|anticip\w+|(?:pago|liquido|abono|doy) (?:\w+ ){0,2}?"
    r"(?:antes|por adelantado|a capital|de mas)|(?:pay|paid) (?:\w+ ){0,2}?(?:early|ahead|sooner)|prepay)\b"
)
"""«¿Me bajan los intereses si adelanto?»: no discount is asked for."""
EARLY = "early_payoff"
_PAYS_MORE = re.compile(
    r"(?:(?:y|oye|oiga|pero|tambien) )*(?:(?:le|les|te) )?(?:puedo|podria|se puede) (?:les |te )?(?:dar|"
    r"pagar|abonar|depositar)(?:les|le|te)? "
    r"(?:un poco |algo )?(?:mas|extra|de mas)(?: (?:si|cuando|en cuanto) .*| dinero| antes)?|"
    r"(?:and )?can i pay (?:more|extra)(?: (?:if|when) .*| money)?|"
    r"(?:(?:y|oye|oiga|pero|que pasa|and|what) )*(?:si|if) (?:(?:les|le|te|un dia|yo|i) )*"
    r"(?:pago|doy|abono|deposito|pay) (?:el )?(?:doble|mas|de mas|extra|double|more|dos (?:pagos|meses))"
    r"(?: (?:de lo que (?:debo|toca)|cada (?:mes|quincena)|un mes|que pasa))*"
)
"""«¿Puedo pagar más si tengo?», «¿y si pago doble?»"""
_PAY_FIRST = re.compile(
    r"\b(?:cual|que|which|what)\b (?:(?:de los dos|credito|prestamo|de ellos|loan|one|me|le|se|i|to|it is) )*"
    r"(?:(?:conviene|debo|deberia|tengo que|puedo|es mejor|urge|should|better|do) )*(?:i |yo )?"
    r"(?:pag\w+|abon\w+|liquid\w+|va|cubr\w+|pay) (?:(?:el|mas|yo|i) )*(?:primero|antes|first)\b|"
    r"\bcon cual (?:empiezo|me conviene empezar|comienzo)\b|\bcual (?:me )?(?:urge|es (?:el )?mas urgente)\b|"
    r"\bwhich (?:one |loan )?(?:is|s) (?:the )?(?:more|most) urgent\b"
)
"""«¿Cuál me conviene pagar primero?»"""
_DEBIT_BANKS = re.compile(
    r"(?=.*\b(?:domicili\w*|(?:cargo|cobro|pago) automatico|autopay|direct debit|debit)\b).*"
    r"\b(?:que|cuales|cualquier|which|what|any) (?:(?:otros?|tipo de|de los|kind of) )*"
    r"(?:bancos?|cuentas?|banks?|accounts?) (?:(?:se|si|me|les|can|do|you|i) )*"
    r"(?:acept|sirv|puede|maneja|entra|funcion|recib|accept|work|take|use)\w*"
)
TOPICS = (
    (EARLY, _PAYS_MORE.fullmatch),
    (FEE, _FEE.fullmatch),
    ("not_paying", _CAN_DO.fullmatch),
    ("debit_banks", _DEBIT_BANKS.search),
    (COLLECTOR, _PICKED_UP.search),
    (COMPLAINTS, _WHERE_TO_COMPLAIN.fullmatch),
    ("contact", _TELEPHONE.fullmatch),
    ("agreement_paper", _SIGNS.search),
)
_BLESSES = re.compile(
    r"(?:(?:y|ok|gracias|muchas gracias|que|hola) )*(?:dios (?:se |te )?(?:lo |la |los |te )?(?:pague|"
    r"bendiga|cuide)|"
    r"(?:tengas?|pases?) (?:un |una )?(?:buen|bonit|excelente|lind)\w* (?:dia|tarde|noche|fin|semana)|"
    r"god bless(?: you)?|have a (?:nice|good|great|blessed) (?:day|evening|night|weekend|one))(?: .{0,25})?"
)
INTENTS = (("ask_due_date", _PART), ("ask_identity", _CHAT), ("thank", _BLESSES))
SPELT = (
    (re.compile(r"\b[kq]\b"), "que"),
    (re.compile(r"\b[kq]uant"), "cuant"),
    (re.compile(r"\bxa\b"), "para"),
    (re.compile(r"\basta\b"), "hasta"),
    (re.compile(r"\bqda"), "queda"),
    (re.compile(r"\balcansa"), "alcanza"),
)
"""As phones spell."""
OF_LOANS = (
    (FIRST, _PAY_FIRST),
    (NOT_MINE, _NOT_MINE),
    (NUMBER, _NUMBER),
    (LOANS, _LOANS),
    (PAID, _PAID),
    (PROGRESS, _PROGRESS),
    (LAST, _LAST),
    (LAST, _ENDS),
    (SCHEDULE, _NEXT_ONE),
    (SCHEDULE, _LEFT),
    (SCHEDULE, EVERY),
    (SCHEDULE, _NTH),
    (LEAST, _LEAST),
    (TROUBLE, _TROUBLE),
    (CONTRACT, _OF_CONTRACT),
)


def asks_least(text: str) -> bool:
    """«¿Cuánto es lo mínimo?», «lo que se pueda», where a sum is asked for."""
    flat = plain(text)
    return (_LEAST.search(flat) or _WHATEVER.fullmatch(flat)) is not None


_ONE_AFTER = (
    r"(?:el|la|the) (?:que sigue|siguiente|proximo|segundo|otro|ultimo|next|second|last)"
    r"(?: (?:pago|abono|one|payment))?"
)
WHEN_NEXT = re.compile(
    rf"(?:(?:y|oye|oiga|entonces|and|so) )*(?:{_ONE_AFTER} (?:(?:para )?cuando|que dia)|"
    rf"(?:(?:para )?cuando|que dia|when) (?:(?:es|toca|seria|me toca|is) )?{_ONE_AFTER})"
    r"(?: (?:es|toca|seria|me toca))*"
)
"""«¿Y el que sigue cuándo es?», of the payments that were promised."""
