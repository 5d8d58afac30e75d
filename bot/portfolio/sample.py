"""A synthetic portfolio: believable loans in all stages. The people in it do not exist; their phones cannot
be dialled.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from values import control_digit, likely_rfc, roll_forward

_FIRST = (
    "Ana",
    "Luis",
    "María",
    "José",
    "Guadalupe",
    "Juan",
    "Rosa",
    "Carlos",
    "Verónica",
    "Miguel",
    "Leticia",
    "Jorge",
    "Patricia",
    "Raúl",
    "Alma",
    "Héctor",
    "Brenda",
    "Óscar",
    "Yolanda",
    "Iván",
    "Claudia",
    "Ernesto",
    "Silvia",
    "Hugo",
    "Norma",
    "Rubén",
    "Diana",
    "Sergio",
    "Teresa",
    "Adrián",
)
_LAST = (
    "López",
    "Hernández",
    "García",
    "Martínez",
    "Pérez",
    "Ramírez",
    "Cruz",
    "Flores",
    "Gómez",
    "Morales",
    "Vázquez",
    "Jiménez",
    "Reyes",
    "Torres",
    "Ruiz",
    "Mendoza",
    "Aguilar",
    "Ortiz",
    "Castillo",
    "Chávez",
    "Rivera",
    "Juárez",
    "Domínguez",
    "Herrera",
    "Medina",
    "Salazar",
    "Luna",
    "Soto",
)
_PLACES = (
    ("09", ""),
    ("15", ""),
    ("14", ""),
    ("19", ""),
    ("21", ""),
    ("30", ""),
    ("02", "004"),
    ("26", ""),
    ("23", ""),
    ("31", ""),
    ("28", "032"),
    ("08", "037"),
)
_PRODUCTS = (
    ("Crédito personal", 200_000, 8),
    ("Crédito para tu negocio", 450_000, 12),
    ("Crédito exprés", 90_000, 4),
)
_STAGES = (-9, -3, -1, 0, 0, 1, 3, 5, 8, 14, 22, 33, 47, 65, 95)
"""Days past due of the oldest unpaid instalment, dealt in turn so that every stage is there."""


def sample_rows(loans: int, seed: int, today: date) -> Iterator[dict[str, str]]:
    """Rows of a tape; the same for the same seed and day."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    for index in range(loans):
        yield from _loan(rng, index, today)


def _loan(rng: random.Random, index: int, today: date) -> Iterator[dict[str, str]]:
    product, size, parts = rng.choice(_PRODUCTS)
    principal = round(size * rng.uniform(0.6, 1.6) / parts / 100) * 100
    interest = round(principal * rng.uniform(0.12, 0.28) / 100) * 100
    tax = round(interest * 0.16)
    stage = _STAGES[index % len(_STAGES)]
    paid = rng.randint(0, parts - 2)
    oldest = today - timedelta(days=stage)
    someone = person(rng, index)
    reference = f"{1_000_001 + index}"
    seventeen = f"646180{110400000000 + index:012d}"[:17]
    for number in range(1, parts + 1):
        due = (
            roll_forward(oldest + timedelta(days=15 * (number - 1 - paid))) if number != paid + 1 else oldest
        )
        late_fees = round(principal * 0.002 * max(0, (today - due).days) / 10) * 10 if number > paid else 0
        amount = principal + interest + tax + late_fees
        yield {
            **someone,
            "loan_id": f"JAC-{1001 + index}",
            "instalment_no": str(number),
            "due_date": due.isoformat(),
            "amount_due": pesos(amount),
            "amount_paid": pesos(amount if number <= paid else 0),
            "principal": pesos(principal),
            "interest": pesos(interest),
            "late_fees": pesos(late_fees),
            "tax": pesos(tax),
            "product": product,
            "opened_on": (oldest - timedelta(days=15 * (paid + 1))).isoformat(),
            "pay_clabe": seventeen + str(control_digit(seventeen)),
            "pay_reference": reference,
            "cash_reference": f"9{reference}{index % 10}",
            "as_of": today.isoformat(),
        }


def person(rng: random.Random, index: int) -> dict[str, str]:
    state, municipality = _PLACES[index % len(_PLACES)]
    first, *surnames = rng.choice(_FIRST), rng.choice(_LAST), rng.choice(_LAST)
    name = " ".join((first, *surnames))
    born = date(rng.randint(1962, 2003), rng.randint(1, 12), rng.randint(1, 28))
    return {
        "borrower_id": f"C-{5001 + index}",
        "borrower_name": name,
        "phone": f"55{10000000 + index * 7 + 11:08d}"[:10],
        "birth_date": born.isoformat(),
        "rfc": likely_rfc(name, born) if index % 4 else "",  # one in four is asked for it
        "email": f"c{5001 + index}@correo.example",
        "state": state,
        "municipality": municipality,
        "language": "es_MX",
        "preferred_channel": "whatsapp",
    }


def pesos(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"
