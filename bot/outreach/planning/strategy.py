"""When to reach out, to whom, with what and in which tone: a TOML file, its faults named by their line."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from bot.faults import Fault, fault_in, not_toml, place_in
from bot.reach import Health
from bot.toml_lines import line_of
from flows import CATALOGUE
from flows.contact.invitation import OFFERED
from models.contact_point import CHANNELS
from values import InvalidAmount, InvalidTag, Money, parse_tag, state_code

DEFAULT = Path(__file__).parents[1] / "strategies" / "default.toml"


OPENED = ("reminder", "statement", *OFFERED)
"""Conversations whose first words WhatsApp takes outside its window."""


class InvalidStrategy(Exception):
    """The file is no strategy; `faults` are its faults, each with its line."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(faults))
        self.faults = list(faults)


def _flow(name: str) -> str:
    if name not in CATALOGUE:
        raise PydanticCustomError(
            "flow_unknown", "there is no conversation '{name}': see `acuerdo flows draw`", {"name": name}
        )
    if name not in OPENED:
        raise PydanticCustomError(
            "flow_opened",
            "no words of ours open '{name}': one of {one_of}",
            {"name": name, "one_of": ", ".join(OPENED)},
        )
    return name


def _channel(name: str) -> str:
    if name not in CHANNELS:
        raise PydanticCustomError(
            "channel",
            "'{name}' is no channel: one of {one_of}",
            {"name": name, "one_of": ", ".join(CHANNELS)},
        )
    return name


def _pesos(text: str) -> str:
    try:
        Money.parse_pesos(text)
    except InvalidAmount as error:
        raise PydanticCustomError("pesos", "{found}", {"found": str(error)}) from None
    return text


def _dollars(text: str) -> str:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", text):
        raise PydanticCustomError("dollars", 'must be an amount of dollars in quotes, such as "300.00"')
    return text


def _tag(text: str) -> str:
    try:
        return parse_tag(text)
    except InvalidTag as error:
        raise PydanticCustomError("tag", "{found}", {"found": str(error)}) from None


def _state(text: str) -> str:
    if (code := state_code(text)) is None:
        raise PydanticCustomError("state", "'{name}' is no state: its name, or INEGI's code", {"name": text})
    return code


def _name(most: int) -> AfterValidator:
    form = re.compile(rf"[a-z0-9-]{{1,{most}}}")

    def check(text: str) -> str:
        if not form.fullmatch(text):
            words = "use lower-case letters without accents, digits and -, {most} at most"
            raise PydanticCustomError("name_form", words, {"most": most})
        return text

    return AfterValidator(check)


