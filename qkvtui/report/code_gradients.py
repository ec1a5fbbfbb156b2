"""What comes back through each operation, as an expression of NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..operations.additive import OfVector, ThroughTanh
from ..operations.elementwise import Elementwise
from ..operations.join import Parted
from ..operations.look_up import OfTable
from ..operations.loss import Targeted
from ..operations.norm import Normed, OfGain, ThroughNorm
from ..operations.operation import Operation
from ..operations.product import Factor, Of, Product, Total
from ..operations.residual import Copied, Summed
from ..operations.rotation import Rotated
from ..operations.row_norm import RowNormed, ThroughRowNorm
from ..operations.rules import NORM_EPSILON, Rule
from ..operations.softmax import Jacobian
from ..trace.trace import Trace
from ..views.look import Look
from .code_lines import CodeLines

_RULES: Mapping[Rule, str] = {
    Rule.PER_WEIGHT: "np.where({0} == 0, 0.0, -{0} / {2} / np.where({0} == 0, 1.0, {1}))",
    Rule.TWICE_DIFFERENCE: "2 * ({0} - {1}) / {2}",
    Rule.DIFFERENCE: "({0} - {1}) / {2}",
    Rule.PRODUCT: "{0} * {1}",
    Rule.THROUGH_CAP: "{0} * (1 - ({1} / {2}) ** 2)",
    Rule.THROUGH_RELU: "{0} * ({1} > 0)",
    Rule.THROUGH_GELU: "{0} * gelu_slope({1})",
    Rule.THROUGH_GELU_TANH: "{0} * gelu_tanh_slope({1})",
    Rule.THROUGH_SILU: "{0} * silu_slope({1})",
}
"""What an operand-by-operand rule of the way back is written as."""


class GradientCode:
    """The expressions of one example's way back; arrays are as the lines of its steps have them."""

    def __init__(self, trace: Trace, forward: CodeLines) -> None:
        self._trace = trace
        self._graph = trace.graph
        self._heads = trace.shape.heads
        self._forward = forward

    def of(self, operation: Operation) -> str | None:
        """The expression; None for what comes back as a step goes forward."""
        write = _CODE.get(type(operation))
        if write is not None:
            return write(self, operation)
        if not isinstance(operation, Elementwise):
            return None
        code = _RULES[operation.rule].format(*(operand.name for operand in operation.operands))
        return f"asked * {code}" if isinstance(operation, Targeted) else code

    def functions(self, back: Sequence[Operation], look: Look) -> Iterator[str]:
        """What the lines of these operations call."""
        used = {type(one) for one in back}
        rules = {one.rule for one in back if isinstance(one, Elementwise)}
        operations = [one for one in back if isinstance(one, ThroughNorm)]
        parts = []
        if ThroughRowNorm in used or any(one.rule is Rule.THROUGH_NORM for one in operations) or OfGain in used:
            parts.append(_THROUGH_NORM)
        if any(one.rule is Rule.THROUGH_LENGTH for one in operations):
            parts.append(_THROUGH_LENGTH)
        parts += [code for rule, code in _SLOPES.items() if rule in rules]
        for part in parts:
            yield from ("", *part.format_map(look.texts.code).splitlines(), "")

    def product(self, operation: Product) -> str:
        """left @ right for each way that it comes back, added up."""
        found = [self._shared(f"{self._factor(left)} @ {self._factor(right)}", left) for left, right in operation.pairs]
        return " + ".join(found)

    def _factor(self, factor: Factor) -> str:
        name = factor.name
        if self._heads == 1 or factor.of in (Of.OWN, Of.GROUP):
            return f"{name}.swapaxes(-1, -2)" if factor.turned and self._heads > 1 else f"{name}{'.T' * factor.turned}"
        if factor.of is Of.TALL:
            return f"{name}.reshape(-1, {name}.shape[-1]){'.T' * factor.turned}"
        assert factor.heads is not None
        group = factor.heads.group
        wide = f"np.concatenate({name}{f'[::{group}]' if group > 1 else ''}, -1)"
        return f"{wide}{'.T' * factor.turned}"

    def _shared(self, code: str, left: Factor) -> str:
        """What heads that share a key or a value send, added up, for each of them."""
        return code if left.of is not Of.GROUP or left.heads is None else self._added_up(code, left.heads.group)

    def _added_up(self, code: str, group: int) -> str:
        """The sum over the heads of each group, for each of them."""
        if self._heads == 1:
            return code
        return f"np.repeat(np.add.reduceat({code}, range(0, {self._heads}, {group})), {group}, 0)"

    def total(self, operation: Total) -> str:
        """The rows added up: what a bias gets back."""
        return f"({self._factor(operation.summed)}).sum(-2, keepdims=True)"

    def jacobian(self, operation: Jacobian) -> str:
        """Through softmax: weight · (its gradient − the mean of the row's gradients, weighted by the weights)."""
        weights, gradient = operation.weights, operation.gradient
        return f"{weights} * ({gradient} - ({weights} * {gradient}).sum(-1, keepdims=True))"

    def rotated(self, operation: Rotated) -> str:
        """Turned back."""
        return self._forward.rotation(operation)

    def through_norm(self, operation: ThroughNorm) -> str:
        """Through the norm of queries and keys."""
        norm, gradient = operation.norm, operation.operands[0].name
        assert norm is not None
        if norm.gain is None:
            return f"through_length({gradient}, {norm.source})"
        return f"through_norm({gradient} * {norm.gain}, {norm.source}, {NORM_EPSILON!r}, centred=False)"

    def through_row_norm(self, operation: ThroughRowNorm) -> str:
        """Through LayerNorm or RMSNorm."""
        norm = operation.norm
        gained = operation.gradient + ("" if norm.gain is None else f" * {norm.gain}")
        return f"through_norm({gained}, {norm.source}, {self._epsilon!r}, centred={norm.is_centred})"

    @property
    def _epsilon(self) -> float:
        block = self._trace.example.block
        return 0.0 if block is None else block.epsilon

    def of_gain(self, operation: OfGain) -> str:
        """Σ gradient · normed row."""
        norm = next(
            row.operation
            for row in self._graph.steps
            if isinstance(row.operation, Normed | RowNormed)
            and any(extra.name == operation.unit for extra in row.operation.extras())
        )
        centred = isinstance(norm, RowNormed) and norm.is_centred
        epsilon = self._epsilon if isinstance(norm, RowNormed) else NORM_EPSILON
        product = f"{operation.gradient} * unit({norm.source}, {epsilon!r}, centred={centred})"
        heads = operation.heads
        group = "" if heads is None or heads.group == 1 or self._heads == 1 else f"[::{heads.group}]"
        axes = "-2" if heads is None or self._heads == 1 else "(0, 1)"
        code = f"({product}){group}.sum({axes})"
        return f"{code}[None]"

    def through_tanh(self, operation: ThroughTanh) -> str:
        """Through v · tanh(query + key) to a query or a key."""
        additive = operation.additive
        each = f"{operation.gradient}[..., None] * {additive.vector} * (1 - {_bent(operation)} ** 2)"
        code = f"({each}).sum({-3 if operation.to_keys else -2})"
        return code if operation.sharing == 1 else self._added_up(code, operation.sharing)

    def of_vector(self, operation: OfVector) -> str:
        """Σ gradient · tanh, over all pairs and heads."""
        each = f"{operation.gradient}[..., None] * {_bent(operation)}"
        return f"({each}).reshape(-1, {operation.additive.vector}.shape[-1]).sum(0, keepdims=True)"

    def of_table(self, operation: OfTable) -> str:
        """What comes back to a row of a table: the gradients of the tokens that it was looked up for."""
        return f"np.eye({operation.count})[:, {list(operation.rows)}] @ {operation.gradient}"

    def parted(self, operation: Parted) -> str:
        """Each head's part."""
        queries = self._trace.shape.queries
        return f"{operation.source}.reshape({queries}, {self._heads}, -1).swapaxes(0, 1)"

    def summed(self, operation: Summed) -> str:
        """What comes back on several ways."""
        return " + ".join(operation.addends)

    def copied(self, operation: Copied) -> str:
        """The same."""
        return operation.source


