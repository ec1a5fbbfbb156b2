"""The example as read from a file: data only, checked and cleaned, nothing computed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal

from ..engine.arrays import BoolArray, FloatArray
from ..localized import Localized
from ..records import record
from .block import BlockSettings, Readout, WordTable
from .document import Document
from .mechanisms import Alibi, Causal, Relative, Rotary, Scoring
from .printed import Published
from .proposals import Experiment, LessonQuestion, Stop
from .sides import Side, side_of
from .stored import StoredArrays
from .task import Learn

STANDARD_SCALE: Final = "1/sqrt(d_k)"
NO_SCALE: Final = "none"
Scale = float | Literal["1/sqrt(d_k)", "none"]
"""A number may be a WrittenNumber, which has the sum that it came from."""


@record(frozen=True)
class Settings:
    """The `[attention]` table."""

    heads: int = 1
    """With Q, K and V given, as many as they hold."""
    kv_heads: int = 1
    """Divides `heads`."""
    scale: Scale = STANDARD_SCALE
    causal: Causal = False
    mask: BoolArray | FloatArray | None = None
    """(t, s), or (h, t, s) for each head: true = may look; or numbers added to the scaled scores."""
    padding: BoolArray | None = None
    """(s,): true = a real token."""
    window: int | None = None
    """A query sees itself and the window − 1 tokens before it; without `causal` as many after it too."""
    rotary: Rotary | None = None
    norm: str = ""
    """`rms`: queries and keys of each head are normalised; empty: not."""
    softcap: float | None = None
    """cap · tanh(score / cap) in place of each scaled score."""
    bias: Alibi | Relative | FloatArray | None = None
    """What is added to the scores before the mask; an array is (t, s) or (h, t, s)."""
    sink: tuple[float, ...] = ()
    """For each head a number that joins the sum of softmax and takes its share; empty: none."""
    scoring: Scoring = "dot"


@record(frozen=True, eq=False)
class ModelLayer:
    """One layer of several."""

    block: BlockSettings
    parameters: Mapping[str, FloatArray]
    """Of the first layer also `E` and `positions`, of the last one also what reads the next word."""
    attention: Settings
    context: int | None = None
    """The layer whose rows keys and values are made of; None: the layer's own X."""


def arrays_of(settings: Settings) -> dict[str, BoolArray | FloatArray | None]:
    """The settings that may be arrays, by name."""
    bias = None if isinstance(settings.bias, Alibi | Relative) else settings.bias
    return {"mask": settings.mask, "padding": settings.padding, "bias": bias}


@record(frozen=True, eq=False)
class OtherRun:
    """Another run of the same shape, that rows can be taken from."""

    example: Example
    name: str
    """What it is called: the lesson or file, or what its words are."""
    watch: str = ""
    """The address of the number to watch, as the file has it; empty: none."""
    of_words: bool = False
    """Whether it is the same example reading other words."""


@record(frozen=True, eq=False)
class Patch:
    """Rows of a step that are taken from another run, and no longer computed."""

    run: OtherRun
    step: str
    layer: int
    """0 where there are no layers."""
    row: int | None = None
    """None: all rows."""
    head: int | None = None
    """None: all heads."""


