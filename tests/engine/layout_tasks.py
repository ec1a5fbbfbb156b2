"""Random learning tasks on random layouts, for the graph, for the fast path and for the oracle alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from qkvtui.engine.arrays import BoolArray, FloatArray
from qkvtui.engine.tasks import Labels, Objective, OutputTargets, Sentence, Task, WeightTargets
from qkvtui.graph.example import Example, Settings
from qkvtui.graph.task import Goal, LabelledSentence, Learn, Vocabulary
from qkvtui.trace.trace import Trace
from tests.engine.layouts import Layout, layouts, seeds
from tests.oracle_backward import Learning, learning

Kind = Literal["attention", "output", "label"]
KINDS: tuple[Kind, ...] = ("attention", "output", "label")
WORDS, LABELS = 7, 3


@dataclass(frozen=True)
class LayoutTask:
    """A task in which everything moves, and its tables as a file would have them."""

    layout: Layout
    parameters: dict[str, FloatArray]
    objective: Objective

    @property
    def task(self) -> Task:
        """As the fast path wants it."""
        layout = self.layout
        scale = {"none": 1.0, "1/sqrt(d_k)": None}[layout.scale] if isinstance(layout.scale, str) else layout.scale
        return Task(
            self.parameters,
            self.objective,
            train=tuple(self.parameters),
            heads=layout.heads,
            kv_heads=layout.kv_heads,
            scale=scale,
            mask=None if isinstance(self.objective, Labels) else self.layout.added,
        )

    @property
    def tables(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Parameters, settings and objective, as the oracle wants them."""
        layout = self.layout
        names = ("heads", "kv_heads", "scale", "causal")
        attention: dict[str, Any] = {name: getattr(layout, name) for name in names}
        labelled = isinstance(self.objective, Labels)
        if layout.mask is not None and not labelled:
            attention["mask"] = layout.mask.tolist()
        if layout.padding is not None and not labelled:
            attention["padding"] = layout.padding.tolist()
        return {name: p.tolist() for name, p in self.parameters.items()}, attention, as_table(self.objective)

    def by_oracle(self) -> Learning:
        """Loss and gradients as plain Python finds them."""
        return learning(*self.tables)

    def examples(self) -> tuple[Example, ...]:
        """What a file of these tables is read as: one, or one for each sentence to walk through."""
        if isinstance(self.objective, Labels):
            return tuple(self._labelled(self.objective, i) for i in range(len(self.objective.sentences)))
        goal: Goal = "output"
        more: dict[str, Any] = {}
        if isinstance(self.objective, WeightTargets):
            goal, more = "attention", {"head": self.objective.head}
        learn = Learn(goal, tuple(self.parameters), self.objective.rows, self.objective.target, **more)
        return (replace(self.layout.example, learn=learn),)

    def _labelled(self, objective: Labels, first: int) -> Example:
        """The walked sentence first: of two that read alike, it is the one that is walked."""
        layout, embeddings = self.layout, self.parameters["E"]
        words = tuple(f"word{row}" for row in range(len(embeddings)))
        sentences = [
            LabelledSentence(tuple(words[token] for token in one.tokens), one.query, one.label)
            for one in (*objective.sentences[first:], *objective.sentences[:first])
        ]
        learn = Learn(
            "label",
            tuple(self.parameters),
            labels=tuple(f"label{label}" for label in range(LABELS)),
            vocabulary=Vocabulary(words, embeddings),
            sentences=tuple(sentences),
        )
        return replace(
            layout.example,
            tokens=sentences[0].tokens,
            query=sentences[0].query,
            inputs={"X": embeddings[list(objective.sentences[first].tokens)]},
            parameters={name: array for name, array in self.parameters.items() if name != "E"},
            attention=Settings(layout.heads, layout.kv_heads, layout.scale, layout.causal),  # type: ignore[arg-type]
            context=None,
            learn=learn,
        )

    def by_graph(self) -> tuple[Trace, ...]:
        """The steps of learning as the program shows them: of one example, or of each sentence."""
        return tuple(Trace(example) for example in self.examples())

    def graph_gradients(self) -> dict[str, FloatArray]:
        """Every parameter's gradient as the steps of learning show it, added up over the sentences."""
        totals: dict[str, FloatArray] = {name: np.zeros(array.shape) for name, array in self.parameters.items()}
        for i, trace in enumerate(self.by_graph()):
            for name, total in totals.items():
                if name == "E" and isinstance(self.objective, Labels) and trace.has("d_X"):
                    np.add.at(total, list(self.objective.sentences[i].tokens), trace.matrix("d_X"))
                elif trace.has(f"d_{name}"):
                    total += trace.matrix(f"d_{name}").reshape(total.shape)
        return totals


