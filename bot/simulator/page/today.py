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
    hours = rules.hours_on(today) or rules.fallback_hours
    return {
        "date": today.isoformat(),
        "kind": kind,
        "payday": next_payday(today) == today,
        "may_write": rules.lawful_day(today) and hours.start <= moment.time() < hours.end,
        "from": f"{hours.start:%H:%M}",
        "until": f"{hours.end:%H:%M}",
    }
