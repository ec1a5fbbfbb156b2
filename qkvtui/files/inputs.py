"""Which inputs a file starts from: X, or Q, K and V, or S and V."""

from __future__ import annotations

from ..engine.arrays import FloatArray
from ..said import say
from .direct import read_direct, read_scored
from .draft import Table
from .headcounts import read_counts, with_defaults
from .matrices import ArrayReader
from .names import TABLES
from .phrases import listed
from .projected import Arrays, read_plain, read_projected
from .sizes import FileSizes

_EITHER = say("give X with W_Q, W_K and W_V, or give Q, K and V")


def read_arrays(
    inputs: Table,
    parameters: Table,
    attention: Table,
    reader: ArrayReader,
    sizes: FileSizes,
    *,
    context: bool,
    embedded: FloatArray | None = None,
) -> Arrays:
    """The inputs and parameters, as far as they are sound; `sizes` holds t and s.

    `embedded` (t, m) is what a vocabulary gives for X, which need not be written then.
    """
    counts = read_counts(attention)
    scored = "S" in inputs
    wanted = "SV" if scored else "QKV"
    given = [name for name in "SQKV" if name in inputs]
    missing = [name for name in wanted if name not in inputs]
    if "X" in inputs and given:
        inputs.draft.report(
            "inputs", say("gives X and also {given}", given=listed(given)), say("give one or the other")
        )
    elif scored and set(given) - set(wanted):
        inputs.draft.report(
            "inputs", say("gives {given}", given=listed(given)), say("with the scores S only V is needed")
        )
    elif given and missing:
        _report_missing(inputs, given, missing)
    elif given:
        _refuse_others(inputs, given)
        read = read_scored if scored else read_direct
        return read(inputs, parameters, attention, counts, reader, sizes)
    elif "X" in inputs or embedded is not None:
        heads, kv_heads = with_defaults(attention, counts)
        sizes = sizes._replace(heads=heads, kv_heads=kv_heads)
        if embedded is None and _is_plain(inputs, parameters, context=context):
            return read_plain(inputs, parameters, attention, reader, sizes)
        return read_projected(inputs, parameters, attention, reader, sizes, context=context, embedded=embedded)
    elif not any(map(inputs.draft.is_excused, ("inputs", "X", "Q", "K", "V"))):
        inputs.draft.report("inputs", say("gives neither X nor Q, K and V"), _EITHER)
    return Arrays({}, {}, sizes)


def _is_plain(inputs: Table, parameters: Table, *, context: bool) -> bool:
    """Whether the file speaks of no matrices at all; where it has some, one that is not there was forgotten."""
    misplaced = any(map(inputs.draft.is_excused, ("parameters", *TABLES["parameters"])))
    return not (context or "Z" in inputs or parameters.values or misplaced)


def _refuse_others(inputs: Table, given: list[str]) -> None:
    """Report Y and Z, which are made of nothing here."""
    for name in "YZ":
        if name in inputs:
            inputs.report(
                name, say("is given together with {given}", given=listed(given)), say("{name} goes with X", name=name)
            )


def _report_missing(inputs: Table, given: list[str], missing: list[str]) -> None:
    if not any(map(inputs.draft.is_excused, missing)):
        belong = say("S and V belong together") if "S" in given else say("all three belong together")
        inputs.draft.report(
            "inputs", say("gives {given} but not {missing}", given=listed(given), missing=listed(missing)), belong
        )