def as_table(objective: Objective) -> dict[str, Any]:
    if isinstance(objective, Labels):
        sentences = [{"tokens": s.tokens, "query": s.query, "label": s.label} for s in objective.sentences]
        return {"objective": "label", "sentences": sentences}
    table = {"rows": objective.rows, "target": objective.target.tolist()}
    if isinstance(objective, WeightTargets):
        return {"objective": "attention", "head": objective.head, **table}
    return {"objective": "output", **table}


@st.composite
def layout_tasks(draw: st.DrawFn, kinds: tuple[Kind, ...] = KINDS) -> LayoutTask:
    """Any layout with any of these objectives, however small or strange."""
    layout = draw(layouts())
    rng = np.random.default_rng(draw(seeds))
    kind = draw(st.sampled_from(kinds))
    return task_of(layout, kind, rng)


HEADS = ((1, 1), (2, 2), (4, 2), (3, 1))
MASKS = ("none", "causal", "boolean", "additive", "padding", "all of them")


def every_layout(kind: Kind) -> Iterator[tuple[str, LayoutTask]]:
    """A name and a task for each number of heads, mask, and with and without context, biases and W_O."""
    rng = np.random.default_rng(KINDS.index(kind))
    for (heads, kv_heads), mask, context in product(HEADS, MASKS, (False, True)):
        for rest in (False, True):
            layout = layout_of(rng, heads, kv_heads, mask, context, rest)
            yield f"{heads}/{kv_heads} heads, {mask}, {context=}, {rest=}", task_of(layout, kind, rng)


def layout_of(rng: np.random.Generator, heads: int, kv_heads: int, mask: str, context: bool, rest: bool) -> Layout:
    """Three tokens, which attend to themselves or to four others; `rest` is the biases and W_O."""
    t, s, m, k, v = 3, 4 if context else 3, 3, 2, 2
    widths = {"Q": heads * k, "K": kv_heads * k, "V": kv_heads * v}
    shapes: dict[str, tuple[int, ...]] = {f"W_{name}": (m, width) for name, width in widths.items()}
    if rest:
        shapes |= {f"b_{name}": (width,) for name, width in widths.items()} | {"W_O": (heads * v, m), "b_O": (m,)}
    allowed = rng.random((t, s)) < 0.7
    allowed[:, 0] = True
    added: dict[str, BoolArray | FloatArray] = {"boolean": allowed, "additive": rng.uniform(-2, 2, (t, s))}
    added["all of them"] = np.where(allowed, rng.uniform(-2, 2, (t, s)), -np.inf)
    return Layout(
        x=rng.uniform(-1, 1, (t, m)),
        y=rng.uniform(-1, 1, (s, m)) if context else None,
        parameters={name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()},
        heads=heads,
        kv_heads=kv_heads,
        scale="1/sqrt(d_k)" if rest else 0.8,
        causal=mask in ("causal", "all of them"),
        mask=added.get(mask),
        padding=np.arange(s) < s - 1 if mask in ("padding", "all of them") else None,
    )


def task_of(layout: Layout, kind: Kind, rng: np.random.Generator) -> LayoutTask:
    """A layout with a random objective."""
    parameters = dict(layout.parameters)
    if kind == "label":
        parameters |= {
            "E": rng.uniform(-1, 1, (WORDS, len(parameters["W_Q"]))),
            "W_R": rng.normal(size=(layout.width, LABELS)),
        }
        if rng.random() < 0.5:
            parameters["b_R"] = rng.normal(size=LABELS)
        sentences = tuple(random_sentence(rng) for _ in range(int(rng.integers(1, 4))))
        return LayoutTask(layout, parameters, Labels(sentences, layout.causal))
    parameters["X"] = layout.x
    if layout.y is not None:
        parameters["Y"] = layout.y
    queries = len(layout.x)
    rows = tuple(int(row) for row in rng.permutation(queries)[: rng.integers(1, queries + 1)])
    if kind == "attention":
        return LayoutTask(layout, parameters, weight_targets(layout, rows, rng))
    return LayoutTask(layout, parameters, OutputTargets(rows, rng.normal(size=(len(rows), layout.width))))


def weight_targets(layout: Layout, rows: tuple[int, ...], rng: np.random.Generator) -> WeightTargets:
    """Shares of what each row may look at, some of them 0; nothing for a row that may look at nothing."""
    keys = len(layout.x if layout.y is None else layout.y)
    target = rng.uniform(size=(len(rows), keys)) * (rng.random((len(rows), keys)) < 0.8)
    if layout.added is not None:
        allowed = ~np.isneginf(np.broadcast_to(layout.added, (len(layout.x), keys))[list(rows)])
        target = target * allowed
    total = target.sum(axis=-1, keepdims=True)
    return WeightTargets(rows, target / np.where(total == 0, 1, total), head=int(rng.integers(layout.heads)))


def random_sentence(rng: np.random.Generator) -> Sentence:
    """Up to five words, some of them twice."""
    length = int(rng.integers(1, 6))
    tokens = tuple(int(token) for token in rng.integers(WORDS, size=length))
    return Sentence(tokens, int(rng.integers(length)), int(rng.integers(LABELS)))
