"""«Nomas junté 450», «300 es lo que tengo»: the money that there is to pay with."""

import re

from flows.answers import plain

_HAS = (
    r"(?:tengo|traigo|junte|complete|ajuste|reuni|consegui|alcanzo|cuento con|"
    r"me alcanza (?:para|pa)|have|got)"
)
_ONLY = r"(?:solo|nomas|nada mas|unicamente|apenas|only|just)"
_ABOUT = r"(?:(?:como|unos|unas|con|los|a|about|like|around) )*"
_ALL = r"(?:(?:todo )?lo (?:unico )?que (?:tengo|traigo|hay|junte|pude juntar)|all i (?:ve )?(?:have|got))"
_ALL_THERE_IS = re.compile(
    rf"\b{_ONLY} (?:(?:pude|puedo|me|ve|i|ya) )*(?:{_HAS}|juntar) {_ABOUT}\d"
    rf"|\b{_HAS} {_ONLY} {_ABOUT}\d"
    rf"|\b{_HAS} {_ABOUT}\d+(?: pesos| varos)? (?:{_ONLY}|no mas|solamente|y ya|y es todo)\b"
    rf"|\bno (?:completo|ajusto|alcanzo|llego|lo tengo completo|me alcanza)\W+"
    rf"(?:solo |nomas |pero )?{_HAS} {_ABOUT}\d"
    rf"|\bme alcanza (?:para|pa) {_ABOUT}\d"
    rf"|\b{_ALL}(?: ahorita)? (?:es|son|is) {_ABOUT}\d"
    rf"|\b\d+(?: pesos| varos)? (?:es|son|is) {_ALL}"
)
_WHY = re.compile(
    r"\b(?:trabajo|chamba|jale|empleo|enferm\w*|hospital\w*|medic\w*|oper(?:ar\w*|aron)|murio|fallec\w*|"
    r"corrieron|despidieron|robaron|asaltaron|comer|comida|renta|hij[oa]s?|job|sick|rent|food|cada|mes|"
    r"semana|quincena|ni|dias|anos|descuento|liquidar)\b"
)
"""Why there is no more: of a hardship, or of more than one payment."""


def is_all_there_is(text: str) -> bool:
    """Whether it says what there is to pay with, and tells of no more: a payment that is offered, and no
    hardship.
    """
    flat = plain(text)
    return _ALL_THERE_IS.search(flat) is not None and _WHY.search(flat) is None
