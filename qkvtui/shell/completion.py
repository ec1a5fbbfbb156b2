"""What may stand at the cursor of a command line: read off the parsers, and off the example that stands on the line.

A shell asks at each Tab, so only what the place needs is loaded: NumPy for nothing but steps and addresses.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..arguments import command_of, positionals
from ..command_line import PageOptions
from ..errors import QkvtuiError
from ..files.clean import clean_line
from ..files.find import bundled_names, locate, split_address
from ..files.headings import bundled_headings
from ..files.limits import too_much
from ..files.source import read_file
from ..help_texts import COMMANDS
from ..memory.settings import LANGUAGE, held, user_config
from ..parsers import PARSERS
from ..said import in_language

Candidate = tuple[str, str]
"""What could be typed, and what it is; the latter may be empty."""

FILES = ("", "files")
"""That the shell is to offer its own."""
_MOST = 500


class _Line:
    """A command line, and where in it the cursor is."""

    def __init__(self, before: Sequence[str], current: str, behind: Sequence[str]) -> None:
        self.current = current
        self.language = str(held(LANGUAGE, PageOptions(), os.environ, user_config(os.environ)).value)
        self.command, self.before = command_of(before)
        self.parser = PARSERS[self.command]()
        _, self.all = command_of([*before, current, *behind])

    @property
    def example(self) -> str | None:
        """The first example on the line, wherever it stands; None where there is none."""
        found = next(positionals(self.all, self.parser.options), None)
        return None if found is None else split_address(found[1])[0]

    def document(self) -> Mapping[str, object]:
        """The example's file, read as quickly as possible; nothing of one that cannot be read so."""
        located = None if self.example is None else locate(self.example)
        if located is None or located.path is None:
            return {}
        text = read_file(located.path, located.display, waits=False)
        if too_much(text) is not None:
            return {}
        if located.path.endswith(".json"):
            import json

            found: object = json.loads(text)
        else:
            import tomllib

            found = tomllib.loads(text)
        return found if isinstance(found, dict) else {}

    def tokens(self) -> list[str]:
        """The tokens of the example."""
        found = self.document().get("tokens")
        return [str(token) for token in found] if isinstance(found, list) else []


def completed(arguments: Sequence[str]) -> str:
    """Lines of `what could be typed`, a tab, and what it is.

    `arguments`: how many words stand before the word at the cursor, and all words, without the program's name.
    """
    count, words = int(arguments[0]), list(arguments[1:])
    current = words[count] if count < len(words) else ""
    line = _Line(words[:count], current, words[count + 1 :])
    try:
        found = [one for one in candidates(line) if not one[0] or one[0].startswith(current)]
    except (
        QkvtuiError,
        OSError,
        ValueError,
        RecursionError,
    ):  # of the example on the line: nothing of it can be offered
        found = []
    told = ((typed, clean_line(in_language(about, line.language))) for typed, about in found[:_MOST])
    return "".join(f"{typed}\t{about}\n" for typed, about in told if typed.isprintable())


def candidates(line: _Line) -> Iterator[Candidate]:
    """Everything that could stand at the cursor, whatever was begun there."""
    options = line.parser.options
    name, equals, _ = line.current.partition("=")
    if equals and name in options:
        yield from ((f"{name}={typed}" if typed else "", about) for typed, about in _values(options[name], line))
        return
    waiting = _waiting(line.before, options)
    if waiting is not None:
        yield from _values(waiting, line)
        return
    if line.current.startswith("-"):
        yield from ((name, _told(action)) for name, action in options.items() if name.startswith("--"))
        return
    places = [action for action in line.parser._actions if not action.option_strings]
    filled = len(list(positionals(line.before, options)))
    if not line.command and not filled:
        yield from ((command, about) for command, about in _commands())
    if filled < len(places) or (places and places[-1].nargs in ("*", "+")):
        yield from _values(places[min(filled, len(places) - 1)], line)


def _waiting(words: Sequence[str], options: Mapping[str, argparse.Action]) -> argparse.Action | None:
    """The option whose value comes next."""
    waiting = None
    for word in words:
        takes_value = waiting is None and word in options and options[word].nargs != 0
        waiting = options[word] if takes_value else None
    return waiting


def _commands() -> Iterator[Candidate]:
    about = {usage.split()[1]: text for usage, text in COMMANDS if len(usage.split()) > 1}
    return ((name, about.get(name, "")) for name in PARSERS if name)


def _told(action: argparse.Action) -> str:
    return action.help or ""


def _values(action: argparse.Action, line: _Line) -> Iterator[Candidate]:
    if action.choices is not None:
        yield from ((str(choice), "") for choice in action.choices)
        return
    metavar = str(action.metavar or "")
    completer = COMPLETERS.get("HEAD" if action.dest == "head" else metavar)
    if completer is not None:
        yield from completer(line)


