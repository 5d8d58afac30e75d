"""Words of self-harm and violence, which no reading may miss."""

import re

from flows.acts.words.people import KIN
from flows.answers import plain

_SELF_HARM = re.compile(
    r"\bme (?:estoy|ando) cortando$|\bpara despedirme\b(?!.*\b(?:trabajo|liquid\w*|termine|gracias)\b)|"
    r"\bme despido de (?:todos|este mundo|mi familia|la vida)\b|"
    r"\bsi (?:me |nos )?(?:siguen|sigue|no)\b.*\bme (?:cuelgo|ahorco|aviento)$|"
    r"suicid|\bmatarme\b|\bme (?:voy a|quiero|quisiera|pienso) (?:matar|morir|colgar|ahorcar|"
    r"aventar|tirar)\b|"
    r"\b(?:quiero|quisiera|mejor|preferiria|deseo|ganas de) (?:ya )?(?:morir(?:me|se)?|estar "
    r"muert[oa]|no (?:vivir|existir|despertar))\b|"
    r"\b(?:ya )?no (?:quiero|puedo|aguanto|tengo ganas de|le veo sentido a) (?:ya )?(?:seguir "
    r")?(?:vivi(?:r|endo)|la vida|mas con (?:la|mi) vida)\b|"
    r"\b(?:mejor|ojala|ganas de que) (?:ya )?(?:que )?me (?:muero|muera|muriera|maten|mato|matara\w*)\b|"
    r"\b(?:quisiera|preferiria|prefiero) (?:ya )?(?:estar )?muert[oa]\b|\bme dan ganas de morir(?:me)?\b|"
    r"\b(?:ya )?no le (?:veo|encuentro|hallo) (?:el )?(?:caso|sentido|chiste) (?:ya )?(?:a )?"
    r"(?:nada|seguir|la vida|vivir|todo|esto de vivir)\b|\bmejor (?:me )?desapare(?:zco|cer)\b|"
    r"\b(?:hacer|cometer) una (?:locura|tonteria)\b|"
    r"\bquitar(?:me)? la vida\b|\bacabar con (?:todo|mi vida)\b|\bhacer(?:me)? dano\b|\bcortarme\b|"
    r"\bno (?:vale|tiene) (?:la pena|sentido|caso) (?:ya )?(?:vivir|seguir viv\w+|mi vida|la vida)\b|"
    r"\b(?:mejor|estarian mejor) (?:sin mi|muert[oa])\b|\bdesaparecer (?:del mundo|para siempre)\b|"
    r"\bya no quiero (?:estar|seguir) (?:aqui|en este mundo|con esta vida)\b|\bno quiero despertar\b|"
    r"\bkill(?:ing)? myself\b|\bend (?:it all|my life)\b|\b(?:don t|dont|do not) want to (?:live|"
    r"be here|wake up)\b|"
    r"\bno le veo (?:la |una )?salida\b|\bwant to die\b|\bbetter off (?:dead|without me)\b|"
    r"\bhurt(?:ing)? myself\b|\btake my (?:own )?life\b|"
    r"\b(?:no (?:me )?(?:quedan?|tengo|hay)|sin|perdi las|se me (?:fueron|quitaron) las) (?:ya )?ganas de "
    r"(?:nada|vivir|seguir|existir)\b|"
    r"\b(?:cansad[oa]|me canse|harte|hart[oa]) de (?:vivir|esta vida|la vida|existir)\b"
    r"(?! de (?:deudas|trabaj\w+|carreras|pobre\w*))|"
    r"\b(?:nadie me (?:va a )?extranar?\w*|no valgo nada|adios mundo|adios a tod[oa]s|"
    r"que caso tiene (?:ya )?(?:nada|todo(?! (?:est|es[oe]))|vivir|seguir viv\w+)|"
    r"me voy (?:a ir )?al cielo|irme al cielo|"
    r"ya me despedi de todos|me despido de tod[oa]s|"
    r"soy (?:un estorbo|una carga) para (?:todos|mi familia|mis hijos|ellos)|"
    r"dormir(?:me)? y (?:ya )?no despertar)\b|"
    r"\bi (?:just )?want (?:it|this|everything)(?: all)? to (?:be over|end)\b"
    r"(?!.*\b(?:pay|paid|loan|debt|owe|owed)\b)|"
    r"\b(?:tired of|done with|no reason to) (?:living|life|live|being alive)\b|"
    r"\b(?:nobody|no one) would miss me\b|\bi m a burden to\b|"
    r"\bi (?:just )?(?:can t|cant|cannot) (?:keep (?:going|living)|go on)"
    r"(?: (?:anymore|any more|like this))?$|"
    r"\b(?:wish i (?:was|were) (?:dead|never born)|rather be dead|ready to die|ending (?:it all|my life))\b|"
    r"\b(?:no (?:point|reason) (?:in |to )?(?:go(?:ing)? on|living)|nothing (?:left )?to live for)\b|"
    r"\bme quiero ir de este mundo\b|\b(?:quitarme|irme) de (?:este mundo|en medio para siempre)\b|"
    r"\bya me (?:hubiera|habria|ubiera) (?:aventado|matado|colgado|ahorcado|tirado|muerto|quitado la vida)\b"
    r"(?! a \w+r(?:l[oae]s?)?\b)|\bya nada (?:me importa|importa|tiene sentido)\b|"
    r"\bnothing matters (?:to me )?any ?more\b|\bno (?:puedo|aguanto) mas (?:por favor )?ayud\w+|"
    r"\b(?:want to|wish i could) (?:just )?(?:disappear|vanish)\b|\bfeel like (?:dying|ending it)\b|"
    r"\b(?:took|swallowed) (?:\w+ ){0,3}?pills\b|\bi m going to jump\b(?! (?:on|in|into|at|to|through)\b)|"
    r"\blife (?:is not|isn t|ain t) worth\b|"
    r"\bcut my wrists\b|\boverdose\b|\bjump off (?:a|the) (?:bridge|roof|building)\b"
)
_RUN_TOGETHER = ((" wanna ", " want to "), (" gonna ", " going to "), (" dun ", " don t "))
_STEMS = (
    "viv", "vid", "mat", "mor", "muert", "muer", "suicid", "exist", "despert", "colgar", "ahorc", "avent",
    "tirar", "acabar", "dano",
    "cort", "desapar", "mundo", "aqui", "seguir", "sin mi", "kill", "die", "life", "live", "hurt",
    "dead", "without me", "no le ", "locura", "tonteria",
    "salida", "ganas", "cansad", "me canse", "hart", "extran", "no valgo", "estorbo", "carga", "adios",
    "cielo", "despedi", "despido", "to be over", "to end", "miss me", "burden", "wrists", "overdose", "jump",
    "que caso", "nada me importa", "nada importa", "nada tiene", "disappear", "vanish", "dying",
    "pills", "worth", "puedo mas", "aguanto mas",
    "cuelgo", "avient",
    "end it", "be here", "wake up", "keep going", "go on", "living", "born", "ending", "me voy a", "quiero",
)  # fmt: skip
"""One of these is in whatever the pattern finds; most messages hold none, and are done with."""
_LOST_INCOME = re.compile(
    r"\b(?:sin|perd(?:i|io|imos) (?:mi|el|la)) (?:trabajo|chamba|empleo|jale|ingresos?)\b|"
    r"\b(?:me|nos) (?:corrieron|despidieron|descansaron|cerraron el negocio)\b|"
    r"\b(?:despedid|desemplead)[oa]\b|\bno (?:tengo|hay) (?:trabajo|chamba|ingresos|(?:ni )?para comer)\b|"
    r"\b(?:lost my job|laid off|got fired|unemployed|out of work)\b"
)
_VIOLENCE = re.compile(
    r"\b(?:me (?:pega|golpea|amenaza de muerte|maltrata|agrede fisic|ahorca)\w*|"
    r"me tiene (?:encerrada|amenazada)|violencia|"
    r"(?:espos[oa]|marido|pareja|novio) (?:\w+ ){0,6}?no me deja salir|golpes en (?:mi )?casa)\b"
    r"(?! (?:duro|fuerte|mucho|en el (?:bolsillo|gasto)|la (?:crisis|inflacion)))|"
    r"\b(?:hits|beats|chokes|abuses|is hitting|is beating) me\b(?! to)|\bdomestic violence\b|"
    r"\babusive (?:husband|partner|boyfriend|wife|relationship)\b|"
    r"\b(?:le tengo miedo a|i m (?:scared|afraid) of) (?:mi|my) "
    r"(?:espos[oa]|marido|pareja|novio|husband|partner)\b"
)
_DEATH = re.compile(
    r"\bfallec|\bmurio\b|\bacab\w+ de morir\b|\bse (?:me|nos) (?:adelanto|fue al cielo)\b|"
    r"\bdifunt|\bfinad|\bq ?e ?p ?d\b|"
    r"\bdescans[ea] en paz\b|\ben paz descanse\b|"
    r"\bvelorio\b|\bpassed away\b|\b(?:estamos|estoy|estan|andamos) vel(?:ando|andol[oa])\b|\bsepelio\b|"
    r"\bfuneral\w*\b|\b(?:(?:enterr|sepult|crem)(?:amos|ar)|velar) a\b|\b(?:buried|burying) my\b|"
    r"\bpaso a mejor vida\b|\bya descansa\b|"
    r"\bya no esta (?:con nosotros|entre nosotros|en este mundo)\b|\bno longer with us\b|"
    r"\b(?:perdimos|perdi) a (?:mi|nuestr[oa]) "
    r"(?:mam|pap|madre|padre|hij|herman|espos|abuel|beb|niet|suegr|ti[oa])\w*\b|"
    rf"\b(?:he|she|{KIN}) (?:just |has |recently )?died\b|\bnovenario\b|\bmuerto el mes\b|"
    r"\bya no vive\b(?! (?:aqui|aca|alla|ahi|alli|en|con|conmigo|por|ni|mas en)\b)"
)
_OF_A_THING = re.compile(
    r"\b(?:cel|celu|celular|telefono|bateria|pila|carro|moto|internet|phone|battery|perr\w+|gat[oa]|dog|cat)"
    r"(?: (?:se|me|ya|just|has)){0,3} (?:murio|fallecio|died|passed)\b|"
    r"\bmurio (?:mi|el|la|su) (?:cel\w*|telefono|bateria|pila|carro|moto|internet|perr\w+|gato)\b"
)


