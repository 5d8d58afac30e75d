"""What a text holds in plain signs: which object it names, and what it wants done with it."""

import re

from flows.acts.words.reported import POSTS
from flows.answers import plain

_PROMISE = re.compile(
    r"\b(?:promesa|compromiso|acuerdo de pago|promise|commitment|arrangement|"
    r"lo (?:que|del?) .{0,12}(?:quedamos|acordamos|anot(?:e|o|aste|ado|ada|aron|amos)|"
    r"prometi\w*)|fecha que (?:di|dije|quede))\b"
)
_DEBIT = re.compile(
    r"\b(?:domicili\w*|(?:cargos?|cobros?|pagos?) (?:automatic|recurrent)\w*|autorizacion|"
    r"permiso (?:de|para) (?:que )?(?:me )?(?:cobr|carg|descont|descuent)\w*|mandato|direct debit|"
    r"auto ?(?:pay|debit)|"
    r"automatic (?:charge|payment)s?)\b"
)
_CHARGE = re.compile(
    r"\b(?:cobr(?:o|a|an|en|es|ar|arme|arlo|aran|aras|es?|enme|ame|eme|enlo|alo)|carg(?:o|a|uen|an|ar|"
    r"arme|aran)|"
    r"descuent(?:o|an|en|a)|descontar(?:me|an)?|(?:me|lo) (?:jal|sac|retir)\w*|debit(?:o|an|en|ar)|"
    r"charge[ds]?|charging|debit(?:ed)?|withdraw\w*)\b"
)
_CHARGED = re.compile(r"\b(?:cobraron|cargaron|descontaron|cobro de mas|doble|dos veces|ya me cobr\w+)\b")
_CANCEL = re.compile(
    r"\b(?:cancel\w*|quit(?:a|e|en|ame|enme|ar|arlo|alo|enlo)|elimin\w*|borr\w*|anul\w*|olvid\w*|"
    r"desactiv\w*|revo[ck]\w*|retir(?:o|amos) (?:el|mi) (?:permiso|consentimiento)|turn(?:ing)? off|"
    r"deten(?:er|gan|ga|lo)?|deshac\w*|sin efecto|remove|forget|delete|stop|drop|undo|call it off|"
    r"ya no (?:la |lo )?(?:quiero|va))\b"
)
_DROPS_PROMISE = re.compile(
    rf"(?:(?:ya|mejor|oye|oigan|porfa|por favor|pues|me|pued\w+|podri\w+) )*{_CANCEL.pattern} "
    rf"(?:(?:ya|mejor|porfa|por favor|mi|la|el|es[ae]|my|the) )*(?:{_PROMISE.pattern})"
)
_NOT_CANCEL = re.compile(
    r"\bno (?:me |nos |lo |la |le |se )*(?:(?:cancel|elimin|borr|anul)(?:es|en|e)|olvid\w+)\b|"
    r"\bno (?:me |nos |lo |la |le |se )*quit(?:es|en|e)\b(?! (?:nada|dinero|lana|todo|mas|mi dinero|de mi|"
    r"ni un)\b)|"
    r"\bno (?:lo |la )?(?:quiero|quisiera|voy a|vayas? a|vayan a|hay que|pienso|deseo) "
    r"(?:cancelar|quitar|eliminar|borrar|anular|olvidar)(?:lo|la)?\b|"
    r"\b(?:don t|do not|not|never) (?:want to |going to )?(?:cancel|remove|forget|delete|stop|drop|undo)\b"
)
_WONDERS = re.compile(
    r"(?:(?:y|pero|oye|oiga|entonces|perdon|disculp[ae]|hola|and|so|but|hey|ok) )*"
    r"(?:(?:de |por )?cuant[oa]s?|(?:para |desde )?cuando|a que horas?|(?:que|cual) (?:dia|fecha)|de donde|"
    r"de (?:que|cual) (?:cuenta|tarjeta)|quien|how much|when|what (?:time|day)|who)\b"
)
_PLAN = re.compile(
    r"\b(?:plan(?:es)?|acuerdos?|convenios?|parcialidades|arreglo|payment plan|agreement|arrangement)\b"
)
_PART = re.compile(
    r"\b(?:primer|segundo|tercer|proximo|siguiente|ultimo|first|second|third|next|last) (?:pago|payment)\b|"
    r"\b(?:pagar|pague|depositar|cubrir|dar)(?:les|te)? el (?:primero|segundo|tercero|ultimo)\b(?! de\b)|"
    r"\bmi pago\b(?=.* (?:verdad|cierto)$)|"
    r"\b(?:desde )?cuando (?:empie[zc]o|empezamos|comien[zc]o|inicio)\b|\bwhen do i start\b|"
    r"\b(?:cuando|when)\b.*\b(?:el primero|first one)$"
)
_PLACED = re.compile(
    r"\b(?:la|el) (?:primer|segund|tercer|ultim)[oa]?\b|\bthe (?:first|second|third|last) (?:one|option)\b"
)
_RECALLS = re.compile(
    r"^(?:pues |la verdad |es que )*(?:no (?:me )?(?:se|acuerdo|recuerdo|tengo)(?: bien)?(?: de)? "
    r"(?:la fecha|que dia|cuando fue|cuanto fue|la hora)|creo que fue(?:ron)?|"
    r"(?:eso |lo |ya )?(?:fue|lo hice|lo pague|la hice) (?:\w+ ){0,4}?(?:enero|febrero|marzo|abril|mayo|"
    r"junio|julio|"
    r"agosto|septiembre|octubre|noviembre|diciembre|(?:la|el|esta|este) (?:otra |otro )?(?:semana|mes|"
    r"quincena)"
    r"(?: (?:pasad\w|anterior|antepasad\w))?|(?:a )?(?:principios|mediados|finales|fin(?:es)?)(?: (?:de|"
    r"del) mes)?)|"
    r"(?:(?:como|fueron|creo que|unos) )*\d+ o \d+$)"
)
_NO_PROOF = re.compile(
    r"\b(?:no (?:encuentro|tengo|traigo|guarde|me d(?:io|ieron)|entrego)|ya no tengo|perdi|tire|"
    r"se me (?:perdio|borro)|"
    r"(?:can t find|don t have|lost)) (?:\w+ ){0,2}?"
    r"(?:ticket|recibo|comprobante|voucher|foto|captura|papel\w*|clave|folio|rastreo|receipt|proof|slip)\b|"
    r"^(?:(?:pues|uy|ay|ya|es que|la verdad|perdon) )*(?:no (?:la|lo) (?:tengo|guarde|encuentro|traigo)|"
    r"(?:se me|la|lo) (?:perdi|perdio|tire|borre|borro))\b|^i (?:lost|threw) it\b"
)
_COST = re.compile(
    r"\b(?:interes\w*|recargos?|moratori\w+|comision\w*|penaliz\w+|multas?|tasa|iva|interest|fees?)\b"
)
_AWAITS = re.compile(
    rf"{POSTS}|"
    r"\bpor ?que (?:me |nos )?(?:siguen?|estan?|andan?) (?:\w+ )?(?:cobr|escrib|llam|mand|molest)\w+|"
    r"\b(?:cuando|a que hora) (?:me |lo |te )?(?:avis\w+|dicen|digan|contest\w+|resuelv\w+|"
    r"respond\w+|sabre|sabria|confirm\w+|"
    r"revis\w+|chec\w+|chequ\w+|valid\w+|aplic\w+|ven|queda|va a quedar)\b|"
    r"\bsi no (?:aparece|llega|lo encuentran|sale|se refleja|les llega)\b|"
    r"^(?:(?:y|pero|entonces|o sea|ok) )*(?:ahora |entonces )?que (?:(?:mas )?hago|sigue|procede|"
    r"pasa ahora|va a pasar)(?: entonces)?$|"
    r"\b(?:me |nos )?(?:van a (?:seguir|estar)|siguen?|seguiran) (?:\w+ )?(?:cobr|escrib|llam|mand|molest|"
    r"marc)(?:ando|arme|iendo)\w*|"
    r"\bcon eso (?:ya )?(?:qued[eo]|estoy)\b|\bcuanto (?:tarda|tardan|se tarda|demora)\w*|"
    r"\bhow long (?:till|until|before|does it take|will (?:it|that|this) take)\b|"
    r"\bwhen will (?:i|you) (?:know|check|confirm|tell)|"
    r"^(?:so |and )?(?:did you (?:get|receive|find|see)|have you (?:got|received|found)) (?:it|that|"
    r"my (?:payment|money))$|"
    r"\bwhy (?:are|do) you (?:still|keep)"
)
_UNWANTED = re.compile(
    r"\b(?:ya )?no (?:lo |la )?(?:quiero|me conviene|me sirve)(?! (?:\w+r|que)\b)|"
    r"\b(?:don t|do not|no longer) (?:want|need) (?:the|this|that|my|it|a)\b"
)
_NOT_CHARGE = re.compile(
    r"\bno (?:me |nos )?(?:vayan a |van a |va a )?quit\w+ (?:nada|dinero|lana|todo|mas|mi dinero|ni un)\b|"
    r"(?:\b|(?<=cargo))(?:no|sin) "
    r"(?:me |m |nos |lo |l |o |le |se |h?agan |h?aga |vayan a |vaya a |van a |va a |quiero que |que )*"
    r"(?:el |ese |este |ningun )?"
    r"(?:cobr|carg|descuent|descont|debit|h?ag|hg)\w*|\b(?:do not|dont|don t|not) (?:charge|debit|take)\b|"
    r"\b(?:do not|dont|don t) (?:make|do|run|send|process)(?= (?:that|this|the) (?:charge|debit)\b)|"
    r"\bno (?:autori\w+|acept\w+|apruebo|quiero)(?= (?:(?:ese|este) (?:cargo|cobro|descuento)\b|"
    r"el (?:cargo|cobro|descuento) (?:de|del) "
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|manana|hoy|esta|este|dia|\d)))|"
    r"(?:(?<=cargo )|(?<=cobro )|(?<=descuento ))no (?:lo )?(?:autori\w+|acept\w+|apruebo|quiero)\b|"
    r"\brather (?:you |that you )*(?:didn t|don t|not) (?:charge|debit|take)\b|"
    r"\bskip (?:that|this|the) (?:charge|debit|payment)\b|"
    r"\b(?:don t|do not|not) (?:authori[sz]e|approve|accept|want)(?= (?:this|that) charge\b)"
)
_MOVE = re.compile(
    r"\b(?:mejor|cambi\w*|mov\w*|muev\w*|pas(?:a|e|en|ar|amos|aramos|an)(?:lo|la|me|melo)?|recorr\w*|"
    r"aplaz\w*|pospon\w*|"
    r"adelant\w*|otro dia|otra fecha|en vez|en lugar|hasta el|mas adelante|despues|"
    r"dej(?:a|e|en|emos|ame|enme)(?:lo|la)? (?:para |en )?(?:el|al|como)|instead|better (?:on|next|if)|"
    r"make it|"
    r"(?<!not )(?<!don t )do it (?:on |this |next )*(?=(?:mon|tues|wednes|thurs|fri)day\b)|"
    r"que (?:mejor )?sea (?:el|para|al|mejor)|"
    r"move|reschedule|postpone|another (?:day|date)|push|change|later|rather|"
    r"not (?:that|this) day|ese dia no|no ese dia)\b"
)
_RATHER_NOT = re.compile(
    r"\bmejor (?:ya )?no (?:me|nos|lo|le|h?ag|cobr)|"
    r"\brather (?:you |that you |not )*(?:didn t|don t|charge|debit)"
)
_CORRECTS = re.compile(
    r"\b(?:me (?:equivoque|confundi)|perdon|disculp\w+|quise decir|queria|en realidad|mas bien|mejor|"
    r"espera\w*|digo|no era|cambi\w+|muev\w+|mover\w*|sorry|i meant|i wanted|actually|instead|wait|rather|"
    r"make it|change)\b"
)
_STARTS = re.compile(r"\b(?:empe[zc]\w+|comen[zc]\w+|inici\w+|a partir de|start\w*|beginning)\b")
_CANNOT = re.compile(
    r"\bno (?:(?:te|les?|lo|la|los|las|se) )*"
    r"(?:voy a(?! (?:fall|qued|olvid|decepcion)\w+)|creo|puedo|pude|podre|podria|alcanzo|alcance|llego|"
    r"voy(?! a)|tengo|traigo|completo|junto|junte)\b|"
    r"(?<!si )\bno (?:(?:te|les?|lo|la|los|las|se) )*"
    r"(?:pago|pagare|deposito|depositare|abono|abonare|transfiero|transferire)\b|"
    r"\b(?:ya|siempre) no\b(?! (?:me|nos) (?:\w+ )?(?:cobr|carg|descuent|escrib|llam|marqu|mand)\w*)|"
    r"\bno me (?:alcanza|han pagado|pagan|depositan)\b|"
    r"\b(?:cannot|can t|cant|won t|wont|will not|not able|unable|not going to|not paying|don t have|"
    r"dont have)\b"
)
_NO_MONEY = re.compile(
    r"\bno (?:tengo|traigo|tenia|voy a tener|hay|tendre|cuento con)(?: \w+){0,2} ?(?:dinero|"
    r"fondos|saldo|lana|nada|varo)?\b|"
    r"\bsin (?:dinero|fondos|saldo|lana)\b|\b(?:no|don t have|dont have|not enough) (?:money|funds|cash)\b|"
    r"\bno me (?:han (?:pagado|depositado)|pagan|depositan)\b|"
    r"\bno me (?:cae|ha caido|llega|ha llegado) (?:mi|el|la) (?:pago|sueldo|nomina|quincena|dinero|raya)\b|"
    r"\b(?:aun|todavia) no cobro\b|\bno (?:va a haber|habra)\b|\b(?:vacia|en ceros|empty)\b|"
    r"\b(?:won t|wont|don t|dont|ain t|haven t) (?:get paid|(?:have|got) (?:any |the |enough |that )*"
    r"(?:money|funds|cash|it|that much))\b|"
    r"\bnot paid (?:by|until)\b"
)
_LESS = re.compile(r"\b(?:solo|nomas|nada mas|unicamente|menos|apenas|la mitad|only|just|less|half)\b")
_ASK = re.compile(
    r"^(?:y |oye |disculpa |disculpe |entonces |a ver |perdon |hola |una pregunta )*"
    r"(?:cuando|(?:de |por )?cuanto|cual(?:es)?|que dia|que fecha|para cuando|en cuanto|todavia|aun|sigue|"
    r"siempre si|entonces|va a|van a|me van|me iban|hay|tengo|como (?:va|quedo|quedamos)|en que quedamos|"
    r"what (?:did|have) (?:we|i)|"
    r"when|what day|how much|will you|are you|is (?:it|my|the|there)|do i|do you|did you)\b|"
    r"\b(?:verdad|cierto|o no|right)$"
)
_REQUEST = re.compile(
    r"\b(?:pued(?:e|es|en|o)|podri(?:a|as|an|amos)|quiero|quisiera|necesito|favor|porfa|porfis|"
    r"please|can you|"
    r"could you|i want|i need)\b"
)
_EVERY = re.compile(
    r"\b(?:nunca|jamas|todos|definitiv\w*|para siempre|mas cargos|de mi (?:cuenta|tarjeta|nomina)|"
    r"ya no (?:me |quiero |autorizo |les? )?(?:que )?(?:me )?(?:cobr|carg|descuent|h?ag|autoriz)\w*|"
    r"(?:cobr|carg|descuent|descont)\w+ (?:en |de forma |de manera )?automatic\w+|"
    r"never|any ?more|ever|my (?:account|card)|all)\b"
)
_ONE = re.compile(
    r"\b(?:est?[ea]|no l?o? ?h?ag\w+|el (?:de |del )|esta vez|por ahora|ahorita|hoy|manana|este mes|"
    r"esta quincena|this (?:one|time|month)|th(?:e|is|at) (?:one|charge)|today|tomorrow)\b"
)
_ARRIVED = re.compile(
    r"\b(?:lleg|reflej|aplic|qued|recib|cay|entr|aparec|registr|vieron|verific|acredit|check|receive|"
    r"arrive|post|show)\w*"
)
_PAID = re.compile(
    r"\b(?:pag(?:o|ar|are|arles|arte|ue|ad[oa])|liquidad[oa]|pay|deposito|transferencia|abono|transfer|"
    r"payment|deposit)\b"
)
_PAST = re.compile(
    r"\b(?:fueron|eran|era|fue|pague|deposite|transferi|abone|hice|mande|di|puse|it was|they were|"
    r"i (?:paid|sent)|paid|sent)\b"
)
_OF_ME = re.compile(
    r"\b(?:me|nos) (?:\w+ ){0,4}(?:cobr|carg|descuent|descont|debit|jal|sac|retir)\w*|\b(?:el|"
    r"un|otro|ese|este|mi|algun) (?:\w+ )?"
    r"(?:cargo|cobro|descuento|debito)\b|\b(?:charg[ei]|debit)\w*"
)
_PROOF = re.compile(
    r"\b(?:mand\w+|envi\w+|pas\w+|sirv\w+|quier\w+|ocup\w+|neces\w+|teng\w+|traig\w+|guard\w+|send|need|"
    r"want|show|have|got) (?:\w+ ){0,3}?"
    r"(?:fotos?|captura|pantallazo|comprobantes?|ticket|recibo|voucher|picture|photo|screenshot|receipt)\b"
)
_OTHERS = re.compile(r"\b(?:otr[oa]s?|demas|resto|falta\w*|other|rest)\b")
_WAY = (
    r"(?:oxxo|spei|transfer\w*|efectivo|tienda|ventanilla|banco|app|seven|walmart|farmacia|cash|store|bank|"
    r"bbva|bancomer|santander|banorte|banamex|hsbc|azteca|bancoppel|coppel|scotiabank|inbursa|mercado pago)"
)
_BY_MEANS = re.compile(rf"\b{_WAY}\b")
WAY_ALONE = re.compile(
    rf"(?:(?:pero|y|but|and|seria|lo pago|pago|i ll pay) )*(?:por|en|con|via|de|by|in|with|at|through) "
    rf"(?:(?:el|la|un|una|the|a) )?{_WAY}(?: (?:porfa|por favor|gracias|please|thanks))*"
)
"""«Pero por OXXO», and no more."""
_PAID_ALREADY = re.compile(
    r"\bya (?:les |lo |la |te |se los )?(?:habia|he|tenia) (?:pagado|depositado|transferido|abonado|"
    r"liquidado)\b|"
    r"\bya (?:les |lo |la |te |se los )?(?:pague|deposite|transferi|abone|liquide|hice el pago)\b|"
    r"\bya (?:les |te |le )?di (?:los |unos |mis )?\d|\balready paid\b"
)
_HAS_PAID = re.compile(
    r"\b(?:pague|deposite|transferi|abone|liquide|hice (?:el|la|un|una) (?:pago|deposito|transferencia)|"
    r"i (?:have )?(?:paid|sent|transferred|deposited))\b"
)
_NOT_PAID = re.compile(
    r"(?:(?:no|ay|uy|perdon\w*|disculp\w+|mentira|es|fue|era|broma|cierto|verdad|que|la|pero|y|oye|espera\w*|"
    r"me|equivoque|confundi|mal|siempre|aun|es que|todavia|ya|yo|sorry|actually|wait|i|lied|was|wrong|but) )*"
    r"(?:(?:no|ni) (?:(?:he|les?|lo|la|te|se|los) )*(?:pagad[oa]|pague|depositado|deposite|transferido|"
    r"transferi|abonado|abone|mandado|mande|hecho|hice|pude (?:pagar|depositar))|"
    r"(?:aun|todavia) no (?:(?:les?|lo|la|te|se|los) )*(?:pago|deposito|hago|abono)|"
    r"apenas (?:voy|vamos|iba) a (?:pagar|depositar|hacer)\w*|(?:i m|i am) (?:about|going) to pay|"
    r"(?:no paso|(?:se )?(?:reboto|rechaz\w+)|me (?:reboto|rechaz\w+)|me (?:lo |la )?regresaron)|"
    r"(?:haven t|have not|didn t|did not) (?:yet )?(?:pa(?:id|y)|sent?|made?|done?)|"
    r"(?:it|the payment|my payment) (?:didn t go through|bounced|was rejected))\b"
    r"(?! (?:(?:el|la|los|las|lo|de|the) )*(?:otr|recarg|inter|demas|rest|complet|tod|other|full|all)\w*)"
    r"|(?:(?:no|ay|ah|perdon|es|era|fue|una?|la|verdad) )*(?:mentira|broma|no es (?:cierto|verdad)|i lied)$"
)
"""«No, mentira, no he pagado», «me lo rebotó el banco»: of a payment that was reported."""
_NOT_YET = re.compile(r"^(?:(?:y|pero|oye|oiga|hola) )*(?:no|aun no|todavia no|sigue sin)\b")
_FOLIO = re.compile(
    r"\b(?:folio|clave|referencia|rastreo|autorizacion|ticket|operacion|tracking|reference)\b"
)
_NUMBERED = re.compile(
    r"\b(?:folio|clave|ref|referencia|rastreo|autorizacion|operacion|tracking|reference)\b.*"
    r"\b[a-z]{0,8}\d{5}\w*\b|^(?:(?:es|la|esta|aqui|va|te|paso|it s|here) )*[a-z]{2,8}\d{10}\w*$"
)
_PAYS = re.compile(
    r"\b(?:pago|deposito|abono|transfiero|doy|pagare|depositare|"
    r"(?:voy a|prefiero) (?:pagar|depositar|transferir)|"
    r"i (?:ll|will|can) (?:pay|transfer|deposit))\b"
)
_LATER = re.compile(r"\b(?:otro dia|otra fecha|mas adelante|despues|another day|some other day|later)\b")
_NOT_TODAY = re.compile(
    r"(?:la verdad |pues |es que |fijese que |mira |oye |perdon |sorry |hi |hello |hey |hola |buenas )*"
    r"(?:hoy|ahorita|ahora|por ahora|esta (?:semana|quincena)|este mes|today|right now|this (?:week|month))"
    r"(?: la verdad| si| de plano)? (?:no|i can t|i cannot|i cant)"
    r"(?: (?:puedo|voy a poder|podre|alcanzo|llego|pay))*"
    r"|(?:hi |hello |hey |sorry |hola )*"
    r"(?:no (?:puedo|voy a poder|podre)|i can t|i cant|i cannot)(?: pagar(?:les|te)?| pay)? "
    r"(?:hoy|ahorita|esta (?:semana|quincena)|este mes|today|right now|this (?:week|month))"
)
_IF_PAID = re.compile(
    r"^(?:(?:y|oye|oiga|pero|entonces|una duda|disculp\w+|and|but|so) )*"
    r"(?:si|if) (?:(?:yo|les?|te|lo|la|los|i) )*"
    r"(?:pago|deposito|transfiero|abono|liquido|hago|pay|deposit|transfer)\b.*"
    r"\b(?:cuando|a que hora|en cuanto|cuanto (?:tarda|se tarda)|que pasa|como|when|how)\b"
)
_AGREED = re.compile(
    r"\b(?:(?:quede|quedado|quedamos)(?! (?:sin|mal|debiendo|a mano)\b)|dije|prometi|acord\w+|"
    r"anot(?:e|o|aste|ado|ada|aron|amos)|i (?:said|promised?)|(?:we|i) agreed?)\b"
)


