"""The lender's own file: what borrowers read about it, and what may be agreed without a person."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from bot.compliance import SenderRole, countries
from bot.faults import Fault, fault_in, not_toml
from bot.lender.policy import OfferTables, Pesos
from bot.lender.prices import ChannelName, Price, Prices, prices_of
from bot.lender.topics import Language, TopicSection, faults
from bot.lender.ways import WayTable, differ, ways_of
from bot.wording import TEMPLATES, Changed, changed_faults
from flows.types.facts import LenderFacts, Policy
from values import Clabe, InvalidClabe, Money, without_accents

NOT_AMENDED: Mapping[str, str] = {}
SAMPLE = Path(__file__).parent.parent / "data" / "lender.sample.toml"


class InvalidLenderFile(Exception):
    """The lender's file cannot be used; the message lists every fault."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        super().__init__(f"{path}: " + "; ".join(faults))
        self.faults = list(faults)


def _with_rules(country: str) -> str:
    if country not in countries():
        raise PydanticCustomError(
            "country",
            "there are no contact rules for it: one of {one_of}",
            {"one_of": ", ".join(countries())},
        )
    return country


def _template(key: str) -> str:
    if key not in TEMPLATES:
        one_of = ", ".join(TEMPLATES)
        raise PydanticCustomError(
            "template_unknown",
            "there is no template '{name}': one of {one_of}",
            {"name": key, "one_of": one_of},
        )
    return key


NextChannels = dict[ChannelName, tuple[ChannelName, ...]]
Country = Annotated[str, AfterValidator(_with_rules)]
TemplateKey = Annotated[str, AfterValidator(_template)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Une(_Section):
    phone: str = Field(min_length=7)
    email: str = Field(min_length=5)


class _Pay(_Section):
    clabe: str
    bank: str
    way: Annotated[tuple[WayTable, ...], AfterValidator(differ)] = ()


class _About(_Section):
    trade_name: str = Field(min_length=2, max_length=60)
    legal_name: str
    address: str
    phone: str
    hours: str
    collector: str
    crisis_line: str
    privacy_url: str
    sender_role: SenderRole
    contact_country: Country
    une: _Une
    pay: _Pay


class _Paydays(_Section):
    rule: Literal["semimonthly"]


Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]


class _Costs(_Section):
    """What collecting costs, for the cost of each peso that came in."""

    pesos_per_usd: str = Field("18.50", pattern=r"^\d{1,4}(\.\d{1,4})?$")
    """For the messages, which are priced in dollars."""
    debit: Pesos = "2.50"
    """Of each debit that is submitted, in pesos, as the rest."""
    call: Pesos = "8.00"
    reply: Pesos = "3.00"
    """Of each message that a person writes."""
    price: tuple[Price, ...] = ()
    """Of messages, in place of those that are shipped for the same channel."""


class _Policy(OfferTables):
    promise_max_days: int = Field(15, ge=1, le=60)
    promise_min_pesos: str = "100.00"
    promise_grace_banking_days: int = Field(2, ge=0, le=10)
    identity_days: int = Field(90, ge=1)
    identity_tries: int = Field(3, ge=1, le=5)
    question_expires_hours: int = Field(72, ge=1)
    payment_report_banking_days: int = Field(2, ge=0, le=10)
    complaint_answer_banking_days: int = Field(30, ge=1, le=60)
    privacy_answer_banking_days: int = Field(20, ge=1, le=60)
    pause_max_days: int = Field(15, ge=1, le=60)
    mandate_offered: bool = True
    debit_share_target_percent: int = Field(30, ge=0, le=100)
    """The share of what is recovered that should come by direct debit, as the day's page compares it."""
    mandate_answer_banking_days: int = Field(5, ge=1, le=30)
    """A mandate that its provider has not decided by then is shown to a person; it usually takes one or two.
    """
    held_out_percent: int = Field(0, ge=0, le=20)
    """So many of a hundred borrowers are written to by no strategy, always the same ones: what would have
    been paid anyway.
    """
    sender_stop_percent: float = Field(3.0, ge=0, le=100)
    """Where more of a hundred people who were written to by a channel in a week asked for silence or blocked
    us there, nothing that nobody asked for leaves by it until it is fewer; 0: never.
    """
    sms_accents: Literal["kept", "dropped"] = "kept"
    """With «á», «í», «ó» or «ú» a segment of an SMS holds 67 letters, without them 153."""
    sms_unaccented: tuple[TemplateKey, ...] = ()
    """Templates whose accents are dropped in an SMS even so."""
    next_channel: NextChannels = Field({"whatsapp": ("sms", "email"), "sms": ("email",)})
    """Where a message goes that its channel does not carry, in this order."""
    costs: _Costs = _Costs()
    agent_silence_hours: int = Field(8, ge=1, le=168)
    """A conversation that its agent has not answered for so long goes back to the bot."""
    answer_within_minutes: tuple[Minutes, Minutes, Minutes, Minutes] = (240, 60, 15, 5)
    """By when a waiting conversation should be answered, from the routine to the urgent."""

    def in_sms(self, text: str, keys: Collection[str] = ()) -> str:
        """`keys`: what it is worded by."""
        dropped = self.sms_accents == "dropped" or not set(keys).isdisjoint(self.sms_unaccented)
        return without_accents(text) if dropped else text

    @field_validator("next_channel")
    @classmethod
    def ends(
        cls, given: dict[ChannelName, tuple[ChannelName, ...]]
    ) -> dict[ChannelName, tuple[ChannelName, ...]]:
        """A message that fails everywhere must come to an end."""
        sorter = TopologicalSorter(given)
        try:
            sorter.prepare()
        except CycleError as error:
            raise PydanticCustomError(
                "circle", "goes round in a circle: {way}", {"way": " → ".join(error.args[1])}
            ) from None
        return given


