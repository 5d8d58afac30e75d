"""A request as Twilio posted it, whichever server took it: whether it is Twilio's, and whether a receipt."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from bot.channels.transport import Receipt
from bot.channels.twilio.form import Form, parse_form, replaced
from bot.channels.twilio.receipts import receipt_from
from bot.channels.twilio.signature import genuine
from bot.settings import Settings

MOST_BYTES = 256 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Posted:
    path: str
    query: str
    mimetype: str
    signature: str
    body: bytes


def is_ours(settings: Settings, form: Form) -> bool:
    """Whether it names no other account than this one."""
    return all(account in ("", settings.twilio_account_sid) for account in form.get("AccountSid", ()))


def is_signed(settings: Settings, posted: Posted, form: Form) -> bool:
    """By this account, with one of its tokens, over the public address."""
    if not posted.signature or not is_ours(settings, form):
        return False
    url = settings.public_url + posted.path + (f"?{posted.query}" if posted.query else "")
    tokens = (settings.twilio_auth_token, settings.twilio_auth_token_old)
    if genuine(posted.signature, url, form, tokens):
        return True
    read_otherwise = replaced(form)
    return read_otherwise is not None and genuine(posted.signature, url, read_otherwise, tokens)


def first_values(form: Form) -> dict[str, str]:
    return {name: values[0] for name, values in form.items()}


def plain_receipt(settings: Settings, posted: Posted) -> Receipt | None:
    """The receipt that it is; null for what the webhook has to refuse, and to say why."""
    if posted.mimetype != FORM_TYPE or len(posted.body) > MOST_BYTES:
        return None
    try:
        form = parse_form(posted.body)
        if not form.get("AccountSid", [""])[0] or not is_signed(settings, posted, form):
            return None
        return receipt_from(parse_qs(posted.query).get("message", [None])[0], first_values(form))
    except ValueError:
        return None