class _Sign:
    """Whether a pattern is found in the text: looked for once, when somebody asks."""

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        whole = "|".join(f"(?:{pattern.pattern})" for pattern in patterns)
        self.search = re.compile(whole).search

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, signals: "Signals", owner: type) -> bool:
        found = self.search(signals.flat) is not None
        signals.__dict__[self.name] = found
        return found


class Signals:
    """Of one text. Objects: promise, plan, debit, charge, payment. Wishes: the rest."""

    def __init__(self, text: str) -> None:
        self.flat = plain(text)
        self.marked = "?" in text or "¿" in text
        """As a question."""

    promise = _Sign(_PROMISE)
    plan = _Sign(_PLAN)
    debit = _Sign(_DEBIT)
    charge = _Sign(_CHARGE, _NOT_CHARGE)
    charged = _Sign(_CHARGED)
    """Speaks of a charge that was made: what is done about that is a dispute."""
    payment = _Sign(_PAID)
    arrived = _Sign(_ARRIVED)
    cancelling = _Sign(_CANCEL)
    keeping = _Sign(_NOT_CANCEL)
    part = _Sign(_PART)
    """Names a part of a plan: «el primer pago»."""
    placed = _Sign(_PLACED)
    """Names one of several by its place."""
    cost = _Sign(_COST)
    """Of what the loan costs: «¿me cobran intereses?» is of no charge to an account."""
    recalls = _Sign(_RECALLS)
    """Does not know when or how much was paid."""
    no_proof = _Sign(_NO_PROOF)
    awaits = _Sign(_AWAITS)
    """Asks what has become of what was reported."""
    posts = _Sign(re.compile(POSTS))
    """Asks when a payment is seen."""
    unwanted = _Sign(_UNWANTED)
    not_charge = _Sign(_NOT_CHARGE)
    move = _Sign(_MOVE)
    rather_not = _Sign(_RATHER_NOT)
    """«Mejor no me cobren»: no other day is wished."""
    corrects = _Sign(_CORRECTS)
    """«Me equivoqué», «quise decir»: of what was just written or agreed."""
    starts = _Sign(_STARTS)
    """«Empezando este viernes»: of a plan."""
    cannot = _Sign(_CANNOT)
    no_money = _Sign(_NO_MONEY)
    less = _Sign(_LESS)
    asking = _Sign(_ASK)
    request = _Sign(_REQUEST)
    every = _Sign(_EVERY)
    """Of all charges, for good."""
    one = _Sign(_ONE)
    """Of one charge."""
    past = _Sign(_PAST)
    """Of a payment that was made: «fueron», «deposité»."""
    of_me = _Sign(_OF_ME)
    """Of a charge to the one who writes: «me cobran», «el cargo»."""
    proof = _Sign(_PROOF)
    """«Te mando el comprobante», «tengo la captura»."""
    others = _Sign(_OTHERS)
    """«Los otros 300», «lo demás»."""
    by_means = _Sign(_BY_MEANS)
    """«En OXXO», «por SPEI»."""
    paid = _Sign(_HAS_PAID)
    paid_already = _Sign(_PAID_ALREADY)
    not_yet = _Sign(_NOT_YET)
    """«No me aparece»."""
    folio = _Sign(_FOLIO)
    """Its number is no sum."""
    numbered = _Sign(_NUMBERED)
    """«La clave de rastreo es 2026…»: of a payment that was made."""
    pays = _Sign(_PAYS)
    """The one who writes pays: «deposito», “I'll pay”."""
    if_paid = _Sign(_IF_PAID)
    """«Si pago hoy, ¿cuándo se refleja?»: of a payment that is not made yet."""
    later = _Sign(_LATER)
    """«Otro día», «más adelante»: no day, but not now."""

    @property
    def not_paid(self) -> bool:
        """Takes back that something was paid."""
        return _NOT_PAID.match(self.flat) is not None

    @property
    def not_today(self) -> bool:
        """«Hoy no puedo», and no more: another day is asked for."""
        return _NOT_TODAY.fullmatch(self.flat) is not None

    agreed = _Sign(_AGREED)
    """«Quedamos», «dije»: what was agreed."""

    @property
    def drops_promise(self) -> bool:
        """«Quita mi promesa», which is no wish for a discount."""
        return _DROPS_PROMISE.match(self.flat) is not None

    @property
    def cancel(self) -> bool:
        """«Cancélalo», and neither «no lo canceles» nor «¿cuánto me van a quitar?»."""
        return self.cancelling and not self.keeping and _WONDERS.match(self.flat) is None

    @property
    def ask(self) -> bool:
        """A question, and no request put as one."""
        return (self.marked or self.asking) and not self.request
