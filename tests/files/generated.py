"""Random examples, as the reader could have read them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.magnitudes import LARGEST
from qkvtui.files.clean import clean_line, clean_paragraph
from qkvtui.files.masks import is_zeros_and_ones
from qkvtui.files.numerals import plain_signs
from qkvtui.files.structure import row_labels
from qkvtui.graph.example import Example, Scale, Settings
from qkvtui.graph.mechanisms import PAIRS, Alibi, Causal, Relative, Rotary
from qkvtui.graph.printed import Published
from qkvtui.graph.proposals import Experiment, LessonQuestion, Stop, WhatIf
from qkvtui.graph.task import LabelledSentence, Learn, Vocabulary
from qkvtui.localized import LANGUAGES, Localized

finite = st.floats(-LARGEST, LARGEST)
_scale = finite.filter(lambda scale: abs(scale) > 1e-99)
_alphabet = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('"\\\'\n\r\t[]{}#=, 。；它"\x1b\x7f'))
_raw = st.text(_alphabet, max_size=400)
lines = _raw.map(clean_line).filter(str.strip)
paragraphs = _raw.map(clean_paragraph).filter(str.strip)
told = paragraphs.map(lambda text: text.replace("{", "{{").replace("}", "}}") + " {weights[0,0]} {output[0]}")
tokens = st.one_of(st.sampled_from(["it", "it", "0", "1", "01", "a b", '"', "\\", "它", "#"]), lines)


def localized(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Localized]:
    by_language = st.dictionaries(st.sampled_from(LANGUAGES), texts, min_size=1)
    return st.one_of(texts.map(lambda text: {"": text}), by_language).map(Localized)


def arrays(*shape: int, numbers: st.SearchStrategy[Any] = finite) -> st.SearchStrategy[NDArray[Any]]:
    def shaped(values: list[Any]) -> NDArray[Any]:
        array = np.array(values).reshape(shape)
        array.setflags(write=False)
        return array

    count = math.prod(shape)
    return st.lists(numbers, min_size=count, max_size=count).map(shaped)


def _is_name(text: str) -> bool:
    """Whether a file could have this as the name of a column, and it comes back as it is."""
    return bool(text) and clean_line(text.strip()) == text and not re.match(r"#|\d", plain_signs(text))


_column_names = st.one_of(st.sampled_from(["living", "points back", "生物", '"', "]"]), lines.map(str.strip)).filter(
    _is_name
)


@st.composite
def _features(draw: st.DrawFn, example: Example) -> dict[str, tuple[Localized, ...]]:
    """Names for the columns of some of the matrices, in one language or in two."""
    found = {}
    for letter in "XYZQKV":
        array = example.inputs.get(letter, example.parameters.get(f"W_{letter}"))
        if array is None or draw(st.booleans()):
            continue
        width = array.shape[-1]
        languages = draw(st.sampled_from([("",), ("en",), ("en", "zh")]))
        unique = st.lists(
            _column_names, min_size=width * len(languages), max_size=width * len(languages), unique_by=str.casefold
        )
        texts = iter(draw(unique))
        found[letter] = tuple(Localized({language: next(texts) for language in languages}) for _ in range(width))
    return found


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Any example."""
    sentence = tuple(draw(st.lists(tokens, min_size=1, max_size=4)))
    context = tuple(draw(st.lists(tokens, min_size=1, max_size=3))) if draw(st.booleans()) else None
    keys = sentence if context is None else context
    kv_heads, group, k, v = (draw(st.integers(1, 2)) for _ in range(4))
    heads = kv_heads * group
    inputs, parameters = draw(_inputs(len(sentence), len(keys), heads, kv_heads, k, v, context=context is not None))
    example = Example(
        name="example",
        file="example",
        title=draw(localized(lines)),
        tokens=sentence,
        query=draw(st.integers(0, len(sentence) - 1)),
        inputs=inputs,
        parameters=parameters,
        attention=draw(_settings(len(sentence), len(keys), heads, kv_heads, k)),
        context=context,
        about=draw(st.none() | localized(told)),
        source=draw(st.none() | localized(paragraphs)),
        errata=draw(st.none() | localized(told)),
        says=draw(_says),
        experiment=draw(st.none() | _experiments),
        questions=tuple(draw(st.lists(_questions, max_size=2))),
        learned=draw(st.none() | localized(told)),
    )
    example = replace(
        example, published=draw(_published(example, k, v)), stops=tuple(draw(st.lists(_stops, max_size=2)))
    )
    example = replace(example, features=draw(_features(example)), gloss=draw(_glosses(len(sentence))))
    if context is not None:
        example = replace(example, context_gloss=draw(_glosses(len(context))))
    return draw(_with_task(example)) if "X" in inputs and draw(st.booleans()) else example


