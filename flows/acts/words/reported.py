"""What is told of payments that were made or missed, and of what somebody is said to have agreed."""

import re

from flows.answers import plain

_WHO_COLLECTS = (
    r"(?:companer|senor|ejecutiv|asesor|licenciad|lic\b|muchach|joven|chic|chav|persona|gestor|agente|"
    r"colega)\w*"
)
AGREED_WITH_OTHERS = re.compile(
    rf"\b(?:quede|quedamos|(?:habia|habiamos|hemos|he) (?:quedado|acordado)|acorde|acordamos)\b.*"
    rf"\bcon (?:(?:su|tu|un|una|el|la|otr[oa]|otra de sus) )+{_WHO_COLLECTS}|"
    rf"\b(?:un|una|su|tu|otr[oa]) {_WHO_COLLECTS} (?:\w+ ){{0,3}}?(?:quede|quedamos|acorde|acordamos)\b|"
    r"\bi (?:\w+ )?(?:agreed|arranged|made an? (?:deal|agreement|arrangement)) .*\bwith "
    r"(?:your|a|one of your|another) (?:\w+ )?(?:agent|colleague|coworker|guy|lady|woman|man|person|rep\w*)\b"
)
"""«Ya había quedado de pagar el 5 con su compañera»: of a promise that may stand nowhere."""
POSTS = (
    r"\b(?:cuando|a que hora|en cuanto tiempo|en cuant[oa]s (?:dias|horas)|"
    r"cuanto (?:tiempo )?(?:se )?(?:tarda\w*|demora\w*)(?: en)?) "
    r"(?:(?:se|me|lo) )*(?:ve(?:ria|ra)? )?(?:refleja\w*|acredita\w*|registra\w*|aplica\w*|aparec\w+)\b|"
    r"\bwhen (?:does|will|would) (?:\w+ ){1,3}?(?:post|show(?: up)?|be (?:applied|"
    r"credited)|go through|clear)\b"
)
"""«¿Cuándo se refleja lo de hoy?»: of a payment that was made, or that would be."""
_SETTLE = r"(?:qued|liquid|termin|cerr|cierr|sald|finiquit|acab|libr)\w*"
SAID_TO_SETTLE = re.compile(
    rf"^(?:\w+ ){{0,8}}?(?:dij\w+|ofrec\w+|promet\w+|coment\w+|asegur\w+|autoriz\w+|inform\w+) que con "
    rf"(?:\w+ )?\d[\d ]*(?:pesos |mil )*(?:(?:ya|me|se|yo|lo) )*{_SETTLE}(?: \w+){{0,4}}$"
)
"""«Me dijeron que con 500 quedaba»: of a discount that somebody spoke of."""
LESS_IF_CLOSED = re.compile(
    r"\b(?:si|por) (?:\w+ ){0,2}?(?:liquid|salda|finiquit|pago todo|pagar todo|pago completo)\w*.*"
    r"\b(?:descuent|rebaj|quit|perdon|condon|bajan?|menos)\w*|"
    r"\b(?:descuent|rebaj|quit|perdon|condon)\w* .*\b(?:si|por) (?:\w+ ){0,2}?"
    r"(?:liquid|salda|finiquit|pago todo|pagar todo|pago completo)\w*"
)
"""«Si liquido hoy, ¿cuánto me descuentan?»: of a discount, and no debit."""
COULD_NOT_PAY = re.compile(
    r"^(?:(?:perdon|disculpe?|oiga|oye|hola|la verdad|es que|fijese que|siempre|al final|ya) )*"
    r"no (?:les |te |le |lo )?(?:pude|alcance a|logre) (?:pagar|depositar|juntar|completar|abonar)\w*\b"
    r"|^(?:(?:perdon|disculpe?|oiga|oye|hola|la verdad|es que|siempre|al final|ya) )*"
    r"no (?:les |te |le |lo )?(?:pude|alcance|junte|complete)"
    r"(?: (?:nada|que (?:procede|hago|sigue)|y|ahora|que|entonces))*$"
    r"|^(?:(?:sorry|hey|hi|i m) )*i (?:couldn t|could not|wasn t able to) pay\b"
)
FEES = re.compile(
    r"^(?:(?:y|oye|oiga|pero|como|and) )*(?:cuant[oa]s?|how much) (?:\w+ ){0,3}?(?:de |en |por |"
    r"in )?(?:los )?"
    r"(?:recargos?|(?:interes(?:es)? )?moratori[oa]s?|late fees?)(?: (?:ya|llevo|tengo|debo|hoy|son|"
    r"do i have))*$"
)
"""«¿Cuánto llevo de recargos?»"""
PAID_AND_ASKED = re.compile(
    r"\b(?:por ?que|x ?q|why) (?:(?:me|nos|todavia|aun|siguen?|estan?|are|do|still|you|keep) )*"
    r"(?:cobr|charg|ask)\w* (?:\w+ ){0,3}?(?:si|cuando|if|when) (?:yo )?(?:ya )?"
    r"(?:(?:les|te|le|lo) )?(?:di|pague|abone|deposite|transferi|(?:i )?(?:already )?(?:paid|gave|sent))\b"
)
"""«¿Por qué me cobran si ya di 200?»"""
PAID_BEFORE = re.compile(
    r"\bya (?:les |lo |la |te |se los )?(?:habia|he|tenia) (?:pagado|depositado|transferido|abonado|"
    r"liquidado)\b"
)
"""«Ya había pagado y siguen cobrando»."""
DONE_PART = re.compile(
    r"^(?:(?:listo|ok|oye|oiga|mira) )*ya (?:quedo|esta|hice|se hizo|mande|deposite|pague) (?:el |mi |un )?"
    r"(?:primer[oa]?|segund[oa]|pago|abono|deposito)(?: (?:pago|abono|deposito))?(?: (?:hoy|listo|gracias))*$"
)
"""«Ya quedó el primero»: of the payments that were agreed."""
OWES_VERDAD = re.compile(
    r"^(?:(?:entonces|o sea|yo|les|pero|y|so|i) )*(?:debo|owe(?: you)?) \d[\d ]*(?:pesos )?(?:verdad|no|"
    r"cierto|o no|right)$"
)
"""«Debo 680, ¿verdad?»"""


def agreed_with_others(text: str) -> bool:
    """Whether it tells of something agreed with a person who collects."""
    return AGREED_WITH_OTHERS.search(plain(text)) is not None


DEPOSITED = re.compile(
    r"^(?:(?:hola|oigan?|oye|pues|es que|no|yo|pero|mire|miren|disculpe) )*(?:si|ya) (?:yo )?"
    r"(?:les |le |te |lo )*(?:deposite|pague|transferi|abone|mande|hice el (?:pago|deposito))\b"
    r".*\b(?:cuenta|tarjeta|clabe)\b"
)
"""«Sí deposité, pero a la otra cuenta»: of a payment, and of no account to be charged."""