def _examples(line: _Line) -> Iterator[Candidate]:
    if "#" in line.current:
        name = line.current.partition("#")[0]
        yield from ((f"{name}#{address}", about) for address, about in _addresses_of(name, line.current))
        return
    yield from ((one.example.name, one.title.in_language(line.language)) for one in bundled_headings())
    yield FILES


def _tokens(line: _Line) -> Iterator[Candidate]:
    tokens = line.tokens()
    for index, token in enumerate(tokens):
        is_plain = token.isprintable() and tokens.count(token) == 1 and token
        yield (token, f"#{index}") if is_plain else (f"#{index}", token)
    if line.command == "print":
        yield "all", ""


def _heads(line: _Line) -> Iterator[Candidate]:
    attention = line.document().get("attention")
    count = attention.get("heads", 1) if isinstance(attention, dict) else 1
    yield from ((str(head), "") for head in range(min(int(count), _MOST)))
    if line.command in ("print", "check", "grade"):
        yield "all", ""


def _steps(line: _Line) -> Iterator[Candidate]:
    yield from _after_commas(line, _step_ids(line.example))


def _levels(line: _Line) -> Iterator[Candidate]:
    if "," not in line.current:
        yield from (("last", ""), ("alternate", ""), ("all", ""))
    yield from _steps(line)


def _after_commas(line: _Line, names: Sequence[Candidate]) -> Iterator[Candidate]:
    """The names, behind those that stand before the last comma already."""
    value = line.current.partition("=")[2] if line.current.startswith("--") else line.current
    there = value.rpartition(",")[0]
    taken = there.split(",")
    yield from ((f"{there},{name}" if there else name, about) for name, about in names if name not in taken)


def _step_ids(example: str | None) -> list[Candidate]:
    """The steps of the example; without one those of a plain one."""
    from ..graph.closing import closing_rows
    from ..graph.layers import of_layer
    from ..graph.steps import graph_of
    from ..models.load import load

    found = load(example or bundled_names()[0])
    graphs = [graph_of(of_layer(found, layer)) for layer in range(len(found.layers))] or [graph_of(found)]
    rows = [(*graph.steps, *closing_rows(graph)) for graph in graphs]
    anywhere = {row.id: row.symbol for there in rows for row in there}
    of_one = [(f"{row.id}@{layer}", row.symbol) for layer, there in enumerate(rows) for row in there]
    return [*anywhere.items(), *(of_one if len(graphs) > 1 else ())]


def _addresses(line: _Line) -> Iterator[Candidate]:
    return _addresses_of(line.example, line.current)


def _addresses_of(example: str | None, typed: str) -> Iterator[Candidate]:
    """Steps and arrays, up to the bracket; then the rows, up to the comma; then the columns."""
    from ..models.load import load
    from ..trace.labels import labels_of
    from ..trace.trace import Trace

    trace = Trace(load(example or bundled_names()[0]))
    typed = typed.rpartition("#")[2]
    name, bracket, inside = typed.partition("[")
    if not bracket:
        named = [step.id for step in trace.steps if step.type.has_numbers and not step.type.learns]
        yield from ((f"{one}[", "") for one in (*named, *trace.example.inputs, *trace.example.parameters))
        return
    rows, columns = (list(map(str, one)) for one in labels_of(trace, name.partition("@")[0])[:2])
    row, comma, _ = inside.partition(",")
    if not comma:
        yield from ((f"{name}[{one},", "") for one in rows)
    else:
        yield from ((f"{name}[{row},{one}]", "") for one in columns)


def _changes(line: _Line) -> Iterator[Candidate]:
    yield from ((f"{typed}=" if typed.endswith("]") else typed, about) for typed, about in _addresses(line))


def _files(line: _Line) -> Iterator[Candidate]:
    yield FILES


def _scales(line: _Line) -> Iterator[Candidate]:
    yield from (("none", ""), ("1/sqrt(d_k)", ""))


def _hosts(_: _Line) -> Iterator[Candidate]:
    yield from (("127.0.0.1", ""), ("0.0.0.0", ""))


COMPLETERS: Mapping[str, Callable[[_Line], Iterator[Candidate]]] = {
    "EXAMPLE": _examples,
    "SHEET": _examples,
    "OTHER": _examples,
    "ANSWERS": _files,
    "FILE": _files,
    "FOLDER": _files,
    "MODEL": _files,
    "TOKEN": _tokens,
    "HEAD": _heads,
    "ID[,ID...]": _steps,
    "LEVEL": _levels,
    "ADDRESS": _addresses,
    "ADDRESS=VALUE": _changes,
    "SCALE": _scales,
    "HOST": _hosts,
}
"""What may stand for what the help calls so; for all else nothing is known."""
