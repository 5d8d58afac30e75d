"""What the robot writes, by what it means. None of these lines trained the reading of messages."""

WISHES: dict[str, tuple[str, ...]] = {
    "balance": (
        "oye cuanto es lo que traigo pendiente",
        "me dices mi saldo porfa",
        "cuanto me falta por pagar en total??",
        "quiero saber cuánto tengo que cubrir",
    ),
    "breakdown": (
        "y eso de donde sale, por que tanto",
        "me puedes desglosar lo que me cobran",
        "por que subió si yo pedi menos",
    ),
    "due": ("cual es mi fecha limite", "cuando se me vence el pago", "que dia me toca pagar"),
    "methods": (
        "en donde puedo depositar",
        "a que cuenta les transfiero",
        "se puede pagar en el oxxo?",
        "pasame los datos para pagar por favor",
    ),
    "promise": (
        "te puedo pagar {amount} el {day}",
        "{day} les deposito {amount} pesos",
        "dejame juntar y el {day} te mando {amount}",
        "el {day} sin falta abono {amount}",
    ),
    "promise_day": ("yo creo que el {day} ya puedo", "hasta el {day} me pagan", "puedo pagar {day}"),
    "promise_amount": ("puedo dar {amount}", "nomas completo {amount} pesos"),
    "two_parts": ("te doy {amount} hoy y lo demas el {day}", "la mitad el {day} y la otra despues"),
    "debit": (
        "quisiera que me lo cobraran directo de mi tarjeta de nomina",
        "como le hago para domiciliar",
        "me interesa el cargo automático",
    ),
    "cancel_debit": (
        "ya no quiero que me descuenten de mi cuenta",
        "quita el cobro automático por favor",
        "les retiro el permiso de cobrarme",
    ),
    "paid": (
        "ya hice la transferencia en la mañana",
        "eso ya quedó pagado desde ayer",
        "deposite ayer en el oxxo {amount}",
    ),
    "hardship": (
        "me quedé sin trabajo y no tengo de dónde",
        "estoy pasando por una situación muy difícil de dinero",
        "se enfermó mi hija y se me fue todo en el hospital",
    ),
    "plan": (
        "me lo pueden partir en varios pagos",
        "puedo pagar en 3 partes?",
        "hay forma de hacer un convenio",
    ),
    "discount": ("me hacen un descuento si liquido", "cuanto es lo menos para quedar a mano"),
    "human": ("quiero que me marque alguien", "me pasas con un ejecutivo", "hay alguna persona real ahi"),
    "who": ("quien eres", "de que empresa me escriben", "como se que no es un fraude"),
    "opt_out": ("BAJA", "ya no me manden nada", "dejen de escribirme por favor", "STOP"),
    "dispute": ("yo no debo nada, eso no es mio", "ese credito no lo saque yo"),
    "vulnerable": ("mi mamá falleció el lunes, ella era la del credito", "ya no quiero seguir viviendo así"),
    "complaint": ("me estuvieron insultando por telefono sus cobradores", "quiero meter una queja"),
    "topic": (
        "me van a meter al buró?",
        "que pasa si no pago",
        "me pueden embargar mi casa",
        "cuanto cobran de intereses por dia",
        "y si no tengo dinero ese día que pasa",
        "dan factura?",
    ),
    "loan": ("me prestan otra vez?", "quiero otro credito"),
    "hours": ("escribeme despues de las 7 de la noche", "mejor por mensaje de texto"),
    "greet": ("buenas", "hola buen dia", "que tal"),
    "thanks": ("gracias", "muchas gracias", "ok gracias", "va, gracias"),
    "noise": ("jajaja", "???", "mmm", "va a llover no?", "👍", "aja", "asdkj", "ay no sé", ".", "ok"),
    "abuse": ("como chingan", "son unas ratas"),
    "refuse": ("no les voy a dar nada", "haganle como quieran, no pago"),
    "formal": ("disculpe usted, me podría decir cuánto debo", "¿sería tan amable de decirme cómo le pago?"),
    "story": ("fíjate que ayer se me descompuso el carro y ya no supe", "es que ando de viaje"),
}
WEIGHTS = {
    "balance": 10,
    "promise": 12,
    "promise_day": 6,
    "promise_amount": 4,
    "debit": 10,
    "methods": 7,
    "paid": 6,
    "breakdown": 3,
    "due": 4,
    "two_parts": 2,
    "cancel_debit": 4,
    "hardship": 3,
    "plan": 3,
    "discount": 2,
    "human": 2,
    "who": 4,
    "opt_out": 2,
    "dispute": 1,
    "vulnerable": 1,
    "complaint": 1,
    "topic": 6,
    "loan": 1,
    "hours": 2,
    "greet": 5,
    "thanks": 3,
    "noise": 4,
    "abuse": 1,
    "refuse": 1,
    "formal": 3,
    "story": 2,
}

