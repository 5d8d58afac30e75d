"""Which words of a message threaten, as the auditor reads them: what is announced, unless it is denied for
good or is of something else.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import combining, normalize


def _any_of(*forms: str) -> re.Pattern[str]:
    """Any of these as whole words."""
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")


_HOME = r"(?: \w+){0,4} (?:a|en|hasta) [st]u (?:trabajo|casa|domicilio|oficina|negocio|empresa)"
_THINGS = r"(?:casa|auto|carro|coche|moto|muebles|bienes|cosas|patrimonio|trabajo|empleo)"
_THREATS = _any_of(
    r"carcel|prision|encarcel\w+|arrest\w+|embarg\w+|demand\w+|denunci\w+|exhib\w+|boletinar\w*|fraudes?",
    r"orden judicial|juzgados?|juez|actuario|policias?|ministerio publico|citatorio|lista negra",
    r"ultim[oa] (?:aviso|advertencia|llamado|oportunidad antes)|consecuencias|vecin[oa]s?|judicial\w*",
    r"delitos?|delincuentes?|ordenes de (?:aprehension|captura|cateo)|orden de (?:aprehension|captura|cateo)",
    r"(?:legal|penal|civil)mente|(?:accion|medida|via|proceso|procedimiento)(?:es|s)? (?:legal|penal)(?:es)?",
    r"(?:turn|pas|envi|mand)\w*(?: \w+){0,3} (?:al? |al area )?(?:juridic[oa]|departamento legal|area legal)",
    r"nuestr[oa]s? abogad[oa]s?|incaut\w+|confisc\w+|congel\w+ [st]us? cuentas?|cuentas? sera\w* congelad\w+",
    r"(?:quit|recog|perder)\w*(?: \w+)? [st]us? " + _THINGS,
    r"(?:te vas|se va) a arrepentir|lo lamentar\w+|sab(?:emos|en|e) donde (?:vive|trabaja)s?|inmigracion",
    r"(?:ir|iremos|vamos|voy|van) a buscar(?:l[oae]|te)|[st]u (?:foto|nombre)(?: \w+){0,3} redes sociales",
    r"(?:l[oae]|te) (?:vamos a |voy a |van a )?(?:public|quem)(?:ar|amos)\w*",
    r"(?:ir|ira|iran|iremos|vamos|voy|van|acud\w+)" + _HOME,
    r"(?:pas|mand|envi|lleg|visit|present|busc|toc|cobr)(?:ar|amos)\w*" + _HOME,
    r"(?:haremos|hacer\w*|hara[ns]?|recibira[ns]?|tendra[ns]?|espere) (?:una |la |nuestra )?visita",
    r"visita(?:remos| domiciliaria| de cobranza)",
    r"(?:mand(?:ar|amos)|met(?:er|emos)|manch(?:ar|ad)|quem(?:ar|ad))\w*(?: \w+){0,4} (?:buro|datacredito)",
    r"jail|prison|police|lawsuit|su(?:e|ing) you|will sue|court order|garnish\w*|seize\w*",
    r"blacklist|final notice|legal action|(?:our|my) (?:lawyer|attorney)s?|where you (?:live|work)|to court",
)
_DENIED = re.compile(
    r"\b(?:no|nadie|nunca|jamas|tampoco|sin(?! embargo)|nobody|no one|not|never|won.?t|can.?t|cannot|don.?t)"
    r"(?: (?:a|al|con|de|del|delito|el|en|es|esto|existe|habra|hay|implica|ir|la|le|lleva|lo|motivo|ni"
    r"|ningun|ninguna|pena|pisa|podemos|por|proced\w+|puede|pueden|recibira|se|ser|sera|son|te|tendra|tiene"
    r"|trata|un|una|va|vamos|van|voy|carcel|prision|cometer?|cometio|cometes?|demand\w+|denuncias?|embarg\w+"
    r"|be|go|goes|going|is|jail|send|sent|to|you))*\s*$"
)
"""What stands before a word that is denied: between the two are the words of a denial, and no others."""
_CONDITIONS = _any_of(
    r"si(?!,)|todavia|aun(?! asi)|por ahora|por el momento|de momento|hoy|hasta (?:el|que)|mientras|cuando",
    r"salvo|excepto|a menos|siempre (?:que|y cuando)|en cuanto|pero|cree\w*|piens\w+",
    r"if|unless|yet|today|but|think",
)
_OF_SOMETHING_ELSE = _any_of(
    r"sin embargos?",
    r"(?:alta|mucha|gran|mayor|poca|baja|tanta|fuerte) demanda(?! (?:judicial|civil|mercantil|penal|en ))",
    r"(?:bajo|segun la|oferta y) demanda",
    r"demanda (?:alta|de (?:llamadas|mensajes|servicio|atencion|citas|solicitudes|creditos|productos))",
    r"demanda\w*(?: (?:de|much[oa]|mas|bastante|tant[oa]|demasiado))?"
    r" (?:tiempo|atencion|esfuerzo|trabajo|cuidado|energia|paciencia)",
    r"(?:muy|tan|mas|bastante|trabajo|empleo) demand(?:ad[oa]s?|antes?)",
    r"(?:evitar|prevenir|prevencion de|posible|intentos? de|reportes? de|area de|victimas? de|cuid\w+ de"
    r"|puede ser|podria ser|contra)(?: (?:un|una|el|los|posibles))? fraudes?",
    r"denunci\w+ (?:el|la|es[ae]|est[ae]) (?:robo|fraude|extravio|llamada|mensaje|numero|perfil|abuso)",
    r"denunci\w+ (?:ante|en|con|a)(?: la)? (?:condusef|profeco)",
    r"victimas? de(?: un| algun)? delitos?",
    r"(?:recibimos|folio de|copia de|seguimiento a) [st]u denuncia",
    r"exhib\w+ [st]u (?:identificacion|ine|comprobante|recibo|credencial|contrato|ticket)",
    r"(?:sucursal|sucursales|colonia|ciudad|tienda)s? vecinas?",
    r"s(?:ent|ient)\w+ juzgad[oa]s?",
    r"[st]u ultimo aviso de pago",
    r"(?:envi|mand|lleg)\w+(?: \w+){0,2} (?:carta|tarjeta|recibo|estado de cuenta|contrato|comprobante)"
    + _HOME,
    r"[st]u (?:reporte|consulta|historial|calificacion) (?:de|en|del)(?: el)? buro",
)


def threat_in(text: str) -> str | None:
    """The first words of it that threaten, in lower case and without accents."""
    sentences = re.split(r"[.!?;\n]+", plain(text))
    return next((found for sentence in sentences for found in _threats(sentence)), None)


def _threats(sentence: str) -> Iterator[str]:
    other = [found.span() for found in _OF_SOMETHING_ELSE.finditer(sentence)]
    is_conditional = _CONDITIONS.search(sentence) is not None
    for found in _THREATS.finditer(sentence):
        is_other = any(start <= found.start() < end for start, end in other)
        is_denied = not is_conditional and _DENIED.search(sentence[: found.start()])
        if not is_other and not is_denied:
            yield found[0]


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """Lower case, without accents, words one space apart."""
    bare = "".join(c for c in normalize("NFD", text.lower()) if not combining(c))
    return re.sub(r"[^\S\n]+", " ", bare)