_GRAVELY_ILL = re.compile(
    r"\b(?:estoy|sigo|me tienen) (?:hospitalizad|internad)[oa]\b|"
    r"\b(?:estoy|ando|estamos|andamos|sigo) en (?:el (?:seguro|imss|issste|hospital)|urgencias) "
    r"(?:con|por) mi\b|"
    r"\b(?:lo|la|me|le|nos) van a operar\b|\bconectad[oa] (?:al? |con )?(?:oxigeno|respirador|ventilador)\b|"
    r"\bterapia intensiva\b|\bcuidados intensivos\b|\ben agonia\b|\bagonizando\b|\bdesahuciad[oa]\b|"
    r"\bembara\w+ (?:de|es de) (?:alto )?riesgo\b|"
    r"\b(?:estoy|esta|sigo|sigue|ando|salgo|sali|entr\w+|ingres\w+|met\w+|intern\w+|llev\w+) (?:\w+ ){0,3}?"
    r"(?:en|de|al?|del)(?: el| un)? (?:anexo|centro de rehabilitacion|reclusorio|penal)\b|"
    r"\b(?:mal|delicad[oa]) de salud\b|\banexad[oa]\b|"
    r"\b(?:estoy|sigo|esta|sigue) (?:pres[oa]|detenid[oa]|en (?:la carcel|prision|rehabilitacion))\b|"
    r"\bi m in (?:rehab|jail|prison)\b|"
    r"\b(?:esta|sigue|quedo) en coma\b|\bi m in (?:the )?hospital\b|\bintensive care\b|\bin a coma\b"
)
_ILLNESS = re.compile(
    r"\b(?:hospital\w*|internad\w*|cancer|enferm\w*|oper(?:an|ar|aron|aran|ada|ado|acion)|cirugia|accidente|"
    r"discapaci\w*|embaraz\w*|coma|oxigeno|malit[oa]s?|[ei]ntubad[oa]|inconsciente|desahuciad[oa]|"
    r"dialisis|terapia|quimio\w*|tumor|infarto|embolia|derrame|grave de salud|silla de ruedas|"
    r"adult[oa]s? mayor(?:es)?|tercera edad|ancian[oa]|sord[oa]|viud[oa]|elderly|deaf|"
    r"invalid\w*|ciego|ciega|alzheimer|demencia|parkinson|diabet\w*|amput\w*|paraliz\w*|"
    r"ventilator|life support|icu|unconscious|"
    r"ill|sick|illness|surgery|stroke|disab\w*|heart attack|pregnan\w*)\b"
)


