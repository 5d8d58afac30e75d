"""What kind of day it is: whether people may be written to, whether banks are open, whether wages are
paid.
"""

from typing import Any

from bot.compliance import load_rules
from bot.simulator.page.service import now
from bot.web import services
from values import is_banking_day, next_payday


def day() -> dict[str, Any]:
    moment, rules = now(), load_rules(services().lender.lender.contact_country)
    today, banking = moment.date(), is_banking_day(moment.date())
    kind = "open" if banking else "weekend" if today.weekday() >= 5 else "holiday"
    lawful = rules.lawful_day(today)
    return {
        "date": today.isoformat(),
        "kind": kind,
        "payday": next_payday(today) == today,
        "may_write": lawful and rules.hours.start <= moment.time() < rules.hours.end,
        "from": f"{rules.hours.start:%H:%M}",
        "until": f"{rules.hours.end:%H:%M}",
    }
