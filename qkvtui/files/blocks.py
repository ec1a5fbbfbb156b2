"""`[vocabulary]`, `[[blocks]]` and `[readout]`: a file with whole layers, from words to the next word."""

from __future__ import annotations

from typing import NamedTuple

from ..engine.arrays import FloatArray, protect
from ..graph.block import CURVE_NAMES, NORM_KINDS, NORM_PLACES, BlockSettings, Readout, WordTable
from ..graph.example import Example, ModelLayer, Settings, arrays_of
from ..graph.layers import of_layer
from ..graph.steps import PUBLISHED
from ..graph.task import Learn
from ..localized import Localized
from ..operations.file_places import item_place
from ..said import say
from .draft import Table
from .forms import Form, need
from .headcounts import read_counts, with_defaults
from .matrices import ArrayReader
from .phrases import is_kind
from .plan import PublishedPlan
from .projected import Arrays, Found, read_projected
from .settings import read_settings
from .single import above_0, choice, truth
from .sizes import FileSizes
from .wordtables import embedded_words, read_readout, read_vocabulary_table

_TABLE = say("it is a table: [[blocks]] in TOML, [{{…}}] in JSON")
_OF_MLP = say('it goes with mlp = "relu" or another curve')


class ReadBlocks(NamedTuple):
    """What the file says of its layers."""

    x: FloatArray | None
    """(t, m): what goes into the first one."""
    layers: tuple[ModelLayer, ...]
    vocabulary: WordTable | None
    readout: Readout | None
    all_sizes: tuple[FileSizes, ...]
    """Of each layer."""
    sizes: FileSizes
    """Of the first layer."""

    @property
    def first_arrays(self) -> Arrays:
        """What goes into the first layer, and its parameters."""
        inputs = {} if self.x is None else {"X": self.x}
        return Arrays(inputs, dict(self.layers[0].parameters) if self.layers else {}, self.sizes)

    @property
    def first_attention(self) -> Settings:
        """The settings of the first layer."""
        return self.layers[0].attention if self.layers else Settings()

    def read_task(self, learn: Table, plan: PublishedPlan, query: int, reader: ArrayReader) -> Learn | None:
        """What is to be learned; what reads that is imported for such a file only."""
        if not isinstance(learn.values, dict) or not self.layers:
            return None
        from .wordtask import WordModel, read_word_task

        words = None if self.vocabulary is None else tuple(self.vocabulary.words)
        return read_word_task(learn, WordModel(self.layers, words, self.readout, plan, query, reader))

    def absent_steps(self, layer: int) -> dict[str, str]:
        """The steps that a layer does not have, and why. Only of layers that are sound."""
        if not self.layers or self.x is None:
            return {}
        from ..graph.steps import graph_of  # only here: the graph itself knows best

        first = self.layers[0]
        example = Example(
            name="",
            file="",
            title=Localized({"": ""}),
            tokens=("",) * len(self.x) if self.vocabulary is None else (self.vocabulary.words[0],) * len(self.x),
            query=0,
            inputs={"X": self.x},
            parameters=first.parameters,
            attention=first.attention,
            vocabulary=self.vocabulary,
            block=first.block,
            layers=self.layers,
            entering=self.x,
            last_readout=self.readout,
        )
        there = graph_of(of_layer(example, layer)).rows
        return {step: say("the block has none") for step in PUBLISHED if step not in there}


