"""The way back as lines of Python: the loss, every gradient and the update with NumPy, the same by autograd in PyTorch.

Arrays are (tokens, columns) where there is one head, else (heads, tokens, columns).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..engine.optimisers import BETA_1, BETA_2, EPSILON, MOMENTUM
from ..graph.rows import GraphRow
from ..operations.loss import AttentionLoss, LabelLoss, OutputLoss, Targeted
from ..operations.operation import Operation
from ..operations.update import Learning, Update
from ..trace.parts import Step
from ..trace.trace import Trace
from ..views.look import Look
from .code_arrays import Library, array_code
from .code_gradients import GradientCode
from .code_lines import CodeLines

_DIRECTIONS = {
    "momentum": "u",
    "adam": "m / (1 - {one!r}**{updates}) / (np.sqrt(v / (1 - {two!r}**{updates})) + {eps!r})",
}


class BackLines:
    """The lines of one example's way back, behind those of its steps."""

    def __init__(self, trace: Trace, look: Look) -> None:
        self._trace = trace
        self._look = look
        self._graph = trace.graph
        self._heads = trace.shape.heads
        self._forward = CodeLines(trace, "np", look)
        self._gradient_code = GradientCode(trace, self._forward)

    @property
    def _rows(self) -> Iterator[GraphRow]:
        """What is worked out behind the way forward, in its order."""
        settings = ("target", "count", "rate", "total", "others")
        stages = {extra.name for row in self._graph.rows.values() for extra in row.operation.extras()}
        for row in self._graph.rows.values():
            if row.learns and row.id not in settings and (row.is_step or row.id not in stages):
                yield row

    def numpy(self) -> Iterator[str]:
        """A line a gradient with its formula, by the rule of the operation it comes back through."""
        yield from self._gradient_code.functions([row.operation for row in self._rows], self._look)
        yield from self._targets("np")
        for row in self._rows:
            if isinstance(row.operation, Update):
                yield from self._update(row.operation.learning)
                continue
            rounds = self._trace.round_each is not None and row.is_step
            code = self._code(row)
            formula = f"  # {self._look.signs(self._trace.step(row.id).formula)}" if row.is_step else ""
            yield f"{row.id} = {f'rounded({code})' if rounds else code}{formula}"

    def torch(self) -> Iterator[str]:
        """What is read from the output, the loss, and all gradients at once."""
        yield from self._targets("torch")
        forward = CodeLines(self._trace, "torch", self._look)
        for row in self._rows:
            if not row.is_gradient:
                code = self._loss(row.operation, "torch") if row.id == "loss" else forward.code_of(row)
                yield f"{row.id} = {code}  # {self._look.signs(self._trace.step(row.id).formula)}"
        yield f"for made in ({', '.join(self._made)},):"
        yield "    made.retain_grad()"
        yield "loss.sum().backward()"

    @property
    def leaves(self) -> tuple[str, ...]:
        """The arrays that gradients are wanted of."""
        example = self._trace.example
        return tuple(name for name in self._gradients if name in example.parameters or name in example.inputs)

    @property
    def _made(self) -> tuple[str, ...]:
        """The steps that gradients are wanted of."""
        return tuple(name for name in self._gradients if name not in self.leaves)

    @property
    def _gradients(self) -> tuple[str, ...]:
        """Whatever has a gradient that is a step."""
        return tuple(row.id.removeprefix("d_") for row in self._rows if row.is_step and row.id.startswith("d_"))

    def found_by_torch(self, step: Step) -> str | None:
        """Where autograd leaves a step of the way back; None for one that it does not make."""
        name = step.id.removeprefix("d_")
        if name in self.leaves:
            array = {**self._trace.example.parameters, **self._trace.example.inputs}[name]
            return f"{name}.grad[None]" if array.ndim == 1 else f"{name}.grad"
        if step.id != name and name in self._made:
            heads = self._graph.heads_of(name)
            if heads is None or heads.group == 1 or self._heads == 1:
                return f"{name}.grad"
            group = heads.group  # torch keeps apart what the heads that share a key or a value send
            return f"{name}.grad.unflatten(0, (-1, {group})).sum(1).repeat_interleave({group}, 0)"
        return f"{step.id}.detach()" if step.id in ("logits", "probabilities", "loss") or not step.type.learns else None

    def _targets(self, library: Library) -> Iterator[str]:
        heads = range(self._heads) if self._trace.per_head("target") else range(1)
        target = np.stack([self._trace.matrix("target", head) for head in heads])
        yield f"target = {array_code(target if len(target) > 1 else target[0], library)}"
        yield f"count = {self._trace.matrix('count')[0, 0]:g}"
        rows = {row.operation.rows for row in self._rows if isinstance(row.operation, Targeted)}
        for one in rows:
            asks = np.zeros((self._trace.shape.queries, 1))
            asks[list(one)] = 1
            yield f"asked = {array_code(asks, library)}"

    def _loss(self, operation: Operation, library: Library) -> str:
        if isinstance(operation, AttentionLoss):
            weights = operation.operands[1].name
            logs = f"{library}.log({library}.where(target == 0, 1.0, {weights}))"
            return f"{library}.where(target == 0, 0.0, -target * {logs}) / count"
        if isinstance(operation, OutputLoss):
            return f"asked * ({operation.operands[0].name} - target) ** 2 / count"
        assert isinstance(operation, LabelLoss)
        return f"-target * {library}.log({operation.probabilities}) / count"

    def _code(self, row: GraphRow) -> str:
        operation = row.operation
        if isinstance(operation, AttentionLoss | OutputLoss | LabelLoss):
            return self._loss(operation, "np")
        code = self._gradient_code.of(operation) if row.is_gradient else None
        return self._forward.code_of(row) if code is None else code

    def _update(self, learning: Learning) -> Iterator[str]:
        names = [name for name, _ in learning.entries.shapes]
        yield f"old = np.concatenate([{', '.join(self._before(name) for name in names)}])"
        own = ", ".join(self._own(learning, name, shape) for name, shape in learning.entries.shapes)
        yield f"gradient = np.concatenate([{own}])"
        if learning.total is not None:
            told = self._look.texts.code["others"].format(count=learning.sentences - 1)
            yield f"gradient += {array_code(self._trace.matrix('others')[:, 0], 'np')}  # {told}"
        memory = {"momentum": [("u", "{0} + gradient", MOMENTUM, learning.state.first)]}
        memory["adam"] = [
            ("m", f"{{0}} + {1 - BETA_1!r} * gradient", BETA_1, learning.state.first),
            ("v", f"{{0}} + {1 - BETA_2!r} * gradient**2", BETA_2, learning.state.second),
        ]
        for name, rule, share, before in memory.get(learning.optimizer, ()):
            kept = "0.0" if before is None else f"{share!r} * {array_code(before, 'np')}"
            yield f"{name} = {rule.format(kept)}"
        direction = _DIRECTIONS.get(learning.optimizer, "gradient")
        direction = direction.format(one=BETA_1, two=BETA_2, updates=learning.updates, eps=EPSILON)
        formula = self._look.signs(self._trace.step("update").formula)
        code = f"(old - {learning.rate!r} * {direction})[:, None]"
        yield f"update = {f'rounded({code})' if self._trace.round_each is not None else code}  # {formula}"

    def _before(self, name: str) -> str:
        example, learn = self._trace.example, self._trace.example.learn
        if name in example.parameters or name in example.inputs:
            return f"{name}.ravel()"
        assert learn is not None
        assert learn.vocabulary is not None
        return f"{array_code(learn.vocabulary.embeddings, 'np')}.ravel()"

    def _own(self, learning: Learning, name: str, shape: tuple[int, ...]) -> str:
        if f"d_{name}" in learning.steps:
            return f"d_{name}.ravel()"
        if name != "E":
            return f"np.zeros({int(np.prod(shape))})"
        rows = [list(learning.rows_of(word)) for word in range(shape[0])]
        return f"*(d_X[rows].sum(0) for rows in {rows})"
