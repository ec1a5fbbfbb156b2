"""Imports go one way, and nothing slow is loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from tests.cli.program import REPOSITORY, environment
from tests.house.modules import imported, nodes, room_of, trees

ROOMS = (
    {"__init__", "localized", "records", "said", "signals"},
    {"command_line", "environment", "errors"},
    {"engine"},
    {"operations"},
    {"graph"},
    {"files"},
    {"memory"},
    {"models"},
    {"trace"},
    {"narration"},
    {"pages"},
    {"views"},
    {"report", "tui"},  # not each other
    {"linear"},
    {"lesson_asked", "look_asked", "read_only", "web"},
    {
        "api",
        "capture_command",
        "commands",
        "config_command",
        "grade_command",
        "learn_command",
        "list_command",
        "new_command",
        "patch_command",
        "serve_command",
        "options",
    },
    {"help_page", "shared_options"},
    {"help_texts", "misspelt"},
    {"usage"},
    {"parsers"},
    {"arguments"},
    {"shell"},
    {"cli"},
    {"__main__"},
)
"""From the ground up: what is in a room imports from its own room and from those below."""
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
DEPENDENCIES = {
    "engine": {"numpy"},
    "operations": {"numpy"},
    "graph": {"numpy"},
    "files": {"numpy"},
    "models": {"numpy", "tokenizers"},
    "trace": {"numpy"},
    "narration": {"numpy"},
    "pages": {"numpy", "rich"},
    "views": {"numpy", "rich"},
    "report": {"numpy", "rich"},
    "tui": {"numpy", "rich", "textual"},
    "web": {"aiohttp"},
    "api": {"numpy"},
}
"""What a room may use that does not come with Python; the others nothing."""
QUICK = {"__future__", "_locale", "collections.abc", "errno", "gc", "locale", "textwrap"}
"""What a command may load beyond what `import argparse` loads; all of it takes a millisecond."""
SLOW = ("dataclasses", "inspect", "json", "numpy", "pathlib", "rich", "shutil", "textual", "tomllib", "typing")


def inside(name: str) -> str | None:
    """The room of a name of the program itself, else None."""
    head, _, rest = name.partition(".")
    if head != "qkvtui":
        return None
    room = rest.split(".")[0]
    return room if room in FLOOR else "__init__"


def test_a_file_imports_from_its_own_room_and_from_those_below() -> None:
    """Printing would have loaded the application, or the sums would have known about files."""
    upwards = [
        f"{module} imports {name}"
        for module in trees()
        for name in imported(module)
        if (other := inside(name)) is not None
        and other != room_of(module)
        and FLOOR[other] >= FLOOR.get(room_of(module), 0)
    ]
    assert upwards == []


def test_a_room_uses_only_the_libraries_that_are_its_own() -> None:
    """The sentences would have needed rich, or the drawings a screen."""
    everywhere = sys.stdlib_module_names | {"qkvtui", "_typeshed"}
    foreign = [
        f"{module} imports {name}"
        for module in trees()
        for name in imported(module)
        if name.split(".")[0] not in DEPENDENCIES.get(room_of(module), set()) | everywhere
    ]
    assert foreign == []


def called(code: Iterable[ast.AST]) -> Iterator[str]:
    """What a module calls, whatever it has been imported as: `rich.console.Console`, `print`, `….stdout.write`."""
    known: dict[str, str] = {}
    calls = []
    for node in code:
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            calls.append(node.func)
    for function in calls:
        name, dot, rest = dotted(function).partition(".")
        yield f"{known.get(name, name)}{dot}{rest}"


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; whatever else an attribute is of is `…`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def writes(code: Iterable[ast.AST]) -> list[str]:
    """The calls that write to the terminal, whatever it has been made of."""
    return [
        name
        for name in called(code)
        if name in ("print", "builtins.print", "rich.print", "rich.print_json", "rich.get_console")
        or name.endswith(("stdout.write", "stderr.write"))
    ]


def draws_by_itself(code: Sequence[ast.AST]) -> list[str]:
    """The calls that write to the terminal, to a console, or make one."""
    return [*writes(code), *(name for name in called(code) if name.endswith((".print", ".Console")))]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("print(1)", writes),
        ("import sys; sys.stdout.write('1')", writes),
        ("import sys as s; s.stderr.write('1')", writes),
        ("from sys import stdout as out; out.write('1')", writes),
        ("import rich; rich.get_console().log(1)", writes),
        ("from rich import print as show; show(1)", writes),
        ("from rich.console import Console as C; C().print(1)", draws_by_itself),
        ("from rich.console import Console as C; console = C()", draws_by_itself),
        ("import rich.console as r; r.Console()", draws_by_itself),
        ("def __rich_console__(self, console, options): console.print(1)", draws_by_itself),
    ],
)
def test_every_way_of_printing_is_seen(source: str, found: Callable[[list[ast.AST]], list[str]]) -> None:
    """A page would have been printed under another name, and the tests below would have let it."""
    assert found(list(ast.walk(ast.parse(source))))


def test_pages_are_plain_data() -> None:
    """A format would have had to take the numbers of a page out of what rich or a terminal made of them."""
    measured = {"qkvtui.pages.lines": {"rich.cells"}, "qkvtui.pages.graphemes": {"rich.cells.split_graphemes"}}
    for module in trees():
        if room_of(module) == "pages":
            of_rich = {name for name in imported(module) if name.split(".")[0] == "rich"}
            assert of_rich == measured.get(module, set()), module


def test_views_draw_but_do_not_print() -> None:
    """A view that writes by itself cannot be shown on a screen."""
    views = [module for module in trees() if room_of(module) == "views"]
    assert [(module, found) for module in views for found in draws_by_itself(nodes(module))] == []


def test_only_one_module_writes_to_standard_output() -> None:
    """Something would have been printed into the middle of a JSON object."""
    others = [module for module in trees() if room_of(module) not in ("cli", "__main__")]
    others.remove("qkvtui.report.output")
    assert [(module, found) for module in others for found in writes(nodes(module))] == []


def test_every_room_is_known_here() -> None:
    """A new folder would have been free to import whatever it likes."""
    assert {room_of(module) for module in trees()} - set(FLOOR) == set()


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


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "arguments", [("print", "animal"), ("check", "journey"), ("print", "animal", "--format", "json")]
)
def test_printing_loads_no_application(arguments: tuple[str, ...]) -> None:
    """A page of text would have waited for Textual, a quarter of a second each time."""
    loaded = loaded_by(*arguments)
    assert not [name for name in loaded if name.startswith(("textual", "qkvtui.tui"))]
    assert not {"qkvtui.files.learning", "qkvtui.files.vocabulary", "qkvtui.engine.optimisers"} & loaded
    assert not {"safetensors", "zipfile", "difflib", "importlib.resources", "tempfile"} & (loaded - {"importlib"})


@pytest.mark.slow
def test_json_and_checks_load_no_drawing() -> None:
    """A script that reads numbers would have waited for rich to be able to draw them."""
    for arguments in (("check", "journey"), ("print", "animal", "--format", "json")):
        loaded = loaded_by(*arguments)
        assert not {"rich.console", "rich.table", "qkvtui.views.page", "qkvtui.pages.page"} & loaded
