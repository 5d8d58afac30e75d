"""What is said of promises, agreements, debits and charges is what the books hold."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from models.base import AnyRow
from tests.robot.seen import Books, Seen, Talk

Values = Mapping[str, Any]
_ENDED = ("cancelled", "expired", "rejected", "requested", "draft")
"""States of a mandate under which nothing is charged."""


def faults(seen: Seen, talk: Talk) -> Iterator[str]:
    """Of several messages at once the last may have changed what the first one did: only what is true of all
    time is asked of them.
    """
    for key, values in seen.lines:
        talk.counts["claims"] += key in _DONE or key in _STANDS
        if key in _DONE and not _DONE[key](values, seen.books):
            yield f"{key} is not what was done: {_shown(values)}"
        if key in _STANDS and not seen.several and not _STANDS[key](values, seen.books):
            yield f"{key} is not what stands: {_shown(values)}"


def _promised(values: Values, books: Books) -> bool:
    return any(_is(row, values, "due_date") for row in books.promises)


def _both_promised(values: Values, books: Books) -> bool:
    rest = {"amount": values["rest"], "date": values["rest_date"]}
    return any(_is(row, values, "due_date") and _rest_is(row, rest) for row in books.promises)


def _promise_stands(values: Values, books: Books) -> bool:
    return any(row.status == "open" and _is(row, values, "due_date") for row in books.promises)


def _no_promise(_values: Values, books: Books) -> bool:
    return all(row.status != "open" for row in books.promises)


def _agreed(values: Values, books: Books) -> bool:
    first = _money(values["amount"]), _day(values["day"])
    mine = [row for row in books.plans if row.folio == values["folio"]]
    return any((row.first_amount, row.first_day.isoformat()) == first for row in mine)


def _agreement_stands(values: Values, books: Books) -> bool:
    return any(row.folio == values["folio"] and row.status == "active" for row in books.plans)


def _no_agreement(_values: Values, books: Books) -> bool:
    return all(row.status != "active" for row in books.plans)


def _authorised(values: Values, books: Books) -> bool:
    mine = (row for row in books.mandates if row.folio == values["folio"])
    return any(row.status not in _ENDED for row in mine)


def _debit_stands(values: Values, books: Books) -> bool:
    return any(row.last4 == values["last4"] and row.status not in _ENDED for row in books.mandates)


def _debit_ended(values: Values, books: Books) -> bool:
    return not _debit_stands(values, books) and not books.coming


def _no_debit(_values: Values, books: Books) -> bool:
    return all(row.status in _ENDED for row in books.mandates) and not books.coming


def _no_charge(_values: Values, books: Books) -> bool:
    return not books.coming


def _charge_stands(values: Values, books: Books) -> bool:
    return any(_is(row, values, "charge_on") for row in books.coming)


def _announced(values: Values, books: Books) -> bool:
    return any(_is(row, values, "charge_on") for row in books.charges)


def _charge_moved(values: Values, books: Books) -> bool:
    return any(_is(row, {**values, "charge_on": values["to"]}, "charge_on") for row in books.coming)


def _charge_off(values: Values, books: Books) -> bool:
    return all(row.charge_on.isoformat() != _day(values["charge_on"]) for row in books.coming)


def _owed(values: Values, books: Books) -> bool:
    mine = [row for row in books.loans if row.external_id == values["loan"]]
    return not mine or mine[0].outstanding_centavos == _money(values["total"])


_DONE: Mapping[str, Callable[[Values, Books], bool]] = {
    "promise.made": _promised,
    "promise.made_both": _both_promised,
    "offers.made_plan": _agreed,
    "offers.made_plan_quietly": _agreed,
    "offers.made_plan_today": _agreed,
    "offers.made_settlement": _agreed,
    "offers.made_extension": _agreed,
    "offers.made_by_debit": _agreed,
    "news.charge_notified": _announced,
}
_STANDS: Mapping[str, Callable[[Values, Books], bool]] = {
    "balance.loan": _owed,
    "promise.agreed": _promise_stands,
    "promise.standing": _promise_stands,
    "promise.left": _promise_stands,
    "promise.none": _no_promise,
    "promise.not_noted": _no_promise,
    "promise.cancelled": _no_promise,
    "offers.standing": _agreement_stands,
    "offers.cancelled": _no_agreement,
    "offers.none": _no_agreement,
    "mandate.authorized": _authorised,
    "mandate.authorized_next": _authorised,
    "mandate.standing": _debit_stands,
    "mandate.declined_change": _debit_stands,
    "cancel_debit.done": _debit_ended,
    "cancel_debit.none": _no_debit,
    "charge.no_debit": _no_debit,
    "charge.none_planned": _no_charge,
    "charge.next": _charge_stands,
    "charge.left": _charge_stands,
    "charge.moved": _charge_moved,
    "charge.cancelled": _charge_off,
    "payment_report.no_charge": _charge_off,
}


def _is(row: AnyRow, values: Values, day: str) -> bool:
    return (row.amount, getattr(row, day).isoformat()) == (_money(values["amount"]), _day(values[day]))


def _rest_is(row: AnyRow, rest: Values) -> bool:
    wanted = _money(rest["amount"]), _day(rest["date"])
    return any((part["amount"], part["date"]) == wanted for part in row.rest or ())


def _money(value: Any) -> int:
    return int(value["centavos"])


def _day(value: Any) -> str:
    return str(value["day"])


def _shown(values: Values) -> str:
    return ", ".join(f"{name} {each}" for name, each in values.items())
