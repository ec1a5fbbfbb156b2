"""The two sides of an encoder-decoder, each with layers and words of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from ..records import record
from .block import Readout, WordTable

SideName = Literal["encoder", "decoder"]
ENCODER: Final = "encoder"
DECODER: Final = "decoder"


@record(frozen=True, eq=False)
class Side:
    """The encoder or the decoder of a model that has both: the layers that read the same words."""

    name: SideName
    first: int
    """Its first layer, of all there are."""
    last: int
    tokens: tuple[str, ...]
    query: int
    """Index of the token that asks first."""
    ids: tuple[int, ...]
    """Of each token its row in the table of words."""
    special: tuple[bool, ...]
    """Which tokens stand for no part of a text, such as </s>."""
    vocabulary: WordTable
    readout: Readout | None
    """What follows behind its last layer."""
    own_layers: int
    """How many layers the model counts there: in a decoder two of ours are one of these."""

    @property
    def layers(self) -> range:
        """All its layers."""
        return range(self.first, self.last + 1)

    def own_number(self, layer: int) -> int:
        """Which one a layer is of those that the model counts, from 0."""
        return (layer - self.first) * self.own_layers // len(self.layers)


def side_of(sides: Sequence[Side], layer: int) -> Side | None:
    """The side that a layer is of; None where there are no sides."""
    return next((side for side in sides if layer in side.layers), None)
