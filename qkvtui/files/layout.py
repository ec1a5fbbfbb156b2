"""A structure as text that one likes to read: TOML with a comment for each row, or JSON with a row on a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from ..graph.document import Kind
from ..graph.printed import WrittenNumber
from .clean import clean_line
from .settingtables import Structure

_WIDTH = 116
_LONGEST_COMMENT = 40
_INDENT = "    "
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][+-]?[0-9]+)?")
"""A number that TOML and JSON both read; what else a number is written with stands in quotation marks."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BREAKS = re.compile(r"(?<= )(?! )|(?<=[。；，：、])(?! )")
_NESTED = ("parameters", "attention")
"""Tables of each block, which have a heading of their own."""
_TABLES = ("vocabulary",)
"""Tables inside a table that have a heading of their own; of the others each row is a name with a dot."""
_OF_SETTINGS = ("attention", "experiment")
"""Those whose inner tables are settings, each on one line."""
_OF_TEXTS = ("says", "end")
"""Those that hold texts for the reader."""
_PARAGRAPHS = ("about", "source", "errata", "tokens")
"""What has an empty line before it."""
_GLOSSES = ("gloss", "context_gloss")
"""Lists of texts, or such lists by language."""


def toml_text(structure: Structure, labels: Mapping[str, Sequence[str]]) -> str:
    """The whole file; `labels` has, for places such as `inputs.X`, the token that each row belongs to."""
    lines: list[str] = []
    for name, value in structure.items():
        if isinstance(value, dict) and not _is_text(name) and name not in _GLOSSES:
            lines += ["", f"[{name}]", *_table(name, value, labels)]
        elif _repeats(value):
            lines += _repeated(name, value)
        else:
            lines += ["", *_top(name, value)] if name in _PARAGRAPHS else _top(name, value)
    return "".join(f"{line}\n" for line in lines)


def json_text(structure: Structure) -> str:
    """The whole file; −∞ is null."""
    return f"{_json(structure, '')}\n"


def value_text(value: object) -> str:
    """A setting as TOML and JSON both read it."""
    return _number(value) if isinstance(value, WrittenNumber) else json.dumps(value)


def array_text(rows: Sequence[object], kind: Kind) -> str:
    """The lists of an array that stands after `name = `, a row on a line."""
    if kind == "json":
        return _json(rows, "  ")
    nested = [row for row in rows if isinstance(row, list)]
    return "\n".join(("[", *_rows(nested, None, _INDENT), "]")) if nested else _row(rows)


def quoted_text(text: str) -> str:
    """A text between quotation marks, as TOML and JSON both read it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quoted_name(name: str) -> str:
    """A name as it stands before `=`."""
    return name if _BARE.fullmatch(name) else quoted_text(name)


def _is_text(name: str) -> bool:
    return name in ("title", "about", "source", "errata")


def _top(name: str, value: object) -> list[str]:
    if name == "title" and isinstance(value, dict):
        return [f"{name} = {{ {', '.join(f'{language} = {quoted_text(text)}' for language, text in value.items())} }}"]
    if _is_text(name) and (isinstance(value, dict) or name != "title"):
        return _texts(name, value)
    if isinstance(value, str):
        return [f"{name} = {quoted_text(value)}"]
    if isinstance(value, list):
        return _tokens(name, value)
    if isinstance(value, dict):
        return [line for language, texts in value.items() for line in _tokens(f"{name}.{language}", texts)]
    return [f"{name} = {_number(value)}"]


def _texts(name: str, value: object) -> list[str]:
    """One text, one in each language, or a list of such, a paragraph on a line."""
    if isinstance(value, list):
        return [f"{name} = [", *(f"{_INDENT}{_value(one)}," for one in value), "]"]
    by_language = value if isinstance(value, dict) else {"": value}
    return [
        line
        for language, text in by_language.items()
        for line in _paragraph(f"{name}.{language}" if language else name, str(text))
    ]


def _tokens(name: str, tokens: Sequence[str]) -> list[str]:
    words = [quoted_text(token) for token in tokens]
    line = f"{name} = [{', '.join(words)}]"
    if _width(line) <= _WIDTH:
        return [line]
    filled = _filled([f"{word}, " for word in words])
    return [f"{name} = [", *(f"{_INDENT}{line.rstrip()}" for line in filled), "]"]


def _paragraph(name: str, text: str) -> list[str]:
    line = f"{name} = {quoted_text(text)}"
    if "\n" not in text and _width(line) <= _WIDTH:
        return [line]
    escaped = re.sub(r'"(?="")', r"\"", text.replace("\\", "\\\\"))
    lines = [f'{name} = """']
    for paragraph in escaped.split("\n"):
        *continued, last = _filled(_BREAKS.split(paragraph))
        lines += [*(f"{line}\\" for line in continued), last]
    return [*lines[:-1], f"{lines[-1]}\\", '"""']  # a backslash at a line's end joins the next one to it


