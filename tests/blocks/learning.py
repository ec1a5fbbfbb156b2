"""Blocks with something to learn: what the last layer leaves of one row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qkvtui.graph.example import Example, Learn
from tests.blocks.drawn import drawn, places, read

BLOCKS = 17
"""So many seeds have every curve, norm and way of reading among them."""


def block_to_learn(seed: int) -> Example:
    """A block whose numbers all move."""
    structure = drawn(seed)
    example = read(structure)
    rng = np.random.default_rng(seed)
    row = int(rng.integers(len(example.tokens)))
    wanted = rng.normal(size=(1, example.inputs["X"].shape[1]))
    return replace(example, learn=Learn("output", tuple(places(structure)), rows=(row,), target=wanted))