def _glosses(count: int) -> st.SearchStrategy[tuple[Localized, ...]]:
    """What each of so many tokens means, in one language or in two; or nothing."""
    texts = _raw.map(clean_line).filter(lambda text: clean_line(text.strip()) == text)
    by_language = st.sampled_from([("",), ("en",), ("en", "zh")]).flatmap(
        lambda languages: st.lists(
            st.fixed_dictionaries(dict.fromkeys(languages, texts)).map(Localized), min_size=count, max_size=count
        )
    )
    return st.just(()) | by_language.map(tuple)


@st.composite
def _inputs(
    draw: st.DrawFn, t: int, s: int, heads: int, kv_heads: int, k: int, v: int, *, context: bool
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    if draw(st.booleans()):
        leading = [(heads,), (kv_heads,), (kv_heads,)] if heads > 1 or draw(st.booleans()) else [(), (), ()]
        shapes = dict(zip("QKV", [(*leading[0], t, k), (*leading[1], s, k), (*leading[2], s, v)], strict=True))
        optional = {"W_O": (heads * v, 2), "b_O": (2,)} if draw(st.booleans()) else {}
        return (
            {name: draw(arrays(*shape)) for name, shape in shapes.items()},
            {name: draw(arrays(*shape)) for name, shape in optional.items()},
        )
    m = draw(st.integers(1, 3))
    given = {"X": draw(arrays(t, m))}
    if context:
        of_keys = draw(st.integers(1, 3))
        given["Y"] = draw(arrays(s, of_keys))
    else:
        of_keys = m
    of_values = draw(st.none() | st.integers(1, 3))
    if of_values is not None:
        given["Z"] = draw(arrays(s, of_values))
    learned: dict[str, tuple[int, ...]] = {
        "W_Q": (m, heads * k),
        "W_K": (of_keys, kv_heads * k),
        "W_V": (of_values or of_keys, kv_heads * v),
    }
    more = {"b_Q": (heads * k,), "b_K": (kv_heads * k,), "b_V": (kv_heads * v,), "W_O": (heads * v, m)}
    learned |= {name: shape for name, shape in more.items() if draw(st.booleans())}
    return given, {name: draw(arrays(*shape)) for name, shape in learned.items()}


@st.composite
def _settings(draw: st.DrawFn, t: int, s: int, heads: int, kv_heads: int, k: int) -> Settings:
    scales: list[st.SearchStrategy[Scale]] = [st.just("1/sqrt(d_k)"), st.just("none"), _scale]
    added = st.one_of(finite, st.just(-math.inf))
    shapes = [(t, s), (heads, t, s)]
    masks = [
        st.none(),
        *(
            arrays(*shape, numbers=numbers).filter(lambda mask: not is_zeros_and_ones(mask))
            for shape in shapes
            for numbers in (st.booleans(), added)
        ),
    ]
    causals: list[Causal] = [False, "first"]
    if t == s:
        causals.append(True)
    if t <= s:
        causals.append("last")
    above_0 = st.floats(1e-6, 1e6)
    tables = st.sampled_from([1, 3]).flatmap(
        lambda width: st.lists(st.tuples(*[finite] * width), min_size=heads, max_size=heads)
    )
    biases: list[st.SearchStrategy[Any]] = [
        st.none(),
        st.tuples(*[finite] * heads).map(Alibi),
        tables.map(lambda rows: Relative(tuple(rows))),
        *(arrays(*shape) for shape in shapes),
    ]
    rotaries = st.builds(
        Rotary, theta=above_0, width=st.just(2), pairs=st.sampled_from(PAIRS), first=st.integers(0, 99)
    )
    return Settings(
        heads=heads,
        kv_heads=kv_heads,
        scale=draw(st.one_of(scales)),
        causal=draw(st.sampled_from(causals)),
        mask=draw(st.one_of(masks)),
        padding=draw(st.none() | arrays(s, numbers=st.booleans())),
        window=draw(st.none() | st.integers(1, 9)),
        rotary=draw(st.none() | rotaries) if k == 2 else None,
        softcap=draw(st.none() | above_0),
        bias=draw(st.one_of(biases)),
        sink=draw(st.just(()) | st.tuples(*[finite] * heads)),
        scoring=draw(st.sampled_from(("dot", "cosine"))),
    )


@st.composite
def _published(draw: st.DrawFn, example: Example, k: int, v: int) -> Published | None:
    widths = {"queries": k, "keys": k, "values": v, "output": v, "weights": len(example.keys)}
    names = draw(st.lists(st.sampled_from(sorted(widths)), max_size=2, unique=True))
    if not names:
        return None
    if "weights" in names and example.attention.heads > 1:
        names.append("weights@1")
    of_steps = st.dictionaries(
        st.sampled_from(sorted({name.partition("@")[0] for name in names})), st.integers(0, 15), min_size=1
    )
    decimals = draw(st.none() | st.integers(0, 15) | of_steps)
    tolerance = draw(st.none() | st.floats(1e-9, 1e9)) if decimals is None else None
    empty = replace(example, published=Published({name: {} for name in names}))
    rows: dict[str, dict[int, tuple[float, ...]]] = {}
    for name in names:
        count = len(row_labels(empty)[f"published.{name}"])
        width = widths[name.partition("@")[0]]
        number = st.one_of(finite, st.just(-math.inf))
        row = st.lists(number, min_size=width, max_size=width).map(tuple)
        rows[name] = draw(st.dictionaries(st.integers(0, count - 1), row, min_size=1))
    return Published(rows, decimals, tolerance)


_changes = st.builds(
    WhatIf,
    st.sampled_from([(), ("X[0,0]=0.5", "W_Q[0,0]=-1e-07")]),
    st.sampled_from([None, "none", "1/sqrt(3)"]),
    st.sampled_from([None, "0.5"]),
    st.sampled_from([None, True, False]),
    st.sampled_from(["rows", "columns"]),
    st.none() | st.integers(0, 15),
)
_experiments = st.builds(Experiment, st.sampled_from(["weights", "update"]), localized(told), _changes)
_choices = st.lists(told.map(clean_line).map(lambda text: Localized({"": text})), min_size=2, max_size=3).map(tuple)
_whys = st.none() | localized(told)
_questions = st.one_of(
    st.builds(LessonQuestion, localized(told), _choices, st.integers(0, 1), why=_whys, change=_changes),
    st.builds(LessonQuestion, localized(told), predict=st.just("weights[0,0]"), why=_whys, change=_changes),
    st.builds(LessonQuestion, localized(told), watch=lines, change=_changes.filter(bool)),
)
_blanks = st.none() | st.booleans() | st.just(("scores", "weights"))
_stops = st.one_of(
    st.builds(Stop, lines, st.none() | localized(told), blank=_blanks),
    st.builds(
        Stop,
        st.just("weights[0,0]"),
        st.none() | localized(told),
        st.builds(LessonQuestion, st.none(), predict=st.just("weights[0,0]"), why=_whys, change=_changes),
        _blanks,
    ),
    st.builds(
        Stop,
        lines,
        localized(told),
        st.builds(LessonQuestion, st.none(), _choices, st.integers(0, 1), why=_whys, change=_changes),
        _blanks,
    ),
)
_says = st.dictionaries(
    st.sampled_from(["embeddings", "weights", "weights@1", "d_W_Q"]),
    st.lists(localized(told), min_size=1, max_size=2).map(tuple),
    max_size=2,
)


@st.composite
def _with_task(draw: st.DrawFn, example: Example) -> Example:
    """The example with a learning task."""
    course = Learn(
        objective=draw(st.sampled_from(["attention", "output"])),
        train=tuple(draw(st.lists(st.sampled_from(sorted(example.parameters)), min_size=1, unique=True))),
        start=draw(st.sampled_from(["given", "random"])),
        seed=draw(st.integers(0, 999_999_999)),
        optimizer=draw(st.sampled_from(["sgd", "momentum", "adam"])),
        rate=draw(st.floats(1e-99, LARGEST)),
        steps=draw(st.integers(1, 1_000_000)),
    )
    if example.context is None and "Z" not in example.inputs and draw(st.booleans()):
        return draw(_with_labels(example, course))
    weights = course.objective == "attention"
    rows = tuple(sorted(draw(st.sets(st.integers(0, len(example.tokens) - 1), min_size=1))))
    wish = st.floats(1e-9, 1) if weights else finite
    target = draw(arrays(len(rows), len(example.keys) if weights else _width(example), numbers=wish))
    settings = replace(example.attention, causal=False, mask=None, padding=None, window=None)
    bare = replace(example, attention=settings)
    return replace(bare, learn=replace(course, rows=rows, target=target, head=settings.heads - 1 if weights else 0))


def _width(example: Example) -> int:
    """How many numbers a row of the last step has."""
    parameters, settings = example.parameters, example.attention
    if "W_O" in parameters:
        return int(parameters["W_O"].shape[1])
    return int(parameters["W_V"].shape[1]) * settings.heads // settings.kv_heads


@st.composite
def _with_labels(draw: st.DrawFn, example: Example, course: Learn) -> Example:
    words = tuple(dict.fromkeys([*example.tokens, *draw(st.lists(tokens, max_size=3))]))
    embeddings = draw(arrays(len(words), example.inputs["X"].shape[1]))
    names = draw(st.lists(st.one_of(lines, st.integers(-99, 99).map(str)), min_size=2, max_size=3, unique=True))
    labels = st.integers(0, len(names) - 1)

    def sentence(words_of_it: tuple[str, ...], query: int) -> LabelledSentence:
        return LabelledSentence(words_of_it, query, draw(labels))

    others = draw(st.lists(st.lists(st.sampled_from(words), min_size=1, max_size=3).map(tuple), max_size=4))
    more = [sentence(one, draw(st.integers(0, len(one) - 1))) for one in others]
    cut = draw(st.integers(0, len(more)))
    rows = embeddings[[words.index(token) for token in example.tokens]]
    rows.setflags(write=False)
    readout = {"W_R": draw(arrays(_width(example), len(names))), "b_R": draw(arrays(len(names)))}
    by_rule = isinstance(example.attention.bias, Alibi | Relative)
    settings = replace(example.attention, mask=None, padding=None, bias=example.attention.bias if by_rule else None)
    task = replace(
        course,
        objective="label",
        train=(*course.train, "E", "W_R"),
        labels=tuple(names),
        vocabulary=Vocabulary(words, embeddings),
        sentences=(*more[:cut], sentence(example.tokens, example.query)),
        test=tuple(more[cut:]),
    )
    return replace(
        example,
        inputs={"X": rows},
        parameters={**example.parameters, **readout},
        attention=settings,
        learn=task,
    )