Name = Annotated[str, _name(20)]
FlowName = Annotated[str, AfterValidator(_flow)]
Start = Literal["due_date", "broken_promise", "broken_plan", "cured", "last_contact", "month"]
"""`cured`: a promise or a plan was kept, and nothing is late. `last_contact`: what we sent unasked, a call or
a visit, while something is late; what the step sends is the next one to count from. `month`: its first day,
once for each loan that owes something.
"""
Tone = Literal["kind", "neutral", "firm"]
Channel = Annotated[str, AfterValidator(_channel)]
Tag = Annotated[str, AfterValidator(_tag)]
Pesos = Annotated[str, AfterValidator(_pesos)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Segment(_Part):
    """A filter over facts of a loan and its borrower; what is left out filters nothing."""

    products: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    """`lender` of the loan tape."""
    tags: tuple[Tag, ...] = ()
    """Has one of these."""
    without_tags: tuple[Tag, ...] = ()
    """Has none of these."""
    states: tuple[Annotated[str, AfterValidator(_state)], ...] = ()
    """Where the borrower lives: names, or INEGI's codes."""
    languages: tuple[Literal["es_MX", "en"], ...] = ()
    channels: tuple[Channel, ...] = ()
    """Reached by one of these."""
    dpd_from: int | None = Field(None, ge=0)
    dpd_to: int | None = Field(None, ge=0)
    """Days past due, at least and at most; what is not due yet has 0."""
    owed_from_pesos: Pesos | None = None
    owed_to_pesos: Pesos | None = None
    has_mandate: bool | None = None
    channel_health: tuple[Health, ...] = ()
    """Has an address that is doing so (`bot.reach.health`)."""
    broken_promises_from: int | None = Field(None, ge=0)
    broken_promises_to: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def keeps_somebody(self) -> "Segment":
        for name, (least, most) in self.bounds().items():
            if least is not None and most is not None and least > most:
                raise PydanticCustomError(
                    "segment_bounds", "nobody is in it: {name}_from lies above {name}_to", {"name": name}
                )
        if self.tags and set(self.tags) <= set(self.without_tags):
            raise PydanticCustomError(
                "segment_tags", "nobody is in it: each of its tags stands in without_tags too"
            )
        return self

    def bounds(self) -> dict[str, tuple[Any, Any]]:
        """At least and at most, by fact; null where it is open."""
        owed = [each and Money.parse_pesos(each).pesos for each in (self.owed_from_pesos, self.owed_to_pesos)]
        return {
            "dpd": (self.dpd_from, self.dpd_to),
            "broken_promises": (self.broken_promises_from, self.broken_promises_to),
            "owed": (owed[0], owed[1]),
        }


class Variant(_Part):
    """What so many of a hundred borrowers get instead, chosen by a stable hash; what is left out is the
    step's own.
    """

    name: Name
    percent: int = Field(ge=1, le=99)
    flow: FlowName | None = None
    tone: Tone | None = None
    channels: tuple[Channel, ...] | None = None

    def of(self, step: "Step") -> "Step":
        changed = self.model_dump(include={"flow", "tone", "channels"}, exclude_none=True)
        return step.model_copy(update=changed)


class Alarm(_Part):
    """Bounds of the last thirty days; outside them the owner is notified, once a day."""

    people_from: int = Field(200, ge=1)
    """Fewer decide nothing."""
    paid_percent_from: float | None = Field(None, ge=0, le=100)
    """How many pay something within fourteen days, at least."""
    harmed_percent_to: float | None = Field(None, ge=0, le=100)
    """How many ask for silence, block us or complain, at most."""


class Step(_Part):
    """Taken once, when what it counts from lies between `day` and `until` days ago (negative: ahead)."""

    name: Name
    counts_from: Start = "due_date"
    day: int = Field(ge=-60, le=3650)
    until: int
    flow: FlowName
    tone: Tone
    channels: tuple[Channel, ...] = ()
    """In this order, after the one that the borrower declared; none: any."""
    unless_paid_days: int | None = Field(None, ge=1, le=60)
    """Not for loans on which something was paid in so many days."""
    unless_answered_days: int | None = Field(None, ge=1, le=60)
    """Not for those who wrote to us in so many days."""
    segment: Segment = Segment()
    variants: tuple[Variant, ...] = ()

    @model_validator(mode="after")
    def ordered(self) -> "Step":
        if self.until < self.day:
            raise PydanticCustomError(
                "step_until",
                "until ({until}) lies before day ({day})",
                {"until": self.until, "day": self.day, "at": ("until",)},
            )
        if self.counts_from != "due_date" and self.day < 0:
            raise PydanticCustomError(
                "step_behind",
                "what it counts from ({counted}) lies behind: day is 0 or more",
                {"counted": self.counts_from},
            )
        if self.counts_from == "month" and self.until > 30:
            raise PydanticCustomError("step_month", "a month has 31 days: until is 30 or less")
        if self.counts_from == "last_contact" and self.day < 1:
            raise PydanticCustomError(
                "step_same_day", "it would contact them again on the same day: day is 1 or more"
            )
        names = [variant.name for variant in self.variants]
        if len(set(names)) < len(names) or {"champion", "held-out"} & set(names):
            raise PydanticCustomError(
                "variant_names", "variants have names of their own; champion and held-out are taken"
            )
        if sum(variant.percent for variant in self.variants) > 99:
            raise PydanticCustomError(
                "variant_percent", "variants take more than 99 percent: nobody is left to compare them with"
            )
        return self


class Strategy(_Part):
    name: Annotated[str, _name(30)]
    version: int = Field(1, ge=1)
    """Given by the database when it is activated."""
    owner: str = ""
    about: str = ""
    target: str = ""
    """What it is to reach, in the words of whoever owns it."""
    starts: date | None = None
    ends: date | None = None
    budget_usd: Annotated[str, AfterValidator(_dollars)] | None = None
    """What its messages of a calendar month may cost; then it plans no more until the next one."""
    alarm: Alarm | None = None
    segment: Segment = Segment()
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def consistent(self) -> "Strategy":
        names = [step.name for step in self.steps]
        doubled = [place for place, name in enumerate(names) if name in names[:place]]
        if doubled:
            where = {"name": names[doubled[0]], "at": ("steps", doubled[0], "name")}
            raise PydanticCustomError("step_names", "two steps are called '{name}'", where)
        if self.starts and self.ends and self.ends < self.starts:
            raise PydanticCustomError(
                "strategy_ends",
                "ends ({ends}) lies before starts ({starts})",
                {"ends": str(self.ends), "starts": str(self.starts), "at": ("ends",)},
            )
        return self

    def unreached(self, text: str) -> Iterator[Fault]:
        """Steps in which nobody is, by the bounds of both segments and the days from a due date."""
        for place, step in enumerate(self.steps):
            for fact, bounds in self.segment.bounds().items():
                each = [bounds, step.segment.bounds()[fact]]
                if fact == "dpd" and step.counts_from == "due_date":
                    each.append((max(step.day, 0), max(step.until, 0)))
                least = max((low for low, _ in each if low is not None), default=None)
                most = min((high for _, high in each if high is not None), default=None)
                if least is not None and most is not None and least > most:
                    given = {"fact": fact, "least": least, "most": most}
                    what = f"nobody is in it: {fact}_from ({least}) lies above {fact}_to ({most}), here, "
                    what += "in the strategy's segment or by its days"
                    path = ("steps", place, "segment")
                    where, line = place_in(text, path), line_of(text, path)
                    yield Fault("step_nobody", what, where=where, line=line, **given)

    def over(self, text: str, today: date) -> Iterator[Fault]:
        if self.ends and self.ends < today:
            what = f"it is over: ends ({self.ends}) lies before today ({today})"
            given = {"ends": self.ends, "today": today}
            yield Fault("strategy_over", what, where="ends", line=line_of(text, ["ends"]), **given)

    def runs_on(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    @classmethod
    def parse(
        cls, text: str, name: str = "strategy", today: date | None = None, *, in_force: bool = False
    ) -> "Strategy":
        """Raises InvalidStrategy with every fault. `today`: the day on which it is to come into force, where
        it is. Once it is in force, a step that reaches nobody holds up no other.
        """
        try:
            strategy = cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise InvalidStrategy(name, [not_toml(text, error)]) from None
        except ValidationError as error:
            errors = error.errors()
            steps = [each for each in errors if each["loc"][:1] == ("steps",) and len(each["loc"]) > 1]
            # of steps that are all faulty it also reports that there is none
            shown = [each for each in errors if not (steps and each["loc"] == ("steps",))]
            each_named = (fault_in(text, each, _NAMES) for each in shown)
            faults = sorted(each_named, key=lambda fault: fault.line or 0)
            raise InvalidStrategy(name, faults) from None
        if in_force:
            return strategy
        if found := [*strategy.unreached(text), *(strategy.over(text, today) if today else ())]:
            raise InvalidStrategy(name, found)
        return strategy


_NAMES = {name for part in (Strategy, Segment, Step, Variant, Alarm) for name in part.model_fields}


def read_strategy(path: Path, today: date | None = None) -> tuple[Strategy, str]:
    """The strategy and its own text. Raises InvalidStrategy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidStrategy(str(path), ["is no text in UTF-8: save it as UTF-8"]) from None
    except OSError as error:
        raise InvalidStrategy(str(path), [f"cannot be read: {error}"]) from None
    return Strategy.parse(text, str(path), today), text
