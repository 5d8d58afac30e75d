"""In which words it is wished how, how often and by whom one is written to or called."""

import re

THIS_WAY = re.compile(r"\b(?:mejor|prefiero|solo) (?:por )?(?:aqui|este medio|este chat|mensaje)\b")
CANNOT_WRITE = re.compile(
    r"\bno veo bien(?: (?:las?|el|los) (?:letras?|pantalla|celular|mensajes?))?(?: y| me|$)|"
    r"\bno (?:puedo|se|veo bien para) (?:leer|escribir|teclear)\b"
    r"(?!.*\b(?:manej|trabaj|ocupad|junta|ahorita|ahora|al rato|chamba)\w*)|"
    r"\bno (?:le )?(?:entiendo|se) (?:bien )?(?:usar )?(?:a )?(?:esto|estas cosas|esas cosas|eso|el) ?"
    r"(?:del?|al)? ?(?:los )?(?:celular(?:es)?|cel|telefono|whats\w*|aparatos?|tecnologia|internet)\b|"
    r"\bi (?:don t|do not) know how to use (?:this|my|the) (?:phone|thing|app|whatsapp)\b|"
    r"\b(?:can t|cannot|don t know how to) (?:read|write|type)\b"
)
NEW_NUMBER = re.compile(
    r"\bmi (?:nuevo (?:numero|telefono|celular)|(?:numero|telefono|celular) nuevo)\b|"
    r"\b(?:actuali[cz]\w+|cambi\w+|corrij\w+) (?:por favor )?mi (?:numero|telefono|celular|"
    r"correo)\b(?! de (?:cuenta|tarjeta))|"
    r"\bcambie de (?:numero|telefono|celular|correo)\b|\b(?:my new (?:number|phone)|"
    r"changed my (?:number|phone))\b"
)
UNANSWERED = re.compile(
    r"\b(?:llevo|tengo|ya van|van) (?:\w+ ){1,4}esperando\b|"
    r"\b(?:nadie|no) me (?:contest\w+|respond\w+|ha(?:n)? (?:contestado|respondido)|hacen? caso|resuelv\w+|"
    r"da(?:n)? respuesta)|"
    r"\b(?:nobody|no one) (?:answers|answered|replies|replied|is answering)\b"
)
"""«Llevo tres días esperando», «estoy harta de que no me contesten»: no day to pay, no wish for quiet."""
ANSWER_ME = re.compile(
    r"^(?:a ver si |ya |pues |oigan |bueno )+me (?:contest|respond|atiend|resuelv)\w+"
    r"(?: ya| por favor| algo)*$"
)
NO_TALK = re.compile(
    r"^(?:(?:no|ya|ahorita|la verdad|pues|es que) )*no (?:quiero|tengo ganas de|me gusta) "
    r"(?:platicar|hablar|chatear)(?: (?:con (?:nadie|ustedes)|contigo|ahorita|ahora|de eso))*$|"
    r"^(?:no )?i (?:don t|do not) want to (?:talk|chat)(?: (?:to|with) (?:you|anyone|anybody))?$"
)
"""«No quiero platicar»: no person is asked for."""
IS_BACK = re.compile(
    r"^(?:(?:listo|ok|hola|perdon|disculp[ae]|bueno|ahora si|aqui) )*"
    r"ya (?:puedo|estoy|regrese|llegue|me desocupe)"
    r"(?: (?:hablar|contestar|libre|desocupad[oa]|aqui|de vuelta|en (?:mi )?casa|contigo|gracias))*$"
)
"""«Listo, ya puedo hablar», and no hour to be written at."""
CALLS_ME = re.compile(
    r"\b(?:pueden?|podrian?|quiero que|necesito que|me pueden) (?:me )?(?:llam|marc|marqu|habl)\w*\b"
    r"(?!.*\b(?:de|con|otr[oa]|tarde|rato)\b)|\b(?:can|could|please) (?:you )?(?:please )?call me\b"
)
LESS_OFTEN = re.compile(
    r"\bno (?:me |nos |sea |es |era |que |quiero |\w+n |\w+r )*(?:tan seguido|tanto mensaje|"
    r"tantos mensajes)\b|"
    r"\b(?:solo|nomas|nada mas|pero) que no (?:sea |me \w+ )?(?:tan seguido|(?:a )?diario|todos los dias|"
    r"a cada rato)$|^(?:(?:bueno|no|pero|wait|just) )*no (?:todos los dias|(?:a )?diario|a cada rato|todos)$|"
    r"\bno me (?:esten? |anden? )?(?:escrib|mand|envi|marqu|llam|molest|habl)\w* (?:\w+ ){0,2}?"
    r"(?:tan seguido|tanto|(?:a )?diario|todos los dias|a cada rato|a todas horas|every day)\b|"
    r"^(?!.*\b(?:ya no|no me|dej[ae]n?|stop|quit\w+|baja\b)).*\bme (?:cansaron|cansan|hartaron|hartan|"
    r"tienen hart[oa]) .*\b(?:mensajes?|mand\w+|escrib\w+|a diario|diario|diarios)\b|"
    r"\b(?:menos seguido|less often|not (?:so|that) often|not every day)\b"
)
"""«No tan seguido»: fewer messages, and not none."""
NO_LEAVE = re.compile(
    r"\b(?:no|nunca|jamas|never) (?:(?:les?|te|he|di|yo|gave|you) )*"
    r"(?:autori[cz]\w+|authori[sz]ed?|(?:di|dado|gave you) (?:\w+ )?(?:permis\w+|consent\w+|"
    r"autori[cz]\w+)) .*"
    r"\b(?:escrib\w*|mensaj\w*|contact\w*|llam\w*|mi numero|mi whats\w*|mi telefono|text|message|write|call|"
    r"my number)\b"
)
"""«Yo no autoricé que me escriban»: why we write, and how it ends."""
PERSON_OR_MACHINE = re.compile(
    r"\b(?:hablo|estoy hablando|escribo|chateo|es|eres|son|hay|contestan?|"
    r"am i (?:talking|speaking|chatting)) (?:\w+ ){0,4}?"
    r"(?:personas?|alguien|human[oa]s?|gente|someone|person|human)"
    r"(?: (?:de verdad|real|reales|atendiendo|contestando))? (?:o|or) (?:\w+ ){0,2}?"
    r"(?:maquina|robot|bot|computadora|machine|computer)\b"
)
NO_CALLS = re.compile(
    r"\bno (?:quiero|mas) llamadas\b|\b(?:don t|do not) want you to call me\b|\bno (?:more )?calls\b|"
    r"\b(?:don t|do not|never|stop) call(?:ing)? (?:me |us )?(?:at )?(?:my |the )?(?:work|job|office|boss)\b"
)
NOT_AT_WORK = re.compile(
    r"^(?:(?:ya|por favor|porfa|favor de|que|oigan|pero|y|les pido que|tampoco) )*"
    r"no (?:me |nos )?(?:esten? |anden? )?(?:llam|marqu|marc|habl)\w* (?:a|al|en|a la|en la|en el) (?:mi )?"
    r"(?:trabajo|chamba|oficina|empresa|jale)(?: (?:por favor|porfa|gracias|ya|mas|eh|es que trabajo))*$"
)
"""«No me llamen a mi trabajo», and no story of calls that were made."""
NO_PRESSURE = re.compile(
    r"\bno me (?:estes?|esten?|anden?|vengas?|quieras?) (?:a )?presion\w+|\bdej(?:a|e|en) de presionar\w*|"
    r"\b(?:don t|stop) (?:pressur|push)\w* me\b"
)
NOT_CALLED = re.compile(
    r"^(?:(?:ya|por favor|porfa|que|oigan|pero|please) )*(?:no (?:me |nos |le )?(?:llam|marqu|habl)(?:en?|"
    r"es)|"
    r"(?:don t|do not|stop) call(?:ing)?(?: me| us)?)(?: (?:mas|ya|nunca|por favor|porfa|please|any ?more|"
    r"again))*$"
)
"""«No me llamen»: of nobody who is wished for."""
WHERE_TO_COMPLAIN = re.compile(
    r"^(?:(?:y|oiga|oye|entonces|and|so) )*"
    r"(?:(?:a|con|ante) quien (?:me )?(?:quejo|puedo quejar(?:me)?|reclamo)|"
    r"(?:a|en)?donde (?:me )?(?:quejo|puedo quejar(?:me)?|reclamo)|"
    r"(?:who|where) (?:do|can) i (?:complain|file a complaint)(?: (?:to|with|about \w+))?)$"
)
"""«¿A quién me quejo?»: where, and no complaint yet."""
