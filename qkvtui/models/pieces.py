"""Which tensors, or parts of tensors, the parameters of each layer are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.stored import StoredTable
from ..graph.block import Readout
from ..graph.mechanisms import Relative
from ..said import Phrase
from .architecture import HEADS, Architecture, Distances, Family, Fused, LayerNames
from .parameters import KeptArrays, LayerParameters, TableOfRows, TensorPart
from .sentence import ReadSentence
from .weights import Weights


class ModelTensors:
    """The tensors of a model under the names of our parameters."""

    def __init__(
        self, family: Family, architecture: Architecture, weights: Weights, encoder: ModelTensors | None = None
    ) -> None:
        """With `encoder` they are those of its decoder, which has the same table of words."""
        self._family = family
        self._architecture = architecture
        self._weights = weights
        self._prefix = weights.prefix_of(family.words)
        if encoder is None:
            self._kept = KeptArrays(weights)
            self._words = self._rows(self._prefix + family.words, architecture.word_width)
        else:
            self._kept, self._words = encoder._kept, encoder._words

    @property
    def word_count(self) -> int:
        """How many rows the table of words has."""
        return self._words.table.shape[0]

    @property
    def readout(self) -> Readout | None:
        """How the next word is read: by a matrix of its own, or by the words' table; neither may be there."""
        readout = self._architecture.readout
        if readout is None:
            return None
        outside = self._outside
        tied = readout.tied and (outside is None or not self._family.prefers_outside)
        return replace(readout, tied=tied, reads=readout.reads and (tied or outside is not None))

    @property
    def _reads_words(self) -> bool:
        return self.readout is not None and self.readout.reads

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

    @property
    def has_places(self) -> bool:
        """Whether there is a table of places."""
        return self._weights.has(self._prefix + self._family.tables.get("positions", ""))

    def bias_by_distance(self) -> Relative | None:
        """What each score gets by how far apart its tokens are; None: nothing."""
        distances, name = self._architecture.bias, self._prefix + self._family.bias
        if distances is None:
            return None
        table = self._weights.array(name, (distances.rows, self._architecture.sizes.heads))
        most = distances.most
        rows = [bucket_of(distance, distances) for distance in range(-most, most + 1)]

        def place(head: int, column: int) -> Phrase:
            return self._weights.place(name, rows[column], head)

        return Relative(tuple(map(tuple, table[rows].T.tolist())), place)

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
        outside, readout = self._outside, self.readout
        if readout is None or not readout.reads:
            return
        if readout.tied or outside is None:
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
        outside, beside = f"{self._family.outside}.bias", self._family.word_bias
        if self._reads_words and self._weights.has(outside):
            yield "b_U", self._vector(outside, self.word_count)
        elif self._reads_words and beside and self._weights.has(beside):
            yield "b_U", TensorPart(beside, (1, self.word_count), range(self.word_count), is_row=True)

    def _of_layer(self, index: int) -> Iterator[tuple[str, TensorPart]]:
        family, sizes, named = self._family, self._architecture.sizes, self._architecture.named(index)
        part = index % self._architecture.parts
        names = family.more[part - 1] if part else LayerNames(family.linear, family.norms)
        wide = {"Q": sizes.heads * sizes.d_k, "K": sizes.kv_heads * sizes.d_k, "V": sizes.kv_heads * sizes.d_k}
        outputs = {**wide, "O": sizes.width, "1": sizes.inner, "G": sizes.inner, "2": sizes.width}
        inputs = {"O": wide["Q"], "2": sizes.inner}
        for letter, stem in names.linear.items():
            if letter != "E" and (letter != "G" or self._architecture.block_of(index).gated):
                full = self._prefix + stem.format(**named)
                yield from self._linear((letter,), full, (outputs[letter],), inputs.get(letter, sizes.width))
        for fused in family.fused:
            full = self._prefix + fused.stem.format(**named)
            parts = tuple(outputs[letter] for letter in fused.letters)
            yield from self._linear(tuple(fused.letters), full, parts, sizes.width, fused)
        for letter, stem in names.norms.items():
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


def bucket_of(distance: int, distances: Distances) -> int:
    """Which row of the table keys so far behind the query have: near ones each their own, far ones in common.

    Rounded as models were trained, in float32.
    """
    count = distances.rows if distances.one_way else distances.rows // 2
    far, near = max(0, -distance) if distances.one_way else abs(distance), count // 2
    row = far
    if far >= near:
        share = np.log(np.float32(far / near)) / np.float32(math.log(distances.most / near))
        row = min(count - 1, near + int(share * np.float32(count - near)))
    return row + count if distance > 0 and not distances.one_way else row


def _read(weights: Weights, tensor: str, width: int, start: int, stop: int) -> FloatArray:
    return weights.part(tensor, (None, width), start, stop)