def _table(table: str, values: Mapping[str, object], labels: Mapping[str, Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for name, value in values.items():
        if table in _OF_TEXTS:
            lines += _texts(quoted_name(name), value)
        elif isinstance(value, dict) and name in _TABLES:
            lines += ["", f"[{table}.{name}]", *_table(f"{table}.{name}", value, labels)]
        elif _repeats(value):
            lines += _repeated(f"{table}.{name}", value)
        elif isinstance(value, dict) and (table in _OF_SETTINGS or name == "decimals"):
            lines.append(f"{quoted_name(name)} = {_value(value)}")
        elif isinstance(value, dict):
            lines += [f"{quoted_name(name)}.{quoted_name(label)} = {_row(row)}" for label, row in value.items()]
        elif isinstance(value, list) and isinstance(value[0], list):
            lines += [f"{quoted_name(name)} = [", *_rows(value, labels.get(f"{table}.{name}"), _INDENT), "]"]
        elif isinstance(value, list):
            lines.append(f"{quoted_name(name)} = {_row(value)}")
        else:
            lines.append(f"{quoted_name(name)} = {_value(value)}")
    return lines


def _repeats(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _repeated(name: str, tables: object) -> list[str]:
    """A table for each entry, under the same name."""
    lines: list[str] = []
    for table in tables if isinstance(tables, list) else ():
        lines += ["", f"[[{name}]]"]
        for inner, value in table.items():
            if name == "blocks" and inner in _NESTED:
                lines += ["", f"[{name}.{inner}]", *_table(inner, value, {})]
                continue
            lines += _tokens(inner, value) if inner == "tokens" else [f"{inner} = {_value(value)}"]
    return lines


def _rows(rows: Sequence[Sequence[object]], labels: Sequence[str] | None, indent: str) -> list[str]:
    """One row a line; the matrices of several heads one after the other."""
    lines: list[str] = []
    for index, row in enumerate(rows):
        if isinstance(row[0], list):
            inner: list[Sequence[object]] = [entry for entry in row if isinstance(entry, list)]
            lines += [f"{indent}[ # head {index}", *_rows(inner, labels, indent + _INDENT), f"{indent}],"]
        else:
            comment = f" # {_shortened(labels[index])}" if labels else ""
            lines.append(f"{indent}{_row(row)},{comment}")
    return lines


def _row(entries: Iterable[object]) -> str:
    return f"[{', '.join(map(_value, entries))}]"


def _value(value: object) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{quoted_name(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return _row(value)
    return quoted_text(value) if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    """A number or a truth value; −∞ is `-inf`, as TOML has it."""
    if isinstance(value, WrittenNumber):
        return value.text if _NUMBER.fullmatch(value.text) else quoted_text(value.text)
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _shortened(token: str) -> str:
    clean = clean_line(token)
    return clean if len(clean) <= _LONGEST_COMMENT else f"{clean[: _LONGEST_COMMENT - 1]}…"


def _filled(pieces: Iterable[str]) -> list[str]:
    """The pieces on as few lines as they fit on."""
    lines: list[str] = []
    room = 0
    for piece in pieces:
        width = _width(piece)
        if lines and width <= room:
            lines[-1] += piece
        else:
            lines.append(piece)
            room = _WIDTH
        room -= width
    return lines


def _width(text: str) -> int:
    """Roughly, how many columns an editor needs: Chinese characters take two."""
    return sum(2 if character >= "\u2e80" else 1 for character in text)


def _json(value: object, indent: str) -> str:
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        members = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {_json(one, inner)}" for name, one in value.items())
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return "[\n" + ",\n".join(f"{inner}{_json(row, inner)}" for row in value) + f"\n{indent}]"
    if isinstance(value, list):
        return f"[{', '.join(_json(entry, inner) for entry in value)}]"
    if isinstance(value, WrittenNumber):
        return _number(value)
    return "null" if value == -float("inf") else json.dumps(value, ensure_ascii=False)
