"""The computation of an example as lines of Python, for NumPy or PyTorch: a line an operation, by the steps' ids.

Arrays are (tokens, columns) where there is one head, else (heads, tokens, columns).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..graph.example import STANDARD_SCALE
from ..graph.mechanisms import Alibi, Relative, first_position
from ..graph.rows import GraphRow
from ..operations.additive import Additive
from ..operations.elementwise import Added, Capped, Scaled
from ..operations.given import Given
from ..operations.join import Joined
from ..operations.norm import Normed
from ..operations.operation import Drawing, Operation
from ..operations.product import Factor, Product
from ..operations.rotation import Rotated
from ..operations.rules import NORM_EPSILON
from ..operations.softmax import Softmax
from ..operations.tensors import Axis
from ..trace.trace import Trace
from ..views.look import Look
from .code_around import around_code, around_settings
from .code_arrays import Library, array_code


class CodeLines:
    """The lines of one example's computation in one library."""

    def __init__(self, trace: Trace, library: Library, look: Look) -> None:
        self._trace = trace
        self._look = look
        self._graph = trace.graph
        self._library = library
        self._heads = trace.shape.heads
        settings = trace.example.attention
        self._first = first_position(settings.causal, trace.shape.queries, trace.shape.keys)

    def lines(self, moving: Sequence[str] = ()) -> Iterator[str]:
        """What is called, what is given, and a line a step with its formula; torch follows what `moving` moves."""
        for function in self._functions():
            yield from ("", *function.splitlines(), "")
        yield from self._given()
        if moving:
            yield from (f"for moves in ({', '.join(moving)},):", "    moves.requires_grad_()")
        for row in self._steps():
            code = self.code_of(row)
            rounds = self._trace.round_each is not None and row.kind is not Drawing.GIVEN
            formula = self._trace.step(row.id).formula
            told = f"  # {self._look.signs(formula)}" if formula != row.symbol else ""
            yield f"{row.id} = {f'rounded({code})' if rounds else code}{told}"

    def code_of(self, row: GraphRow) -> str:
        """What stands behind the = of a step."""
        code = around_code(self._trace, row.operation, self._library)
        return _CODE[type(row.operation)](self, row, row.operation) if code is None else code

    def _given(self) -> Iterator[str]:
        example = self._trace.example
        used = {name for row in self._graph.steps if row.has_numbers for name in row.operation.sources}
        for name, array in (*example.inputs.items(), *example.parameters.items()):
            if name in used:
                alone = array[0] if array.ndim == 3 and self._heads == 1 else array
                yield f"{name} = {array_code(alone, self._library)}"
        yield from self._settings()
        yield from around_settings(self._trace, self._library)

    def _functions(self) -> Iterator[str]:
        used = {type(row.operation) for row in self._steps()}
        lib, says = self._library, self._look.texts.code
        if Softmax in used:
            yield (_SOFTMAX_WITH_SINK if self._trace.example.attention.sink else _SOFTMAX).format(lib=lib, **says)
        if Rotated in used:
            yield _ROTATE.format(lib=lib, copied="x.copy()" if lib == "np" else "x.clone()", **says)
        if self._trace.round_each is not None:
            yield _ROUNDED.format(lib=lib, decimals=self._trace.round_each, **says)

    def at_once(self) -> str | None:
        """Torch's one call for everything from the scores to the output; None where the example does more than that."""
        rows = self._graph.rows
        scores, weights = rows["scores"].operation, rows[self._graph.roles["weights"]].operation
        settings = self._trace.example.attention
        plain = isinstance(scores, Product) and isinstance(weights, Softmax) and weights.over == "rows"
        more = settings.softcap is not None or settings.sink or self._trace.round_each is not None
        if not plain or more or any(not self._trace.row("weights", one, head).any() for one, head in self._asking()):
            return None
        assert isinstance(scores, Product)
        (queries, keys), values = scores.pairs[0], self._graph.roles["values"]
        added = " + ".join(name for name in ("bias", "mask") if name in rows)
        mask = (
            f"({added}).to({queries.name}.dtype)"
            if "+" in added
            else f"{added}.to({queries.name}.dtype)"
            if added
            else "None"
        )
        scale = "scale" if "scale" in rows else "1.0"
        one = "[None]" if self._heads == 1 else ""
        return (
            "at_once = torch.nn.functional.scaled_dot_product_attention(\n"
            f"    {queries.name}{one}, {keys.name}{one}, {values}{one}, attn_mask={mask}, scale={scale}\n"
            f"){'[0]' if one else ''}"
        )

    def _asking(self) -> Iterator[tuple[int, int]]:
        return ((query, head) for query in range(self._trace.shape.queries) for head in range(self._heads))

    def _steps(self) -> Iterator[GraphRow]:
        return (row for row in self._graph.steps if not row.learns and row.has_numbers)

    def _settings(self) -> Iterator[str]:
        settings, lib, (queries, keys) = self._trace.example.attention, self._library, self._sizes
        rows = self._graph.rows
        if "scale" in rows:
            standard = settings.scale == STANDARD_SCALE
            yield f"scale = 1 / {self._graph.d_k} ** 0.5" if standard else f"scale = {self._trace.scale!r}"
        if settings.softcap is not None:
            yield f"softcap = {settings.softcap!r}"
        if settings.sink:
            sink = np.array(settings.sink)[:, None, None]
            yield f"sink = {array_code(sink, lib) if self._heads > 1 else repr(settings.sink[0])}"
        behind = f"{lib}.arange({queries})[:, None]{f' + {self._first}' if self._first else ''}"
        if "bias" in rows and not isinstance(settings.bias, np.ndarray):
            yield f"distance = {behind} - {lib}.arange({keys})"
        if "bias" in rows:
            yield f"bias = {self._bias()}"
        if "mask" in rows:
            yield from self._mask(behind)

    @property
    def _sizes(self) -> tuple[int, int]:
        return self._trace.shape.queries, self._trace.shape.keys

    def _bias(self) -> str:
        bias, lib = self._trace.example.attention.bias, self._library
        if isinstance(bias, Alibi):
            slopes = array_code(np.array(bias.slopes)[:, None, None], lib) if self._heads > 1 else repr(bias.slopes[0])
            return f"-{slopes} * abs(distance)"
        if isinstance(bias, Relative):
            table, most = np.array(bias.table), len(bias.table[0]) // 2
            several = self._heads > 1
            rows = array_code(table if several else table[0], lib)
            return f"{rows}[{':, ' if several else ''}{most} - {lib}.clip(distance, {-most}, {most})]"
        assert bias is not None
        return array_code(bias[0] if bias.ndim == 3 and self._heads == 1 else bias, lib)

    def _mask(self, behind: str) -> Iterator[str]:
        settings, lib, (queries, keys) = self._trace.example.attention, self._library, self._sizes
        others = f"{lib}.arange({keys})"
        parts = []
        if settings.causal:
            parts.append(f"({others} <= {behind})")
        if settings.window is not None:
            parts.append(f"(abs({others} - ({behind})) < {settings.window})")
        if settings.padding is not None:
            parts.append(array_code(settings.padding, lib))
        own = settings.mask
        if own is not None and own.ndim == 3 and self._heads == 1:
            own = own[0]
        if own is not None and own.dtype == np.bool_:
            parts.append(array_code(own, lib))
        kind = "bool" if lib == "np" else "torch.bool"
        if settings.padding is not None and len(parts) == 1:
            parts.append(f"{lib}.ones(({queries}, {keys}), dtype={kind})")
        numbers = own if own is not None and own.dtype != np.bool_ else None
        if parts:
            yield f"allowed = {' & '.join(parts)}"
            yield f"mask = {lib}.where(allowed, 0.0, -inf)"
        if numbers is not None:
            yield f"mask = {'mask + ' if parts else ''}{array_code(numbers, lib)}"

    def product(self, row: GraphRow, operation: Product) -> str:
        """left @ right + bias, its columns divided among the heads."""
        ((left, right),) = operation.pairs
        code = f"{self._factor(left)} @ {self._factor(right)}"
        if operation.bias is not None:
            code = f"{code} + {operation.bias}"
        split = operation.split
        if split is None or self._heads == 1:
            return code
        count = self._trace.shape.keys if row.rows is Axis.KEY else self._trace.shape.queries
        apart = f"({code}).reshape({count}, {split.count // split.group}, -1).swapaxes(0, 1)"
        return self._shared(apart, split.group)

    def _factor(self, factor: Factor) -> str:
        if not factor.turned:
            return factor.name
        return f"{factor.name}.T" if self._heads == 1 else f"{factor.name}.swapaxes(-1, -2)"

    def _shared(self, code: str, group: int) -> str:
        """Each head once for every query head that uses it."""
        if group == 1:
            return code
        return f"np.repeat({code}, {group}, 0)" if self._library == "np" else f"{code}.repeat_interleave({group}, 0)"

    def given_step(self, row: GraphRow, operation: Given) -> str:
        """The array of the file."""
        return self._shared(operation.leaf, operation.group(self._graph))

    def normed(self, row: GraphRow, operation: Normed) -> str:
        """Divided by the root of the mean square, or by the length."""
        x, lib = operation.source, self._library
        if operation.gain is not None:
            return f"{x} / {lib}.sqrt(({x} ** 2).mean(-1, keepdims=True) + {NORM_EPSILON!r}) * {operation.gain}"
        length = f"{lib}.sqrt(({x} ** 2).sum(-1, keepdims=True))"
        return f"{x} / {lib}.where({length} == 0, 1.0, {length})"

    def rotated(self, row: GraphRow, operation: Rotated) -> str:
        """Pairs of columns turned by an angle that grows with the position."""
        return self.rotation(operation)

    def rotation(self, operation: Rotated) -> str:
        """The same, also of a gradient, which is turned back."""
        rotary = self._trace.example.attention.rotary
        assert rotary is not None
        start = rotary.first + operation.first
        count = self._trace.shape.keys if operation.rows is Axis.KEY else self._trace.shape.queries
        one, other = (f"slice({part.start}, {part.stop}, {part.step})" for part in operation.pairing.columns())
        sign = "-" if operation.back_again else ""
        angles = f"{sign}{self._library}.arange({start}, {start + count}), {rotary.theta!r}, {operation.pairing.width}"
        return f"rotate({operation.source}, {angles}, {one}, {other})"

    def additive(self, row: GraphRow, operation: Additive) -> str:
        """v · tanh(query + key)."""
        queries, keys = f"{operation.queries}[..., :, None, :]", f"{operation.keys}[..., None, :, :]"
        return f"({operation.vector} * {self._library}.tanh({queries} + {keys})).sum(-1)"

    def scaled(self, row: GraphRow, operation: Scaled) -> str:
        """Times the setting."""
        return f"{operation.source} * {operation.factor if operation.other is None else repr(operation.other)}"

    def capped(self, row: GraphRow, operation: Capped) -> str:
        """cap · tanh(score / cap)."""
        return f"softcap * {self._library}.tanh({operation.operands[0].name} / softcap)"

    def added(self, row: GraphRow, operation: Added) -> str:
        """Plus a mask, or a bias."""
        return f"{operation.source} + {operation.addend}"

    def softmax(self, row: GraphRow, operation: Softmax) -> str:
        """Each row, or wrongly each column, as shares."""
        axis = ", axis=-2" if operation.over == "columns" else ""
        return f"softmax({operation.source}{axis}{'' if operation.sink is None else ', sink=sink'})"

    def joined(self, row: GraphRow, operation: Joined) -> str:
        """The heads side by side."""
        return f"{operation.source}.swapaxes(0, 1).reshape({self._trace.shape.queries}, -1)"


