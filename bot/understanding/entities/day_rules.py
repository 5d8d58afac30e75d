"""How each form of a day is written."""

import re
from calendar import month_name
from datetime import date, timedelta

from bot.understanding.entities.day_resolve import (
    ENGLISH_SHORT,
    HOLIDAY,
    MONTH,
    MONTHS,
    WEEKDAY,
    WHOLE_MONTH,
    Resolve,
    a_month_later,
    counted_weekday,
    day_of_month,
    end_of_named_month,
    end_of_next_month,
    holiday,
    iso,
    last_weekday,
    month_end,
    month_first,
    named,
    named_quincena,
    next_month_named,
    numeric,
    on_day,
    quincena_of_month,
    weekday,
    weekday_in_eight,
    weekday_of_next_week,
)
from values import nominal_quincena

NO_DAY = re.compile(
    rf"\b(?:los|cada)\s+(?:{WEEKDAY})s?\b|\b(?:no|ni)(?:\s+[a-zñ]+){{0,4}}\s+en\s+(?:{WEEKDAY})s?\b|"
    r"\b(?:quedo|hice|pague|mande|deposite) el primero\b|"
    rf"\b(?:la|calle|avenida|av|colonia|col)\s+\d{{1,2}} de (?:{MONTH})\b"
)
"""Every Monday, no Monday, and a street: «la 20 de noviembre»."""

