"""«¿Y PayPal?», «ok, entonces Oxxo»: the way to pay that somebody names, and whether it is one."""

import re

from flows.answers import plain

BY_TRANSFER, FROM_WALLET, AT_STORE, NOT_TAKEN = "transfer", "wallet", "store", "not_taken"
_WAYS = (
    (BY_TRANSFER, r"spei|transferencia(?: bancaria)?|transferir|interbancaria|bank transfer|wire", ""),
    (FROM_WALLET, r"mercado ?pago", "Mercado Pago"),
    (FROM_WALLET, r"spin(?: by oxxo)?", "Spin"),
    (FROM_WALLET, r"nu|nubank", "Nu"),
    (FROM_WALLET, r"uala", "Ualá"),
    (FROM_WALLET, r"klar", "Klar"),
    (FROM_WALLET, r"bbva|bancomer|bvva|bbv", "BBVA"),
    (FROM_WALLET, r"(?:citi)?banamex", "Banamex"),
    (FROM_WALLET, r"santander", "Santander"),
    (FROM_WALLET, r"banorte", "Banorte"),
    (FROM_WALLET, r"hsbc", "HSBC"),
    (FROM_WALLET, r"scotia(?:bank)?", "Scotiabank"),
    (FROM_WALLET, r"inbursa", "Inbursa"),
    (FROM_WALLET, r"(?:banco )?azteca", "Banco Azteca"),
    (FROM_WALLET, r"bancoppel", "BanCoppel"),
    (FROM_WALLET, r"hey ?banco", "Hey Banco"),
    (AT_STORE, r"oxx?os?|okso", "OXXO"),
    (AT_STORE, r"(?:7|seven|siete) ?(?:11|eleven)|seven", "7-Eleven"),
    (AT_STORE, r"walmart|bodega(?: aurrera)?|soriana|chedraui|farmacias?(?: \w+)*|extra|circle k", ""),
    (AT_STORE, r"(?:la |una |alguna )?tienda(?: de (?:conveniencia|la esquina))?|efectivo|cash|a store", ""),
    (NOT_TAKEN, r"td[cd]", "tarjeta"),
    (NOT_TAKEN, r"pay ?pal", "PayPal"),
    (NOT_TAKEN, r"codi", "CoDi"),
    (NOT_TAKEN, r"dimo", "DiMo"),
    (NOT_TAKEN, r"apple ?pay", "Apple Pay"),
    (NOT_TAKEN, r"google ?pay", "Google Pay"),
    (NOT_TAKEN, r"zelle", "Zelle"),
    (NOT_TAKEN, r"venmo", "Venmo"),
    (NOT_TAKEN, r"cash ?app", "Cash App"),
    (NOT_TAKEN, r"western ?union", "Western Union"),
    (NOT_TAKEN, r"money ?gram", "MoneyGram"),
    (NOT_TAKEN, r"coppel", "Coppel"),
    (NOT_TAKEN, r"elektra", "Elektra"),
    (NOT_TAKEN, r"remitly", "Remitly"),
    (NOT_TAKEN, r"wise", "Wise"),
    (NOT_TAKEN, r"(?:codigo )?qr", "QR"),
    (NOT_TAKEN, r"cajero(?: automatico)?|atm", "cajero"),
    (NOT_TAKEN, r"bitcoins?|cripto\w*|crypto", "bitcoin"),
    (NOT_TAKEN, r"cheques?|checks?", "cheque"),
)
_BEFORE = (
    r"(?:(?:y|o|ok|okay|va|bueno|entonces|mejor|oye|oiga|hola|pues|puedo|podria|se puede|puede ser|aceptan?|"
    r"reciben?|tienen|manejan|hay|pagar(?:les|te|le)?|pagos?|depositar(?:les)?|hacerlo|hacer el pago|con|por|"
    r"en|de|el|la|un|una|mediante|ir|al?|es|directo|desde|mi|cuentas?|app|transferir|lo|quiero|prefiero|"
    r"me gustaria|seria|tambien|que tal|si|and|or|"
    r"(?:what|how) about|can|could|do|you|i|pay|with|by|at|in|via|take|accept|use|the|an?|like to|i d) )*"
)
_AFTER = (
    r"(?: (?:se puede|puedo|aceptan|reciben|tambien|esta bien|pagar|porfa|por favor|entonces|please|ok|okay|"
    r"o no|directo|de mas|too|mejor|then|instead|como|a donde|how|verdad|no))*"
)
_NAMED = tuple((kind, re.compile(f"{_BEFORE}(?:{words}){_AFTER}"), name) for kind, words, name in _WAYS)


def way_named(text: str) -> tuple[str, str] | None:
    """Its kind, and its name where it is a proper one."""
    flat = plain(text)
    return next(((kind, name) for kind, words, name in _NAMED if words.fullmatch(flat)), None)


def asks_of_way(text: str) -> bool:
    return way_named(text) is not None