_Coder = Callable[[CodeLines, GraphRow, Operation], str]
_CODE: dict[type[Operation], _Coder] = {
    Additive: CodeLines.additive,  # type: ignore[dict-item]
    Added: CodeLines.added,  # type: ignore[dict-item]
    Capped: CodeLines.capped,  # type: ignore[dict-item]
    Given: CodeLines.given_step,  # type: ignore[dict-item]
    Joined: CodeLines.joined,  # type: ignore[dict-item]
    Normed: CodeLines.normed,  # type: ignore[dict-item]
    Product: CodeLines.product,  # type: ignore[dict-item]
    Rotated: CodeLines.rotated,  # type: ignore[dict-item]
    Scaled: CodeLines.scaled,  # type: ignore[dict-item]
    Softmax: CodeLines.softmax,  # type: ignore[dict-item]
}
"""Which line an operation is written as; a new operation needs one."""

_SOFTMAX = '''\
def softmax(x, axis=-1):
    """{softmax}"""
    top = {lib}.amax(x, axis, keepdims=True)
    exp = {lib}.exp(x - {lib}.where(top == -inf, 0.0, top))
    total = exp.sum(axis, keepdims=True)
    return exp / {lib}.where(total == 0, 1.0, total)
'''
_SOFTMAX_WITH_SINK = '''\
def softmax(x, axis=-1, sink=None):
    """{softmax_with_sink}"""
    top = {lib}.amax(x, axis, keepdims=True)
    top = {lib}.maximum(top, 0 * {lib}.where(top == -inf, 0.0, top) + sink)
    exp = {lib}.exp(x - top)
    return exp / (exp.sum(axis, keepdims=True) + {lib}.exp(sink - top))
'''
_ROTATE = '''\
def rotate(x, positions, theta, width, one, other):
    """{rotate}"""
    angles = positions[:, None] * theta ** (-2 * {lib}.arange(width // 2) / width)
    cos, sin = {lib}.cos(angles), {lib}.sin(angles)
    turned = {copied}
    turned[..., one] = x[..., one] * cos - x[..., other] * sin
    turned[..., other] = x[..., other] * cos + x[..., one] * sin
    return turned
'''
_ROUNDED = '''\
def rounded(x):
    """{rounded}"""
    return {lib}.copysign({lib}.floor(abs(x) / 10.0**-{decimals} + 0.5 + 1e-9), x) / 10.0**{decimals}
'''
