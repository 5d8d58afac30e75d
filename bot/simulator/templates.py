"""Templates in the demo: straight into the stand-in's books, approved, before anything runs."""

from sqlalchemy import insert

from bot.outreach.approval import CATEGORY, keep, missing
from bot.services import Services
from bot.simulator.books import books, content
from bot.simulator.twilio.service import new_sid
from models import write_tx


def adopt(services: Services) -> int:
    """How many were new."""
    found = list(missing(services))
    for wanted, types, key in found:
        sid = new_sid("HX")
        with write_tx(books(services.settings)) as connection:
            row = {
                "sid": sid,
                "language": wanted.language,
                "types": types,
                "name": wanted.name,
                "status": "approved",
                "category": CATEGORY,
            }
            connection.execute(insert(content), row)
        keep(services, wanted, key, sid, "approved")
    return len(found)
