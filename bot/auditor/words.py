"""What may be wrong with the words of a message that left. Of answers the bot's are tried only by what they
disclose: the borrower may have asked for the rest.
"""

import re
from datetime import timedelta

from bot.auditor.checking import Terms, check, demand, unasked
from bot.auditor.log import Sent
from bot.auditor.threats import plain, threat_in

_INSULTS = re.compile(
    r"\b(ratero|rata\b|ladron|sinverguenza|tran[sz]as?\b|mentiros|moros[oa]|irresponsable|estafador"
    r"|muert[oa] de hambre|descarad|cinic[oa]|verguenza|trampos|mal[oa]? paga|conchud|inutil\b|estupid|idiota"
    r"|imbecil|pendej|cabron|pinche|put[oa]s?\b|poca madre|ching[aoue]|mierda|cobarde|naco|naca"
    r"|deadbeat|liar\b|thief|shame|idiot|stupid|loser)"
)
_SOMEBODY = (
    r"\b(tus?|sus?|your) (famil|mama|papa|madre|padre|espos|marido|pareja|novi|herman|hij|suegr|cunad"
    r"|jef|patron|trabajo|chamba|emple|referencia|companer|amig|conocid|contactos|mother|father|wife|husband"
    r"|boss|friend|work\b)"
)
_OTHERS = re.compile(
    r"\b(avis|habl|llam|marc|inform|contact|busc|visit|cobr|cont|dec|dir|dil|dig|pag|tell|call)\w*"
    rf"( \w+){{0,2}} {_SOMEBODY}|{_SOMEBODY}\w*( \w+){{0,2}} "
    r"(pag(a|u)|sabra|van? a saber|se enterar|tendran? que|will know|must pay)"
)
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[\s.-]{0,2}){14,18}\d(?!\d)")
_HOST = re.compile(
    r"(?:\bhttps?://|\bwww\.)(?:www\.)?([\w.-]+\w)|(?<![@\w.-])([a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,})/"
)
"""With its scheme, or before a path: «bit.ly/3xY»."""
_DEBT = re.compile(
    r"\$\s?\d|\d\s?pesos\b|\b(adeud|deuda|deb(e|es|en|er)\b|saldo|vencid|atras(o|ad)|mensualidad|prestamo"
    r"|credito|cobr(o|ar|anza)|financiamiento|abonos?\b|(pagos?|cuenta) (pendiente|por pagar)"
    r"|(falta|sin) pagar|mora\b|al corriente|regulari[cz]|retras|requerimiento|vence\b"
    r"|amount due|payment (is )?(late|pending|due)|debt\b|owed?\b|owes\b|owing|overdue|past due"
    r"|outstanding|balance|loan\b|instal?lment)"
)
_SUM = re.compile(r"\$\s?\d")
_WAY_OUT = re.compile(r"\bbaja\b|\bstop\b|no recibir|unsubscribe")


def _judged(sent: Sent) -> bool:
    return sent.row.author == "agent" or demand(sent)


@check("threat")
def _threat(sent: Sent, terms: Terms) -> str | None:
    del terms
    found = threat_in(sent.row.body)
    return found if _judged(sent) else None


@check("insult")
def _insult(sent: Sent, terms: Terms) -> str | None:
    del terms
    found = _INSULTS.search(plain(sent.row.body))
    return found[0] if found and _judged(sent) else None


@check("others-drawn-in")
def _others(sent: Sent, terms: Terms) -> str | None:
    """Family, work or references are to be told, or asked to pay: nobody but the borrower is."""
    del terms
    found = _OTHERS.search(plain(sent.row.body))
    return found[0] if found and _judged(sent) else None


@check("account-number")
def _account(sent: Sent, terms: Terms) -> str | None:
    """An account of the borrower's, or of anyone but the lender: payments go to the lender's own."""
    found = {re.sub(r"\D", "", match) for match in _LONG_NUMBER.findall(sent.row.body)}
    return "a long number" if found - terms.own_accounts - sent.paid_into else None


@check("foreign-link")
def _link(sent: Sent, terms: Terms) -> str | None:
    """An address that is not the lender's, where nobody asked for one."""
    named = {host or bare for host, bare in _HOST.findall(sent.row.body.lower())}
    foreign = named - terms.own_hosts
    return min(foreign) if unasked(sent) and foreign else None


@check("debt-to-stranger")
def _stranger(sent: Sent, terms: Terms) -> str | None:
    """A debt was disclosed where nobody had proved who they are, or too long ago. The lender's name may hold
    such a word.
    """
    if _proved(sent, terms):
        return None
    text = plain(sent.row.body)
    for name in _names(sent, terms):
        text = text.replace(name, "")
    words = _DEBT if demand(sent) else _SUM
    found = words.search(text)
    return found[0] if found and (demand(sent) or sent.row.author == "bot") else None


def _proved(sent: Sent, terms: Terms) -> bool:
    proved = sent.last("identity.confirmed")
    if proved is not None and proved.at >= sent.at - timedelta(days=terms.identity_days + 1):
        return True
    return not demand(sent) and any(
        point.confirmed_at is not None and point.confirmed_at <= sent.at for point in sent.points
    )


@check("first-contact-name")
def _first_name(sent: Sent, terms: Terms) -> str | None:
    """The first message to a person names the lender."""
    named = any(name in plain(sent.row.body) for name in _names(sent, terms))
    return "the lender is not named" if sent.first and demand(sent) and not named else None


@check("first-contact-way-out")
def _way_out(sent: Sent, terms: Terms) -> str | None:
    """And says how to get no more; an e-mail has its own link for that."""
    del terms
    said = sent.row.channel == "email" or _WAY_OUT.search(plain(sent.row.body))
    return "not said how to stop them" if sent.first and demand(sent) and not said else None


@check("shouting")
def _shouting(sent: Sent, terms: Terms) -> str | None:
    del terms
    letters = [c for c in sent.row.body if c.isalpha()]
    loud = len(letters) >= 20 and all(c.isupper() for c in letters)
    return "capitals alone" if loud and _judged(sent) else None


def _names(sent: Sent, terms: Terms) -> list[str]:
    """Of the lender, the longest first."""
    names = (*terms.names, *([sent.row.brand] if sent.row.brand else ()))
    return sorted(map(plain, names), key=len, reverse=True)
