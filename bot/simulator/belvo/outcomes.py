"""What becomes of an account and of a charge: a matter of the CLABE, the amount, the reference and the
calendar alone.

The 16th and 17th digit of a Santander CLABE choose: 00 is paid, 01 to 13 are returned with that code, 90 to
97 stand below. A number of centavos from 01 to 13 does the same for the CLABE that is paid, and so do the
words that Belvo's own sandbox listens to as reference.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from values import add_banking_days, is_banking_day, next_banking_day, next_payday

ZONE = ZoneInfo("America/Mexico_City")
CUT_OFF, DECISION, RESULT = time(15), time(17), time(12)
SETTLE_BANKING_DAYS = 2

NSF_ONCE, NSF_UNTIL_PAYDAY, CHARGED_BACK, REJECTED, MISMATCH, NO_WEBHOOK, MANY_WEBHOOKS, SWALLOWED = (
    str(ending) for ending in range(90, 98)
)

TEXTS = {
    "01": "Cuenta inexistente",
    "02": "Cuenta bloqueada",
    "03": "Cuenta cancelada",
    "04": "Insuficiencia de fondos",
    "05": "Cuenta en otra divisa",
    "06": "La cuenta no pertenece al banco receptor",
    "07": "Transacción duplicada",
    "08": "Orden de no pagar a ese emisor",
    "09": "Importe mayor al autorizado",
    "10": "Domiciliación dada de baja",
    "11": "El cliente no tiene autorizado el servicio",
    "12": "Vencimiento de la orden de pago en ventanilla",
    "13": "El cliente desconoce el cargo",
    "15": "Fuera de horario",
    "18": "Error de proceso",
}
_WORDS = {"successful": "", "failed": "04", "chargeback": "chargeback"}
CHOICES = ("successful", "chargeback", *TEXTS)
"""What the page may choose for a charge."""


def ending(clabe: str) -> str:
    """The two digits that choose; an account of any other bank behaves."""
    return clabe[15:17] if clabe.startswith("014") else "00"


def presented_on(at: datetime) -> date:
    """The banking day on whose evening the banks receive what came in at `at`."""
    local = at.astimezone(ZONE)
    return (
        local.date()
        if is_banking_day(local.date()) and local.time() < CUT_OFF
        else next_banking_day(local.date())
    )


def on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)


@dataclass(frozen=True, slots=True)
class Times:
    """When a charge moves."""

    processing_at: datetime
    result_at: datetime
    settles_at: datetime

    @classmethod
    def of(cls, at: datetime) -> "Times":
        day = presented_on(at)
        result = next_banking_day(day)
        return cls(
            on(day, CUT_OFF), on(result, RESULT), on(add_banking_days(result, SETTLE_BANKING_DAYS), RESULT)
        )


def outcome_of(
    clabe: str, centavos: int, words: tuple[str, ...], at: datetime, first_at: datetime | None
) -> str:
    """Empty when it is paid, `chargeback` when it is paid and taken back, else the code of its return.

    `words` are the references of charge and account; `first_at` is when the account was first charged, null
    for the first time.
    """
    for word in words:
        if word.strip().lower() in _WORDS:
            return _WORDS[word.strip().lower()]
    chosen = ending(clabe)
    if chosen == "00" and clabe.startswith("014"):
        chosen = f"{centavos % 100:02d}"
    if chosen == NSF_ONCE:
        return "04" if first_at is None else ""
    if chosen == NSF_UNTIL_PAYDAY:
        begun = presented_on(first_at or at)
        return "04" if presented_on(at) < next_payday(begun + timedelta(days=1)) else ""
    if chosen == CHARGED_BACK:
        return "chargeback"
    return chosen if "01" <= chosen <= "13" else ""
