"""From text to a structure of tables, lists and values: TOML or JSON, with the place of a mistake."""

from __future__ import annotations

import re
from collections import Counter
from typing import NoReturn

from ..errors import ExampleError, Problem
from ..graph.document import Kind
from ..said import say
from .clean import clean_line
from .figures import as_written
from .limits import long_texts, too_much
from .numerals import plain_structure
from .parserwords import TOML_WORDS, in_our_words, json_problem, place_in

_TOO_DEEP = Problem("", say("is nested too deeply"), say("nothing in an example lies deeper than a number in a matrix"))
_EMPTY = Problem("", say("is empty"), say("an example starts with format = 1"))

_TOML_MESSAGE = r"(?s)(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
_PLACE = r"line (\d+), column (\d+)"
_OTHER_QUOTES = "“”„‟‘’‚‛＂＇「」『』«»"
_MOST_SHOWN = 10
_LONG_NUMBER = r"(?<![\d_])\d[\d_]{3000,}"
_JSON_TOKEN = r'(?s)"(?:[^"\\]|\\.)*"|(?P<constant>NaN|-?Infinity)'


def parse_structure(text: str, kind: Kind, file: str) -> dict[str, object]:
    """The table that `text` holds. Raises ExampleError, with line and column, where it is neither.

    Full-width digits and punctuation and U+2212 are read as what they mean.
    """
    if not text.strip():
        raise ExampleError(file, [_EMPTY])
    problem = too_much(text)
    if problem is not None:
        raise ExampleError(file, [problem])
    plain = plain_structure(text, kind)
    try:
        structure = _parse_toml(plain, file) if kind == "toml" else _parse_json(plain, file)
        problems = list(long_texts(structure))
    except RecursionError:
        raise ExampleError(file, [_TOO_DEEP]) from None
    except ExampleError as error:
        raise ExampleError(file, [_shown(problem, text, kind) for problem in error.problems]) from None
    if problems:
        raise ExampleError(file, problems[:_MOST_SHOWN])
    return structure


def _shown(problem: Problem, text: str, kind: Kind) -> Problem:
    """The problem with what the text looks like there, and its line."""
    found = re.fullmatch(_PLACE, problem.place)
    if found is None:
        return problem
    from .excerpts import excerpt
    from .lookalikes import likeness

    line, column = int(found[1]), int(found[2])
    position = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    like = likeness(text, position, kind) if problem.problem.startswith("is not ") else None
    what, expected = problem.problem, problem.expected
    if like is not None:
        what, expected = (
            say("is not {language}: this {problem}", language=kind.upper(), problem=like.problem),
            like.expected,
        )
    return Problem(problem.place, what, expected, excerpt(text, line, column))


def guess_kind(text: str) -> Kind:
    """JSON where the text starts with a brace, which no TOML file does."""
    return "json" if text.lstrip().startswith("{") else "toml"


def _parse_toml(text: str, file: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text, parse_float=as_written)
    except tomllib.TOMLDecodeError as error:
        raise ExampleError(file, [_quotes_named(_toml_problem(str(error), text), text)]) from None
    except ValueError:
        raise ExampleError(file, [_too_long(text)]) from None


def _toml_problem(message: str, text: str) -> Problem:
    """tomllib's message taken apart: until Python 3.14 the place stands only in its text."""
    found = re.fullmatch(_TOML_MESSAGE, message)
    if found is None:
        return in_our_words("", "TOML", message, TOML_WORDS)
    if not found["line"]:
        return in_our_words(place_in(text, len(text.rstrip())), "TOML", found["what"], TOML_WORDS)
    line, column = int(found["line"]), int(found["column"])
    what = found["what"]
    if what.startswith("Invalid initial character") and len(text.split("\n")[line - 1]) < column:
        what = "Unclosed inline table"  # what tomllib misses is a name, but the line has ended
    return in_our_words(say("line {line}, column {column}", line=line, column=column), "TOML", what, TOML_WORDS)


def _quotes_named(problem: Problem, text: str) -> Problem:
    """The problem, or where a quotation mark of a word processor or a Chinese keyboard stands there, that."""
    found = re.fullmatch(_PLACE, problem.place)
    mark = text.split("\n")[int(found[1]) - 1][int(found[2]) - 1 :][:1] if found else ""
    if not mark or mark not in _OTHER_QUOTES:
        return problem
    return Problem(
        problem.place, say("{mark} is another quotation mark", mark=mark), say('a text stands between two of "')
    )


def _too_long(text: str) -> Problem:
    """int() refuses to read thousands of digits."""
    found = re.search(_LONG_NUMBER, text)
    place = place_in(text, found.start()) if found else ""
    return Problem(place, say("the number has thousands of digits"), say("numbers here are like 0.25, -3 or 1e-5"))


def _parse_json(text: str, file: str) -> dict[str, object]:
    from json import JSONDecodeError, loads

    repeated: list[tuple[object, str]] = []

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            times = Counter(name for name, _ in pairs)
            repeated.extend((made, name) for name in made if times[name] > 1)
        return made

    def constant(_name: str) -> NoReturn:
        raise ExampleError(file, [_constant_problem(text)])

    try:
        structure = loads(text, object_pairs_hook=table, parse_constant=constant, parse_float=as_written)
    except JSONDecodeError as error:
        raise ExampleError(file, [_quotes_named(json_problem(error), text)]) from None
    except ValueError:
        raise ExampleError(file, [_too_long(text)]) from None
    if repeated:
        raise ExampleError(file, [_repeated_problem(structure, *pair) for pair in repeated[:_MOST_SHOWN]])
    if not isinstance(structure, dict):
        raise ExampleError(
            file, [Problem("", say("is JSON, but not an object"), say('an example is one {{"format": 1, …}}'))]
        )
    return structure


def _constant_problem(text: str) -> Problem:
    """The parser has met NaN or Infinity, but does not say where."""
    found = next((match for match in re.finditer(_JSON_TOKEN, text) if match["constant"]), None)
    expected = say("numbers are finite; −∞ in a mask, and what a source did not print, is written null")
    if found is None:
        return Problem("", say("holds a number that is not JSON"), expected)
    return Problem(place_in(text, found.start()), say("{constant} is not JSON", constant=found["constant"]), expected)


def _repeated_problem(structure: object, table: object, name: str) -> Problem:
    place = _path_of(structure, table)
    where = f"{place}.{clean_line(name)}" if place else clean_line(name)
    return Problem(where, say("is given more than once"), say("each name is given once"))


def _path_of(structure: object, wanted: object) -> str:
    """Where the object `wanted` stands inside `structure`; a loop, since the nesting may be deep."""
    waiting: list[tuple[str, object]] = [("", structure)]
    while waiting:
        path, value = waiting.pop()
        if value is wanted:
            return path
        if isinstance(value, dict):
            waiting += [(f"{path}.{clean_line(name)}".lstrip("."), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", inner) for index, inner in enumerate(value)]
    return ""
