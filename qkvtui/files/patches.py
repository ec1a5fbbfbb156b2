"""`[[patch]]`: another run of the same shape, rows of it that are put into this one, and a number to watch."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import ExampleError, QkvtuiError
from ..graph.example import Example, OtherRun, Patch
from ..graph.layers import of_layer, words_at
from ..graph.rows import Graph, GraphRow
from ..graph.steps import graph_of
from ..operations.file_places import item_place
from ..operations.tensors import Axis
from ..said import say
from .arrayfile import stays_in
from .clean import clean_line
from .draft import Table
from .find import Located, bundled, bundled_names, looks_like_a_path, stem_of
from .phrases import is_kind, listed, quoted
from .tokens import TokenError, checked_index, read_tokens, token_index

Other = Callable[[Table, object], Example | None]
"""The run that `from` names; None after reporting that there is none."""
Load = Callable[[Located], Example]
Read = Callable[[str], Example]
"""How a model reads another sentence."""
_EXPECTED = say('each is a table, as in [[patch]] with from = "other.toml" and watch = "weights[it,animal]"')
_WIDE = {"embeddings": say("columns of X"), "output": say("columns of O")}
"""The steps whose rows a table of patches puts over."""
_MOST = 32
"""Entries of `[[patch]]`: each may have a file of its own to be read."""
_AT = re.compile(r"(?P<step>X|[a-z_]+)(?:@(?:(?P<layer>[0-9]{1,6})\.)?(?P<last>[0-9]{1,6}))?")


def patched_in_file(top: Table, file: str, example: Example, read: Read) -> Example:
    """A model's example with what `[[patch]]` of its file says. Raises ExampleError."""
    found = read_patches(top, example, lambda table, asked: _read(table, asked, read))
    if not top.draft.sound:
        raise ExampleError(file, top.draft.problems())
    return replace(found, written=found)


def patched_with(top: Table, example: Example, folder: str | None, load: Load) -> Example:
    """The example with what `[[patch]]` of its file says, after reporting what is wrong with it.

    `load` reads another file without its own `[[patch]]`: files may name each other.
    """
    return read_patches(top, example, lambda table, asked: _other_example(table, example, asked, folder, load))


def read_patches(top: Table, example: Example, other: Other) -> Example:
    """The example with the other runs that `[[patch]]` names, each found by `other`."""
    given = top.values.get("patch", [])
    if not isinstance(given, list):
        top.report("patch", is_kind(given), _EXPECTED)
        return example
    if len(given) > _MOST:
        top.report("patch", say("has {count} entries", count=f"{len(given):,}"), say("at most {most}", most=_MOST))
        return example
    others, patches = [], []
    other = _once(other)
    for index, entry in enumerate(given):
        place = item_place("patch", index)
        if not isinstance(entry, dict):
            top.draft.report(place, is_kind(entry), _EXPECTED)
            continue
        table = Table(entry, place, top.draft)
        table.refuse_others("patch")
        run = _run(table, example, other)
        patch = None if run is None else _patch(table, example, run)
        others += [] if run is None else [run]
        patches += [] if patch is None else [patch]
    return replace(example, others=tuple(others), patches=tuple(patches))


def _once(find: Other) -> Other:
    """The same, with each run that was found looked for only once."""
    known: dict[str, Example] = {}

    def found(table: Table, asked: object) -> Example | None:
        name = repr(asked)
        run = known[name] if name in known else find(table, asked)
        if run is not None:
            known[name] = run
        return run

    return found


def misfit(example: Example, other: Example) -> tuple[str, int, int] | None:
    """Why rows of `other` cannot be put into `example`: of what they have not as many, how many here, how many there.

    None where they can.
    """
    return next((one for one in _measures(example, other) if one[1] != one[2]), None)


def _measures(example: Example, other: Example) -> Iterator[tuple[str, int, int]]:
    """What must be alike: (what it is, how many here, how many there)."""
    count = len(example.layers)
    yield say("layers"), max(1, count), max(1, len(other.layers))
    for layer in (0, max(0, count - 1)):
        yield say("tokens"), len(words_at(example, layer)), len(words_at(other, layer))
    yield say("keys"), len(example.keys), len(other.keys)
    for layer in range(max(1, count)):
        ours, theirs = (_graph(one, layer) for one in (example, other))
        yield say("heads"), ours.sizes.heads, theirs.sizes.heads
        for step, what in _WIDE.items():
            if step in ours.rows and step in theirs.rows:
                yield what, ours.shape(step)[1], theirs.shape(step)[1]


def _graph(example: Example, layer: int) -> Graph:
    return graph_of(of_layer(example, layer) if example.layers else example)


def _run(table: Table, example: Example, find: Other) -> OtherRun | None:
    """The other run, whose shapes are this one's."""
    watch = _watch(table)
    asked = table.values.get("from")
    if asked is None:
        table.report_missing("from", _EXPECTED)
        return None
    other = find(table, asked)
    if other is None:
        return None
    unlike = misfit(example, other)
    if unlike is not None:
        what, ours, theirs = unlike
        problem = say("{what}: {theirs} there, {ours} here", what=what, theirs=theirs, ours=ours)
        table.report("from", problem, say("both runs must have as many {what}", what=what))
        return None
    of_words = isinstance(asked, list)
    return OtherRun(other, " ".join(other.tokens) if of_words else clean_line(str(asked)), watch, of_words)


