"""A filled-in worksheet: CSV with an address and an answer on each line, or JSON with the same."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from ..errors import ExampleError, Problem
from ..records import record
from ..said import say
from .clean import clean_line
from .parserwords import json_problem
from .phrases import is_kind, kind_of, quoted
from .source import decode, read_file, read_standard_input

HEADER = ("address", "answer")
SHEET = "qkvtui:"
"""Begins the cell behind the header that says which sheet it is, as in `qkvtui: animal --blank all --seed 7`."""
_LINE = say('write "weights[it,animal]",0.26')
_JSON_FORMS = say(
    'it is {{"weights[it,animal]": 0.26, ...}}, a list of such, or what "print --blank --format json" writes'
)
_CONSTANTS = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}
"""No JSON, but what programs write for numbers that JSON has no word for."""
_FULL_WIDTH = str.maketrans("，；", ",;")
_SEPARATORS = "\t;,"
"""What may stand between address and answer; a comma, which stands inside addresses as well, is the last resort."""
_CLOSING = ("]", "］", "】")
_QUOTED = re.compile('"(?:[^"]|"")*"')
_HINT = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
"""A first line that tells Excel the separator."""
_LONGEST_LINE = 1 << 17
_AS_UTF_8 = say("save the file as UTF-8")
_LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
"""Hardly in Chinese, and all there is in German or French."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class GivenAnswer(NamedTuple):
    """One answer as it stands in the file."""

    address: str
    answer: str
    """Empty where there is none."""
    place: str
    """Where it stands, for messages."""


class _SheetLine(NamedTuple):
    """What a header or a name of JSON says of the sheet."""

    text: str


_Line = GivenAnswer | Problem | _SheetLine


@record(frozen=True)
class AnswerFile:
    """What somebody handed in."""

    name: str
    """What messages call it."""
    answers: tuple[GivenAnswer, ...]
    unread: tuple[Problem, ...] = ()
    """The lines that are no answers."""
    sheet: str = ""
    """What it says of the sheet that it answers; empty where it says nothing."""


def read_answers(path: str) -> AnswerFile:
    """The answers in the file at `path`, or on standard input for `-`; a line that is none is told, and no more lost.

    Raises ExampleError where there is no file, no text, or no line that can be read.
    """
    name = clean_line(path)
    text = read_standard_input(name, decoder=_decoded) if path == "-" else read_file(path, name, decoder=_decoded)
    lines = _from_json(text, name) if text.lstrip()[:1] in ("{", "[") else _from_csv(text)
    found = list(lines)
    sheet = next((one.text for one in found if isinstance(one, _SheetLine)), "")
    answers = tuple(one for one in found if isinstance(one, GivenAnswer))
    unread = tuple(one for one in found if isinstance(one, Problem))
    if unread and not answers:
        raise ExampleError(name, unread)
    return AnswerFile(name, answers, unread, sheet)


def _decoded(data: bytes, name: str) -> str:
    """As editors and spreadsheets save a text: UTF-8, UTF-16 with its mark, or GB 2312, unlike any other."""
    if data.startswith(_UTF_16):
        if _decodes(data, "utf-16"):
            return data.decode("utf-16")
        _refuse(name, "", say("is cut off in a character of UTF-16"), _AS_UTF_8)
    try:
        return decode(data, name)
    except ExampleError as error:
        if _decodes(data, "gb2312"):
            return data.decode("gb2312")
        if _decodes(data, "gb18030") and not _LONE.search(data):
            _refuse(name, error.problems[0].place, say("is not UTF-8; it looks like GBK"), _AS_UTF_8)
        raise


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _from_csv(text: str) -> Iterator[_Line]:
    """Tolerant: spreadsheets' separators, decimal commas, no header, addresses whose comma is not quoted.

    Line by line: no address and no answer goes over several, and a quotation mark that is not closed would swallow the
    lines behind it.
    """
    lines = [(number, line) for number, line in enumerate(re.split("\r\n|\n|\r", text), 1) if line.strip("\ufeff ,;\t")]
    separator = _separator([line for _, line in lines])
    csv.field_size_limit(_LONGEST_LINE)
    for number, line in lines:
        if _HINT.fullmatch(line.strip()):
            continue
        try:
            cells = _cells(line, separator)
        except csv.Error as error:
            yield Problem(say("line {line}", line=number), say("is not CSV ({error})", error=error), _LINE)
            continue
        if not _is_header(cells):
            yield _given(cells, separator, say("line {line}", line=number))
            continue
        sheet = ",".join(cells[2:]).rstrip(",")  # whoever replaced all commas meant those between the cells
        if sheet.startswith(SHEET):
            yield _SheetLine(sheet.removeprefix(SHEET).strip())


