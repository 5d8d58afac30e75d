"""What threatens a borrower and what only sounds like it, by the guard and by the auditor."""

import pytest

from bot.auditor.threats import threat_in
from bot.compliance import faults, load_rules

MX = load_rules("MX")

HARMLESS = [
    "Sin embargo, podemos ayudarle con un plan.",
    "Entiendo; sin embargo su pago no aparece todavía.",
    "Nadie va a la cárcel por una deuda.",
    "Nadie puede ir a la cárcel por deber dinero.",
    "Deber no es motivo de cárcel.",
    "Por esto no hay cárcel ni embargo.",
    "No existe pena de prisión por no pagar un préstamo.",
    "No le vamos a embargar nada.",
    "No lo vamos a demandar.",
    "Nosotros no embargamos ni demandamos.",
    "Nadie puede embargarle el sueldo.",
    "No hay ninguna demanda en su contra.",
    "Esto no es una demanda ni un citatorio.",
    "Esto no es una orden judicial.",
    "El Buró no es una lista negra.",
    "Por la alta demanda de llamadas tardamos un poco.",
    "Hay mucha demanda, le respondemos en unos minutos.",
    "Sé que su trabajo le demanda mucho tiempo.",
    "Entiendo que su trabajo es muy demandante.",
    "Aquí nadie va a ir a su casa.",
    "Puede pagar desde el celular, en su casa.",
    "Visite nuestra página cuando guste.",
    "Gracias por su visita a la sucursal.",
    "Le enviamos la carta de no adeudo a su domicilio.",
    "Puede pedir su reporte de Buró de Crédito sin costo.",
    "Su pago se reporta al Buró de Crédito cada mes.",
    "Para evitar fraudes pague solo a nuestra cuenta.",
    "Puede denunciar el robo con este folio.",
    "En caja le van a pedir exhibir su identificación.",
    "Su referencia es 12345 para pagar en OXXO.",
    "No procederemos legalmente.",
    "No es delito deber dinero.",
    "No habrá acciones legales.",
    "Si fue víctima de un delito, avísenos.",
    "Recibe ayuda también en nuestras redes sociales.",
    "Pase a recoger su tarjeta en la sucursal.",
    "We will not sue you.",
    "Nobody goes to jail over this.",
]
HARMFUL = [
    "Lo vamos a embargar.",
    "Sin embargo, mañana lo embargaremos.",
    "Sin embargo lo vamos a demandar.",
    "Ya está la orden de embargo.",
    "Va a ir a la cárcel.",
    "No querrá terminar en la cárcel.",
    "No se salvará de la prisión.",
    "No dudaremos en demandar.",
    "No lo vamos a demandar si paga hoy.",
    "Si paga no habrá demanda.",
    "Todavía no hay demanda.",
    "No es una demanda, pero pronto lo será.",
    "No solo lo demandaremos: perderá su casa.",
    "¿Cree que no lo vamos a demandar?",
    "No nos obligue a embargar.",
    "Por la gran demanda judicial que viene, pague.",
    "La demanda ya está en el juzgado.",
    "Presentaremos una denuncia.",
    "Lo acusaremos de fraude.",
    "Esto es un fraude y usted lo sabe.",
    "Iremos a su domicilio.",
    "Vamos a ir a cobrarle en su trabajo.",
    "Mandaremos a alguien a tu casa.",
    "Recibirá una visita de cobranza.",
    "Le haremos una visita.",
    "Lo vamos a mandar al Buró.",
    "Te vamos a boletinar.",
    "Aténgase a las consecuencias.",
    "Este es el último aviso.",
    "Sus vecinos se van a enterar.",
    "Irá un actuario con la policía.",
    "Lo vamos a exhibir.",
    "Procederemos legalmente en su contra.",
    "Iniciaremos acciones legales.",
    "Turnaremos su caso al área jurídica.",
    "Nuestro abogado lo contactará.",
    "Vamos a incautar sus bienes.",
    "Le quitaremos su casa.",
    "Perderá su trabajo.",
    "Sabemos dónde vive.",
    "Se va a arrepentir.",
    "Iremos a buscarlo.",
    "Lo publicaremos en Facebook.",
    "Subiremos su foto a las redes sociales.",
    "Es un delito no pagar.",
    "Se girará orden de aprehensión.",
    "Requerimiento judicial de pago.",
    "Su cuenta será congelada.",
    "Última advertencia.",
    "We will take legal action.",
    "We know where you live.",
    "We will sue you.",
    "You could go to jail.",
    "We will not sue you if you pay today.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_a_threat_is_none(text: str) -> None:
    assert (faults(text, MX, known=True), threat_in(text)) == ((), None)


@pytest.mark.parametrize("text", HARMFUL)
def test_a_threat_is_one_however_it_is_put(text: str) -> None:
    assert "threat" in {each.code for each in faults(text, MX, known=True)}
    assert threat_in(text) is not None
