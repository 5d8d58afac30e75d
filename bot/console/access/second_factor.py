"""The second factor of a log-in: a code of six digits that changes every 30 s (RFC 6238), out of an app; or
one of ten of eight digits that were kept elsewhere, each once.

The secrets are derived from the installation's own and a salt of the agent's, so that neither the table nor a
copy of it can make codes.
"""

import base64
import hmac
import secrets
from datetime import datetime

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import or_, update

from bot import audit
from bot.services import Services
from models import agent_table, write_tx
from models.base import AnyRow

DIGITS, STEP_SECONDS, DRIFT_STEPS = 6, 30, 1
RECOVERY_CODES, RECOVERY_DIGITS = 10, 8
ROLES = frozenset({"manager", "admin"})


def is_required(services: Services, agent: AnyRow) -> bool:
    """Whether this one must set it up before anything else; a demo asks nobody."""
    return agent.role in ROLES and not services.settings.simulated


def new_salt() -> str:
    return secrets.token_urlsafe(24)


def secret_text(services: Services, salt: str) -> str:
    """The secret as one types it into the app."""
    return base64.b32encode(_secret(services, salt)).decode()


def qr_code(services: Services, salt: str, email: str) -> str:
    """An image that the app scans, as a data address."""
    issuer = f"Acuerdo {services.lender.facts.trade_name}"
    address = _totp(services, salt).get_provisioning_uri(email, issuer)
    return str(segno.make(address, error="m").svg_data_uri(scale=4, light="#ffffff"))


def is_right(services: Services, salt: str, code: str, now: datetime) -> bool:
    """Whether an app that has this secret shows this code."""
    return _step_of(services, salt, code, now) is not None


def set_up(services: Services, agent: AnyRow, salt: str, code: str, now: datetime) -> bool:
    """Whether the code shows that the app has the secret; from then on it is asked for."""
    step = _step_of(services, salt, code, now)
    if step is None:
        return False
    values = {
        "code_salt": salt,
        "code_since": services.clock.now(),
        "code_step": step,
        "recovery_used": 0,
    }
    with write_tx(services.engine) as connection:
        connection.execute(update(agent_table).where(agent_table.c.id == agent.id).values(**values))
        at = services.clock.now()
        audit.record(connection, at, f"agent:{agent.id}", "agent.second_factor_set", agent.email)
    return True


def accept(services: Services, agent: AnyRow, code: str, now: datetime) -> bool:
    """Whether it is the agent's code of this moment, or a recovery code, and was not used before."""
    if len(digits := "".join(code.split())) == RECOVERY_DIGITS:
        return _recover(services, agent, digits)
    step = _step_of(services, agent.code_salt, code, now)
    if step is None:
        return False
    fresh = or_(agent_table.c.code_step.is_(None), agent_table.c.code_step < step)
    used = update(agent_table).where(agent_table.c.id == agent.id, fresh).values(code_step=step)
    with write_tx(services.engine) as connection:
        return connection.execute(used).rowcount == 1


def recovery_codes(services: Services, salt: str) -> list[str]:
    """For a log-in without the device, in the order of their bits in `recovery_used`."""
    made = (_derived(services, f"recovery:{number}:{salt}") for number in range(RECOVERY_CODES))
    return [f"{int.from_bytes(code) % 10**RECOVERY_DIGITS:0{RECOVERY_DIGITS}}" for code in made]


def recovery_left(agent: AnyRow) -> int:
    return RECOVERY_CODES - int(agent.recovery_used).bit_count()


def _recover(services: Services, agent: AnyRow, code: str) -> bool:
    places = [
        place
        for place, each in enumerate(recovery_codes(services, agent.code_salt))
        if hmac.compare_digest(each.encode(), code.encode())
    ]
    bits = sum(1 << place for place in places)
    if not bits or agent.recovery_used & bits:
        return False
    row = agent_table.c
    same = (row.id == agent.id, row.recovery_used == agent.recovery_used)
    used = update(agent_table).where(*same).values(recovery_used=agent.recovery_used | bits)
    with write_tx(services.engine) as connection:
        if connection.execute(used).rowcount != 1:
            return False
        at, left = services.clock.now(), recovery_left(agent) - len(places)
        audit.record(connection, at, f"agent:{agent.id}", "agent.recovery_code_used", agent.email, left=left)
    return True


def _step_of(services: Services, salt: str, code: str, now: datetime) -> int | None:
    """The step whose code it is; a clock may be half a minute off."""
    text = "".join(code.split())
    if len(text) != DIGITS or not (text.isascii() and text.isdecimal()):
        return None
    totp, step = _totp(services, salt), int(now.timestamp()) // STEP_SECONDS
    for near in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1):
        try:
            totp.verify(text.encode(), near * STEP_SECONDS)
        except InvalidToken:
            continue
        return near
    return None


def _totp(services: Services, salt: str) -> TOTP:
    return TOTP(_secret(services, salt), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what apps can do


def _secret(services: Services, salt: str) -> bytes:
    return _derived(services, f"second-factor:{salt}")


def _derived(services: Services, name: str) -> bytes:
    return hmac.new(services.settings.secret_key.encode(), name.encode(), "sha1").digest()
