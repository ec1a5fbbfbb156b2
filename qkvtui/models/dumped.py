"""Q, K and V that another program saved, as an example."""

from __future__ import annotations

import numpy as np

from .. import __version__
from ..engine.arrays import BoolArray, FloatArray
from ..errors import UsageError
from ..files.npy import AnyArray
from ..files.phrases import counted
from ..graph.example import STANDARD_SCALE, Example, Settings
from ..said import say
from . import texts
from .members import DumpedArrays
from .scales import named_scale
from .sentence import query_index
from .texts import filled


def capture_arrays(
    path: str, tokens: str | None, head: int | None, query: str | None, *, causal: bool = False
) -> Example:
    """The arrays Q, K and V of the .npz file, with what else it has of attention, and `tokens` and `context`.

    Q is (t, k), K (s, k), V (s, v), or with heads in front (h, t, k), or with a batch of one sentence before that.
    `tokens` are words with blanks between them; without any, tokens are called by their numbers. `head` keeps one
    head. `causal` is for a file without a mask. Raises UsageError, also for an array that would be left out.
    """
    members = DumpedArrays(path)
    q, k, v = (members.matrix(name) for name in "QKV")
    members.refuse_others()
    heads = q.shape[0] if q.ndim == 3 else 1
    mask, bias, sink = members.mask(heads), members.bias(heads), members.sink(heads)
    if head is not None:
        q, k, v = _of_head(q, k, v, head)
        mask, bias, sink = _of_one(mask, head), _of_one(bias, head), sink[head : head + 1]
    rows, columns, d_k = q.shape[-2], k.shape[-2], q.shape[-1]
    asking = tuple(tokens.split()) if tokens is not None else members.words("tokens")
    names = asking or _numbered(rows)
    if len(names) != rows:
        raise UsageError(
            say(
                "{file}: Q has {rows} rows, but there are {count} tokens",
                file=members.shown,
                rows=rows,
                count=len(names),
            )
        )
    context = members.words("context") or (None if rows == columns else _numbered(columns))
    if causal:
        _check_causal(members.shown, q, k, context, mask)
    if mask is not None and _is_causal(mask, rows, columns):
        causal, mask = True, None
    scale = members.number("scale")
    settings = Settings(
        scale=STANDARD_SCALE if scale is None else named_scale(scale, d_k),
        causal=causal,
        mask=mask,
        bias=bias,
        softcap=members.number("softcap"),
        sink=sink,
    )
    return Example(
        name="capture",
        file="capture",
        title=filled(texts.DUMPED_TITLE, file=members.name),
        tokens=names,
        query=rows - 1 if query is None else query_index(query, names),
        inputs={"Q": q, "K": k, "V": v},
        attention=settings,
        context=context,
        source=filled(texts.DUMPED_SOURCE, file=members.name, version=__version__),
    )


def _of_head(q: FloatArray, k: FloatArray, v: FloatArray, head: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    heads = q.shape[0] if q.ndim == 3 else 1
    if not 0 <= head < heads:
        there = say("heads 0 to {last}", last=heads - 1) if heads > 1 else say("only head 0")
        raise UsageError(say("--head {head}: Q holds {there}", head=head, there=there))

    def one(array: FloatArray) -> FloatArray:
        if array.ndim == 2:
            return array
        groups = array.shape[0]  # with fewer key/value heads, neighbours share one
        chosen: FloatArray = array[min(head * groups // heads, groups - 1)]
        return chosen

    return one(q), one(k), one(v)


def _of_one(array: AnyArray | None, head: int) -> AnyArray | None:
    """What a mask or a bias says of one head."""
    return array if array is None or array.ndim == 2 else array[head]


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _check_causal(
    file: str, q: FloatArray, k: FloatArray, context: tuple[str, ...] | None, mask: BoolArray | FloatArray | None
) -> None:
    """Raises UsageError where --causal makes no sense, or where the mask in the file says something else."""
    rows, columns = q.shape[-2], k.shape[-2]
    if rows != columns:
        said = say(
            "Q has {rows} and K {columns}, so which keys lie ahead is not known; save the mask too",
            rows=counted(rows, "row"),
            columns=columns,
        )
        raise UsageError(say("{file}: --causal: {problem}", file=file, problem=said))
    if context is not None:
        raise UsageError(
            say("{file}: --causal: the keys are of another sentence (context), where nothing lies ahead", file=file)
        )
    if mask is not None and mask.shape[-2:] == (rows, rows) and _allowed(mask)[..., ~np.tri(rows, dtype=bool)].any():
        raise UsageError(
            say("{file}: --causal: its own mask lets tokens see those after them; leave --causal out", file=file)
        )


def _is_causal(mask: BoolArray | FloatArray, rows: int, columns: int) -> bool:
    plain = mask.dtype == np.bool_ or bool((np.isneginf(mask) | (mask == 0)).all())
    if not plain or rows < 2 or rows != columns or mask.shape != (rows, columns):
        return False
    return bool((_allowed(mask) == np.tri(rows, dtype=bool)).all())


def _allowed(mask: BoolArray | FloatArray) -> BoolArray:
    return mask.astype(np.bool_) if mask.dtype == np.bool_ else ~np.isneginf(mask)
