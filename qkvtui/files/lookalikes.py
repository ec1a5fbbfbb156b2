"""A file that is no TOML or JSON, but looks like something else that people write: what, and the cure."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..graph.document import Kind
from ..said import say
from .numerals import plain_signs
from .pasteerrors import PasteError
from .pastes import read_paste

_THREE = say('put it between three quotation marks, """ … """')
_THREE_SINGLE = say("put it between three of ', which leave backslashes alone: ''' … '''")
_IN_JSON = say("json.dumps(x.tolist()) writes it for JSON; or put it between quotation marks, with \\n for a new line")
_OF_A_PRINT = r"(?!(?:dtype|device|grad_fn|requires_grad|shape|numpy|layout)\b)"
_NAME = r"""(?:[\w-][\w.\- "']{0,200}|"[^"\n]{0,200}"|'[^'\n]{0,200}')"""
_ASSIGNMENT = re.compile(rf"(?m)^[ \t]*{_OF_A_PRINT}{_NAME}[ \t]*=[ \t]*")
_HEADING = re.compile(r"(?m)^[ \t]*\[\[?[ \t]*[A-Za-z_][\w. -]{0,200}\]\]?[ \t]*(?:#.*)?$")
_NEXT_NAME = re.compile(r""",\s*["'][^"'\n]{0,200}["']\s*:|\}""")
_NEXT_IN_BRACES = re.compile(r"""[}\n]|,\s*[\w"'-]{1,200}\s*=""")
_COMMENT = re.compile(r"[ \t]#[^\n]*")
_TEX = re.compile(r"\\begin|\\frac|\\\\|\\end|(?<=\d)\s*&")
_PYTHON = re.compile(r"\b(?:True|False|None)\b")
_APART = re.compile(r"[\d.]\s+[-+.\d]|\b(?:True|False)\s+(?:True|False)")
_POINT = re.compile(r"\d\.(?!\d)|(?<!\d)\.\d")
_CALCULATED = re.compile(r"[/*√%]|sqrt")
_LONGEST = 1 << 16
"""Characters of a value that is looked at."""


class Likeness(NamedTuple):
    """What something looks like, and what to do."""

    problem: str
    expected: str


class _Value(NamedTuple):
    text: str
    start: int


def likeness(text: str, position: int, kind: Kind) -> Likeness | None:
    """What a file, or the value around a position in it, looks like; None where it looks like nothing known."""
    if kind == "toml" and text.lstrip().startswith("{"):
        return Likeness(say("looks like JSON"), say("name the file .json"))
    if kind == "json" and not text.lstrip().startswith(("{", "[")) and _ASSIGNMENT.search(text):
        return Likeness(say("looks like TOML"), say("name the file .toml"))
    value, start = _value_in_toml(text, position) if kind == "toml" else _value_in_json(text, position)
    if not start <= position <= start + len(value):
        return None
    if value.startswith(('"', "'")):
        is_tex = kind == "toml" and _TEX.search(value)
        return Likeness(say("looks like TeX"), _THREE_SINGLE) if is_tex else None
    plain = plain_signs(_COMMENT.sub("", value)).strip()
    return _of_numbers(plain, kind) if _can_be_pasted(plain) else None


def _of_numbers(value: str, kind: Kind) -> Likeness | None:
    cure = _THREE if kind == "toml" else _IN_JSON
    if re.search(r"\btf\.", value):
        return Likeness(say("looks like TensorFlow's print"), cure)
    if re.search(r"[tT]ensor\(|Parameter containing", value):
        return Likeness(say("looks like PyTorch's print"), cure)
    if _TEX.search(value):
        return Likeness(say("looks like TeX"), _THREE_SINGLE if kind == "toml" else cure)
    if "array(" in value or (_APART.search(value) and "," not in value and ";" not in value):
        return Likeness(say("looks like NumPy's print"), cure)
    if ";" in value:
        return Likeness(say("looks like MATLAB"), cure)
    if _PYTHON.search(value):
        in_json, in_toml = say("write true, false and null"), say('write true, false and "?" for None')
        return Likeness(say("looks like Python"), in_json if kind == "json" else in_toml)
    if _POINT.search(value):
        write = say("write 1.0 and 0.5")
        expected = write if kind == "json" else say("{write}, or {cure}", write=write, cure=cure)
        return Likeness(say("looks like numbers without a digit beside the point"), expected)
    if _CALCULATED.search(value):
        return Likeness(say("looks like a calculation or a percentage"), say("put it between quotation marks"))
    return None


def _can_be_pasted(value: str) -> bool:
    """Whether the value could be read, or only lacks numbers that were left out of the print."""
    if not value or len(value) > _LONGEST:
        return False
    try:
        return bool(read_paste(value).value)
    except PasteError as error:
        return "left out" in error.problem


def _value_in_toml(text: str, position: int) -> _Value:
    """The value that stands at a position, up to the next name or table."""
    starts = [found for found in _ASSIGNMENT.finditer(text) if found.start() <= position]
    if not starts:
        return _Value("", 0)
    start = starts[-1].end()
    if text[start : start + 1] == "{":  # a table on one line: the value of the last name in it
        start = max(start, text.rfind("=", start, position + 1)) + 1
        start += len(text[start:position]) - len(text[start:position].lstrip(" "))
        return _Value(_NEXT_IN_BRACES.split(text[start : start + _LONGEST], maxsplit=1)[0].rstrip(), start)
    ends = [found.start() for pattern in (_ASSIGNMENT, _HEADING) if (found := pattern.search(text, start))]
    return _Value(text[start : min([*ends, start + _LONGEST])].rstrip(), start)


def _value_in_json(text: str, position: int) -> _Value:
    start = text.rfind(":", 0, position + 1) + 1
    start += len(text[start:position]) - len(text[start:position].lstrip())
    end = _NEXT_NAME.search(text, start)
    return _Value(text[start : end.start() if end else start + _LONGEST].rstrip(), start)
