"""Templates in the demo: written to the stand-in's database, approved, before anything runs."""

from sqlalchemy import insert

from bot.channels.twilio import CATEGORY, keep, missing
from bot.services import Services
from bot.simulator.database import content, simulator_engine
from bot.simulator.twilio.service import new_sid
from models import write_tx


def adopt(services: Services) -> int:
    """How many were new."""
    found = list(missing(services))
    for wanted, types, key in found:
        sid = new_sid("HX")
        with write_tx(simulator_engine(services.settings)) as connection:
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