@record(frozen=True)
class Example:
    """One worked example. Arrays are read-only, float64 unless a file of arrays holds float32."""

    name: str
    """The bundled name, or the file's name without its ending."""
    file: str
    """The path as it was given, for messages."""
    title: Localized
    tokens: tuple[str, ...]
    query: int
    """Index of the query that is shown first."""
    inputs: Mapping[str, FloatArray]
    """`X` (t, m) and with context `Y` (s, m); or `Q` (t, k), `K` (s, k), `V` (s, v).

    Where the file gives one of Q, K and V a leading axis for heads, all three have it here: (h, t, k),
    (g, s, k) and (g, s, v) for g key/value heads.
    """
    parameters: Mapping[str, FloatArray] = field(default_factory=dict)
    """`W_Q W_K W_V W_O` (two axes), `b_Q b_K b_V b_O` (one axis): those given.

    With labels also `W_R` (the last step's width, labels) and `b_R` (labels,), which read a label from an output.
    """
    attention: Settings = field(default_factory=Settings)
    head: int = 0
    """The head that is shown first."""
    context: tuple[str, ...] | None = None
    """The tokens attended to in cross-attention; None: the tokens themselves."""
    gloss: tuple[Localized, ...] = ()
    """What each token means, for a reader of another language; empty: nothing is said."""
    context_gloss: tuple[Localized, ...] = ()
    """The same for the tokens of the context."""
    about: Localized | None = None
    source: Localized | None = None
    errata: Localized | None = None
    """What is wrong in the source."""
    says: Mapping[str, tuple[Localized, ...]] = field(default_factory=dict)
    """The lesson's own paragraphs, by step: its id, with its head if not the first (`weights`, `weights@1`).

    As in its other texts, numbers of the example may stand in them by address, `{weights[it,animal]}`.
    """
    experiment: Experiment | None = None
    questions: tuple[LessonQuestion, ...] = ()
    learned: Localized | None = None
    """What the reader can do at the end."""
    published: Published | None = None
    """Of the layer that this is."""
    printed: tuple[Published | None, ...] = ()
    """What was published of each layer; empty where there is one."""
    causal_assumed: bool = False
    """Whether the file says only `causal = true`, which can mean two things here, and was read as `first`."""
    rounded: Mapping[str, int] = field(default_factory=dict)
    """Inputs and parameters that were rounded before they were printed → their decimals."""
    features: Mapping[str, tuple[Localized, ...]] = field(default_factory=dict)
    """What the columns of `X Y Z Q K V` are called, as far as the file says so.

    Of Q, K and V the columns of one head, or those of all heads one after the other.
    """
    stops: tuple[Stop, ...] = ()
    """The teacher's way through the lesson; empty: the whole walk."""
    walk: Literal["stops", "whole"] = "stops"
    """Whether one is led from stop to stop, or through the whole walk with the stops on the way."""
    learn: Learn | None = None
    """The learning task, where the file has one."""
    vocabulary: WordTable | None = None
    """The table that the tokens are rows of, in the first layer; None: X is given."""
    ids: tuple[int, ...] = ()
    """Of each token its row in the table, in a model; empty: its text says it."""
    types: tuple[int, ...] = ()
    """Of each token its row among `types`; empty: the first."""
    special: tuple[bool, ...] = ()
    """Which tokens a model's tokenizer added, such as [CLS]; empty: none is known to be."""
    block: BlockSettings | None = None
    """What stands around attention; None: nothing."""
    layer: int = 0
    """Which of `layers` this is."""
    layers: tuple[ModelLayer, ...] = ()
    """All layers, where the file has blocks."""
    entering: FloatArray | None = None
    """(t, m): what goes into the first of them."""
    last_readout: Readout | None = None
    """How the next word is read behind the last layer, of this side; None: it is not."""
    sides: tuple[Side, ...] = ()
    """Encoder and decoder, where the layers read two sentences; what is said above of words is of this layer's."""
    others: tuple[OtherRun, ...] = field(default=(), compare=False)
    """The runs that the file proposes to take rows from."""
    patches: tuple[Patch, ...] = field(default=(), compare=False)
    """What is taken from other runs."""
    is_bundled: bool = False
    """Whether it came with the program, as a lesson of the course."""
    document: Document | None = field(default=None, compare=False, repr=False)
    """What it was read from; None for an example that comes from no file."""
    written: Example | None = field(default=None, compare=False, repr=False)
    """The example as the file has it, however much this one was changed; None where it comes from no file."""

    @property
    def is_stored(self) -> bool:
        """Whether the parameters stay in the file of a model, and are read when they are looked at."""
        return isinstance(self.parameters, StoredArrays)

    @property
    def side(self) -> Side | None:
        """The side that this layer is of; None where there are none."""
        return side_of(self.sides, self.layer)

    @property
    def is_first(self) -> bool:
        """Whether nothing comes before this layer but words, or rows that are given."""
        return self.layer == (0 if self.side is None else self.side.first)

    @property
    def readout(self) -> Readout | None:
        """How the next word is read, if this is the last layer."""
        return self.last_readout if self.layer == (self.side.last if self.side else len(self.layers) - 1) else None

    @property
    def given(self) -> Mapping[str, FloatArray]:
        """The inputs that stand in the file: X does not where it comes from a table of words, or a layer before."""
        if self.vocabulary is None and self.is_first:
            return self.inputs
        return {name: array for name, array in self.inputs.items() if name != "X" and (name != "Y" or not self.sides)}

    @property
    def context_layer(self) -> int | None:
        """The layer whose rows keys and values are made of; None: this one's own, or rows that are given."""
        return self.layers[self.layer].context if self.layers else None

    @property
    def word_rows(self) -> tuple[int, ...]:
        """Of each token its row in the table of words."""
        if self.ids or self.vocabulary is None:
            return self.ids
        rows = {word: row for row, word in enumerate(self.vocabulary.words)}
        return tuple(rows[token] for token in self.tokens)

    @property
    def keys(self) -> tuple[str, ...]:
        """The tokens that are attended to."""
        return self.tokens if self.context is None else self.context
