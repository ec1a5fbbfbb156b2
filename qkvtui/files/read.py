"""Example files to Examples: every mistake in a file is found and named, or the example is sound."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..engine.arrays import FloatArray, protect
from ..errors import ExampleError
from ..graph.document import Document, Kind
from ..graph.example import Example, Settings, arrays_of
from ..graph.printed import Published
from ..localized import Localized
from ..said import say
from .arrayfile import open_arrays
from .draft import Draft, Table
from .features import read_features
from .find import STANDARD_INPUT, Located, kind_of_file, locate
from .inputs import read_arrays
from .matrices import ArrayReader
from .numerals import plain_structure
from .phrases import is_kind
from .plan import PublishedPlan, absent_steps
from .projected import refuse_read_out
from .proposals import read_experiment, read_learned, read_questions
from .published import read_published, refuse_others
from .rounded import read_rounded
from .says import read_says
from .settings import read_settings
from .sizes import FileSizes
from .source import read_file, read_standard_input
from .stops import read_stops, read_walk
from .syntax import guess_kind, parse_structure
from .textlists import read_gloss
from .texts import read_note, read_title, read_told
from .tokens import read_query, read_tokens
from .unpasted import Unpasted
from .variants import is_ambiguous

if TYPE_CHECKING:
    from typing import BinaryIO

    from .blocks import ReadBlocks
    from .vocabulary import Words

FORMAT = 1


class FileText(NamedTuple):
    """A file as it stands, and what is known of it."""

    text: str
    name: str
    file: str
    """What messages call it."""
    folder: str
    kind: Kind
    is_bundled: bool


class _Named(NamedTuple):
    """What is known of the columns' names before the example is made."""

    inputs: Mapping[str, FloatArray]
    parameters: Mapping[str, FloatArray]
    attention: Settings
    features: Mapping[str, tuple[Localized, ...]]


def load(source: str, *, again: bool = False) -> Example:
    """The example that `source` names: bundled, at a path, or `-` for standard input.

    `again`: for the second time, which only a file can be read. Raises UsageError where there is none, ExampleError
    for one that cannot be used.
    """
    return load_located(locate(source), again=again)


def load_located(example: Located, *, again: bool = False) -> Example:
    """The example that was found. Raises ExampleError for one that cannot be used."""
    return example_in(text_of(example, again=again))


def text_of(example: Located, *, again: bool = False, is_named: bool = True) -> FileText:
    """The text of the example that was found. Raises ExampleError where it cannot be read.

    `again`: for the second time; `is_named`: by a command line, and not by another file.
    """
    path = example.path
    if path is None:
        text = read_standard_input(example.display, again=again)
        return FileText(text, STANDARD_INPUT, example.display, os.curdir, guess_kind(text), False)
    text = read_file(path, example.display, waits=is_named and not again)
    folder, kind = os.path.dirname(path) or os.curdir, kind_of_file(path)
    return FileText(text, example.name, example.display, folder, kind, example.is_bundled)


def example_in(found: FileText, *, alone: bool = False) -> Example:
    """The example that a file holds; `alone`: without its `[[patch]]`. Raises ExampleError for an unsound one."""
    text, name, file, folder, kind, is_bundled = found
    return parse_example(text, name=name, file=file, folder=folder, kind=kind, is_bundled=is_bundled, alone=alone)


def parse_example(
    text: str,
    *,
    name: str = "example",
    file: str = "example",
    folder: str | None = None,
    kind: Kind = "toml",
    arrays: BinaryIO | None = None,
    is_bundled: bool = False,
    alone: bool = False,
) -> Example:
    """The example that `text` holds.

    `file` is what messages call it, `folder` where a file of arrays may lie (None: nowhere); `arrays` is that file
    itself, for a text that is not written yet; `alone` leaves out what `[[patch]]` says.
    Raises ExampleError with all mistakes, in the order of the format.
    """
    draft = Draft()
    as_it_stands = Table(parse_structure(text, kind, file), "", draft)
    stored = open_arrays(as_it_stands, folder, arrays)
    pasted = Draft()
    top = Table(Unpasted(pasted, () if stored is None else stored.names).file(as_it_stands.values), "", draft)
    if not pasted.sound:
        raise ExampleError(file, pasted.problems())
    reader = ArrayReader(draft, stored, arrays_expected="arrays" in top)
    document = Document(plain_structure(text, kind), kind, folder, reader.names if "arrays" in top else None)
    example = _example(top, reader, name, file, document)
    if example is not None and draft.sound:
        _refuse_others(top.table("published"), example)
    if example is None or not draft.sound:
        raise ExampleError(file, draft.problems())
    if "patch" in top and not alone:
        from .patches import patched_with  # only here: few examples have another run beside them

        example = patched_with(
            top, example, folder, lambda other: example_in(text_of(other, is_named=False), alone=True)
        )
        if not draft.sound:
            raise ExampleError(file, draft.problems())
    example = replace(example, is_bundled=is_bundled)
    return replace(example, written=example)