def _separator(lines: list[str]) -> str:
    """What stands between the cells: as a first line says, else what most lines have outside of quotation marks."""
    hint = _HINT.fullmatch(lines[0].strip()) if lines else None
    if hint:
        return hint[1]
    bare = [_QUOTED.sub("", line.translate(_FULL_WIDTH)) for line in lines]
    often = (one for one in _SEPARATORS if 2 * sum(one in line for line in bare) > len(lines))
    return next(often, ",")


def _cells(line: str, separator: str) -> list[str]:
    cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    if not _is_header(cells) and not any(cell.endswith(_CLOSING) for cell in cells):
        plain = line.translate(_FULL_WIDTH).replace('"', "")  # of full width, or a quotation mark is not closed
        cells = [cell.strip() for cell in plain.split(separator)]
    return cells


def _is_header(cells: list[str]) -> bool:
    return tuple(cell.lower() for cell in cells[:2]) == HEADER


def _given(cells: list[str], separator: str, place: str) -> GivenAnswer | Problem:
    """The address goes up to the last cell that ends with a bracket: a comma may stand in it, and in the answer."""
    ends = [index for index, cell in enumerate(cells, 1) if cell.endswith(_CLOSING)]
    end = ends[-1] if ends else len(cells) - 1
    if not end:
        return Problem(place, say("{text} has no answer column", text=quoted(cells[0])), _LINE)
    rest = cells[end:]
    while rest and not rest[-1]:
        rest.pop()
    answer = separator.join(rest) if separator == "," else "".join(rest[:1])
    return GivenAnswer(separator.join(cells[:end]), answer, place)


def _from_json(text: str, file: str) -> Iterator[_Line]:
    try:
        found = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_CONSTANTS.get, object_pairs_hook=_Pairs
        )
    except json.JSONDecodeError as error:
        raise ExampleError(file, [json_problem(error)]) from None
    except RecursionError:
        _refuse(
            file,
            "",
            say("is not {language}: {problem}", language="JSON", problem=say("too many brackets inside each other")),
        )
    objects = found if isinstance(found, list) and not isinstance(found, _Pairs) else [found]
    for index, one in enumerate(objects):
        where = say("entry {index}", index=index) if len(objects) > 1 else ""
        if isinstance(one, _Pairs):
            yield from _from_object(one, where)
        else:
            yield Problem(where or say("the file"), is_kind(one), _JSON_FORMS)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every one of its names, those that occur twice as well."""


def _from_object(pairs: _Pairs, where: str) -> Iterator[_Line]:
    for name, value in pairs:
        if name == "answers" and isinstance(value, _Pairs):
            yield from (_SheetLine(text) for other, text in pairs if other == "sheet" and isinstance(text, str))
            yield from _from_object(value, where or "answers")
            return
    for name, value in pairs:
        if value is None or isinstance(value, str):
            yield GivenAnswer(name, (value or "").strip(), where)
        else:
            what = say("a table") if isinstance(value, _Pairs) else kind_of(value)
            yield Problem(clean_line(name), say("is {kind}", kind=what), say("an answer is a number or a text"))


def _refuse(file: str, place: str, problem: str, expected: str = "") -> NoReturn:
    raise ExampleError(file, [Problem(place, problem, expected)])
