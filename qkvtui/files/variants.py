"""The `[attention]` table, read on: what an example adds to plain attention."""

from __future__ import annotations

from collections.abc import Sequence

from ..engine.arrays import FloatArray
from ..graph.mechanisms import CAUSALS, NORMS, PAIRS, SCORINGS, Alibi, Causal, Relative, Rotary, Scoring
from ..said import say
from .draft import Table
from .forms import Form, need
from .matrices import ArrayReader
from .npy import AnyArray
from .phrases import counted, is_kind, kind_of, listed, quoted
from .single import above_0, choice, finite
from .sizes import FileSizes

_BIASES = ("alibi", "relative")
_BIAS = say('{{ kind = "alibi", slopes = [0.5] }}, {{ kind = "relative", table = [[0, 1, 0]] }}, or a list of rows')
MOST_POSITIONS = 1 << 30


def is_ambiguous(attention: Table, sizes: FileSizes) -> bool:
    """Whether `causal = true` can mean two things: there is another number of keys than of queries."""
    return attention.values.get("causal") is True and None not in (sizes.t, sizes.s) and sizes.t != sizes.s


def read_causal(attention: Table, sizes: FileSizes, *, is_published: bool) -> Causal:
    """`causal`; with another number of keys than queries it is not guessed what true means.

    But a source that printed numbers (`is_published`) can be held to them: it is read as "first", as torch's is_causal
    is, and whoever meant "last" is told so by the numbers.
    """
    value = attention.values.get("causal", False)
    if is_ambiguous(attention, sizes):
        if is_published:
            return "first"
        found = say(
            "is true, and there are {queries} but {keys}",
            queries=counted(sizes.t or 0, "query"),
            keys=counted(sizes.s or 0, "key"),
        )
        attention.report(
            "causal", found, say('write "first" (query i sees keys 0 … i) or "last" (the last query sees all)')
        )
        return False
    if isinstance(value, bool):
        return value
    if value == "first":
        return "first"
    if value == "last":
        if sizes.t is not None and sizes.s is not None and sizes.t > sizes.s:
            expected = say('with more queries than keys the first ones would see nothing; write "first"')
            attention.report("causal", say('is "last"'), expected)
        return "last"
    attention.report(
        "causal",
        is_kind(value),
        say("it is true, false, {names}", names=listed(_quoted(CAUSALS), "or")),
    )
    return False


def read_window(attention: Table) -> int | None:
    """How many tokens a query sees, itself among them."""
    return _whole(attention, "window", 1, say("how many tokens a query sees, itself among them: a whole number from 1"))