ENGLISH: dict[str, tuple[str, ...]] = {
    "balance": ("how much do i still have to pay", "can you tell me my balance", "what do i owe in total"),
    "breakdown": ("why is it that much", "can you break down what you charge me"),
    "due": ("when is my payment due", "what's the deadline"),
    "methods": ("where can i pay", "what account do i send it to", "can i pay at oxxo?"),
    "promise": ("i can pay {amount} on {day}", "{day} i will send you {amount}", "i'll pay {amount} {day}"),
    "promise_day": ("i think i can pay {day}", "i get paid {day}"),
    "promise_amount": ("i can only do {amount}", "i can give you {amount} pesos"),
    "debit": ("can you take it out of my bank account automatically", "i'd like to set up autopay"),
    "cancel_debit": ("stop taking money from my account", "please cancel the autopay"),
    "paid": ("i already sent the payment", "i paid {amount} yesterday at oxxo"),
    "hardship": ("i lost my job and can't pay", "money is really tight right now"),
    "plan": ("can i pay in 3 parts?", "can i split it in smaller payments"),
    "discount": ("is there a discount if i pay it all",),
    "human": ("i want to talk to a person", "get me an agent please"),
    "who": ("who is this", "what company is this", "how do i know this isn't a scam"),
    "opt_out": ("STOP", "stop texting me", "please don't write to me again"),
    "dispute": ("i never took out this loan", "that debt isn't mine"),
    "vulnerable": ("my mother died on monday, the loan was hers", "i don't want to live anymore"),
    "complaint": ("your collectors insulted me on the phone", "i want to file a complaint"),
    "topic": ("can i go to jail for this", "what happens if i don't pay", "will this hurt my credit score"),
    "loan": ("can i get another loan",),
    "hours": ("write to me after 7 pm",),
    "greet": ("hi", "hello", "good morning"),
    "thanks": ("thanks", "thank you so much", "ok thanks"),
    "noise": ("lol", "???", "hmm", "idk", "ok"),
    "two_parts": ("i'll give you {amount} today and the rest on {day}", "half on {day} and half later"),
    "formal": ("could you please tell me how much i owe", "would you kindly tell me how to pay"),
    "story": ("my car broke down yesterday", "i'm travelling right now"),
    "abuse": ("you people are rats",),
    "refuse": ("i'm not paying you anything",),
    "yes": ("yes", "yes, that's right", "correct", "yeah"),
    "no": ("no", "no thanks", "nope"),
    "me": ("yes", "yes it's me", "speaking", "that's me"),
    "another": ("i'm her husband, she left her phone", "this is his sister, he's not here"),
    "wrong_number": ("wrong number", "nobody by that name here"),
    "back": ("it's me now", "sorry, it is me, i have my phone back"),
    "why": ("why do you need my birthday",),
    "correction": ("better on {day}", "no, make it {amount}", "and make it {day}"),
    "move_charge": ("better on {day}", "not that day, charge me on {day}"),
    "stop_charge": ("don't make that charge", "skip that charge, i'll pay at the store"),
    "no_funds": ("i won't have money in there that day",),
    "later": ("i don't have it with me", "i'll send it later"),
}
"""Of whoever writes English: the same wishes and answers, by their meanings."""
DAYS_ENGLISH = ("friday", "monday", "tuesday", "saturday", "the 30th")
MONTHS = (
    ("enero", "january"),
    ("febrero", "february"),
    ("marzo", "march"),
    ("abril", "april"),
    ("mayo", "may"),
    ("junio", "june"),
    ("julio", "july"),
    ("agosto", "august"),
    ("septiembre", "september"),
    ("octubre", "october"),
    ("noviembre", "november"),
    ("diciembre", "december"),
)

YES = ("sí", "si", "sí, correcto", "así es", "simón", "ok si", "claro que sí", "yes")
NO = ("no", "no gracias", "nop", "mejor no")
IT_IS_ME = ("sí", "si soy yo", "sí, yo soy", "soy yo, dígame", "el mismo")
ANOTHER = (
    "soy su esposo, ella dejó el celular",
    "no está, soy su hermana",
    "habla su hijo, mi mamá salió",
    "yo soy su mamá, que necesita",
)
WRONG_NUMBER = ("número equivocado", "aqui no vive esa persona", "no conozco a nadie con ese nombre")
BACK_AGAIN = ("ya soy yo", "perdón, sí soy yo, ya tengo mi cel", "ya regresé, soy la del crédito")
WHY = ("para que quieren mi fecha", "y por qué tengo que darte eso")
CORRECTIONS = ("mejor el {day}", "no, que sean {amount}", "pero el {day} no, el {other}", "y que sea {day}")
ACCEPT = ("ACEPTO", "acepto", "Acepto los términos")
MOVE_CHARGE = ("mejor el {day}", "ese día no puedo, cóbrenme el {day}", "me lo pueden pasar al {day}?")
STOP_CHARGE = ("ese cargo no lo hagan", "esta vez no me cobren, yo pago en la tienda")
NO_FUNDS = ("no voy a tener saldo ese dia", "ese día todavia no me han pagado")
NO_CLABE = ("ahorita no la tengo", "no me la sé", "mejor luego te la mando")
DAYS = ("viernes", "lunes", "martes", "quincena", "sábado", "día 30", "fin de mes")
AMOUNTS = ("300", "450", "500", "1,000", "600")