def _example(top: Table, reader: ArrayReader, name: str, file: str, document: Document) -> Example | None:
    """The example, or None where it has no title or no tokens; sound only where no mistake was reported."""
    inputs, parameters, attention, published, learn = _tables(top)
    title, about = read_title(top), read_told(top, "about")
    tokens = read_tokens(top, "tokens")
    query = read_query(top, tokens)
    context = read_tokens(top, "context") if "context" in top else None
    keys = context if "context" in top else tokens
    sizes = FileSizes(t=None if tokens is None else len(tokens), s=None if keys is None else len(keys))
    words, embedded = _vocabulary(top, learn, tokens)
    blocks = _blocks(top, reader, sizes, tokens)
    if blocks is not None:
        arrays, settings = blocks.first_arrays, blocks.first_attention
    else:
        arrays = read_arrays(inputs, parameters, attention, reader, sizes, context="context" in top, embedded=embedded)
        settings = read_settings(
            attention, reader, arrays.sizes, is_scored="S" in arrays.inputs, is_published=bool(published.values)
        )
    named_in = inputs if blocks is None or blocks.vocabulary is None else top.table("vocabulary")
    features = read_features(named_in, parameters, arrays.sizes)
    if blocks is not None:
        absent = blocks.absent_steps(0) if top.draft.sound else {}
    else:
        absent = absent_steps(inputs, parameters, attention, arrays.sizes.heads)
    named = _Named(arrays.inputs, arrays.parameters, settings, features) if inputs.draft.sound else None
    plan = PublishedPlan(tokens, keys, arrays.sizes, absent, named)
    has_layers = blocks is not None and len(blocks.layers) > 1
    of_layers = _of_layers(published, reader, plan, blocks) if blocks is not None and has_layers else ()
    printed = next(iter(of_layers), None) if has_layers else read_published(published, reader, plan)
    rounded = read_rounded(inputs, parameters, {**arrays.inputs, **arrays.parameters})
    task = None
    if "learn" in top and blocks is None:
        from .learning import Surroundings, read_learn

        around = Surroundings(top, inputs, parameters, attention, arrays, settings, plan, query, reader)
        task = read_learn(learn, words, around)
    elif "learn" in top and blocks is not None:
        task = blocks.read_task(learn, plan, query, reader)
    else:
        refuse_read_out(parameters, say("reads a label, and there is no [learn] with labels"))
    if title is None or tokens is None:
        return None
    protect({**arrays.inputs, **arrays.parameters, **arrays_of(settings)})
    return Example(
        name=name,
        file=file,
        title=title,
        tokens=tokens,
        query=query,
        head=top.whole("head", 0, settings.heads - 1, 0),
        inputs=arrays.inputs,
        parameters=arrays.parameters,
        attention=settings,
        context=context,
        gloss=read_gloss(top, "gloss", tokens),
        context_gloss=read_gloss(top, "context_gloss", context),
        about=about,
        source=read_note(top, "source"),
        errata=read_told(top, "errata"),
        says=read_says(top),
        experiment=read_experiment(top),
        questions=read_questions(top),
        learned=read_learned(top),
        published=printed,
        printed=of_layers,
        causal_assumed=is_ambiguous(attention, arrays.sizes),
        rounded=rounded,
        features=features,
        stops=read_stops(top),
        walk=read_walk(top),
        learn=task,
        vocabulary=None if blocks is None else blocks.vocabulary,
        block=None if blocks is None or not blocks.layers else blocks.layers[0].block,
        layers=() if blocks is None else blocks.layers,
        entering=None if blocks is None else blocks.x,
        last_readout=None if blocks is None else blocks.readout,
        document=document,
    )


def _of_layers(
    published: Table, reader: ArrayReader, plan: PublishedPlan, blocks: ReadBlocks
) -> tuple[Published | None, ...]:
    """What is published of each layer, where there are several; nothing is looked at in a file with mistakes."""
    if not published.values or not published.draft.sound:
        return ()
    from .printedlayers import read_of_layers

    plans = [
        plan._replace(sizes=sizes, absent=blocks.absent_steps(layer)) for layer, sizes in enumerate(blocks.all_sizes)
    ]
    return read_of_layers(published, reader, plans)


def _refuse_others(published: Table, example: Example) -> None:
    """Report numbers of steps that a sound example turns out not to have."""
    if not example.printed:
        refuse_others(published, example)
        return
    from .printedlayers import refuse_others_of_layers

    refuse_others_of_layers(published, example)


def _blocks(top: Table, reader: ArrayReader, sizes: FileSizes, tokens: tuple[str, ...] | None) -> ReadBlocks | None:
    """The layers, where the file has some; what reads them is imported for such a file only."""
    if "blocks" not in top:
        for name in ("vocabulary", "readout"):
            if name in top and not top.draft.is_excused("blocks"):
                top.report(name, say("goes with [[blocks]]"), say("write a block: [[blocks]] with [blocks.parameters]"))
        return None
    from .blocks import read_blocks

    return read_blocks(top, reader, sizes, tokens)


def _vocabulary(top: Table, learn: Table, tokens: tuple[str, ...] | None) -> tuple[Words | None, FloatArray | None]:
    """The vocabulary, and the rows (t, m) that it gives the tokens; what reads them is imported for a task only."""
    if "learn" not in top or "blocks" in top:
        return None, None
    from .vocabulary import embedded_tokens, read_vocabulary

    words = read_vocabulary(learn)
    return words, embedded_tokens(words, learn, tokens)


def _tables(top: Table) -> tuple[Table, Table, Table, Table, Table]:
    """`inputs`, `parameters`, `attention`, `published` and `learn`, after a look at every name in the file."""
    _check_format(top)
    top.refuse_others()
    inputs, parameters, attention, learn = (top.table(name) for name in ("inputs", "parameters", "attention", "learn"))
    for table in (inputs, parameters, attention, learn):
        table.refuse_others()
    return inputs, parameters, attention, top.table("published"), learn


def _check_format(top: Table) -> None:
    value = top.values.get("format")
    if "format" not in top:
        top.report_missing("format", say("write format = {format}", format=FORMAT))
    elif value != FORMAT or not isinstance(value, int) or isinstance(value, bool):
        top.report("format", is_kind(value), say("this version reads format = {format}", format=FORMAT))
