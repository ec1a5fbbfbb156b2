"""What is to be learned: which parameters move, from where, and towards what.

Parameters go by the names they have in a file: W_Q W_K W_V W_O b_Q b_K b_V b_O of the layer; X and Y, its inputs;
E, the embedding table that sentences share; W_R and b_R, which read a label from an output row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from ..records import record
from ..said import say
from .arrays import FloatArray, read_only

OF_SCORES = ("g_Q", "g_K", "W_S", "v_S")
"""Those that only graphs know that are more than plain attention."""
_OF_LAYER = ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O")
_NORMS = ("g_1", "b_1n", "g_2", "b_2n", "g_U", "b_Un")
_FED = ("W_1", "b_1", "W_G", "b_G", "W_2", "b_2", "W_U", "b_U")
_MORE = ("types", "g_E", "b_En", "W_E", "b_E", "g_3", "b_3n", "g_4", "b_4n")
NAMES = (*_OF_LAYER, "X", "Y", "E", "W_R", "b_R", "Z", *OF_SCORES, "positions", *_NORMS, *_FED, *_MORE)
"""Every parameter there can be, in the order in which random ones are drawn."""


@record(frozen=True, eq=False)
class WeightTargets:
    """Objective "attention": rows of weights that one head should have."""

    rows: tuple[int, ...]
    target: FloatArray  # (n, s)
    head: int = 0


@record(frozen=True, eq=False)
class OutputTargets:
    """Objective "output": rows that the layer's last step should have."""

    rows: tuple[int, ...]
    target: FloatArray  # (n, m), without W_O (n, h·v)


@record(frozen=True)
class Sentence:
    """Rows of E, the position of the token that asks, and the label that should be read from its output."""

    tokens: tuple[int, ...]
    query: int
    label: int


@record(frozen=True)
class Labels:
    """Objective "label": sentences that share one embedding table."""

    sentences: tuple[Sentence, ...]
    causal: bool = False


Objective = WeightTargets | OutputTargets | Labels


@record(frozen=True, eq=False)
class Task:
    """A learning task. Raises ValueError where its parts do not fit together."""

    parameters: Mapping[str, FloatArray]
    """Where it starts: everything the task needs, what moves and what does not; held read-only, as float64."""
    objective: Objective
    train: tuple[str, ...] = ("W_Q", "W_K", "W_V")
    heads: int = 1
    kv_heads: int = 1
    scale: float | None = None
    mask: FloatArray | None = None
    """(t, s), added to the scaled scores; the sentences of "label" have none but `causal`."""

    def __post_init__(self) -> None:
        held = {name: read_only(np.array(array, dtype=np.float64)) for name, array in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(held))
        if self.mask is not None:
            queries, keys = len(self.parameters["X"]), len(self.parameters.get("Y", self.parameters["X"]))
            object.__setattr__(self, "mask", read_only(np.broadcast_to(self.mask, (queries, keys))))
        _check(self)

    def starting_from(self, parameters: Mapping[str, FloatArray]) -> Task:
        """The same task from other numbers; those not named stay."""
        return replace(self, parameters={**self.parameters, **parameters})

    def randomly_started(self, seed: int) -> Task:
        """The same task with what moves drawn, whatever it was before."""
        return self.starting_from(drawn(self.parameters, self.train, seed))


def drawn(parameters: Mapping[str, FloatArray], train: tuple[str, ...], seed: int) -> dict[str, FloatArray]:
    """What moves, drawn by `np.random.default_rng(seed)`, the first layer first.

    A matrix with m rows is drawn from a normal distribution of variance 1/m (LeCun et al. 1998, section 4.6), so that
    what it makes is about as large as what it is given; X, Y, Z, E and places have variance 1, biases are 0, gains of a
    norm 1.
    """
    rng = np.random.default_rng(seed)
    return {name: _drawn(name, parameters[name].shape, rng) for name in sorted(train, key=_turn)}


def _turn(name: str) -> tuple[int, int]:
    """When it is its turn to be drawn: by its layer, and there in the order of NAMES."""
    plain, _, layer = name.partition("@")
    return int(layer or 0), NAMES.index(plain)


def _drawn(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    if name.startswith("b"):
        return np.zeros(shape)
    if name.startswith("g"):
        return np.ones(shape)
    numbers = rng.standard_normal(shape)
    return numbers / np.sqrt(shape[0]) if name.startswith(("W", "v")) else numbers


def _check(task: Task) -> None:
    """Raises ValueError for what would otherwise end in a wrong number or a puzzling message later."""
    labelled = isinstance(task.objective, Labels)
    needed = {"W_Q", "W_K", "W_V"} | ({"E", "W_R"} if labelled else {"X"})
    if missing := needed - task.parameters.keys():
        raise ValueError(f"the task lacks {', '.join(sorted(missing))}")
    if unknown := task.parameters.keys() - set(NAMES):
        raise ValueError(f"no parameter is called {', '.join(sorted(unknown))}")
    if not task.train or len(set(task.train)) < len(task.train):
        raise ValueError("train must name one or more parameters, each once")
    if absent := set(task.train) - task.parameters.keys():
        raise ValueError(f"{', '.join(sorted(absent))} cannot be trained: the task does not have it")
    if isinstance(task.objective, Labels):
        _check_sentences(task, task.objective)
    else:
        _check_targets(task, task.objective)


def _check_targets(task: Task, objective: WeightTargets | OutputTargets) -> None:
    queries = len(task.parameters["X"])
    rows = objective.rows
    if not rows or len(set(rows)) < len(rows) or not all(0 <= row < queries for row in rows):
        raise ValueError(f"the target's rows must be different and 0 … {queries - 1}")
    of_weights = isinstance(objective, WeightTargets)
    if isinstance(objective, WeightTargets):
        width = len(task.parameters.get("Y", task.parameters["X"]))
        if not 0 <= objective.head < task.heads:
            raise ValueError(f"there is no head {objective.head}")
    elif "W_O" in task.parameters:
        width = task.parameters["W_O"].shape[1]
    else:
        width = task.parameters["W_V"].shape[1] * task.heads // task.kv_heads
    if objective.target.shape != (len(rows), width):
        raise ValueError(f"the target must be {len(rows)} × {width}")
    if of_weights and task.mask is not None and (objective.target[np.isneginf(task.mask[list(rows)])] != 0).any():
        raise ValueError(say("the target asks for a weight where the query may not look: its loss would be infinite"))


def _check_sentences(task: Task, objective: Labels) -> None:
    words, labels = len(task.parameters["E"]), task.parameters["W_R"].shape[1]
    if not objective.sentences:
        raise ValueError("there are no sentences to learn from")
    if task.mask is not None:
        raise ValueError("a mask has no place here: the sentences differ in length")
    for sentence in objective.sentences:
        if not all(0 <= token < words for token in sentence.tokens):
            raise ValueError(f"tokens must be 0 … {words - 1}")
        if not 0 <= sentence.query < len(sentence.tokens):
            raise ValueError(f"the query must be 0 … {len(sentence.tokens) - 1}")
        if not 0 <= sentence.label < labels:
            raise ValueError(f"labels must be 0 … {labels - 1}")