def read_rotary(attention: Table, sizes: FileSizes) -> Rotary | None:
    """Rotary positions; their width is even and no more than a query has."""
    if "rotary" not in attention:
        return None
    if not isinstance(attention.values["rotary"], dict):
        expected = say("it is a table, as in {{ theta = 10000 }}; all in it may be left out")
        attention.report("rotary", is_kind(attention.values["rotary"]), expected)
        return None
    table = attention.table("rotary")
    table.refuse_others("attention.rotary")
    width = _whole(table, "width", 2, say("how many numbers of a query are turned: 2, 4, …"))
    turned, what = (width, "width") if width is not None else (sizes.k, "rotary")
    holder = table if what == "width" else attention
    if turned is not None and turned % 2:
        expected = say("numbers are turned in pairs")
        if what != "width":
            expected = say("{rule}: write an even width, as in {{ width = 2 }}", rule=expected)
        holder.report(what, say("turns {numbers} of a query", numbers=counted(turned, "number")), expected)
    elif width is not None and sizes.k is not None and width > sizes.k:
        table.report(
            "width", say("is {kind}", kind=width), say("a query has {numbers}", numbers=counted(sizes.k, "number"))
        )
    first = _whole(table, "first", 0, say("the position of the first key: a whole number from 0"))
    return Rotary(
        theta=above_0(table, "theta") or Rotary.theta,
        width=width,
        pairs=choice(table, "pairs", PAIRS),
        first=Rotary.first if first is None else first,
        factors=_factors(table, None if turned is None else turned // 2),
    )


def _factors(table: Table, pairs: int | None) -> tuple[float, ...]:
    """For each pair what its angle is divided by."""
    value = table.values.get("factors", [])
    numbers = value if isinstance(value, list) else []
    sound = [number for one in numbers if (number := finite(one)) is not None and number > 0]
    if not isinstance(value, list) or len(sound) < len(numbers):
        table.report("factors", is_kind(value), say("a list of numbers above 0, one for each pair that is turned"))
    elif sound and pairs is not None and len(sound) != pairs:
        expected = say("{count} pairs are turned", count=pairs)
        table.report("factors", say("has {numbers}", numbers=counted(len(sound), "number")), expected)
    return tuple(sound)


def read_norm(attention: Table) -> str:
    """`rms`, or empty."""
    return choice(attention, "norm", NORMS) if "norm" in attention else ""


def read_softcap(attention: Table) -> float | None:
    """The cap, above 0."""
    return above_0(attention, "softcap")


def read_scoring(attention: Table) -> Scoring:
    """How well a key fits a query."""
    return choice(attention, "scoring", SCORINGS)


def read_sink(attention: Table, sizes: FileSizes) -> tuple[float, ...]:
    """A number a head."""
    if "sink" not in attention:
        return ()
    return _a_head(attention, "sink", sizes, say("a sink is a list with a number for each head")) or ()


def read_bias(attention: Table, reader: ArrayReader, sizes: FileSizes) -> Alibi | Relative | FloatArray | None:
    """A bias by rule, or its numbers (t, s) or (h, t, s)."""
    if "bias" not in attention:
        return None
    value = attention.values["bias"]
    if isinstance(value, dict):
        return _rule(attention.table("bias"), reader, sizes)
    if not isinstance(value, list | str):
        attention.report("bias", is_kind(value), say("it is {expected}", expected=_BIAS))
        return None
    form = Form(
        "bias",
        need(sizes.t, say("one for each token that asks")),
        need(sizes.s, say("one for each token that is attended to")),
        hides=True,
    )
    found = reader.heads(value, attention.place_of("bias"), form)
    return found if found is None or has_heads(attention, "bias", found, sizes) else None


def has_heads(attention: Table, name: str, array: AnyArray, sizes: FileSizes) -> bool:
    """Whether an array with a leading axis for heads has as many as there are; reported where not."""
    if array.ndim < 3 or sizes.heads is None or len(array) == sizes.heads:
        return True
    attention.report(
        name,
        say("has {heads}", heads=counted(len(array), "head")),
        say("there is {heads}" if sizes.heads == 1 else "there are {heads}", heads=counted(sizes.heads, "head")),
    )
    return False


def _rule(table: Table, reader: ArrayReader, sizes: FileSizes) -> Alibi | Relative | None:
    table.refuse_others("attention.bias")
    if "kind" not in table:
        table.report_missing("kind", say("it is {names}", names=listed(_quoted(_BIASES), "or")))
        return None
    kind = choice(table, "kind", _BIASES)
    for other, owner in (("slopes", "alibi"), ("table", "relative")):
        if other in table and kind != owner:
            table.report(other, say("has nothing to do here"), say('it goes with kind = "{owner}"', owner=owner))
    if kind == "alibi":
        if "slopes" not in table:
            table.report_missing("slopes", say("it is a list with a number for each head, as in slopes = [0.5, 0.25]"))
            return None
        slopes = _a_head(table, "slopes", sizes, say("it is a list with a number for each head"))
        return None if slopes is None else Alibi(slopes)
    if "table" not in table:
        table.report_missing("table", say("it is a row for each head, with a number for each distance"))
        return None
    rows = reader.matrix(
        table.values["table"], table.place_of("table"), Form("table", need(sizes.heads, say("one for each head")))
    )
    if rows is None:
        return None
    if rows.shape[1] % 2 == 0:
        expected = say("it needs an odd number: as many before the query as behind it, and its own place in the middle")
        table.report("table", say("has {columns}", columns=counted(rows.shape[1], "column")), expected)
        return None
    return Relative(tuple(tuple(row) for row in rows.tolist()))


def _a_head(table: Table, name: str, sizes: FileSizes, expected: str) -> tuple[float, ...] | None:
    value = table.values[name]
    numbers = value if isinstance(value, list) else [None]
    found = [finite(one) for one in numbers]
    if not isinstance(value, list) or None in found:
        wrong = (
            kind_of(value)
            if not isinstance(value, list)
            else say("a list with {kind} in it", kind=kind_of(numbers[found.index(None)]))
        )
        table.report(name, say("is {kind}", kind=wrong), expected)
        return None
    if sizes.heads is not None and len(found) != sizes.heads:
        needs = say("{name} needs {heads}, one for each head", name=name, heads=sizes.heads)
        table.report(name, say("has {numbers}", numbers=counted(len(found), "number")), needs)
        return None
    return tuple(one for one in found if one is not None)


def _whole(table: Table, name: str, least: int, expected: str) -> int | None:
    value = table.values.get(name)
    if name not in table:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST_POSITIONS:
        return value
    table.report(name, is_kind(value), say("it is {expected}", expected=expected))
    return None


def _quoted(words: Sequence[str]) -> list[str]:
    return [quoted(word) for word in words]