def read_blocks(top: Table, reader: ArrayReader, sizes: FileSizes, tokens: tuple[str, ...] | None) -> ReadBlocks:
    """All layers; every mistake is reported."""
    _refuse_single(top)
    words, of_words = read_vocabulary_table(top, reader, sizes)
    x = embedded_words(top, words, of_words, tokens) if "vocabulary" in top else _given_x(top, reader, sizes)
    width = None if x is None else x.shape[1]
    layers: list[ModelLayer] = []
    all_sizes: list[FileSizes] = []
    for table in _tables(top):
        layer, found = _read_block(table, reader, sizes, x)
        layers.append(layer)
        all_sizes.append(found)
    if layers:
        layers[0] = _with(layers[0], of_words)
    readout, of_readout = read_readout(top, reader, width, words)
    _refuse_biases(top, layers)
    if layers and readout is not None:
        again = {"E": of_words["E"]} if readout.tied and "E" in of_words else {}
        layers[-1] = _with(layers[-1], {**of_readout, **again})
    return ReadBlocks(x, tuple(layers), words, readout, tuple(all_sizes), all_sizes[0] if all_sizes else sizes)


def _refuse_biases(top: Table, layers: list[ModelLayer]) -> None:
    """Report a bias of the norm before the first layer, or behind the last, where that is RMSNorm, which has none."""
    for table, name, at in (("vocabulary", "b_En", 0), ("readout", "b_Un", -1)):
        if layers and layers[at].block.kind == "rms" and name in top.table(table):
            top.table(table).report(name, say("has nothing to do here"), _norm_of(name))


def _with(layer: ModelLayer, more: dict[str, FloatArray]) -> ModelLayer:
    return ModelLayer(layer.block, {**more, **layer.parameters}, layer.attention)


def _refuse_single(top: Table) -> None:
    """Report what belongs to a file with attention alone."""
    for name in ("parameters", "attention"):
        if name in top:
            top.report(name, say("does not go with [[blocks]]"), say("write [blocks.{name}] in each block", name=name))
    if "context" in top:
        top.report("context", say("does not go with [[blocks]]"), say("leave it out"))
    if "vocabulary" in top and "inputs" in top:
        top.report(
            "inputs", say("does not go with [vocabulary]"), say("the rows of X are those of the words; leave it out")
        )


def _tables(top: Table) -> list[Table]:
    value = top.values.get("blocks")
    if isinstance(value, dict):
        top.report("blocks", say("is one table"), say("there can be several: write [[blocks]]; [{{…}}] in JSON"))
        return []
    if not isinstance(value, list):
        top.report("blocks", is_kind(value), _TABLE)
        return []
    if not value:
        top.report("blocks", say("is empty"), say("write a block: [[blocks]] with [blocks.parameters]"))
    found = []
    for index, one in enumerate(value):
        place = item_place("blocks", index)
        if isinstance(one, dict):
            table = Table(one, place, top.draft)
            table.refuse_others("blocks")
            found.append(table)
        else:
            top.draft.report(place, is_kind(one), _TABLE)
    return found


def _read_block(
    table: Table, reader: ArrayReader, sizes: FileSizes, x: FloatArray | None
) -> tuple[ModelLayer, FileSizes]:
    block = BlockSettings(
        norm=choice(table, "norm", NORM_PLACES, "none"),
        kind=choice(table, "kind", NORM_KINDS, "layer"),
        epsilon=above_0(table, "epsilon") or 1e-5,
        mlp=choice(table, "mlp", CURVE_NAMES, "none"),
        gated=truth(table, "gated"),
        parallel=truth(table, "parallel"),
    )
    if block.parallel and (block.mlp == "none" or block.norm == "after"):
        table.report("parallel", say("has nothing to do here"), say('it goes with mlp, and with norm = "before"'))
    if block.gated and table.values.get("mlp", "none") == "none":
        table.report("gated", say("has nothing to do here"), _OF_MLP)
    parameters, attention = table.table("parameters"), table.table("attention")
    parameters.refuse_others("blocks.parameters")
    attention.refuse_others("attention")
    heads, kv_heads = with_defaults(attention, read_counts(attention))
    sizes = sizes._replace(heads=heads, kv_heads=kv_heads)
    inputs = Table({}, "inputs", table.draft)
    found = (
        read_projected(inputs, parameters, attention, reader, sizes, context=False, embedded=x)
        if x is not None
        else None
    )
    if found is None:
        return ModelLayer(block, {}, Settings()), sizes
    settings = read_settings(attention, reader, found.sizes)
    _check_width(parameters, found)
    learned = Found(parameters, reader, found.parameters)
    _read_norms(learned, block, found.sizes.m)
    _read_mlp(learned, block, found.sizes.m)
    protect({**found.parameters, **arrays_of(settings)})
    return ModelLayer(block, found.parameters, settings), found.sizes


