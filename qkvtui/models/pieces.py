"""Which tensors, or parts of tensors, the parameters of each layer are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

from ..engine.arrays import FloatArray
from ..engine.stored import StoredTable
from .architecture import HEADS, Architecture, Family, Fused
from .parameters import KeptArrays, LayerParameters, TableOfRows, TensorPart
from .sentence import ReadSentence
from .weights import Weights

_BUCKETS = 32
"""Rows of a table of biases by distance."""


class ModelTensors:
    """The tensors of a model under the names of our parameters."""

    def __init__(self, family: Family, architecture: Architecture, weights: Weights) -> None:
        self._family = family
        self._architecture = architecture
        self._weights = weights
        self._prefix = weights.prefix_of(family.words)
        self._kept = KeptArrays(weights)
        width = architecture.word_width
        self._words = self._rows(self._prefix + family.words, width)

    @property
    def word_count(self) -> int:
        """How many rows the table of words has."""
        return self._words.table.shape[0]

    @property
    def reads_words(self) -> bool:
        """Whether there is what reads the next word: a matrix for it, or the words' own table."""
        readout = self._architecture.readout
        return readout is not None and readout.reads and (readout.tied or self._outside is not None)

    def check_sentence(self, sentence: ReadSentence) -> None:
        """Raises UsageError where a table has no row for one of the tokens, its place or its type."""
        last = self._architecture.first + len(sentence.ids) - 1
        rows = {"positions": last, "types": max(sentence.types)}
        for name, table in (("E", self._words), *self._beside()):
            self._weights.check_rows(table.tensor, self._architecture.word_width, rows.get(name, max(sentence.ids)))

    def layer(self, index: int) -> LayerParameters:
        """The parameters of a layer, with what stands before the first one and behind the last."""
        pieces, tables = dict(self._of_layer(index)), dict[str, TableOfRows]()
        if index == 0:
            tables = {"E": self._words, **dict(self._beside())}
            pieces |= dict(self._before())
        if index == self._architecture.sizes.layers - 1:
            tables |= dict(self._readout())
            pieces |= dict(self._behind())
        for piece in pieces.values():
            self._weights.check(piece.tensor, piece.shape)
        return LayerParameters(self._kept, pieces, tables)

    def bias_by_distance(self) -> tuple[tuple[float, ...], ...] | None:
        """(h, 2·d + 1): what a key d before the query gets, … its own place, … d behind it; None: nothing."""
        most, name = self._architecture.bias_table, self._prefix + self._family.bias
        if not most:
            return None
        table = self._weights.array(name, (_BUCKETS, self._architecture.sizes.heads))
        rows = [_bucket(distance, most) for distance in range(-most, most + 1)]
        return tuple(map(tuple, table[rows].T.tolist()))

    @property
    def _outside(self) -> str | None:
        """The tensor that reads words, if it is there: under the prefix of the others, or without."""
        name = f"{self._family.outside}.weight"
        return next((one for one in (name, self._prefix + name) if self._weights.has(one)), None)

    def _rows(self, tensor: str, width: int, *, turned: bool = False) -> TableOfRows:
        read = partial(_read, self._weights, tensor, width)
        count = self._weights.shape(tensor)[0]
        return TableOfRows(tensor, StoredTable(read, count, width, turned=turned, changed={}))

    def _beside(self) -> Iterator[tuple[str, TableOfRows]]:
        width = self._architecture.word_width
        for name, tensor in self._family.tables.items():
            if self._weights.has(self._prefix + tensor):
                yield name, self._rows(self._prefix + tensor, width)

    def _readout(self) -> Iterator[tuple[str, TableOfRows]]:
        if not self.reads_words:
            return
        outside, readout = self._outside, self._architecture.readout
        if (readout is not None and readout.tied) or outside is None:
            yield "E", self._words
        else:
            yield "W_U", self._rows(outside, self._architecture.sizes.width, turned=True)

    def _before(self) -> Iterator[tuple[str, TensorPart]]:
        width = self._architecture.word_width
        if "E" in self._family.norms:
            yield from self._norm("E", self._family.norms["E"], width)
        if "E" in self._family.linear:
            stem = self._prefix + self._family.linear["E"]
            if self._weights.has(f"{stem}.weight"):
                yield from self._linear(("E",), stem, (self._architecture.sizes.width,), width)

    def _behind(self) -> Iterator[tuple[str, TensorPart]]:
        if self._architecture.readout is not None and self._architecture.readout.norm:
            yield from self._norm("U", self._family.norms["U"], self._architecture.sizes.width)
        outside = f"{self._family.outside}.bias"
        if self.reads_words and self._weights.has(outside):
            yield "b_U", self._vector(outside, self.word_count)

    def _of_layer(self, index: int) -> Iterator[tuple[str, TensorPart]]:
        family, sizes, named = self._family, self._architecture.sizes, self._architecture.named(index)
        wide = {"Q": sizes.heads * sizes.d_k, "K": sizes.kv_heads * sizes.d_k, "V": sizes.kv_heads * sizes.d_k}
        outputs = {**wide, "O": sizes.width, "1": sizes.inner, "G": sizes.inner, "2": sizes.width}
        inputs = {"O": wide["Q"], "2": sizes.inner}
        for letter, stem in family.linear.items():
            if letter != "E":
                full = self._prefix + stem.format(**named)
                yield from self._linear((letter,), full, (outputs[letter],), inputs.get(letter, sizes.width))
        for fused in family.fused:
            full = self._prefix + fused.stem.format(**named)
            parts = tuple(outputs[letter] for letter in fused.letters)
            yield from self._linear(tuple(fused.letters), full, parts, sizes.width, fused)
        for letter, stem in family.norms.items():
            if letter not in ("E", "U"):
                width = sizes.d_k if letter in wide else sizes.width
                yield from self._norm(letter, stem.format(**named), width)

    def _linear(
        self, letters: Sequence[str], stem: str, outputs: Sequence[int], inputs: int, fused: Fused | None = None
    ) -> Iterator[tuple[str, TensorPart]]:
        total, in_out = sum(outputs), stem.endswith(self._family.in_out) if self._family.in_out else False
        heads = self._architecture.sizes.heads if fused is not None and fused.lie == HEADS else 1
        for at, letter in enumerate(letters):
            own = _outputs_of(at, outputs, heads)
            shape = (inputs, total) if in_out else (total, inputs)
            yield f"W_{letter}", TensorPart(f"{stem}.weight", shape, own, in_out)
            if self._weights.has(f"{stem}.bias"):
                yield f"b_{letter}", TensorPart(f"{stem}.bias", (total,), own)

    def _norm(self, letter: str, stem: str, width: int) -> Iterator[tuple[str, TensorPart]]:
        """Old files call the gain gamma and the bias beta."""
        full = self._prefix + stem
        gain, bias = f"g_{letter}", f"b_{letter}" if letter in "QK" else f"b_{letter}n"
        for name, called, less in ((gain, ("weight", "gamma"), self._family.gain_less), (bias, ("bias", "beta"), 0.0)):
            found = next((f"{full}.{one}" for one in called if self._weights.has(f"{full}.{one}")), None)
            if found is not None:
                yield name, self._vector(found, width, less)

    def _vector(self, tensor: str, width: int, less: float = 0.0) -> TensorPart:
        return TensorPart(tensor, (width,), range(width), less=less)


def _outputs_of(at: int, outputs: Sequence[int], heads: int) -> Sequence[int]:
    """Which outputs of all belong to the part `at`, where each of `heads` has its own parts beside each other."""
    if heads == 1:
        start = sum(outputs[:at])
        return range(start, start + outputs[at])
    total, start, width = sum(outputs) // heads, sum(outputs[:at]) // heads, outputs[at] // heads
    return tuple(head * total + start + column for head in range(heads) for column in range(width))


def _bucket(distance: int, most: int) -> int:
    """Which row of the table keys so far behind the query have: near ones each their own, far ones in common."""
    half = _BUCKETS // 2
    far, near = abs(distance), half // 2
    row = far
    if far >= near:
        row = min(half - 1, near + int(math.log(far / near) / math.log(most / near) * (half - near)))
    return row + half if distance > 0 else row


def _read(weights: Weights, tensor: str, width: int, start: int, stop: int) -> FloatArray:
    return weights.part(tensor, (None, width), start, stop)
