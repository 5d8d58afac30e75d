"""What the engine asks of the conversations that it runs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from flows.engine.conversation import Frame
from flows.engine.replies import Reply
from flows.engine.state import Ask, BaseContext, HandOver
from flows.types.effects import Effect, Purpose
from flows.types.event import DomainEvent, Event, Message
from flows.types.wording import Line


class EndlessStep(AssertionError):
    """States that send a conversation around without ever asking."""


class UndeclaredExit(AssertionError):
    """A state goes where its declaration does not say that it goes."""

    def __init__(self, flow: str, state: str, target: str) -> None:
        super().__init__(f"{flow}.{state} goes to {target}: add it to what @flow.state of {state} declares")


class Domain(Protocol):
    """What the conversations are about: where messages lead, and what the engine has to say by itself."""

    IDENTIFY: str
    IDLE: str
    UNCLEAR: str

    def context(
        self, facts: Any, slots: Mapping[str, Any], event: Event, /, *, alone: bool, asked: bool
    ) -> BaseContext: ...
    def interpret(
        self, message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Any, /
    ) -> Message: ...
    def known(self, facts: Any, /) -> bool: ...
    def recognise(self, facts: Any, effects: tuple[Effect, ...], /) -> Any: ...
    def now(self, facts: Any, /) -> datetime: ...
    def expires_after(self, facts: Any, /) -> timedelta: ...
    def protections(self, message: Message, facts: Any, /) -> list[str]: ...
    def digression(self, message: Message, facts: Any, /) -> str | None: ...
    def news_flow(self, event: DomainEvent, /) -> tuple[str, Purpose] | None: ...
    def unclear(self, message: Message, facts: Any, /) -> dict[str, Any] | None: ...
    def rephrase(self, ask: Ask, doubts: int, /) -> Ask: ...
    def repeated(self, ask: Ask | None, times: int, /) -> Reply: ...
    def register(self, message: Message, before: str, /) -> Literal["", "usted"]: ...
    def give_up(self) -> HandOver: ...
    def expired(self) -> Line: ...