def _check_width(parameters: Table, found: Arrays) -> None:
    """What attention found is added to X: it must be as wide."""
    sizes = found.sizes
    if sizes.m is None or "W_O" in parameters or sizes.heads is None or sizes.v is None:
        return
    if sizes.heads * sizes.v != sizes.m:
        expected = say(
            "what the heads find is {width} wide, and X, to which it is added, {m}: W_O leads there",
            width=sizes.heads * sizes.v,
            m=sizes.m,
        )
        parameters.report_missing("W_O", expected)


def _read_norms(learned: Found, block: BlockSettings, width: int | None) -> None:
    """g_1 and b_1n of the norm at attention, g_2 and b_2n of that at the feed-forward part, g_3 and g_4 behind them."""
    feeds, around = block.mlp != "none", block.norm == "around"
    asked = {"1": block.norm not in ("none", "mlp"), "2": block.norm != "none" and feeds, "3": around}
    asked["4"] = around and feeds
    for letter, is_there in asked.items():
        for name in (f"g_{letter}", f"b_{letter}n"):
            if is_there and not (name.startswith("b") and block.kind == "rms"):
                learned.vector(Form(name, columns=need(width, say("one for each column of X"))))
            elif name in learned.table:
                learned.table.report(name, say("has nothing to do here"), _norm_of(name))


def _norm_of(name: str) -> str:
    if name[2] in "34":
        return say('it goes with norm = "around"')
    if name.endswith("n"):
        return say('it goes with norm = "before" or "after" and kind = "layer"')
    return say('it goes with norm = "before" or "after"')


def _read_mlp(learned: Found, block: BlockSettings, width: int | None) -> None:
    """W_1 (m, n) b_1, W_2 (n, m) b_2, and W_G (m, n) b_G where it is gated."""
    table = learned.table
    names = ("W_1", "b_1", "W_G", "b_G", "W_2", "b_2")
    if block.mlp == "none":
        for name in names:
            if name in table:
                table.report(name, say("has nothing to do here"), _OF_MLP)
        return
    rows = need(width, say("one for each column of X"))
    w_1 = learned.matrix(Form("W_1", rows, torch="turned"), say("with mlp, F is N W_1"))
    inner = None if w_1 is None else w_1.shape[1]
    of_inner = need(inner, say("as many as W_1 has columns"))
    learned.vector(Form("b_1", columns=of_inner))
    if block.gated:
        learned.matrix(Form("W_G", rows, of_inner, torch="turned"), say("with gated = true, G is N W_G"))
        learned.vector(Form("b_G", columns=of_inner))
    else:
        for name in ("W_G", "b_G"):
            if name in table:
                table.report(name, say("has nothing to do here"), say("it goes with gated = true"))
    back = need(width, say("as wide as X, to which it is added"))
    learned.matrix(Form("W_2", of_inner, back, torch="turned"), say("with mlp, D is what the curve made, times W_2"))
    learned.vector(Form("b_2", columns=back))


def _given_x(top: Table, reader: ArrayReader, sizes: FileSizes) -> FloatArray | None:
    inputs = top.table("inputs")
    for name in inputs.values:
        if name not in ("X", "features", "decimals"):
            inputs.report(name, say("does not go with [[blocks]]"), say("a file with blocks has X, or a [vocabulary]"))
    found = Found(inputs, reader)
    x = found.matrix(Form("X", need(sizes.t, say("one for each token"))), say("the first block begins with X"))
    if x is not None:
        x.setflags(write=False)
    return x
