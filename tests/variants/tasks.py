"""Random files with something to learn, their loss and its slopes by the reference; and all that tests walk through."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from qkvtui.files.read import load
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, grown, read
from tests.blocks.learning import BLOCKS, block_to_learn, layers_to_learn
from tests.variants.reference import last_of, steps
from tests.variants.sampling import KINDS, Sample

STEP = 1e-30
LEARNABLE = [kind for kind in KINDS if kind != "scores"]


class Task:
    """A sample with something to learn, and the reference's loss of it."""

    def __init__(self, kind: str, seed: int) -> None:
        self.sample = sample = Sample(kind, seed, learns=True)
        found = steps(sample.tables, sample.t, sample.s)
        self.head = int(sample.rng.integers(len(found["weights"])))
        of_head = found["weights"][self.head]
        seen = [row for row in range(sample.t) if of_head[row].any()]
        self.of_weights = bool(seen) and bool(sample.rng.random() < 0.5)
        rows = seen if self.of_weights else range(sample.t)
        self.rows = [row for row in rows if sample.rng.random() < 0.8] or [rows[0]]
        if self.of_weights:
            wanted = np.where(of_head[self.rows] > 0, sample.rng.uniform(0.1, 1, (len(self.rows), sample.s)), 0)
            self.target = wanted / wanted.sum(axis=1, keepdims=True)
        else:
            self.target = sample.rng.standard_normal((len(self.rows), last_of(found).shape[1]))
        self.train = [*sample.parameters, *sample.inputs]
        sample.learn = {
            "objective": "attention" if self.of_weights else "output",
            "target": {str(row): wanted for row, wanted in zip(self.rows, self.target.tolist(), strict=True)},
            "train": self.train,
            "rate": 0.1,
            "steps": 3,
            **({"head": self.head} if self.of_weights else {}),
        }

    def loss(self, moved: dict[str, Any]) -> complex:
        """Of the numbers of the file, some of them moved."""
        tables = {
            table: {name: moved.get(name, value) for name, value in getattr(self.sample, table).items()}
            for table in ("inputs", "parameters", "attention")
        }
        found = steps(tables, self.sample.t, self.sample.s)
        if self.of_weights:
            weights = found["weights"][self.head][self.rows]
            logs = np.log(np.where(self.target > 0, weights, 1))
            return complex(-(self.target * logs).sum() / len(self.rows))
        difference = last_of(found)[self.rows] - self.target
        return complex((difference**2).sum() / self.target.size)

    def gradient(self, name: str) -> Any:
        """The slopes of the loss, by complex steps."""
        value = np.array({**self.sample.inputs, **self.sample.parameters}[name], dtype=complex)
        found = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = value.copy()
            moved[index] += 1j * STEP
            found[index] = self.loss({name: moved}).imag / STEP
        return found


@cache
def traces(samples: int = 3, tasks: int = 4) -> tuple[Trace, ...]:
    """A few examples of each kind, and a few with something to learn."""
    found = [Sample(kind, seed).example() for kind in KINDS for seed in range(samples)]
    found += [Task(kind, seed).sample.example() for kind in LEARNABLE for seed in range(tasks)]
    found += [replace(one, causal_assumed=True) for one in found if one.attention.causal == "first"][:1]
    found += [block_to_learn(seed) if tasks else read(drawn(seed)) for seed in range(BLOCKS)]
    found += [read(grown(seed)) for seed in range(5)]
    of_layers = layers_to_learn() if tasks else ()
    names = ("two-layers", "two-layers-learn") if tasks else ("two-layers",)
    upper = (Trace(load(name)).at_layer(1) for name in names)
    return (*map(Trace, found), *upper, *of_layers)
