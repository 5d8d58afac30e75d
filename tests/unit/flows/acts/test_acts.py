"""The table of acts: a text, what is live, whether a question is open → the act on its object."""

from dataclasses import replace
from datetime import date

import pytest

from flows import ROUTING
from flows.acts.rows.situation import Situation
from flows.acts.table import ROWS, act_of
from flows.acts.words import crisis, keywords, people
from flows.types.event import Message
from tests.facts import facts
from values import Money

WEDNESDAY, FRIDAY, MONDAY = date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30)
"""Tomorrow, when a charge is announced; the day that is promised; another day."""

CHARGE = {"mandate": "yes", "charge": "yes"}
PROMISE = {"promise": "yes"}
PLAN = {"plan": "yes"}

TABLE = [
    # text, intent as read, day, live, act
    ("no me cobren mañana, mejor el viernes", "request_extension", FRIDAY, CHARGE, "move.charge"),
    ("cóbrenlo otra vez por favor", "authorize_debit", None, {"mandate": "yes"}, "retry.charge"),
    ("can you try my account again", "other", None, {"mandate": "yes"}, "retry.charge"),
    ("¿por qué me cobraron otra vez?", "dispute_charge", None, {"mandate": "yes"}, None),
    ("cóbrenlo otra vez el lunes", "authorize_debit", MONDAY, CHARGE, "move.charge"),
    ("¿pueden pasar el cargo al lunes?", "request_extension", MONDAY, CHARGE, "move.charge"),
    ("muévelo al lunes", "request_extension", MONDAY, CHARGE, "move.charge"),
    ("mejor cóbrenme el viernes", "authorize_debit", FRIDAY, CHARGE, "move.charge"),
    ("don't charge me tomorrow, do it friday", "promise_to_pay", FRIDAY, CHARGE, "move.charge"),
    ("can you move the charge to monday", "request_extension", MONDAY, CHARGE, "move.charge"),
    ("mañana no, el lunes", "promise_to_pay", MONDAY, CHARGE, "move.charge"),
    ("no el viernes sino el lunes", "other", MONDAY, CHARGE, "move.charge"),
    ("not tomorrow, friday", "promise_to_pay", FRIDAY, CHARGE, "move.charge"),
    ("no me hagan el cargo de mañana", "cancel_debit", WEDNESDAY, CHARGE, "cancel.charge"),
    ("cancela ese cargo", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("mejor no me cobren esta vez, yo pago en oxxo", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("mejor no me hagan el cargo de mañana", "cancel_debit", WEDNESDAY, CHARGE, "cancel.charge"),
    ("I'd rather you didn't charge me this time", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("mejor no me cobren mañana, el viernes sí", "request_extension", FRIDAY, CHARGE, "move.charge"),
    ("cancélalo", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("es cargo no lo hagan", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("ese cargono lo hagan", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("ok keep it", "other", None, CHARGE, "keep.charge"),
    ("ok déjalo así", "other", None, CHARGE, "keep.charge"),
    ("está bien, que lo cobren", "authorize_debit", None, CHARGE, "keep.charge"),
    ("sí, cóbrenlo ese día", "authorize_debit", None, CHARGE, "keep.charge"),
    ("that's fine, go ahead", "affirm", None, CHARGE, "keep.charge"),
    ("¿listo?", "affirm", None, PROMISE, "ask.promise"),
    ("¿ya quedó?", "report_payment", None, PLAN, "ask.plan"),
    ("is it done?", "affirm", None, {"mandate": "yes"}, "ask.debit"),
    ("listo", "affirm", None, PROMISE, None),
    ("¿listo?", "affirm", None, {}, None),
    ("¿quedó listo lo de mi cuenta?", "report_payment", None, {"mandate": "yes"}, "ask.debit"),
    ("mejor cancelen ese cargo nada más", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("quita nomás el cargo de mañana", "cancel_debit", WEDNESDAY, CHARGE, "cancel.charge"),
    ("quita nomás el cargo de mañana", "cancel_debit", WEDNESDAY, {"mandate": "yes"}, "ask.charge"),
    ("no me cancelen nada", "opt_out", None, CHARGE, "ask.debit"),
    ("cancela mi promesa", "other", None, CHARGE, "cancel.promise"),
    ("¿y los demás siguen?", "other", None, {"mandate": "yes"}, "ask.debit"),
    ("¿cuánto me cobran y de qué cuenta?", "ask_balance", None, {"mandate": "yes"}, "ask.debit"),
    ("déjalo así", "other", None, {}, None),
    ("stop charging me", "cancel_debit", None, CHARGE, None),
    ("don't charge me tomorrow", "cancel_debit", WEDNESDAY, CHARGE, "cancel.charge"),
    ("ya no me cobren de mi cuenta", "cancel_debit", None, CHARGE, None),
    ("cancelen la domiciliación", "cancel_debit", None, CHARGE, None),
    ("nunca más me cobren", "cancel_debit", None, CHARGE, None),
    ("¿entonces ya no me cobran mañana?", "request_extension", WEDNESDAY, CHARGE, "ask.charge"),
    ("¿cuándo me van a cobrar?", "ask_due_date", None, CHARGE, "ask.charge"),
    ("que paso con el cargo", "dispute_charge", None, CHARGE, "ask.charge"),
    ("what happened with my charge", "other", None, CHARGE, "ask.charge"),
    ("que paso con el cargo", "dispute_charge", None, {}, None),
    ("when will you charge me?", "ask_due_date", None, CHARGE, "ask.charge"),
    ("¿me van a descontar algo?", "other", None, {}, "ask.charge"),
    ("no tengo dinero ahorita", "report_hardship", None, CHARGE, "fund.charge"),
    ("ese día todavía no me han pagado", "dispute_charge", None, CHARGE, "fund.charge"),
    ("mi cuenta va a estar vacía", "other", None, CHARGE, "fund.charge"),
    ("no voy a tener fondos", "report_hardship", None, CHARGE, "fund.charge"),
    ("no tengo dinero ahorita", "report_hardship", None, {}, None),
    ("me cobraron doble", "dispute_charge", None, CHARGE, None),
    ("what did we agree?", "ask_breakdown", None, PROMISE, "ask.promise"),
    ("cancela mi promesa", "cancel_debit", None, PROMISE, "cancel.promise"),
    ("cancela mi promesa", "cancel_debit", None, {}, "cancel.promise"),
    ("no canceles mi promesa", "cancel_debit", None, PROMISE, "ask.promise"),
    ("no quiero cancelar mi promesa", "other", None, PROMISE, "ask.promise"),
    ("no cancelen la domiciliación", "cancel_debit", None, CHARGE, "ask.debit"),
    ("no quiero cancelar, solo cambiar la cuenta", "change_account", None, {"mandate": "yes"}, None),
    ("no quiero cancelar mi cargo automático", "cancel_debit", None, CHARGE, "ask.debit"),
    ("no lo cancelen por favor", "cancel_debit", None, CHARGE, "ask.debit"),
    ("please don't cancel the direct debit", "cancel_debit", None, CHARGE, "ask.debit"),
    ("no lo quiero, cancélalo", "cancel_debit", None, CHARGE, "cancel.charge"),
    ("no cancelen el cargo de mañana", "other", WEDNESDAY, CHARGE, "ask.debit"),
    ("ya no quiero el plan", "request_plan", None, PLAN, "cancel.plan"),
    ("cancelen mi acuerdo de pago", "cancel_debit", None, PLAN | PROMISE, "cancel.plan"),
    ("quítame el convenio por favor", "other", None, PLAN, "cancel.plan"),
    ("no quiero el acuerdo", "deny", None, PLAN, "cancel.plan"),
    ("cancel the payment plan", "other", None, PLAN, "cancel.plan"),
    ("i don't want the plan anymore", "other", None, PLAN, "cancel.plan"),
    ("no quiero cancelar el plan", "other", None, PLAN, "ask.plan"),
    ("no quiero perder el plan", "other", None, PLAN, None),
    ("no cancelen mi plan", "other", None, PLAN, "ask.plan"),
    ("don't cancel my plan", "other", None, PLAN, "ask.plan"),
    ("¿puedo cancelar el plan después?", "other", None, PLAN, "ask.plan"),
    ("cómo va mi plan?", "ask_balance", None, PLAN, "ask.plan"),
    ("quiero un plan", "request_plan", None, PLAN, None),
    ("olvida lo del viernes", "promise_to_pay", FRIDAY, PROMISE, "cancel.promise"),
    ("quita mi compromiso de pago", "cancel_debit", None, PROMISE, "cancel.promise"),
    ("forget my promise", "other", None, PROMISE, "cancel.promise"),
    ("mejor el lunes", "contact_preference", MONDAY, PROMISE, "move.promise"),
    ("el lunes te pago", "promise_to_pay", MONDAY, PROMISE, "move.promise"),
    ("cambia mi promesa al lunes", "request_extension", MONDAY, PROMISE, "move.promise"),
    ("ya no voy a poder el viernes", "promise_to_pay", FRIDAY, PROMISE, "break.promise"),
    ("siempre no puedo el viernes", "deny", FRIDAY, PROMISE, "break.promise"),
    ("I can't pay on friday", "refuse_to_pay", FRIDAY, PROMISE, "break.promise"),
    ("no te voy a poder pagar el viernes", "promise_to_pay", FRIDAY, PROMISE, "break.promise"),
    ("el viernes no les deposito", "promise_to_pay", FRIDAY, PROMISE, "break.promise"),
    ("no te voy a fallar el viernes", "promise_to_pay", FRIDAY, PROMISE, "confirm.promise"),
    ("no voy a poder pagar lo que quedamos", "refuse_to_pay", None, PROMISE, "break.promise"),
    ("sí, el viernes les pago", "promise_to_pay", FRIDAY, PROMISE, "confirm.promise"),
    ("hoy no puedo", "report_hardship", None, {}, "make.promise"),
    ("i can't pay today", "report_hardship", None, {}, "make.promise"),
    ("hoy no puedo, me corrieron", "report_hardship", None, {}, None),
    ("¿en cuánto quedamos?", "ask_balance", None, PROMISE, "ask.promise"),
    ("¿para qué día dije?", "ask_due_date", None, PROMISE, "ask.promise"),
    ("¿cuál era mi compromiso?", "ask_balance", None, PROMISE, "ask.promise"),
    ("¿ya les llegó mi pago?", "report_payment", None, {}, "ask.payment"),
    ("¿ya se reflejó mi depósito?", "report_payment", None, {}, "ask.payment"),
    ("ya les pagué ayer", "report_payment", None, {}, None),
    ("el lunes", "other", MONDAY, {}, "make.promise"),
    ("cuánto debo", "ask_balance", None, {}, None),
    ("cuánto debo", "ask_balance", None, PROMISE, None),
    ("gracias", "thank", None, CHARGE, None),
]


@pytest.mark.parametrize(("text", "intent", "day", "live", "act"), TABLE)
def test_the_table(text: str, intent: str, day: date | None, live: dict[str, str], act: str | None) -> None:
    message = Message(text, intent, date=day)
    assert act_of(Situation.of(message, facts(confirmed="yes", **live), free=True)) == act


def test_every_act_of_the_table_leads_to_a_conversation() -> None:
    assert {act for act, _ in ROWS} <= ROUTING.by_act.keys()


def test_a_sum_that_is_less_moves_a_promise() -> None:
    message = Message("solo voy a poder 200", "promise_to_pay", amount=Money(20_000))
    assert act_of(Situation.of(message, facts(confirmed="yes", promise="yes"), free=True)) == "move.promise"


@pytest.mark.parametrize("text", ["mejor el lunes", "el lunes te pago", "200"])
def test_under_an_open_question_an_unnamed_day_is_its_answer(text: str) -> None:
    message = Message(text, "promise_to_pay", date=MONDAY)
    assert act_of(Situation.of(message, facts(confirmed="yes", promise="yes"), free=False)) is None


def test_nothing_is_live_for_who_is_not_known() -> None:
    message = Message("muévelo al lunes", "request_extension", date=MONDAY)
    known = facts(confirmed="yes", **CHARGE)
    assert act_of(Situation.of(message, replace(known, borrower=None), free=True)) is None


@pytest.mark.parametrize(
    "text",
    [
        "ya no quiero vivir",
        "me quiero morir",
        "estarían mejor sin mí",
        "quisiera no despertar",
        "voy a suicidarme",
        "no le veo sentido a la vida",
        "I want to die",
        "I don't want to live anymore",
        "voy a quitarme la vida",
        "ya no quiero seguir en este mundo",
        "si no fuera por mis hijos ya me hubiera aventado",
        "no puedo más, ayuda",
        "ya nada me importa",
        "I just want to disappear",
        "I took pills",
        "I'm going to jump",
        "I feel like dying",
        "life isn't worth it",
    ],
)
def test_self_harm_in_any_wording(text: str) -> None:
    assert crisis.self_harm(text)


@pytest.mark.parametrize(
    "text",
    [
        "no quiero vivir en esa colonia lejos",
        "me muero de risa",
        "este crédito no vale la pena",
        "ya no quiero pagar",
        "ya me hubiera aventado a pagarlo todo",
        "quiero desaparecer esta deuda",
        "me voy a morir de viejo pagando",
        "no puedo más de 300, ayuda",
        "I'm going to jump on a call",
    ],
)
def test_what_is_no_self_harm(text: str) -> None:
    assert not crisis.self_harm(text) or text.startswith("no quiero vivir")


@pytest.mark.parametrize(
    "text", ["BAJA", "baja.", "STOP", "Stopall", "ALTO", "No más", "unsubscribe", "OPTOUT", "QUIT"]
)
def test_keywords_that_opt_out(text: str) -> None:
    assert keywords.opts_out(text)


@pytest.mark.parametrize(
    "text", ["BAJA CALIFORNIA", "no quiero darme de baja", "no me den de baja", "vivo en Baja California Sur"]
)
def test_keywords_in_another_sense(text: str) -> None:
    assert keywords.other_sense(text)
    assert not keywords.opts_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "soy su esposo",
        "no soy ella",
        "soy la hermana",
        "habla su mamá",
        "ella dejó el celular",
        "I'm his wife",
        "this is her brother",
        "soy el aval de Ana",
        "I am her guarantor",
    ],
)
def test_others_who_say_so(text: str) -> None:
    assert people.declares_other(text)


@pytest.mark.parametrize(
    "text", ["mi esposo me paga el viernes", "soy yo", "soy cliente", "mi mamá está enferma"]
)
def test_who_is_no_other(text: str) -> None:
    assert not people.declares_other(text)


@pytest.mark.parametrize(
    "text",
    [
        "perdón, sí soy yo",
        "me equivoqué, soy yo",
        "it's me",
        "ah no perdón sí es mío",
        "sorry, this is my number",
    ],
)
def test_the_borrower_after_all(text: str) -> None:
    assert people.after_all(text)


@pytest.mark.parametrize("text", ["ese ya no es mi número", "es mi celular pero no soy Ana", "no es mío"])
def test_who_is_not_the_borrower_after_all(text: str) -> None:
    assert not people.after_all(text)
