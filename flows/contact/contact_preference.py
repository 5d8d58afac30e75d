"""Another hour or channel: noted, obeyed within the lawful hours."""

import re
from datetime import date
from typing import Any

from flows.acts.readings.opting_out import NO_CALLS
from flows.acts.words.call_time import call_time
from flows.acts.words.people import calls_us
from flows.answers import plain
from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.types.effects import Effect, OpenTask, Prefer
from flows.types.wording import key, line, title

flow = Flow(
    "contact_preference",
    private=False,
    discreet=True,
    intents={"contact_preference": title("meaning.contact_preference")},
)
uncalled = Flow("no_calls", private=False, protects=True, acts=(NO_CALLS,))

CALL = key("contact_preference.call")
CALL_HOURS = key("contact_preference.call_hours")
CALL_AT = key("contact_preference.call_at")
CALL_ON = key("contact_preference.call_on")
HOURS = key("contact_preference.hours")
NOTED = key("contact_preference.noted")
STOPPED = key("contact_preference.stopped")
PERSON = key("contact_preference.person")
OUR_PHONE = key("contact_preference.our_phone")

_NO_CALL = re.compile(
    r"\b(?:no|not|nunca|ni|don t|never|stop)(?: (?:me|nos|esten?|anden?|quiero|quisiera|deseo|necesito|que|"
    r"want|you|to))* "
    r"(?:llam(?:en|es|e|ando)|marqu(?:en|es|e)|marcando|hablen|timbren|call(?:ing)?)\b|"
    r"\bdej(?:a|e|en) de (?:llam|marc|habl)ar\w*|"
    r"\bno (?:quiero |mas |more )*(?:llamadas|calls)\b"
)
"""«No me marquen en la tarde» asks for no call."""
_WHY = re.compile(r"(?:(?:y|oye|oiga|pero|hola) )*(?:por ?que|why)\b")
"""«¿Por qué me llaman deudor?»"""


_BY_PHONE = re.compile(
    r"\b(?:me |nos )?(?:pueden?|podrian?|quiero que|necesito que) (?:me |nos )?(?:habl|llam|marc|"
    r"marqu)\w* por "
    r"(?:telefono|llamada)\b|\bcall me\b"
)
_WRITE = re.compile(r"\b(?:escri\w+|mensaj\w+|por aqui|por este medio|whats\w*|text|write|message)\b")


def wants_call(context: Context) -> bool:
    """«¿Me puede llamar alguien?»"""
    called = context.request.get("channel") == "call" and context.message is not None
    text = context.message.text if context.message else ""
    return called and not (calls_us(text) or _NO_CALL.search(plain(text)) or _WHY.match(plain(text)))


def call(context: Context, data: dict[str, Any]) -> HandOver:
    """A person calls, at the hours or on the day and at the hour that were wished."""
    since, until = data.get("time_window", ("", ""))
    at = None if since or context.message is None else call_time(context.message.text)
    day = context.request.get("date") if at else None
    data |= {name: value for name, value in (("call_at", at), ("call_on", day)) if value}
    words = line(CALL_HOURS, since=since, until=until) if since else line(CALL)
    if at:
        words = line(CALL_ON, at=at, day=date.fromisoformat(day)) if day else line(CALL_AT, at=at)
    return HandOver("wants_call", 1, (words,), (Prefer(data),))


@flow.state(".", "!")
def start(context: Context) -> Ask | Move:
    data = {name: context.request[name] for name in ("time_window", "channel") if name in context.request}
    text = plain(context.message.text) if context.message else ""
    if "channel" not in data and _BY_PHONE.search(text):
        data["channel"] = "call"
    if calls_us(text):
        return Done((line(OUR_PHONE, phone=context.lender.phone, hours=context.lender.hours),))
    if data.get("channel") == "call" and _NO_CALL.search(text):
        del data["channel"]
        data |= {"channel": context.facts.channel} if _WRITE.search(text) else {}
        if not data:
            return no_calls(context)
    if data.get("channel") == "call":
        return call(context, data)
    person = context.facts.borrower
    wished: tuple[Effect, ...] = (Prefer(data),) if data else ()
    case = _case(context)
    if person and person.opted_out:  # «no, solo que no diario», after «ya no me escriban»
        return Done((line(STOPPED),), wished or (case,))
    unknown = data.get("channel") == "email" and not (person and person.email)
    if "time_window" in data and not unknown:
        since, until = data["time_window"]
        return Done((line(HOURS, since=since, until=until),), (Prefer(data),))
    if data and not unknown:
        return Done((line(NOTED),), (Prefer(data),))
    return Done((line(PERSON),), (*wished, case))


def _case(context: Context) -> OpenTask:
    """Of what a person has to heed."""
    loan = context.loan if context.facts.borrower else None
    return OpenTask("preference", {}, loan.id if loan else None)


@uncalled.state(".")
def no_calls(context: Context) -> Done:
    """«Ya no me marquen»: it is people who call. We go on writing."""
    person = context.facts.borrower
    words = line(STOPPED if person and person.opted_out else PERSON)
    return Done((words,), (Prefer({"calls": False}), _case(context)))