def _watch(table: Table) -> str:
    """Whether it names a number is seen when the example is computed."""
    given = table.values.get("watch")
    if given is None and "at" not in table:
        table.report_missing("watch", say('it is the number to watch, as in watch = "weights[it,animal]"'))
    elif given is not None and not isinstance(given, str):
        table.report("watch", is_kind(given), say('it is an address, as in "weights[it,animal]"'))
    return clean_line(given) if isinstance(given, str) else ""


def _other_example(table: Table, example: Example, asked: object, folder: str | None, load: Load) -> Example | None:
    """The same file reading other words, or another file."""
    return _same_with_words(table, example) if isinstance(asked, list) else _other(table, asked, folder, load)


def _read(table: Table, asked: object, read: Read) -> Example | None:
    """The same model reading another sentence."""
    if not isinstance(asked, str) or not asked.strip():
        table.report("from", is_kind(asked), say("it is another sentence for the model to read"))
        return None
    try:
        return read(asked)
    except QkvtuiError as error:
        table.report("from", say("{file} cannot be used: {problem}", file=quoted(asked), problem=str(error)))
        return None


def _same_with_words(table: Table, example: Example) -> Example | None:
    """The same file, reading other words."""
    tokens = read_tokens(table, "from")
    if tokens is None:
        return None
    if example.vocabulary is None:
        table.report("from", say("is a list of tokens"), say("that goes with a [vocabulary]; else name a file"))
        return None
    unknown = [token for token in tokens if token not in example.vocabulary.words]
    if unknown:
        table.report("from", say("{token} is not in [vocabulary]", token=quoted(unknown[0])))
        return None
    return with_words(example, tokens)


def with_words(example: Example, tokens: tuple[str, ...]) -> Example:
    """The same example reading other words of its vocabulary."""
    query = min(example.query, len(tokens) - 1)
    return replace(example, tokens=tokens, query=query, gloss=(), others=(), patches=(), written=None)


def _other(table: Table, asked: object, folder: str | None, load: Load) -> Example | None:
    """The run of another file, beside this one or bundled."""
    located = _located(table, asked, folder)
    if located is None:
        return None
    try:
        return load(located)
    except QkvtuiError as error:
        table.report("from", say("{file} cannot be used: {problem}", file=quoted(str(asked)), problem=str(error)))
        return None


def _located(table: Table, asked: object, folder: str | None) -> Located | None:
    beside = say("it is a bundled name, or a file in the example's folder")
    if not isinstance(asked, str) or not asked or "\0" in asked:
        table.report("from", is_kind(asked), beside)
    elif not looks_like_a_path(asked):
        if asked in bundled_names():
            return bundled(asked)
        table.report("from", say("no bundled example is called {name}", name=quoted(asked)), beside)
    elif folder is None:
        table.report("from", say("is given by a text that lies in no folder"), beside)
    elif not stays_in(folder, asked):
        table.report("from", say("{name} leaves the example's folder", name=quoted(asked)), beside)
    else:
        return Located(clean_line(stem_of(asked)), os.path.join(folder, asked), asked)
    return None


def _patch(table: Table, example: Example, run: OtherRun) -> Patch | None:
    """What is put in at once; None where the file only proposes it."""
    if "at" not in table:
        if "row" in table:
            table.report("row", say("has nothing to do here"), say('it goes with at = "left@0" or another step'))
        return None
    asked = table.values["at"]
    found = _AT.fullmatch(asked.strip()) if isinstance(asked, str) else None
    if found is None:
        table.report("at", is_kind(asked), say('it is a step, as in "embeddings", "left@2" or "output@2.1"'))
        return None
    layer, head = _layer_and_head(found, example)
    count = max(1, len(example.layers))
    if layer >= count:
        table.report("at", say("there is no layer {layer}", layer=layer), say("layers are 0 to {last}", last=count - 1))
        return None
    step = "embeddings" if found["step"] == "X" else found["step"]
    graph, theirs = _graph(example, layer), _graph(run.example, layer)
    rows = graph.rows
    fitting = [
        one.id
        for one in rows.values()
        if _can_be_patched(one) and one.id in theirs.rows and graph.shape(one.id) == theirs.shape(one.id)
    ]
    if step not in fitting:
        table.report("at", say("{step} is no step whose rows can be patched", step=step), listed(fitting))
        return None
    if head is not None and (not rows[step].per_head or head >= graph.sizes.heads):
        table.report("at", say("{step} has no head {head}", step=step, head=head))
        return None
    row = _row(table, example.keys if rows[step].rows is Axis.KEY else example.tokens)
    return Patch(run, step, layer, row, head)


def _layer_and_head(found: re.Match[str], example: Example) -> tuple[int, int | None]:
    """`left@2` is of layer 2, and in a file without layers of head 2."""
    last = None if found["last"] is None else int(found["last"])
    if found["layer"] is not None:
        return int(found["layer"]), last
    return (last or 0, None) if example.layers else (0, last)


def _can_be_patched(row: GraphRow) -> bool:
    """Whether a step's rows are a token's, and its columns its numbers."""
    of_tokens = row.rows in (Axis.QUERY, Axis.KEY) and row.columns is Axis.FEATURE
    return row.is_step and row.has_numbers and of_tokens and not row.learns


def _row(table: Table, tokens: tuple[str, ...]) -> int | None:
    value = table.values.get("row")
    try:
        if isinstance(value, str):
            return token_index(clean_line(value), tokens, index_allowed=False)
        if isinstance(value, int) and not isinstance(value, bool):
            return checked_index(value, tokens)
    except TokenError as error:
        table.report("row", error.problem, error.expected)
        return None
    if value is not None:
        table.report("row", is_kind(value), say("it is one of the tokens, or its index counted from 0"))
    return None
