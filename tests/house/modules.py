"""The modules of the program: what stands in each, and which imports which."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.cli.program import REPOSITORY

PACKAGE = REPOSITORY / "qkvtui"
FILES = sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    """`views/page.py`."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def trees() -> Mapping[str, ast.Module]:
    """Dotted name below the repository → syntax tree; a package is its `__init__`."""
    found = {}
    for path in FILES:
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def nodes(module: str) -> Sequence[ast.AST]:
    """Everything in the tree of a module, in the order of `ast.walk`."""
    return list(ast.walk(trees()[module]))


def room_of(module: str) -> str:
    """`views` for `qkvtui.views.page`, `cli` for `qkvtui.cli`; the package itself is `__init__`."""
    return module.split(".")[1] if "." in module else "__init__"


@cache
def imported(module: str) -> tuple[str, ...]:
    """The full dotted name of everything a module imports, inside functions and for types only too."""
    return tuple(_imported(module))


def _imported(module: str) -> Iterator[str]:
    is_package = PACKAGE.parent.joinpath(*module.split(".")).is_dir()
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """Module → the modules of the program that it imports, inside functions and for types only too."""
    modules = trees()
    found = {}
    for importer in modules:
        names = (name if name in modules else name.rpartition(".")[0] for name in imported(importer))
        found[importer] = frozenset(name for name in names if name in modules) - {importer}
    return found


def in_circles() -> Mapping[str, frozenset[str]]:
    """Each module that imports itself by way of others → those of its imports that lead back to it."""
    left = imports()
    while ends := {name for name, ones in left.items() if not ones}:  # what needs nothing that is left is in no circle
        left = {name: ones - ends for name, ones in left.items() if name not in ends}
    reached = {name: _reached(name) for name in left}
    found = {name: frozenset(one for one in ones if name in reached[one]) for name, ones in left.items()}
    return {name: ones for name, ones in found.items() if ones}


def _reached(name: str) -> frozenset[str]:
    """Everything that is loaded for a module, sooner or later."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = imports()[waiting.pop()] - seen
        seen |= fresh
        waiting.extend(fresh)
    return frozenset(seen)