def _bent(operation: ThroughTanh | OfVector) -> str:
    additive = operation.additive
    return f"np.tanh({additive.queries}[..., :, None, :] + {additive.keys}[..., None, :, :])"


_Writer = Callable[[GradientCode, Operation], str]
_CODE: dict[type[Operation], _Writer] = {
    Copied: GradientCode.copied,  # type: ignore[dict-item]
    Jacobian: GradientCode.jacobian,  # type: ignore[dict-item]
    OfGain: GradientCode.of_gain,  # type: ignore[dict-item]
    OfTable: GradientCode.of_table,  # type: ignore[dict-item]
    OfVector: GradientCode.of_vector,  # type: ignore[dict-item]
    Parted: GradientCode.parted,  # type: ignore[dict-item]
    Product: GradientCode.product,  # type: ignore[dict-item]
    Rotated: GradientCode.rotated,  # type: ignore[dict-item]
    Summed: GradientCode.summed,  # type: ignore[dict-item]
    ThroughNorm: GradientCode.through_norm,  # type: ignore[dict-item]
    ThroughRowNorm: GradientCode.through_row_norm,  # type: ignore[dict-item]
    ThroughTanh: GradientCode.through_tanh,  # type: ignore[dict-item]
    Total: GradientCode.total,  # type: ignore[dict-item]
}
"""Which line an operation of the way back is written as."""

_THROUGH_NORM = '''\
def unit(x, epsilon, centred):
    """{unit}"""
    apart = x - x.mean(-1, keepdims=True) if centred else x
    return apart / np.sqrt((apart**2).mean(-1, keepdims=True) + epsilon)


def through_norm(d, x, epsilon, centred):
    """{through_norm}"""
    normed = unit(x, epsilon, centred)
    apart = x - x.mean(-1, keepdims=True) if centred else x
    back = d - normed * (d * normed).mean(-1, keepdims=True)
    back = back - d.mean(-1, keepdims=True) if centred else back
    return back / np.sqrt((apart**2).mean(-1, keepdims=True) + epsilon)
'''
_THROUGH_LENGTH = '''\
def through_length(d, x):
    """{through_length}"""
    length = np.sqrt((x**2).sum(-1, keepdims=True))
    length = np.where(length == 0, inf, length)
    return (d - x / length * (d * x / length).sum(-1, keepdims=True)) / length
'''
_SLOPES = {
    Rule.THROUGH_GELU: '''\
def gelu_slope(x):
    """{slope}"""
    return 0.5 * (1 + np.vectorize(math.erf)(x / 2**0.5)) + x * np.exp(-(x**2) / 2) / (2 * math.pi) ** 0.5
''',
    Rule.THROUGH_GELU_TANH: '''\
def gelu_tanh_slope(x):
    """{slope}"""
    bent = np.tanh((2 / math.pi) ** 0.5 * (x + 0.044715 * x**3))
    return 0.5 * (1 + bent) + 0.5 * x * (1 - bent**2) * (2 / math.pi) ** 0.5 * (1 + 3 * 0.044715 * x**2)
''',
    Rule.THROUGH_SILU: '''\
def silu_slope(x):
    """{slope}"""
    share = 1 / (1 + np.exp(-x))
    return share * (1 + x * (1 - share))
''',
}
