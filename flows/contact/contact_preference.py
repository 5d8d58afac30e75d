"""Another hour or channel: noted, obeyed within the lawful hours."""

from flows.engine import Ask, Context, Done, Flow, HandOver, Move, line
from flows.types.effects import Prefer

flow = Flow("contact_preference", version=1, private=False)


@flow.state(".", "!")
def start(context: Context) -> Ask | Move:
    data = {name: context.heard[name] for name in ("time_window", "channel") if name in context.heard}
    if data.get("channel") == "call":
        return HandOver("wants_call", 1, (line("contact_preference.call"),), (Prefer(data),))
    if "time_window" in data:
        since, until = data["time_window"]
        return Done((line("contact_preference.hours", since=since, until=until),), (Prefer(data),))
    if data:
        return Done((line("contact_preference.noted"),), (Prefer(data),))
    return HandOver("contact_preference", 0, (line("contact_preference.person"),))
