"""A filled-in worksheet: CSV with an address and an answer on each line, or JSON with the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from ..errors import ExampleError, Problem
from .clean import clean_line
from .phrases import kind_of
from .source import read_file, read_standard_input

HEADER = ("address", "answer")
_JSON_FORMS = 'it is {"weights[it,animal]": 0.26, ...}, a list of such, or what "print --blank --format json" writes'
_CONSTANTS = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}
"""No JSON, but what programs write for numbers that JSON has no word for."""
_FULL_WIDTH_COMMA = "，"
_LONGEST_LINE = 1 << 17


class GivenAnswer(NamedTuple):
    """One answer as it stands in the file."""

    address: str
    answer: str
    """Empty where there is none."""
    place: str
    """Where it stands, for messages."""


def read_answers(path: str) -> tuple[GivenAnswer, ...]:
    """The answers in the file at `path`, or on standard input for `-`. Raises ExampleError."""
    display = clean_line(path)
    text = read_standard_input(display) if path == "-" else read_file(path, display)
    if text.lstrip()[:1] in ("{", "["):
        return tuple(_from_json(text, display))
    return tuple(_from_csv(text, display))


def _from_csv(text: str, file: str) -> Iterator[GivenAnswer]:
    """Tolerant: a spreadsheet's semicolons, full-width commas, no header, and addresses whose comma is not quoted."""
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = ";" if lines and all(";" in line for line in lines) else ","
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            place = f"line {reader.line_num}"
            if not any(cell.strip() for cell in row) or tuple(cell.strip().lower() for cell in row[:2]) == HEADER:
                continue
            if len(row) < 2:
                row = row[0].rsplit(_FULL_WIDTH_COMMA, 1)
            if len(row) < 2:
                _refuse(file, place, "has no answer column", 'write "weights[it,animal]",0.26')
            yield GivenAnswer(delimiter.join(row[:-1]).strip(), row[-1].strip(), place)
    except csv.Error as error:
        _refuse(file, f"line {reader.line_num}", f"is not CSV ({error})", 'write "weights[it,animal]",0.26')


def _from_json(text: str, file: str) -> Iterator[GivenAnswer]:
    try:
        found = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_CONSTANTS.get, object_pairs_hook=_Pairs
        )
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        what = error.msg.lower() if isinstance(error, json.JSONDecodeError) else "too many brackets inside each other"
        _refuse(file, place, f"is not JSON ({what})")
    objects = found if isinstance(found, list) and not isinstance(found, _Pairs) else [found]
    for index, one in enumerate(objects):
        where = f"entry {index}" if len(objects) > 1 else ""
        if not isinstance(one, _Pairs):
            _refuse(file, where or "the file", f"is {kind_of(one)}", _JSON_FORMS)
        yield from _from_object(one, where, file)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every one of its names, those that occur twice as well."""


def _from_object(pairs: _Pairs, where: str, file: str) -> Iterator[GivenAnswer]:
    for name, value in pairs:
        if name == "answers" and isinstance(value, _Pairs):
            yield from _from_object(value, where or "answers", file)
            return
    for name, value in pairs:
        if value is not None and not isinstance(value, str):
            what = "a table" if isinstance(value, _Pairs) else kind_of(value)
            _refuse(file, clean_line(name), f"is {what}", "an answer is a number or a text")
        yield GivenAnswer(name, (value or "").strip(), where)


def _refuse(file: str, place: str, problem: str, expected: str = "") -> NoReturn:
    raise ExampleError(file, [Problem(place, problem, expected)])
