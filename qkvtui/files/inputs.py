"""Which inputs a file starts from: X, or Q, K and V."""

from __future__ import annotations

from ..engine.arrays import FloatArray
from .direct import read_direct
from .draft import Table
from .headcounts import read_counts, with_defaults
from .matrices import ArrayReader
from .phrases import listed
from .projected import Arrays, read_projected
from .sizes import Sizes

_EITHER = "give X with W_Q, W_K and W_V, or give Q, K and V"


def read_arrays(
    inputs: Table,
    parameters: Table,
    attention: Table,
    reader: ArrayReader,
    sizes: Sizes,
    *,
    context: bool,
    embedded: FloatArray | None = None,
) -> Arrays:
    """The inputs and parameters, as far as they are sound; `sizes` holds t and s.

    `embedded` (t, m) is what a vocabulary gives for X, which need not be written then.
    """
    counts = read_counts(attention)
    given = [name for name in "QKV" if name in inputs]
    missing = [name for name in "QKV" if name not in inputs]
    if "X" in inputs and given:
        inputs.draft.report("inputs", f"gives X and also {listed(given)}", "give one or the other")
    elif given and missing:
        if not any(map(inputs.draft.is_excused, missing)):
            inputs.draft.report(
                "inputs", f"gives {listed(given)} but not {listed(missing)}", "all three belong together"
            )
    elif given:
        if "Y" in inputs:
            inputs.report("Y", "is given together with Q, K and V", "Y goes with X")
        return read_direct(inputs, parameters, attention, counts, reader, sizes)
    elif "X" in inputs or embedded is not None:
        heads, kv_heads = with_defaults(attention, counts)
        sizes = sizes._replace(heads=heads, kv_heads=kv_heads)
        return read_projected(inputs, parameters, reader, sizes, context=context, embedded=embedded)
    elif not any(map(inputs.draft.is_excused, ("inputs", "X", "Q", "K", "V"))):
        inputs.draft.report("inputs", "gives neither X nor Q, K and V", _EITHER)
    return Arrays({}, {}, sizes)
