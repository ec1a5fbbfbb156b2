"""What goes into the first layer: the rows of the words, with those of their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..engine.arrays import FloatArray
from .block import WordTable


def sinusoidal(count: int, width: int) -> FloatArray:
    """(count, width): sin(place / 10000^(2i/width)) in column 2i, the cosine of the same in column 2i + 1.

    Vaswani et al. 2017, section 3.5.
    """
    columns = np.arange(width)
    angles = np.arange(count)[:, None] / 10000.0 ** ((columns - columns % 2) / width)  # (count, width)
    found: FloatArray = np.where(columns % 2, np.cos(angles), np.sin(angles))
    return found


def entering_rows(words: WordTable, arrays: Mapping[str, FloatArray], tokens: Sequence[str]) -> FloatArray:
    """(t, m): of each token its row of `E`, with that of its place. Every token is a word, every place has a row."""
    rows = {word: row for row, word in enumerate(words.words)}
    found = arrays["E"][[rows[token] for token in tokens]]
    if words.sinusoidal:
        found = found + sinusoidal(len(tokens), found.shape[1])
    elif "positions" in arrays:
        with np.errstate(over="ignore"):  # what is too large is refused when it is computed with
            found = found + arrays["positions"][: len(tokens)]
    found.setflags(write=False)
    return found
