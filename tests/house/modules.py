"""The modules of the program: which imports which, and what stands in each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.cli.program import REPOSITORY

PACKAGE = REPOSITORY / "qkvtui"
FILES = sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    """`views/page.py`."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def trees(folder: Path = PACKAGE) -> Mapping[str, ast.Module]:
    """Dotted name below the repository → syntax tree; a package is its `__init__`."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """Module → the modules of the program that it imports, inside functions and for types only too."""
    return {name: frozenset(_imported(name)) - {name} for name in trees()}


def _imported(importer: str) -> Iterator[str]:
    modules = trees()
    is_package = (PACKAGE.parent / Path(*importer.split("."))).is_dir()
    package = importer.split(".") if is_package else importer.split(".")[:-1]
    for node in ast.walk(modules[importer]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                if whole in modules or source in modules:
                    yield whole if whole in modules else source


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
