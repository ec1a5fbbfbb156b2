"""`[vocabulary]` and `[readout]`: the table that tokens are rows of, and how the next word is read."""

from __future__ import annotations

from ..engine.arrays import FloatArray, protect
from ..graph.block import SINUSOIDAL, Readout, WordTable
from ..graph.positions import entering_rows
from ..operations.file_places import entry_place
from ..said import say
from .draft import Table
from .forms import Form, need
from .matrices import ArrayReader
from .phrases import did_you_mean, quoted
from .projected import Found
from .single import above_0, truth
from .sizes import FileSizes
from .tokens import read_tokens


def read_vocabulary_table(
    top: Table, reader: ArrayReader, sizes: FileSizes
) -> tuple[WordTable | None, dict[str, FloatArray]]:
    """The words, and `E` (n, m), `positions` (t or more, m) and so on, as far as they are sound; none without it."""
    if "vocabulary" not in top:
        return None, {}
    table = top.table("vocabulary")
    table.refuse_others()
    words = read_tokens(table, "tokens")
    found = Found(table, reader)
    count = None if words is None else len(words)
    e = found.matrix(Form("E", need(count, say("one for each word"))), say("each word has a row of numbers in E"))
    twice = [] if words is None else [word for index, word in enumerate(words) if word in words[:index]]
    if twice:
        table.report("tokens", say("has {word} twice", word=quoted(twice[0])), say("each word is given once"))
    width = None if e is None else e.shape[1]
    is_sinusoidal = table.values.get("positions") == SINUSOIDAL
    if "positions" in table and not is_sinusoidal:
        form = Form("positions", columns=need(width, say("as wide as a word's row")))
        places = found.matrix(form)
        if places is not None and sizes.t is not None and len(places) < sizes.t:
            table.report(
                "positions",
                say("has {count}", count=len(places)),
                say("each of the {count} tokens needs a row", count=sizes.t),
            )
    if "types" in table:
        found.matrix(Form("types", columns=need(width, say("as wide as a word's row"))))
    norm = truth(table, "norm")
    _read_norm(table, found, norm, width)
    if "W_E" in table:
        found.matrix(Form("W_E", need(width, say("as many rows as a word has numbers"))))
        wide = found.arrays["W_E"].shape[1] if "W_E" in found.arrays else None
        found.vector(Form("b_E", columns=need(wide, say("as many as W_E has columns"))))
    elif "b_E" in table:
        table.report("b_E", say("has nothing to do here"), say("it goes with W_E"))
    protect(found.arrays)
    scale = above_0(table, "scale") or 1.0
    told = None if words is None or twice else WordTable(words, is_sinusoidal, scale=scale, norm=norm)
    return told, found.arrays


def _read_norm(table: Table, found: Found, norm: bool, width: int | None) -> None:
    """`g_E` and `b_En` (m,) of the norm of what is added up."""
    for name in ("g_E", "b_En"):
        if norm:
            found.vector(Form(name, columns=need(width, say("as wide as a word's row"))))
        elif name in table:
            table.report(name, say("has nothing to do here"), say("it goes with norm = true"))


def embedded_words(
    top: Table, words: WordTable | None, arrays: dict[str, FloatArray], tokens: tuple[str, ...] | None
) -> FloatArray | None:
    """(t, m): room for the rows of the tokens, which are words with places."""
    if words is None or tokens is None or "E" not in arrays:
        return None
    rows = {word: row for row, word in enumerate(words.words)}
    unknown = [index for index, token in enumerate(tokens) if token not in rows]
    for index in unknown[:3]:
        near = did_you_mean(tokens[index], words.words)
        top.draft.report(
            entry_place("tokens", index), say("{token} is not in the vocabulary", token=quoted(tokens[index])), near
        )
    if unknown:
        return None
    if len(arrays.get("positions", tokens)) < len(tokens):
        return None
    return entering_rows(arrays, len(tokens))


def read_readout(
    top: Table, reader: ArrayReader, width: int | None, words: WordTable | None
) -> tuple[Readout | None, dict[str, FloatArray]]:
    """The settings, and `W_U` (m, n), `b_U` (n,), `g_U` and `b_Un` (m,) as far as they are sound; none without it."""
    if "readout" not in top:
        return None, {}
    table = top.table("readout")
    table.refuse_others()
    found = Found(table, reader)
    tied = truth(table, "tied")
    if "vocabulary" not in top and not top.draft.is_excused("vocabulary"):
        top.draft.report("readout", say("reads words, and there are none"), say("give [vocabulary]"))
    count = None if words is None else len(words.words)
    across = need(count, say("one for each word"))
    if tied and "W_U" in table:
        table.report(
            "W_U", say("is given, and tied = true"), say("tied takes the table of words instead; leave one out")
        )
    elif not tied:
        found.matrix(
            Form("W_U", need(width, say("one for each column of X")), across), say("Z is X′ W_U; or write tied = true")
        )
    found.vector(Form("b_U", columns=across))
    norm = truth(table, "norm")
    columns = need(width, say("one for each column of X"))
    for name in ("g_U", "b_Un"):
        if norm:
            found.vector(Form(name, columns=columns))
        elif name in table:
            table.report(name, say("has nothing to do here"), say("it goes with norm = true"))
    protect(found.arrays)
    softcap = above_0(table, "softcap")
    return Readout(tied, norm, above_0(table, "temperature") or 1.0, softcap), found.arrays