_ENGLISH_MONTH = "|".join((*map(str.lower, month_name[1:]), *ENGLISH_SHORT))
_YEAR = r"(?:19|20)\d\d\b(?!\s*(?:pesos|varos))"
RULES: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (
            rf"\b(\d{{1,2}})(?:ro|o)?(?:\s*|[/\-])(?:de\s+|del\s+(?:mes\s+de\s+)?|d\s+)?({MONTH})\b(?:\s+(?:de\s+|del\s+)?({_YEAR}))?",
            named,
        ),
        (
            (
                rf"\b(?P<month>{_ENGLISH_MONTH}|{'|'.join(MONTHS)})\.?\s+(?:the\s+|el\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
                rf"(?!\s*(?:pesos|mil|varos|pagos|partes|,\d|\.\d))(?:,?\s*(?P<year>{_YEAR}))?|"
                rf"\b(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<after>{_ENGLISH_MONTH})\b"
                rf"(?:,?\s*(?P<then>{_YEAR}))?"
            ),
            month_first,
        ),
        (
            (
                r"\b(?:mejor|hasta|para|pa|emp(?:ez|ie[zc])\w+|com(?:en|ien)[zc]\w+|podria|puedo|podre|"
                r"pag(?:o|ar|aria|are)|better|until|start\w*|pay|can)\s+"
                r"(?:(?:en|hasta|para|desde|a partir de|from|in|for)\s+)?(?:el mes de\s+)?"
                rf"({WHOLE_MONTH})\b"
            ),
            next_month_named,
        ),
        (r"\b(20\d\d)[/\-](\d{1,2})[/\-](\d{1,2})\b", iso),
        (r"\b(\d{1,2})[/\-](\d{1,2})(?:[/\-](\d{2,4}))?\b(?![/\-]\d)", numeric),
        (r"\b(\d{1,2})\.(\d{1,2})\.((?:20)?\d\d)\b", numeric),
        (r"\b(\d{1,2}) (\d{1,2}) (20\d\d)\b", numeric),
        (r"\bpasado mañana\b|\bpasadomañana\b|\bday after tomorrow\b", lambda m, t: t + timedelta(days=2)),
        (r"\bpasado\b(?=\s+s[ií]\b)", lambda m, t: t + timedelta(days=2)),
        (r"\by\s+pasado\b(?=\s*(?:otros?\s*)?(?:\$?\s*\d|$))", lambda m, t: t + timedelta(days=2)),
        (
            (
                r"^(?:(?:no|mejor|hasta|para|pa|sino|que sea|y si|mañana|o|perdon|digo|ay|uy),? )*"
                r"pasado\b(?= *[.!,?]*$)"
            ),
            lambda m, t: t + timedelta(days=2),
        ),
        (
            r"\b(?:antier|anteayer|antes de ayer|antiayer|ante ?noche|antenoche)\b",
            lambda m, t: t - timedelta(days=2),
        ),
        (
            r"\bde hoy en (?:ocho|8)\b|\ben ocho dias\b|\ben 8 dias\b|\bde hoy en 8\b",
            lambda m, t: t + timedelta(days=7 if "hoy" in m[0] else 8),
        ),
        (r"\bde hoy en (?:quince|15)\b(?! dias)", lambda m, t: t + timedelta(days=14)),
        (r"\bfin(?:es)? de año\b|\bend of the year\b", lambda m, t: date(t.year, 12, 31)),
        (
            r"\b(?:de )?mañana en (?:ocho|8)\b(?! (?:pagos|partes|abonos|meses|quincenas|semanas|mil))",
            lambda m, t: t + timedelta(days=8),
        ),
        (
            (
                rf"\b(?:(?:para|pa|hasta|antes de|de aqui a|el dia de|by|before|until)(?: la)? ({HOLIDAY})|"
                rf"en ({HOLIDAY})(?= *(?:[.,!]|$)| (?:te|les?|pago|deposito|doy|abono|liquido)\b))(?! pasad)"
            ),
            holiday,
        ),
        (
            r"\b(?:en|dentro de|de aqui a|in)\s+(?:unos\s+)?(\d{1,2})\s+(?:dias?|days?|diitas?)\b",
            lambda m, t: t + timedelta(days=int(m[1])),
        ),
        (
            r"\b(?:en|dentro de|in|within)\s+(24|48|72)\s+(?:horas?|hrs?|hours)\b",
            lambda m, t: t + timedelta(days=int(m[1]) // 24),
        ),
        (r"\bhace\s+(\d{1,2})\s+dias?\b", lambda m, t: t - timedelta(days=int(m[1]))),
        (r"\bhace\s+(?:una|1)\s+semana\b|\ba week ago\b", lambda m, t: t - timedelta(days=7)),
        (
            (
                r"\b(?:dentro de|in) (?:un|1|a|one) (?:mes|month)\b|"
                r"\ben (?:un|1) mes\b(?=$| (?:te|le|les|pago|deposito|liquido|abono|doy|puedo)\b)"
            ),
            a_month_later,
        ),
        (
            (
                rf"\b(?:fin(?:es|al(?:es)?)?|ultimo(?: dia)?|termino|ultimos|end)\s+"
                rf"(?:de|del mes de|of(?: the month of)?)\s+"
                rf"({WHOLE_MONTH})\b"
            ),
            end_of_named_month,
        ),
        (
            (
                rf"\b(ultimo|primer|segundo|tercer)\s+({WEEKDAY})\s+(?:de|del)\s+(?:este\s+)?(?:mes(?:\s+de\s+(?=[a-z]))?)?"
                rf"({WHOLE_MONTH})?\b"
            ),
            counted_weekday,
        ),
        (
            r"\bquincena\s+(?:del?|de el)\s+(?:dia\s+)?(\d{1,2})\b(?! de [a-z]| ?(?:pesos|mil))",
            named_quincena,
        ),
        (
            (
                r"\b(primera|1e?ra|1a|segunda|2d?a|ultima)\s+quincena\s+(?:del?\s+)?(?:mes de\s+)?"
                rf"({WHOLE_MONTH})\b"
            ),
            quincena_of_month,
        ),
        (rf"\b({WEEKDAY})\s+(?:en|a)\s+(?:ocho|8)\b(?! dias)", weekday_in_eight),
        (
            (
                rf"\b(?:no (?:este|el) ({WEEKDAY})|({WEEKDAY}) no),? (?:pero |sino |mejor )?"
                r"(?:hasta )?el (?:otro|siguiente|que (?:sigue|viene))\b(?! [a-z])"
            ),
            weekday_in_eight,
        ),
        (
            r"\b(?:en|dentro de|in)\s+(?:unas\s+)?(2|dos|two|3|tres|three)\s+(?:semanas|weeks)\b",
            lambda m, t: t + timedelta(days=14 if m[1] in ("2", "dos", "two") else 21),
        ),
        (
            (
                r"(?<!cada )\bdia\s+(?:primero|1ero|1ro)\b(?! (?:que|de)\b)|"
                r"\b(?:el|pal|dia|the)\s+(?:dia\s+)?(?:primero|1ero|1ro|uno|first)\b"
                r"(?! (?:que|pago|mes|de|el|on|lo|la|te|se|y|hoy|mañana|one|option|plan|payment)\b)"
            ),
            lambda m, t: day_of_month(1, t),
        ),
        (
            r"\b(?:el |dia )?(?:dia )?ultimo\b(?= *$|,| (?:te|le|les|pago|doy|deposito))",
            lambda m, t: month_end(t),
        ),
        (r"\b(?:en|dentro de|in) (?:una|1|a|one) (?:semana|week)\b", lambda m, t: t + timedelta(days=7)),
        (
            (
                rf"\b({WEEKDAY})\s+(?:pasado|que (?:ya )?paso)\b|\bpasado\s+({WEEKDAY})\b|"
                rf"\blast ({WEEKDAY})\b(?! of)"
            ),
            last_weekday,
        ),
        (
            (
                rf"\b({WEEKDAY})\s+de\s+la\s+(?:(?:otra|proxima|siguiente|que (?:viene|entra|sigue))\b"
                rf"(?:\s+semana\b)?|semana\s+(?:que (?:viene|entra|sigue)|proxima|siguiente)\b)|"
                rf"\b(?:(?:otra|proxima|siguiente)\s+semana|"
                rf"semana\s+(?:que (?:viene|entra|sigue)|proxima|siguiente)),?\s+(?:el\s+)?({WEEKDAY})\b|"
                rf"\b({WEEKDAY})\s+of\s+next\s+week\b|\bnext\s+week\s+(?:on\s+)?({WEEKDAY})\b"
            ),
            weekday_of_next_week,
        ),
        (
            rf"\b(?:{WEEKDAY})\s+(?:dia\s+)?(\d{{1,2}})\b(?!\s*(?:pesos|varos|mil|de la|am|pm|:)|[.,]?\d)",
            lambda m, t: day_of_month(int(m[1]), t),
        ),
        (rf"\b({WEEKDAY})\b", weekday),
        (
            r"\bfin(?:es|al(?:es)?)?\s+del?\s+(?:mes\s+que\s+(?:entra|viene|sigue)|(?:proximo|otro|siguiente)\s+mes)\b",
            end_of_next_month,
        ),
        (
            (
                r"\b(?:a?fin(?:es|al(?:es)?)?|ultimo|termino|ultimo dia)\s+(?:de|d|del)\s+(?:este\s+)?mes\b|"
                r"\bfin(?:de)? mes\b|\bend of (?:the )?month\b(?! of)|\bcuando acabe el mes\b"
            ),
            lambda m, t: month_end(t),
        ),
        (
            r"\b(?:la|esta|proxima|de|siguiente|sig|para|pa|en|mi|ala?)\s+quincena\b|\bquincena\b(?=\s*(?:te|le|les|que|$|sin|ya|si))",
            lambda m, t: nominal_quincena(t),
        ),
        (
            (
                r"(?:(?:\bel|\bdia|\bpa['’]?l|\bpara el|\bhasta el|\bal|\bthe|\bantes "
                r"del|\ba ?partir del|\b(?:por ahi|alrededor|cerca) del|\bdesde el)\s+(?:dia\s+)?)"
                r"(\d{1,2})(?:th|st|nd|rd)?\b"
                r"(?!\s*(?:%|pesos|varos|mil|por ciento|de "
                r"la|am|pm|:|,\d|\.\d|\d|numeros|digitos|hrs|horas|dias|veces|mensajes|payments?\b|parts?\b|"
                r"instal?lments?\b|options?\b|pagos\b|partes\b))"
            ),
            on_day,
        ),
        (r"\bayer\b|\byesterday\b|\banoche\b", lambda m, t: t - timedelta(days=1)),
        (
            (
                r"(?<!la )(?<!por la )(?<!en la )(?<!esta )(?<!de la )\bmañana\b(?!\s+siempre)|"
                r"\btomorrow\b|\bmañanita\b"
            ),
            lambda m, t: t + timedelta(days=1),
        ),
        (
            (
                r"\bhoy\b(?!\s+en\s+dia)|\btoday\b|"
                r"\b(?:tonight|esta noche|al rat(?:it)?o|en un rat(?:it)?o)\b(?=.*\bpa[gy])"
            ),
            lambda m, t: t,
        ),
    )
)
