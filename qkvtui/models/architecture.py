"""How a family of models is built: what its tensors are called, and what its config.json says of its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..graph.block import BlockSettings, Readout
from ..graph.example import Settings
from ..records import record
from .values import Values

BESIDE: Final = "beside"
HEADS: Final = "heads"
"""How the outputs of a matrix that is several in one lie: all of one beside all of the next, or so in each head."""


@record(frozen=True)
class ModelSizes:
    """How large the parts of a model are."""

    layers: int
    width: int  # m
    heads: int
    kv_heads: int
    d_k: int
    inner: int
    """How many numbers the feed-forward part has in its middle."""
    positions: int
    """How many tokens a sentence may have."""


@record(frozen=True)
class Distances:
    """How a table of biases is read: near tokens have a row each, far ones share rows (Raffel et al. 2020)."""

    rows: int = 32
    most: int = 128
    """From that distance on all share the last row."""
    one_way: bool = False
    """Whether only keys before the query have rows, as in a decoder; else those behind it have half of them."""


@record(frozen=True)
class Architecture:
    """What the settings of one model come to."""

    sizes: ModelSizes
    block: BlockSettings | tuple[BlockSettings, ...]
    """Of all layers, or of each."""
    attention: Settings | tuple[Settings, ...]
    readout: Readout | None = None
    """None for a model that reads nothing behind its last layer, as BERT's body."""
    embedded: int = 0
    """How wide a word's row is; 0: as wide as the layers."""
    scale: float = 1.0
    """What the rows of the words are multiplied by."""
    norm: bool = False
    """Whether what goes into the first layer is normed."""
    first: int = 0
    """The row of the table of places that belongs to the first token."""
    groups: int = 0
    """So many layers have tensors of their own, the others those again; 0: all."""
    bias: Distances | None = None
    """How far apart two tokens are counts for their score, by a table in the file; None: there is no such bias."""
    parts: int = 1
    """So many of our layers are one of the model's: a decoder's that looks at an encoder's words is two."""
    names: Mapping[str, str] = {}
    """What else stands in the names of a layer's tensors, by what stands for it there."""
    start: tuple[int, ...] = ()
    """Of a decoder: the tokens that stand before all that it writes."""
    before_text: tuple[int, ...] = ()
    """Of a decoder: the tokens between those and a text that is given to it."""
    sinusoidal: bool = False
    """Whether places are told by sines and cosines, each half the columns apart, where the file has no table."""
    decoder: Architecture | None = None
    """Of an encoder: the decoder that looks at what it made; None: the model has one kind of layers."""

    @property
    def own_layers(self) -> int:
        """How many layers the model counts."""
        return self.sizes.layers // self.parts

    def block_of(self, layer: int) -> BlockSettings:
        """The block of one layer."""
        return self.block if isinstance(self.block, BlockSettings) else self.block[layer]

    @property
    def word_width(self) -> int:
        """How many numbers the row of a word has in the table."""
        return self.embedded or self.sizes.width

    def attention_of(self, layer: int) -> Settings:
        """The attention of one layer."""
        return self.attention if isinstance(self.attention, Settings) else self.attention[layer]

    def named(self, layer: int) -> dict[str, int | str]:
        """What stands for {i}, {g} and others in the names of a layer's tensors."""
        layer //= self.parts
        return {"i": layer, "g": layer * self.groups // self.sizes.layers if self.groups else layer, **self.names}


@record(frozen=True)
class Fused:
    """A matrix that is several in one."""

    stem: str
    letters: str
    """Which ones, in their order: `QKV`."""
    lie: str = BESIDE


@record(frozen=True)
class LayerNames:
    """The tensors of a layer, as a family has them."""

    linear: Mapping[str, str]
    norms: Mapping[str, str]


@record(frozen=True)
class Family:
    """The tensors of a family of models, by our parameters.

    A matrix W_Q is `{linear["Q"]}.weight`, b_Q its `.bias` as far as there is one; g_1 and b_1n are those of
    `norms["1"]`. In these names {i} is the layer.
    """

    read: Callable[[Values], Architecture]
    words: str
    """The table of words, whose name also tells what stands before all others: `model.` or nothing."""
    linear: Mapping[str, str]
    norms: Mapping[str, str]
    fused: tuple[Fused, ...] = ()
    tables: Mapping[str, str] = {}
    """Places and types: tables with a row for each."""
    outside: str = "lm_head"
    """What reads words, where the words' own table does not."""
    in_out: tuple[str, ...] = ()
    """Stems whose weight lies as (in, out), as GPT-2's Conv1D has it; others as (out, in)."""
    gain_less: float = 0.0
    """What the gains of norms are less in the file than they are: 1 for Gemma, which stores g − 1."""
    bias: str = ""
    """The table of biases by distance, (buckets, h)."""
    more: tuple[LayerNames, ...] = ()
    """The tensors of the other parts of a model's layer, where several of our layers are one of it."""
    prefers_outside: bool = False
    """Whether `outside` reads words wherever the file has it, whatever the settings say of one table for both."""
    word_bias: str = ""
    """What is added to the logits, where that is no bias of `outside`."""
    decoder: Family | None = None
    """Of an encoder: the tensors of the decoder."""
