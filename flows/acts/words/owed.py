"""Turns of phrase about what is owed, what was paid of it, and what one pays it with."""

import re

CHARGE_HOUR = re.compile(
    r"\ba que horas? (?:(?:me|lo|la|se|van|a) )*(?:cobr|carg|descuent|descont|hac|pas)\w*|"
    r"\bwhat time (?:do|will|would) (?:you|it|they)\b.*\b(?:charge|debit|come out)\w*"
)
"""«¿A qué hora lo cobran?»"""

WAS_CALLED = re.compile(
    r"\b(?:recibi|tengo|tenia|vi|me (?:salio|aparecio|aparece|entro|cayo)) (?:\w+ ){0,2}llamadas?\b|"
    r"\bme (?:llamaron|marcaron|hablaron) (?:hoy |ayer |hace rato )?(?:de|desde) (?:este|ese|un|su) "
    r"(?:numero|telefono|cel\w*)$|\bllamadas? perdidas?\b|"
    r"\b(?:i (?:got|have|had)|there was) (?:\w+ ){0,2}(?:missed )?calls?\b"
)
"""«Recibí una llamada de este número»: who is it? No call is asked for."""
PAID_THEN = re.compile(
    r"(?:(?:y|pero|oiga|oye|que paso con|donde estan|and) )*(?:los|mis|el pago de|lo de|the) "
    r"\$?\d[\d,. ]*(?:pesos )?"
    r"(?:que (?:yo )?(?:les |te |le )?(?:di|pague|deposite|abone|mande|transferi|puse)|"
    r"(?:that )?i (?:paid|sent))\b"
)
"""«¿Y los 600 que di en septiembre?»: of a payment that is missed."""
MINE = re.compile(
    r"^(?:(?:y|e|ahora|entonces|and) )+(?:lo|el|la) (?:mi[oa]|de mi|que (?:yo )?debo)"
    r"(?: (?:cuanto|es|cuando|que))*$|"
    r"^(?:and )?(?:what about )?mine(?: how much)?$"
)
"""«¿Y lo mío?», after what was said of somebody else."""
OWED_OF_ONE = re.compile(
    r"(?:(?:y|oye|oiga|entonces|pero|and) )*cuanto (?:debo|es|falta|seria|sale|queda) "
    r"(?:del|en el|de el|por el) (?:(?:credito|prestamo) )?(?:mas )?"
    r"(?:chico|chiquito|grande|otro|primero|segundo|1|2)$"
)
"""«¿Cuánto debo del chico?»"""
OF_MY_LOANS = re.compile(
    r"^(?:(?:hola|buen[oa]s|dias|tardes|noches|oiga|oye|necesito|quiero|quisiera|me|puede\w*|da\w*|dan|"
    r"dame|deme|i|want|need|to|can|you|give|please|porfa|por favor) )*"
    r"(?:(?:saber|ver|checar|conocer|know|see|check) )?"
    r"(?:(?:lo|la|el|info\w*|estado|situacion|datos|about|status) )*(?:de |del |of |on )?(?:mis|mi|los|my) "
    r"(?:dos |2 |tres |3 |two )?(?:creditos|prestamos|credito|prestamo|loans?)"
    r"(?: (?:por favor|porfa|please))?$"
)
"""«Necesito saber lo de mis dos créditos», «información de mi crédito»."""
ALL_PAID = re.compile(
    r"^(?:(?:y|entonces|oye|oiga|con eso|so|ok|bueno) )*ya (?:(?:la )?(?:acabe|libre)|termine|"
    r"quede libre)(?: (?:de pagar|todo|mi|el|la|credito|prestamo|deuda|verdad|no|con|ustedes))*$|"
    r"^(?:(?:so|and|ok) )*(?:am i|have i) (?:done|finished|paid (?:it )?off)(?: (?:now|paying|yet))*$"
)
"""«¿Ya acabé?»: whether anything is owed still."""
NEXT_TIME = re.compile(
    r"^(?:(?:y|entonces|oye|oiga|and) )*cuando me (?:vuelve|va|volveria|vuelva) a tocar(?: pagar)?$|"
    r"^(?:(?:y|entonces|and) )*(?:cuando|when) (?:es|is|s) (?:el|la|mi|my|the) (?:otr[oa]|siguiente|next)"
    r"(?: (?:pago|one|payment))?$"
)
WHAT_IS_LEFT = re.compile(
    r"(?:(?:y|ok|oye|entonces|o sea) )*(?:que|cuanto) me (?:queda|falta|resta)"
    r"(?: (?:entonces|por pagar|pendiente|de deuda|ahora|ya|debiendo))*$|"
    r"^(?:(?:cool|ok|okay|so|great|and|thanks) )*what ?(?:s|is) left(?: now| to pay)?$"
)
PAY_MORE = re.compile(
    r"\bsi (?:le |les |te )?(?:quiero|quisiera|puedo|llego a|quisieramos) "
    r"(?:abonar|pagar|dar|adelantar|depositar)(?:le|les|te)? "
    r"(?:algo |un poco |un pago )?(?:mas|de mas|antes)\b|"
    r"\b(?:pagos?|pagar|abonos?|abonar|aportar) (?:\w+ )?(?:directo )?(?:a|al) capital\b"
)
"""«¿Y si le quiero abonar más un día?», «un pago a capital»"""
NO_FEES = re.compile(
    r"\bno me (?:sigan |esten |vayan a )?(?:cobr|carg)\w+ (?:(?:mas|tant[oa]s?|los|las|esa|ese|la|el) )*"
    r"(?:comision\w*|recargos?|interes\w*|moratori\w*|penaliz\w*|gastos)\b"
)
"""«Ya no me cobren recargos»: less is wished, and no debit ended."""
SLIP = re.compile(
    r"\b(?:codigo|clave) (?:de|para) (?:barras?|pago|pagar|oxxo)\b|\blinea de captura\b|"
    r"\bfichas? (?:de|para) (?:pago|pagar|deposito|depositar)\b|\b(?:codigo )?qr\b|"
    r"\bbarcode\b|\bpayment slip\b"
)
"""«¿Me manda el código de barras?»: with what one pays in a shop, and no code of an account."""
SETTLES = re.compile(
    r"\b(?:solicit|quier|quisier|necesit|pid|ped|propon)\w+ (?:\w+ )?re(?:estructur|negoci)\w+|"
    r"\b(?:arreglar|resolver|regularizar|ponerme al (?:corriente|dia) (?:con|en)) (?:con ustedes )?"
    r"(?:mi|la|lo de mi) (?:cuenta|deuda|adeudo|situacion|credito|prestamo)\b|"
    r"\b(?:settle|sort out|fix) my (?:account|debt|loan)\b"
)
"""«Quiero arreglar mi cuenta»: what ways there are."""
_SO_MANY = r"(?:\d{1,2}|dos|tres|cuatro|cinco|seis|two|three|four|five|six)"
REST_IN_PARTS = re.compile(
    r"\b(?:el resto|lo (?:demas|que (?:falt|rest|qued)\w+)|lo otro|the rest) (?:\w+ )?(?:en|in) "
    rf"(?P<parts>{_SO_MANY}) (?P<each>pagos|partes|semanas|quincenas|mes(?:es)?|mensualidades|payments|parts|"
    r"weeks|months)\b"
)
"""«300 ahorita y el resto en dos quincenas»: a plan that begins with a part."""
CATCHES_UP = re.compile(
    r"\b(?:ponerme|poner|ponernos|me pongo) al (?:dia|corriente) (?:con|dando|pagando) (?:unos )?\d|"
    r"\bcatch up (?:with|by paying) \d"
)
"""«Me quiero poner al día con 500»."""
PAYS_ONLY = re.compile(r"\bpago (?:solo|nomas|nada mas|unicamente) (?:lo|el|la|las|los|un|una|\d)\b")
"""«Mejor pago solo lo del mes»: no more than that, and not by itself."""
ALL_OF_IT = re.compile(
    r"^(?:(?:ya|pues|mejor|si|yo) )*(?:quiero|quisiera|prefiero|puedo|voy a) (?:pagar|liquidar)(?:lo|les|"
    r"te)? todo"
    r"(?: (?:de una(?: vez)?|junto|completo|ya|lo que debo|mi (?:credito|deuda|prestamo)))*$"
)
HALF = re.compile(
    r"^(?:(?:pues|solo|nomas|puedo|doy|te doy|les doy|ahorita|con|si|ok|pago|y|o) )*"
    r"la mitad(?: (?:de )?(?:lo|la|el|mi|del?)? ?(?:vencid[oa]|atrasad[oa]|pendiente|deuda|pago|mensualidad|"
    r"que debo))?(?: (?:nomas|ahorita|si|va))*$"
)
IN_PARTS = re.compile(
    r"\b(?:pay|paying|do|divide|split) (?:it |this |that |my loan )?(?:off |up )?in(?:to)? "
    r"(?:\d|two|three|four|five|six)(?: (?:parts|payments|instal\w+|pieces))?$|"
    r"\b(?:pagar|pagarlo|pagarles|dividirlo|hacerlo) en (?:\d|dos|tres|cuatro|cinco|seis)"
    r"(?: (?:pagos|partes|veces|exhibiciones))?$|"
    r"\b(?:pag\w+|abon\w+|liquid\w+|dar(?:les|te|le)?|ir)\b.*\b(?:poco a poco|poquito a poquito|"
    r"de a poc(?:o|quito)|de poquito en poquito|"
    r"en abon(?:os|itos)|en pagos? (?:chic\w+|pequen\w+)|little by little)\b|"
    r"\b(?:quiero|quisiera|hacer|hagamos|ase|necesito|puedo|dan|darme|hacen) (?:\w+ ){0,2}(?:convenio|"
    r"arreglo de pago)$|"
    r"\b(?:pay|paying) less (?:each|every|a|per) (?:month|week|time)\b|"
    r"\b(?:smaller|lower) (?:\w+ )?payments?\b|\blower (?:the|my) (?:\w+ )?payments?\b"
)
"""“Can I pay in 3?”: in parts, and by no other way."""
SEND_YOURS = re.compile(
    r"\b(?:mand\w+|pas[ae]\w*|d[ae]me|regal\w+|me (?:das?|dan|pasas?|pasan|mandas?|mandan)|send me|give me) "
    r"(?:la|su|tu|el numero de|your|the) (?:clabe|cuenta|numero de cuenta|account(?: number)?)\b|"
    r"^(?:(?:y|entonces|ok) )*(?:a|en) (?:que|cual) (?:clabe|cuenta|numero(?: de cuenta)?)\b"
)
"""«Mándame la CLABE»: the one to pay into."""
NOT_THAT_LOAN = re.compile(
    r"\b(?:el|ese|este) (?:primero|segundo|tercero|otro|\w*\d+) (?:yo )?no (?:lo |es )?"
    r"(?:reconozco|saque|pedi|mio)\b|"
    r"\bno (?:reconozco|saque|pedi) (?:el|ese|este) (?:primero|segundo|tercero|otro|\w*\d+)\b"
)
"""«El primero no lo reconozco», of several loans that were just shown."""
OF_MY_LOAN = re.compile(
    r"\b(?:saber|informacion|info|informes|preguntar|checar|consultar) (?:\w+ ){0,3}?"
    r"mi (?:credito|prestamo)\b|"
    r"\b(?:about|check) my loan\b"
)
"""«Quiero saber de mi crédito»: no other is asked for."""