_FIGURE = re.compile(
    r"\b(?:matar|descansar de|desaparecer|(?:acabar|terminar) con) "
    r"(?:(?:ya|de una vez|esa?|est[ae]|mis?|la|el|las|los|toda) )+"
    r"(?:deudas?|creditos?|prestamos?|adeudos?|saldos?|cuentas?|tiempo)\b|"
    r"\b(?:me (?:quiero|queria|quise|voy a) morir|me (?:muero|moria|mori)) de(?:l| la| puro| pura)? "
    r"(?:risa|pena|verguenza|sueno|frio|calor|ganas|coraje|curiosidad|nervios|miedo|susto|viej[oa])\b|"
    r"\bme pega (?:(?:muy|duro|fuerte|mucho) )*"
    r"(?:en (?:el|mi) (?:bolsillo|gasto|cartera)|la (?:crisis|inflacion))\b|"
    r"\bme (?:mato|ando matando|estoy matando) (?:trabajando|chambeando)\b|"
    r"\bmuert[oa]s? de (?:cansancio|hambre|sueno|risa|miedo|frio|calor|sed|pena)\b|\bmuero de hambre\b|"
    r"\b(?:semana|temporada|quincena|hora|tiempo|linea|pila|bateria)s? (?:esta |estuvo )?muert[oa]s?\b|"
    r"\b(?:dying|died) (?:of laughter|laughing|to know)\b|"
    r"\b(?:mi |la |my )(?:jef[ea]|patron[a]?|suegra|mama|boss|mom) "
    r"(?:me va a matar|(?:is going to|will|s going to|ll) kill me)\b|"
    r"\bme (?:lleva|llevo) la (?:muerte|tristeza|chingada|fregada|tiznada|tostada)\b|"
    r"\bme matan? (?:los|las|con|sus|tantos|tantas) (?:\w+ )?(?:intereses|recargos|pagos|cobros|deudas)\b|"
    r"\b(?:loan|debt|interest|fees|payments?) (?:is|are) killing me\b|"
    r"\b(?:casi|por poco(?: y)?) me (?:da|dio|daba) (?:un |el )?(?:infarto|paro|ataque|patatus|soponcio)\b|"
    r"\b(?:almost|nearly) had a heart attack\b|\bnobody died\b|\btwo birds\b|"
    r"\bnadie (?:se )?(?:murio|(?:esta|anda) enferm[oa])\b|"
    r"\bme enferma\b|\bfeel sick about\b|\bsick and tired\b|"
    r"\bi m dying to (?:pay|finish|be done)\b|"
    r"\bkill (?:this|that|my|the) (?:debt|loan|balance)\b|"
    r"\bcuanto (?:me (?:sale|saldria|cuesta|costaria|falta)|es|seria|debo|pago|tengo que pagar)\b.{0,20}"
    r"\bacabar con (?:todo|esto)\b|"
    r"\b(?:can t|cant|cannot|won t|wont|not going to) make it\b(?! through)"
)
"""Of nobody's death."""


