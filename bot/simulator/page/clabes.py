"""Ready CLABEs to type on a phone: each loan has its own, so that two people never give the same account."""

from values import control_digit

READY = {
    "pays": "00",
    "nsf_once": "90",
    "nsf_until_payday": "91",
    "charged_back": "92",
    "rejected": "93",
    "mismatch": "94",
    "no_webhook": "95",
    "swallowed": "97",
    "closed": "03",
    "disputed": "13",
}
"""What becomes of it, and the digits that choose it (`bot/simulator/belvo/outcomes.py`)."""
UNREACHED = "722969"
"""Mercado Pago: an account that no direct debit reaches."""


def clabe(loan_id: int, ending: str) -> str:
    """A Santander account whose last digits before the control digit choose its delivery."""
    seventeen = f"014180{loan_id % 10**9:09d}{ending}"
    return seventeen + str(control_digit(seventeen))


def ready(loan_id: int) -> list[dict[str, str]]:
    """`{kind, text}`, the two that matter most first."""
    unreached = f"{UNREACHED}{loan_id % 10**11:011d}"
    found = [{"kind": kind, "text": clabe(loan_id, ending)} for kind, ending in READY.items()]
    return [*found, {"kind": "unreached", "text": unreached + str(control_digit(unreached))}]
