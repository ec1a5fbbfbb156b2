"""What is public has a name of its own, and is there for the program."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from qkvtui.report.formats import FORMATS
from tests.house.modules import imports, nodes, trees

CALLED_FROM_OUTSIDE = {
    "ALLOW_SELECT",
    "BINDINGS",
    "CSS",
    "CSS_PATH",
    "DEFAULT_CSS",
    "ENABLE_COMMAND_PALETTE",
    "action_of_app",
    "check_action",
    "compose",
    "get_system_commands",
    "render_line",
    "render_segments",
    "theme",
}
"""What Textual calls or reads of the classes in qkvtui/tui, besides handlers and actions by their names."""
OFFERED = "qkvtui.api."
"""What is there for other programs: `qkvtui/__init__.py` loads it by its name."""
HANDLERS = ("action_", "on_", "watch_")


def test_no_two_public_classes_have_the_same_name() -> None:
    """A reader who knows one `Block` would have read another, and a search would have found both."""
    there = defaultdict(set)
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                there[node.name].add(module.removeprefix("qkvtui."))
    assert {name: modules for name, modules in there.items() if len(modules) > 1} == {}


def defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(its name, the same below its class) of everything public in a module: functions, classes, constants, fields."""
    for node, inside in [(node, "") for node in tree.body] + [
        (node, f"{outer.name}.")
        for outer in tree.body
        if isinstance(outer, ast.ClassDef) and not outer.name.startswith("_")
        for node in outer.body
    ]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        else:
            continue
        yield from ((name, f"{inside}{name}") for name in names if not name.startswith("_"))


def used(code: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is read, as a name, an attribute, or under another name where it is imported."""
    found: Counter[str] = Counter()
    for node in code:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.ImportFrom):
            found.update(alias.name for alias in node.names if alias.asname is not None)
    return found


def unused() -> set[str]:
    """Everything public that the program itself never reads."""
    everywhere = Counter[str]()
    for module in trees():
        everywhere.update(used(nodes(module)))
    found = set()
    for module, tree in trees().items():
        for name, whole in defined(tree):
            of_textual = module.startswith("qkvtui.tui.") and "." in whole
            if of_textual and (name in CALLED_FROM_OUTSIDE or name.startswith(HANDLERS)):
                continue
            if not everywhere[name] and not module.startswith(OFFERED):
                found.add(f"{module.removeprefix('qkvtui.')}.{whole}")
    return found


def test_every_module_is_imported_by_another() -> None:
    """A whole file that nothing leads to would have been kept up for nobody."""
    imported = set[str]().union(*imports().values())
    packages = {name.rpartition(".")[0] for name in trees()}
    by_name = {f"qkvtui.report.{one.module}" for one in FORMATS.values() if one.module}
    assert set(trees()) - imported - packages - by_name == {"qkvtui.__main__", f"{OFFERED}examples"}


def test_nothing_public_is_there_for_tests_only_or_for_nobody() -> None:
    """Code that no user ever runs would have been read, typed and tested for years."""
    assert unused() == set(), "the program does not use these"
