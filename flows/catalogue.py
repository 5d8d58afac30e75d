"""Every flow, found where it stands: a module of `flows` that defines a `Flow` has registered it."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from flows.engine import Flow


class DuplicateFlow(ValueError):
    """Two modules define a flow of the same name."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(f"{module} defines the flow {name}, which another module defines too: rename one")


def collect(package: ModuleType) -> Mapping[str, Flow]:
    """The flows of all modules under `package`, by name. Raises DuplicateFlow."""
    found: dict[str, Flow] = {}
    for module in _modules(package):
        for flow in (value for value in vars(module).values() if isinstance(value, Flow)):
            if found.setdefault(flow.name, flow) is not flow:
                raise DuplicateFlow(flow.name, module.__name__)
    return MappingProxyType(found)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)
