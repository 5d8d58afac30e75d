"""The hour at which somebody wishes to be called."""

import re

from flows.answers import plain

_AT = (
    r"(?:a|como a|tipo|por ahi de|at|around) (?:eso de )?(?:las? )?(?P<hour>\d{1,2})(?: (?P<minute>[0-5]\d))?"
    r"(?: (?:hrs?|horas|en punto|o clock))?"
    r"(?: ?(?:de la )?(?P<half>am|pm|a m|p m|manana|tarde|noche))?"
)
_HOUR = re.compile(rf"\b{_AT}\b(?! (?:de (?!la)|pesos|dias|meses|semanas|minutos|pagos))")
_WHEN = (
    r"(?:(?:el|este|proximo|hoy|manana|pasado|lunes|martes|miercoles|jueves|viernes|sabado|domingo|ahorita|mejor|o|"
    r"si|ok|que sea|puede ser|seria|por favor|porfa|gracias|on|the|today|tomorrow|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday|please|thanks|better|or|yes) )*"
)
_ONLY = re.compile(rf"{_WHEN}{_AT} {_WHEN}")


def call_time(text: str) -> str | None:
    """`HH:MM` of «mañana a las 10», «at 4 pm»; before eight it is the afternoon, unless it says otherwise."""
    found = _HOUR.search(plain(text))
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").replace(" ", "")
    afternoon = half in ("pm", "tarde", "noche") or (not half and 1 <= hour < 8)
    hour += 12 if afternoon and hour < 12 else 0
    return f"{hour:02d}:{found['minute'] or '00'}" if hour < 24 else None


def names_call_time(text: str) -> bool:
    """«Mañana a las 10 por favor», and nothing else."""
    return _ONLY.fullmatch(f"{plain(text)} ") is not None