_HARD = (
    r"(?:me (?:harte|hartaron|hartan|cansan|canso|fastidian)|me (?:tienen?|traen?) (?:ya |bien )*hart[oa]|"
    r"(?:estoy|ando|toy) (?:ya |bien |muy |tan )*hart[oa]|me canse|i m (?:so |really |just )*(?:sick|fed up))"
)
_TIRED = r"(?:estoy|ando|toy) (?:ya |bien |muy |tan )*cansad[oa]|i m (?:so |really |just )*(?:tired|done)"
_OF_US = (
    r" (?:de|con|of|with) (?:est[eo]|ustedes|ti|(?:tus?|sus?|tant[oa]s?|l[oa]s|your|the|these|all these) "
    r"(?:\w+ )?(?:mensajes?|llamadas?|recordatorios?|cobradores|preguntas|cobros|messages|calls|questions)|"
    r"que me (?:cobr|escrib|llam|mand|molest|pregunt|habl|marqu)\w+(?: \w+){0,3}|this|that|you(?: guys|"
    r" people)?)"
)
_WEARY_OF_US = re.compile(
    rf"(?:(?:ya|la verdad|es que|pues|neta|ay|uy|no|oye|oiga|mira|ok) )*(?:{_HARD}(?:{_OF_US})?|"
    rf"(?:{_TIRED}){_OF_US})"
)
"""Weary of the talk, and not of life."""


