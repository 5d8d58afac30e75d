"""Which function applies which effect: each registers itself, and what is forgotten is named at import."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar, get_args

from bot.conversation.turn import Turn
from flows.types.effects import Effect

E = TypeVar("E")
Application = Callable[[Turn, Any], None]

_applications: dict[type, Application] = {}
APPLICATIONS: Mapping[type, Application] = MappingProxyType(_applications)
"""By the effect's type."""


class ForgottenEffect(TypeError):
    """An effect that nothing applies."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"nothing applies {', '.join(names)}: add a file to bot/conversation/effects with @applies(…)"
        )


class AppliedTwice(TypeError):
    def __init__(self, effect: type, function: Application) -> None:
        super().__init__(f"{effect.__name__} is applied already: {function.__module__} applies it again")


def applies(effect: type[E]) -> Callable[[Callable[[Turn, E], None]], Callable[[Turn, E], None]]:
    """Registers a function that does what the effect wants, in the turn's own transaction. Raises
    AppliedTwice.
    """

    def register(function: Callable[[Turn, E], None]) -> Callable[[Turn, E], None]:
        if _applications.setdefault(effect, function) is not function:
            raise AppliedTwice(effect, function)
        return function

    return register


def collect(package: ModuleType) -> None:
    """Imports every effect's file. Raises ForgottenEffect."""
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    if forgotten := sorted(effect.__name__ for effect in get_args(Effect) if effect not in APPLICATIONS):
        raise ForgottenEffect(forgotten)
