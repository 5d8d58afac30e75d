"""Another hour or channel: noted, obeyed within the lawful hours."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.types.effects import Prefer
from flows.types.wording import key, line, title

flow = Flow(
    "contact_preference",
    private=False,
    discreet=True,
    intents={"contact_preference": title("meaning.contact_preference")},
)

CALL = key("contact_preference.call")
HOURS = key("contact_preference.hours")
NOTED = key("contact_preference.noted")
PERSON = key("contact_preference.person")


@flow.state(".", "!")
def start(context: Context) -> Ask | Move:
    data = {name: context.request[name] for name in ("time_window", "channel") if name in context.request}
    if data.get("channel") == "call":
        return HandOver("wants_call", 1, (line(CALL),), (Prefer(data),))
    if "time_window" in data:
        since, until = data["time_window"]
        return Done((line(HOURS, since=since, until=until),), (Prefer(data),))
    if data:
        return Done((line(NOTED),), (Prefer(data),))
    return HandOver("contact_preference", 0, (line(PERSON),))
