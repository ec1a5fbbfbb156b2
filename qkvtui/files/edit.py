"""The text of an example file with only what differs replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.block import OUTSIDE_BLOCKS
from ..graph.document import Document
from ..graph.example import Example
from ..graph.layers import with_own_layer
from ..graph.task import Learn
from .clean import clean_line
from .digits import step_of
from .layout import array_text, toml_text, value_text
from .names import PRECISION
from .npy import AnyArray
from .npz import Archive, path_of
from .printedlayers import in_layer
from .same import differing
from .spans import Path, Replacement, Spans, TextSpan, entries, replaced
from .structure import patch_structure

_ATTENTION: Path = ("attention",)
_LEARN: Path = ("learn",)
_VOCABULARY: Path = ("learn", "vocabulary")
_COURSE = ("start", "seed", "optimizer", "rate", "steps")
"""What a learner can change about a run."""
_PUBLISHED: Path = ("published",)


def edited(
    document: Document, original: Example, changed: Example, archive: Archive | None, arrays_name: str | None
) -> str:
    """The document with the numbers and settings of `changed`.

    Raises LookupError for a layout in which a place to edit cannot be found. Differences that a learner cannot make,
    such as another title, are not looked for: whoever calls this compares what the text says.
    """
    spans = Spans(document.text, document.kind)
    edits = [*_names(spans, document, archive, arrays_name), *_put_in(spans, original, changed)]
    if original.layers:
        edits += _settings(spans, _LEARN, _COURSE, original.learn, changed.learn)
        return replaced(
            document.text,
            [*edits, *_of_layers(spans, original, changed, document), *_withdrawn(spans, original, changed)],
        )
    for table in ("inputs", "parameters"):
        old, new = getattr(original, table), getattr(changed, table)
        for name in old.keys() & new.keys():
            written_here = (table, name) in spans.values  # X is not where a vocabulary gives it
            if written_here and (document.arrays is None or f"{table}.{name}" not in document.arrays):
                edits += _numbers(spans, (table, name), old[name], new[name])
    edits += _settings(spans, _ATTENTION, ("scale", "causal"), original.attention, changed.attention)
    edits += _settings(spans, _LEARN, _COURSE, original.learn, changed.learn)
    edits += _words(spans, original.learn, changed.learn)
    edits += _withdrawn(spans, original, changed)
    return replaced(document.text, edits)


def _put_in(spans: Spans, original: Example, changed: Example) -> Iterator[Replacement]:
    """What was put in from another run, behind all else that the file says."""
    count = len(original.patches)
    if spans.kind == "json" or changed.patches[:count] != original.patches:
        if changed.patches != original.patches:
            raise LookupError("there is no end to write behind")
    elif changed.patches[count:]:
        entries_of = [patch_structure(changed, patch) for patch in changed.patches[count:]]
        lines = toml_text({"patch": entries_of}, {}).splitlines()
        yield _after_line(spans.text, len(spans.text), lines)


def _of_layers(spans: Spans, original: Example, changed: Example, document: Document) -> Iterator[Replacement]:
    """What differs in a file with blocks: numbers of the words, of each block, of the readout; scale and mask."""
    original, changed = with_own_layer(original), with_own_layer(changed)
    elsewhere = {path_of(place) for place in document.arrays or ()}
    if (
        original.entering is not None
        and changed.entering is not None
        and ("inputs", "X") in spans.values.keys() - elsewhere
    ):
        yield from _numbers(spans, ("inputs", "X"), original.entering, changed.entering)
    for index, (old, new) in enumerate(zip(original.layers, changed.layers, strict=True)):
        for name in old.parameters.keys() & new.parameters.keys():
            if index and OUTSIDE_BLOCKS.get(name) == "vocabulary":
                continue  # the last layer reads with the table that the first one begins with
            path = _path_in_layers(name, index)
            if path not in elsewhere:
                yield from _numbers(spans, path, old.parameters[name], new.parameters[name])
        table: Path = ("blocks", index, "attention")
        yield from _settings(spans, table, ("scale", "causal"), old.attention, new.attention)


def _path_in_layers(name: str, index: int) -> Path:
    table = OUTSIDE_BLOCKS.get(name)
    return (table, name) if table is not None else ("blocks", index, "parameters", name)


def _names(spans: Spans, document: Document, archive: Archive | None, arrays_name: str | None) -> list[Replacement]:
    """The new file of arrays, and the arrays in it that have new names."""
    if archive is None or arrays_name is None or document.arrays is None:
        return []
    edits = [Replacement(spans.values["arrays",], json.dumps(arrays_name, ensure_ascii=False))]
    for place, name in archive.names.items():
        if name != document.arrays[place]:
            edits.append(Replacement(spans.values[path_of(place)], json.dumps(name, ensure_ascii=False)))
    return edits


def _numbers(spans: Spans, path: Path, old: FloatArray, new: FloatArray) -> list[Replacement]:
    if old is new:
        return []
    changed = np.argwhere(differing(old, new))
    if not len(changed):
        return []
    whole = spans.values[path]
    if spans.text[whole.start] in "\"'":  # pasted as a text, in whatever way: lists take its place
        return [Replacement(whole, array_text(new.tolist(), spans.kind))]
    entries_of = cache(lambda span: entries(spans.text, span))
    depth = _depth(spans.text, whole)
    edits: list[Replacement] = []
    for index in changed:
        cell = whole
        for at in _place_written(index, depth, new.shape[-1]):
            cell = entries_of(cell)[at]
        edits.append(Replacement(cell, repr(float(new[tuple(index)]))))
    return edits


def _place_written(index: AnyArray, depth: int, width: int) -> AnyArray:
    """Where a number stands in the text; in a matrix written without heads they stand side by side."""
    if len(index) <= depth:
        return index
    head, row, column = index
    return np.array((row, head * width + column))


def _depth(text: str, span: TextSpan) -> int:
    """How many axes the array is written with."""
    depth = 0
    while text[span.start] == "[":
        span = entries(text, span)[0]
        depth += 1
    return depth


def _words(spans: Spans, original: Learn | None, changed: Learn | None) -> list[Replacement]:
    """The numbers of the vocabulary, which stand behind words that may be cleaned."""
    if original is None or changed is None or original.vocabulary is None or changed.vocabulary is None:
        return []
    paths = {clean_line(str(path[-1])): path for path in spans.members(_VOCABULARY)}
    old = dict(zip(original.vocabulary.words, original.vocabulary.embeddings, strict=True))
    new = dict(zip(changed.vocabulary.words, changed.vocabulary.embeddings, strict=True))
    return [edit for word in old.keys() & new.keys() for edit in _numbers(spans, paths[word], old[word], new[word])]


def _settings(spans: Spans, table: Path, names: Sequence[str], old: object, new: object) -> list[Replacement]:
    edits: list[Replacement] = []
    missing: dict[str, str] = {}
    for name in names:
        value = getattr(new, name, None)
        if value is None or value == getattr(old, name, None):
            continue
        path = (*table, name)
        if path in spans.values:
            edits.append(Replacement(spans.values[path], value_text(value)))
        else:
            missing[name] = value_text(value)
    return [*edits, _inserted(spans, table, missing)] if missing else edits


def _inserted(spans: Spans, table: Path, settings: dict[str, str]) -> Replacement:
    """More settings: in the table there is, however it is written, or in a new one."""
    is_listed = table[0] == "blocks" and ("blocks", table[1]) not in spans.tables
    if is_listed and spans.kind != "json" and table not in spans.values:
        raise LookupError("the blocks are written as a list")
    if spans.kind == "json":
        members = [f'"{name}": {value}' for name, value in settings.items()]
        if table in spans.values:
            return _in_braces(spans, table, members)
        return _in_braces(spans, table[:-1], [f'"{table[-1]}": {{{", ".join(members)}}}'])
    lines = [f"{name} = {value}" for name, value in settings.items()]
    if table in spans.values:
        return _in_braces(spans, table, lines)
    if table in spans.tables:
        return _after_line(spans.text, spans.tables[table], lines)
    dotted = spans.below(table)
    if dotted:
        end = max(spans.values[path].end for path in dotted)
        return _after_line(spans.text, end, [f"{table[-1]}.{line}" for line in lines])
    name = ".".join(part for part in table if isinstance(part, str))
    block = table[:-1]
    ends = [end for path, end in spans.tables.items() if block and path[: len(block)] == block]
    return _after_line(spans.text, max(ends, default=len(spans.text)), ["", f"[{name}]", *lines])


def _in_braces(spans: Spans, table: Path, members: list[str]) -> Replacement:
    last = max(spans.members(table), key=lambda path: spans.starts[path], default=None)
    if last is None:
        start = spans.values[table].start + 1
        return Replacement(TextSpan(start, start), f" {', '.join(members)} ")
    start, end = spans.starts[last], spans.values[last].end
    before = spans.text[:start]
    space = before[len(before.rstrip()) :] or " "
    return Replacement(TextSpan(end, end), "".join(f",{space}{member}" for member in members))


def _after_line(text: str, position: int, lines: list[str]) -> Replacement:
    """Lines of their own below the one that `position` is on, or at the end of the text."""
    newline = "\r\n" if "\r\n" in text else "\n"
    start = text.rfind("\n", 0, position) + 1
    indent = text[start : len(text) - len(text[start:].lstrip(" \t"))]
    new = [f"{indent}{line}" if line else line for line in lines]
    end = text.find("\n", position) + 1
    if end:
        return Replacement(TextSpan(end, end), "".join(f"{line}{newline}" for line in new))
    first = newline if text and not text.endswith("\n") else ""
    return Replacement(TextSpan(len(text), len(text)), first + "".join(f"{line}{newline}" for line in new))


def _withdrawn(spans: Spans, original: Example, changed: Example) -> list[Replacement]:
    """Lines left out: published numbers of steps that there are no longer, such as `scaled` without a scale."""
    old, new = _printed_names(original), _printed_names(changed)
    if old == new:
        return []
    if len(original.layers) > 1:
        raise LookupError("a step of one layer has several names")
    gone = set(map(step_of, old - new))
    names = [path for path in spans.below(_PUBLISHED) if len(path) > 1 and step_of(str(path[1])) in gone]
    if not new:
        names += [(*_PUBLISHED, name) for name in PRECISION if (*_PUBLISHED, name) in spans.values]
    if spans.kind == "json" or _PUBLISHED in spans.values:
        raise LookupError("what stands in braces has no lines")
    outermost = [path for path in names if not any(path[:length] in spans.values for length in range(1, len(path)))]
    return [Replacement(_lines(spans, path), "") for path in outermost]


def _printed_names(example: Example) -> set[str]:
    """The published steps by the names that the file has for them."""
    if not example.printed:
        return set() if example.published is None else set(example.published.rows)
    layers = enumerate(example.printed)
    return {in_layer(step, layer) for layer, one in layers if one is not None for step in one.rows}


def _lines(spans: Spans, path: Path) -> TextSpan:
    text, end = spans.text, spans.values[path].end
    start = text.rfind("\n", 0, spans.starts[path]) + 1
    stop = text.find("\n", end) + 1
    return TextSpan(start, stop or len(text))
