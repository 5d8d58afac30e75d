"""Breaks of single expressions by mutmut's operators, and how one takes the place of the sound code in a
process that has imported the program.
"""

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import libcst as cst
from libcst import matchers
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[1]
SAME_LENGTH = matchers.Call(func=matchers.Name("zip"))
"""`strict` only states what is so."""
LEFT_OUT = (cst.Annotation, cst.Decorator, cst.Parameters, cst.Raise, cst.Import, cst.ImportFrom)
"""Types, what runs where a function is defined, and the texts of errors."""


class CannotBeMade(Exception):
    """The broken function would need other names of the function around it than the sound one has."""


@dataclass(frozen=True, slots=True)
class Break:
    path: str
    source: cst.Module
    sound: cst.CSTNode
    broken: cst.CSTNode
    first_line: int
    last_line: int
    name: str | None
    """Of what stands outside of functions: the name that is given to it."""

    @property
    def module(self) -> cst.Module:
        return cst.ensure_type(self.source.deep_replace(self.sound, self.broken), cst.Module)

    def shown(self) -> str:
        lines = unified_diff(
            self.source.code.splitlines(), self.module.code.splitlines(), self.path, n=0, lineterm=""
        )
        return "\n".join(list(lines)[2:])

    def compiled(self) -> CodeType | None:
        """Null where it is no program, or the same one."""
        try:
            broken = compile(self.module.code, self.path, "exec")
        except SyntaxError:
            return None
        return None if broken == compile(self.source.code, self.path, "exec") else broken

    def apply(self, broken: CodeType) -> None:
        """In this process, for good. Raises CannotBeMade."""
        if self.name is None:
            self._replace_functions(broken)
        else:
            self._assign_anew(self.name)

    def _replace_functions(self, broken: CodeType) -> None:
        """In the order in which functions of one name stand in the file."""
        path = str(ROOT / self.path)
        sound_by_name = _by_name(compile(self.source.code, self.path, "exec"))
        broken_by_name = _by_name(broken)
        for function in [each for each in gc.get_objects() if isinstance(each, FunctionType)]:
            code = function.__code__
            if code.co_filename != path:
                continue
            lines = [each.co_firstlineno for each in sound_by_name[code.co_qualname]]
            place = lines.index(code.co_firstlineno)
            if place < len(broken_by_name[code.co_qualname]):
                try:
                    function.__code__ = broken_by_name[code.co_qualname][place]
                except ValueError as error:
                    raise CannotBeMade from error

    def _assign_anew(self, name: str) -> None:
        """Wherever it was imported."""
        module = _module(self.path)
        sound = vars(module)[name]
        statement = next(each for each in self.module.body if _assigned(each) == name)
        exec(cst.Module([statement]).code, vars(module))
        for each in list(sys.modules.values()):
            if getattr(each, "__dict__", {}).get(name) is sound:
                setattr(each, name, vars(module)[name])


def breaks_of(path: str) -> list[Break]:
    wrapper = MetadataWrapper(cst.parse_module((ROOT / path).read_text(encoding="utf-8")))
    visitor = _Visitor(path, wrapper.module)
    wrapper.visit(visitor)
    return visitor.found


class _Visitor(cst.CSTVisitor):
    """What runs when a class is made is left out, as are outside of functions the values of no call."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, path: str, source: cst.Module) -> None:
        super().__init__()
        self.path, self.source = path, source
        self.found: list[Break] = []
        self.functions = 0
        self.name: str | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, LEFT_OUT):
            return False
        if isinstance(node, cst.SimpleStatementLine) and not self.functions:
            self.name = _assigned(node)
        if isinstance(node, cst.FunctionDef):
            self.functions += 1
        elif self.functions or self.name:
            self.found += self._breaks(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef):
            self.functions -= 1
        if isinstance(original_node, cst.SimpleStatementLine) and not self.functions:
            self.name = None

    def _breaks(self, node: cst.CSTNode) -> Iterator[Break]:
        where = self.get_metadata(PositionProvider, node, None)
        if where is None or matchers.matches(node, SAME_LENGTH):
            return
        for kind, operator in mutation_operators:
            if isinstance(node, kind) and not (self.name and isinstance(node, cst.Assign)):
                for broken in operator(node):
                    lines = where.start.line, where.end.line
                    yield Break(self.path, self.source, node, broken, *lines, self.name)


def _assigned(statement: cst.CSTNode) -> str | None:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Assign(targets=[target], value=cst.Call())]):
            return target.target.value if isinstance(target.target, cst.Name) else None
    return None


def _by_name(code: CodeType) -> dict[str, list[CodeType]]:
    found: dict[str, list[CodeType]] = defaultdict(list)
    waiting = [code]
    while waiting:
        each = waiting.pop()
        found[each.co_qualname].append(each)
        waiting += [inner for inner in each.co_consts if isinstance(inner, CodeType)]
    for codes in found.values():
        codes.sort(key=lambda one: one.co_firstlineno)
    return found


def _module(path: str) -> ModuleType:
    return sys.modules[path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]