Months = Annotated[int, Field(ge=1, le=600)]


class _Retention(_Section):
    """How long what identifies a person is kept. What nobody else decides, the law does: ask a lawyer."""

    personal_months: Months = 120
    """After the last movement of a borrower's last loan: then they are erased without being asked."""
    contract_months: Months = 120
    """Papers, terms and account of a contract, after the last movement of its loan."""
    unknown_months: Months = 12
    """What was written from an address that belongs to no borrower."""


class Lender(_Section):
    """`lender.toml`, checked on load."""

    lender: _About
    paydays: _Paydays
    policy: _Policy = _Policy()
    retention: _Retention = _Retention()
    topics: tuple[TopicSection, ...] = ()
    wording: Changed = {}
    """Words in place of those that are shipped: language → key, or `key@tone` → words, or both plurals."""

    @classmethod
    def load(cls, path: Path | None, amended: Mapping[str, str] = NOT_AMENDED) -> "Lender":
        """`amended`: text that stands for a section of the file (`bot.amendments`). Raises
        InvalidLenderFile.
        """
        path = path or SAMPLE
        text = read_text(path)
        try:
            data: dict[str, Any] = tomllib.loads(text)
            for section, body in amended.items():
                data.pop(section, None)
                data.update(_only(section, tomllib.loads(body)))
            lender = cls.model_validate(data)
            Clabe.parse(lender.lender.pay.clabe)
        except tomllib.TOMLDecodeError as error:
            raise InvalidLenderFile(path, [not_toml(text, error)]) from None
        except _WrongSection as error:
            raise InvalidLenderFile(path, [error.fault]) from None
        except ValidationError as error:
            found = [fault_in(amended.get(str(each["loc"][0]), text), each) for each in error.errors()]
            raise InvalidLenderFile(path, found) from None
        except InvalidClabe as error:
            raise InvalidLenderFile(path, [Fault("clabe", str(error), where="lender.pay.clabe")]) from None
        found = [*faults(lender.topics, amended.get("topics", text)), *changed_faults(lender.wording)]
        if found:
            raise InvalidLenderFile(path, found)
        return lender

    @property
    def topic_examples(self) -> dict[str, tuple[str, ...]]:
        """By the topic's name."""
        return {topic.name: topic.examples for topic in self.topics}

    @property
    def topic_answers(self) -> dict[str, dict[str, str]]:
        """Language → wording key → words, of topics and of the lender's own ways to pay; Spanish where a
        language has none.
        """
        return {
            language: {key: words[language] for key, words in self._worded() if language in words}
            for language in get_args(Language)
        }

    def _worded(self) -> Iterator[tuple[str, dict[Language, str]]]:
        for topic in self.topics:
            yield from topic.worded.items()
        for way in self.lender.pay.way:
            yield from way.worded.items()

    @cached_property
    def prices(self) -> Prices:
        """Of messages, in dollars."""
        return prices_of(self.lender.contact_country, self.policy.costs.price)

    @cached_property
    def facts(self) -> LenderFacts:
        about = self.lender
        return LenderFacts(
            trade_name=about.trade_name,
            legal_name=about.legal_name,
            address=about.address,
            phone=about.phone,
            hours=about.hours,
            une_phone=about.une.phone,
            une_email=about.une.email,
            privacy_url=about.privacy_url,
            pay_clabe=about.pay.clabe,
            pay_bank=about.pay.bank,
            crisis_line=about.crisis_line,
            collector=about.collector,
            ways=ways_of(about.pay.way),
            topics={section.name: section.topic for section in self.topics},
        )

    @cached_property
    def terms(self) -> Policy:
        """What may be agreed without a person."""
        policy = self.policy
        return Policy(
            promise_max_days=policy.promise_max_days,
            promise_min=Money.parse_pesos(policy.promise_min_pesos),
            promise_grace_banking_days=policy.promise_grace_banking_days,
            identity_days=policy.identity_days,
            identity_tries=policy.identity_tries,
            question_expires=timedelta(hours=policy.question_expires_hours),
            payment_report_banking_days=policy.payment_report_banking_days,
            complaint_answer_banking_days=policy.complaint_answer_banking_days,
            privacy_answer_banking_days=policy.privacy_answer_banking_days,
            pause_max_days=policy.pause_max_days,
            mandate_offered=policy.mandate_offered,
            offers=policy.offers(),
        )


def read_text(path: Path) -> str:
    """Raises InvalidLenderFile."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidLenderFile(path, ["there is no such file: set ACUERDO_LENDER_FILE"]) from None
    except UnicodeDecodeError:
        raise InvalidLenderFile(path, ["is no text in UTF-8: save it as UTF-8"]) from None
    except OSError as error:
        raise InvalidLenderFile(path, [str(error)]) from None


class _WrongSection(ValueError):
    def __init__(self, section: str, names: list[str]) -> None:
        others = ", ".join(names)
        what = f"only [{section}] stands here, and not {others}"
        super().__init__(what)
        self.fault = Fault("section", what, section=section, others=others)


def _only(section: str, data: dict[str, Any]) -> dict[str, Any]:
    """Raises _WrongSection."""
    if others := [name for name in data if name != section]:
        raise _WrongSection(section, others)
    return data
