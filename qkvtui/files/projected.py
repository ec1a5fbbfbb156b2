"""X and the projections of it: the arrays of an example that starts from embeddings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.mechanisms import NORMS, SCORINGS
from ..operations.file_places import row_place
from ..said import say
from .cells import MOST_PER_ARRAY
from .draft import Table
from .forms import Form, Need, need
from .matrices import ArrayReader
from .phrases import counted
from .sizes import FileSizes, times


class Arrays(NamedTuple):
    """The arrays of an example and the lengths they agree on."""

    inputs: dict[str, FloatArray]
    parameters: dict[str, FloatArray]
    sizes: FileSizes


class Found:
    """The arrays of one table, read one after the other; they join those in `arrays`, if given."""

    def __init__(self, table: Table, reader: ArrayReader, arrays: dict[str, FloatArray] | None = None) -> None:
        self.table = table
        self.reader = reader
        self.arrays: dict[str, FloatArray] = {} if arrays is None else arrays

    def matrix(self, form: Form, missing: str | None = None) -> FloatArray | None:
        """The matrix `form.name`, if given; `missing` is what to say if it must be there and is not."""
        if form.name not in self.table:
            if missing is not None:
                self.table.report_missing(form.name, missing)
            return None
        place = self.table.place_of(form.name)
        return self._keep(form.name, self.reader.matrix(self.table.values[form.name], place, form))

    def vector(self, form: Form) -> None:
        """The vector `form.name`, if given."""
        if form.name in self.table:
            place = self.table.place_of(form.name)
            self._keep(form.name, self.reader.vector(self.table.values[form.name], place, form))

    def _keep(self, name: str, array: FloatArray | None) -> FloatArray | None:
        if array is not None:
            self.arrays[name] = array
        return array


def read_plain(inputs: Table, parameters: Table, attention: Table, reader: ArrayReader, sizes: FileSizes) -> Arrays:
    """X alone: its rows themselves ask, are found and are handed over."""
    given = Found(inputs, reader)
    width = _read_x(given, sizes)
    if sizes.heads is not None and sizes.heads > 1:
        attention.report(
            "heads", say("has nothing to share"), say("heads share the columns of W_Q, W_K and W_V; give these too")
        )
    if "Y" in inputs and not inputs.draft.is_excused("context"):
        inputs.report("Y", say("is given, but there is no context"), say("Y holds the rows of the context's tokens"))
    sizes = sizes._replace(m=width, k=width, keys=width, y=width, z=width, v=width)
    read_of_scores(Found(parameters, reader), attention, sizes)
    return Arrays(given.arrays, {}, sizes)


def read_projected(
    inputs: Table,
    parameters: Table,
    attention: Table,
    reader: ArrayReader,
    sizes: FileSizes,
    *,
    context: bool,
    embedded: FloatArray | None = None,
) -> Arrays:
    """X, with a context Y, with other values Z, and the parameters; `sizes` holds t, s and the heads.

    `embedded` (t, m) is what a vocabulary gives for X, which need not be written then.
    """
    given = Found(inputs, reader)
    sizes = sizes._replace(m=_read_x(given, sizes) if embedded is None else _agreed_x(given, sizes, embedded))
    sizes = _read_others(given, sizes, context=context)
    learned = Found(parameters, reader)
    of_keys = "Y" if context else "X"
    sizes = _read_queries_and_keys(learned, sizes, attention, of_keys)
    sizes = _read_values(learned, sizes, "Z" if "Z" in inputs else of_keys)
    _read_biases(learned)
    read_of_scores(learned, attention, sizes)
    sizes = read_output_projection(learned.table, reader, learned.arrays, sizes)
    return Arrays(given.arrays, learned.arrays, sizes)


def _read_x(given: Found, sizes: FileSizes) -> int | None:
    x = given.matrix(Form("X", rows=need(sizes.t, say("one for each token"))))  # (t, m)
    return None if x is None else x.shape[1]


def _agreed_x(given: Found, sizes: FileSizes, embedded: FloatArray) -> int:
    width: int = embedded.shape[1]
    columns = Need(width, say("as many as each word of the vocabulary has"))
    x = given.matrix(Form("X", need(sizes.t, say("one for each token")), columns))  # (t, m)
    if x is not None:
        wrong = np.flatnonzero((x != embedded).any(axis=1))
        for row in wrong[:MOST_PER_ARRAY]:
            place = row_place(given.table.place_of("X"), int(row))
            expected = say("write the same numbers, or leave X out")
            given.table.draft.report(place, say("is not what the vocabulary has for this token"), expected)
    given.arrays["X"] = embedded
    return width


def _read_others(given: Found, sizes: FileSizes, *, context: bool) -> FileSizes:
    """Y (s, m_y) and Z (s, m_z)."""
    y = z = sizes.m
    if context:
        form = Form("Y", need(sizes.s, say("one for each token of the context")))
        found = given.matrix(form, say("the context's tokens have their rows in Y"))
        y = z = None if found is None else found.shape[1]
    elif "Y" in given.table and not given.table.draft.is_excused("context"):
        given.table.report(
            "Y", say("is given, but there is no context"), say("Y holds the rows of the context's tokens")
        )
    if "Z" in given.table:
        found = given.matrix(Form("Z", need(sizes.s, say("one for each token that is attended to"))))
        z = None if found is None else found.shape[1]
    return sizes._replace(y=y, z=z)


def _read_queries_and_keys(learned: Found, sizes: FileSizes, attention: Table, source: str) -> FileSizes:
    rows = need(sizes.m, say("{reason} and the queries are X W_Q", reason=_like("X", sizes.m)))
    w_q = learned.matrix(Form("W_Q", rows, torch="stacked"), say("with X, the queries are X W_Q"))  # (m, h·k)
    d_k = shared(learned.table, "W_Q", w_q, sizes.heads)
    columns = need(times(sizes.kv_heads, d_k), _as_long_as_queries(w_q, d_k, sizes))
    if attention.values.get("scoring") == "general":  # W_S leads from one to the other
        columns = None
    because = say("{reason} and the keys are {source} W_K", reason=_like(source, sizes.y), source=source)
    rows = need(sizes.y, because)
    w_k = learned.matrix(
        Form("W_K", rows, columns, torch="turned"), say("with X, the keys are {source} W_K", source=source)
    )  # (m_y, g·k)
    keys = shared(learned.table, "W_K", w_k, sizes.kv_heads) if d_k is None or columns is None else d_k
    return sizes._replace(k=keys if d_k is None else d_k, keys=keys)


def _read_values(learned: Found, sizes: FileSizes, source: str) -> FileSizes:
    because = say("{reason} and the values are {source} W_V", reason=_like(source, sizes.z), source=source)
    rows = need(sizes.z, because)
    w_v = learned.matrix(
        Form("W_V", rows, torch="turned"), say("with X, the values are {source} W_V", source=source)
    )  # (m_z, g·v)
    return sizes._replace(v=shared(learned.table, "W_V", w_v, sizes.kv_heads))


def _read_biases(learned: Found) -> None:
    for letter in "QKV":
        matrix = learned.arrays.get(f"W_{letter}")
        width = None if matrix is None else matrix.shape[1]
        learned.vector(Form(f"b_{letter}", columns=need(width, _like(f"W_{letter}", width))))


def read_output_projection(
    parameters: Table, reader: ArrayReader, arrays: dict[str, FloatArray], sizes: FileSizes
) -> FileSizes:
    """W_O (h·v, m) and b_O, which go into `arrays`; without X, W_O may have any number of columns."""
    learned = Found(parameters, reader, arrays)
    width = times(sizes.heads, sizes.v)
    rows = need(width, say("because the heads' outputs side by side have {width} columns", width=width))
    columns = need(sizes.m, say("{reason}, and what comes out is as wide as what went in", reason=_like("X", sizes.m)))
    w_o = learned.matrix(Form("W_O", rows, columns, torch="turned"))
    projected = None if w_o is None else w_o.shape[1]
    learned.vector(Form("b_O", columns=need(projected, _like("W_O", projected))))
    if "b_O" in parameters and "W_O" not in parameters and not parameters.draft.is_excused("W_O"):
        parameters.report("b_O", say("is given without W_O"), say("b_O is added to heads · W_O"))
    return sizes._replace(projected=projected)


def refuse_read_out(parameters: Table, problem: str) -> None:
    """Report W_R and b_R, which have nothing to do without labels."""
    for name in ("W_R", "b_R"):
        if name in parameters:
            parameters.report(name, problem, say("leave it out"))


def shared(table: Table, name: str, matrix: FloatArray | None, heads: int | None) -> int | None:
    """The columns of each head; None after reporting columns that the heads cannot share equally."""
    if matrix is None or heads is None:
        return None
    columns: int = matrix.shape[1]
    if columns % heads == 0:
        return columns // heads
    table.report(
        name,
        say(
            "has {columns}, which {heads} cannot share equally",
            columns=counted(columns, "column"),
            heads=counted(heads, "head"),
        ),
        say(
            "{name} needs {once}, {twice}, {thrice}, … columns",
            name=name,
            once=heads,
            twice=2 * heads,
            thrice=3 * heads,
        ),
    )
    return None


def _like(name: str, columns: int | None) -> str:
    return say("because {reason}", reason=_has(name, columns))


def read_of_scores(learned: Found, attention: Table, sizes: FileSizes) -> None:
    """g_Q and g_K of a norm, W_S (k, key width) or v_S (k) of a scoring; refused where nothing asks for them."""
    for letter, width in (("Q", sizes.k), ("K", sizes.keys)):
        because = say("one for each number of a query") if letter == "Q" else say("one for each number of a key")
        missing = say("a norm multiplies by it; 1 in each place changes nothing")
        _if_asked(learned, attention, "norm", "rms", f"g_{letter}", missing)
        learned.vector(Form(f"g_{letter}", columns=need(width, because)))
    _if_asked(learned, attention, "scoring", "general", "W_S", say("with it, scores are Q W_S Kᵀ"))
    query, key = (
        need(width, length)
        for width, length in ((sizes.k, say("the length of a query")), (sizes.keys, say("the length of a key")))
    )
    learned.matrix(Form("W_S", query, key))
    _if_asked(learned, attention, "scoring", "additive", "v_S", say("with it, scores are v_S · tanh(q + k)"))
    learned.vector(Form("v_S", columns=query))


def _if_asked(learned: Found, attention: Table, setting: str, word: str, name: str, missing: str) -> None:
    """Report a parameter that belongs to a setting and is missing, or is there without it."""
    value = attention.values.get(setting)
    if value == word:
        if name not in learned.table:
            learned.table.report_missing(name, missing)
    elif name in learned.table and value in (None, *NORMS, *SCORINGS) and not attention.draft.is_excused(setting):
        learned.table.report(
            name, say("has nothing to do here"), say('it goes with {setting} = "{word}"', setting=setting, word=word)
        )


def _as_long_as_queries(w_q: FloatArray | None, d_k: int | None, sizes: FileSizes) -> str:
    columns = 0 if w_q is None else w_q.shape[1]
    if sizes.heads == sizes.kv_heads:
        return say("because keys are as long as queries, and {reason}", reason=_has("W_Q", columns))
    shared = say("{reason} for {heads}", reason=_has("W_Q", columns), heads=counted(sizes.heads or 0, "head"))
    return say(
        "{d_k} for each key/value head, because keys are as long as queries, and {reason}", d_k=d_k, reason=shared
    )


def _has(name: str, columns: int | None) -> str:
    return say("{name} has {columns}", name=name, columns=counted(columns or 0, "column"))