def weary_of_us(text: str) -> bool:
    """«Ya me cansé», «estoy harta de ustedes»."""
    return _WEARY_OF_US.fullmatch(plain(text)) is not None


def figurative(text: str) -> bool:
    """«Me urge matar esa deuda», «me muero de risa», «mi celular murió»."""
    flat = plain(text)
    return (_FIGURE.search(flat) or _OF_A_THING.search(flat)) is not None


def gravely_ill(text: str) -> bool:
    return _GRAVELY_ILL.search(plain(text)) is not None


_RECOVERED = re.compile(
    r"\bya (?:sali|salio|salimos) (?:del|de la|de) (?:hospital|clinica|seguro|operacion)\b|"
    r"\bya (?:estoy|ando|esta|me siento) (?:mucho )?(?:mejor|recuperad[oa]|sano|sana)\b|"
    r"\b(?:out of the hospital|feeling better)\b"
)
_STILL = re.compile(r"\b(?:pero|sigo|sigue|todavia|aun|sin|no|but|still|not)\b")
_MEDICAL = re.compile(r"\b(?:doctor\w*|medic\w+|consultorio|farmacia|dentista)\b")
_NOT_ILL = re.compile(
    r"\b(?:no|ni|not|n t) (?:(?:estoy|ando|esta|estuve|es|fue|era|tan|muy|nada|que este) )*"
    r"(?:enferm|malit|hospital|internad|grave|sick|ill\b)\w*"
)


def ill(text: str) -> bool:
    """Any illness that is named, of whomever, and not denied: «no estoy enferma»."""
    return gravely_ill(text) or _ILLNESS.search(_NOT_ILL.sub(" ", plain(text))) is not None


def recovered(text: str) -> bool:
    """«Ya salí del hospital, todo bien»: and nothing that goes on."""
    flat = plain(text)
    return _RECOVERED.search(flat) is not None and _STILL.search(flat) is None


def medical(text: str) -> bool:
    """«El doctor me cobró carísimo»: of an illness, whoever's."""
    return ill(text) or _MEDICAL.search(plain(text)) is not None


def self_harm(text: str) -> bool:
    flat = plain(text)
    for written, meant in _RUN_TOGETHER:
        flat = flat.replace(written, meant)
    return any(map(flat.__contains__, _STEMS)) and _SELF_HARM.search(_FIGURE.sub(" ", flat)) is not None


def violence(text: str) -> bool:
    return _VIOLENCE.search(plain(text)) is not None


def death(text: str) -> bool:
    flat = plain(text)
    return _DEATH.search(flat) is not None and _OF_A_THING.search(flat) is None


def lost_income(text: str) -> bool:
    """«Me quedé sin trabajo»."""
    return _LOST_INCOME.search(plain(text)) is not None
