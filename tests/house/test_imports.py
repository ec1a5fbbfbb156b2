"""Imports go one way, and nothing slow is loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import REPOSITORY, environment

PACKAGE = REPOSITORY / "qkvtui"
ROOMS = (
    {"__init__", "environment"},
    {"errors"},
    {"engine"},
    {"files"},
    {"models"},
    {"trace"},
    {"narration"},
    {"pages"},
    {"views"},
    {"report", "tui"},  # not each other
    {"commands"},
    {"learn_command", "options"},
    {"cli"},
    {"__main__"},
)
"""From the ground up: what is in a room imports from its own room and from those below."""
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
DEPENDENCIES = {
    "engine": {"numpy"},
    "files": {"numpy", "safetensors"},
    "models": {"numpy", "safetensors", "tokenizers"},
    "trace": {"numpy"},
    "narration": {"numpy"},
    "pages": {"numpy", "rich"},
    "views": {"numpy", "rich"},
    "report": {"numpy", "rich"},
    "tui": {"numpy", "rich", "textual"},
}
"""What a room may use that does not come with Python; the others nothing."""
QUICK = {"__future__", "_locale", "collections.abc", "errno", "gc", "locale", "textwrap"}
"""What a command may load beyond what `import argparse` loads; all of it takes a millisecond."""
SLOW = ("dataclasses", "inspect", "json", "numpy", "pathlib", "rich", "shutil", "textual", "tomllib", "typing")

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """`views` for `qkvtui/views/page.py`, `cli` for `qkvtui/cli.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The full dotted name of everything a file imports, wherever in it."""
    package = ("qkvtui", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def inside(name: str) -> str | None:
    """The room of a name of the program itself, else None."""
    head, _, rest = name.partition(".")
    if head != "qkvtui":
        return None
    room = rest.split(".")[0]
    return room if room in FLOOR else "__init__"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_from_its_own_room_and_from_those_below(path: Path) -> None:
    """Printing would have loaded the application, or the sums would have known about files."""
    room = room_of(path)
    for name in imported(path):
        other = inside(name)
        if other is not None and other != room:
            assert FLOOR[other] < FLOOR[room], f"{room} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_uses_only_the_libraries_that_are_its_own(path: Path) -> None:
    """The sentences would have needed rich, or the drawings a screen."""
    allowed = DEPENDENCIES.get(room_of(path), set()) | sys.stdlib_module_names | {"qkvtui", "_typeshed"}
    for name in imported(path):
        assert name.split(".")[0] in allowed, name


def test_pages_are_plain_data() -> None:
    """A format would have had to take the numbers of a page out of what rich or a terminal made of them."""
    for path in (PACKAGE / "pages").glob("*.py"):
        of_rich = {name for name in imported(path) if name.split(".")[0] == "rich"}
        measured = {"rich.cells"} if path.stem == "lines" else set()
        assert of_rich == measured, path.name


def test_views_draw_but_do_not_print() -> None:
    """A view that writes by itself cannot be shown on a screen."""
    for path in (PACKAGE / "views").glob("*.py"):
        assert not set(imported(path)) & {"rich.console", "rich.print", "rich.get_console"}, path.name
        calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        assert "Console" not in [ast.unparse(call.func) for call in calls], path.name


def test_only_one_module_writes_to_standard_output() -> None:
    """Something would have been printed into the middle of a JSON object."""
    for path in FILES:
        if room_of(path) in ("cli", "__main__") or path == PACKAGE / "report" / "output.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert "print" not in calls, path
        assert not [call for call in calls if call.endswith(("stdout.write", "stderr.write"))], path


def test_every_room_is_known_here() -> None:
    """A new folder would have been free to import whatever it likes."""
    assert {room_of(path) for path in FILES} <= set(FLOOR)


def loaded_by(*arguments: str) -> set[str]:
    """What a fresh interpreter has loaded after this command line."""
    code = "import sys; from qkvtui.__main__ import main; status = main(); print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=REPOSITORY,
        check=True,
    )
    return set(ended.stderr.split())


@pytest.fixture(scope="module")
def argparse_loads() -> set[str]:
    """What `import argparse` loads, and so may every command."""
    code = "import argparse, sys; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("list",), ("print", "--help"), ("learn", "--help"), ("check", "-h")]
)
def test_what_needs_no_numbers_loads_nothing_slow(arguments: tuple[str, ...], argparse_loads: set[str]) -> None:
    """`qkvtui list` would have taken as long as a whole lesson."""
    more = loaded_by(*arguments) - argparse_loads
    assert more.isdisjoint(SLOW)
    assert {name for name in more if not name.startswith("qkvtui")} <= QUICK


@pytest.mark.parametrize(
    "arguments", [("print", "animal"), ("check", "journey"), ("print", "animal", "--format", "json")]
)
def test_printing_loads_no_application(arguments: tuple[str, ...]) -> None:
    """A page of text would have waited for Textual, a quarter of a second each time."""
    loaded = loaded_by(*arguments)
    assert not [name for name in loaded if name.startswith(("textual", "qkvtui.tui"))]
    assert not {"qkvtui.files.learning", "qkvtui.files.vocabulary", "qkvtui.engine.optimisers"} & loaded
    assert not {"safetensors", "zipfile", "difflib", "importlib.resources", "tempfile"} & (loaded - {"importlib"})


def test_json_and_checks_load_no_drawing() -> None:
    """A script that reads numbers would have waited for rich to be able to draw them."""
    for arguments in (("check", "journey"), ("print", "animal", "--format", "json")):
        loaded = loaded_by(*arguments)
        assert not {"rich.console", "rich.table", "qkvtui.views.page", "qkvtui.pages.page"} & loaded
