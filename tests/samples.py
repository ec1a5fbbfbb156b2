"""Small examples of every layout the program accepts, built without a file; and their reference in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.files.find import bundled_names
from qkvtui.files.read import load
from qkvtui.graph.example import Example, Scale, Settings
from qkvtui.graph.printed import Published
from qkvtui.graph.task import Goal, LabelledSentence, Learn, Vocabulary
from qkvtui.localized import Localized
from qkvtui.trace.trace import Trace
from tests.oracle import Reference, reference

AWKWARD_TOKENS = (
    "[/red]",
    ",",
    "]",
    "3",
    "小红",
    "🙂",
    "שלום",
    "a,b",
    "a, b",
    " it",
    "it",
    "it",
    "[bold]",
    "1,2",
    "99",
    " 0 ",
    "x@1[it,",
    "{query}",
    ":",
    "٣",
    "👩‍👩‍👧",
    "مرحبا, 1",
    " ",
    "```",
    "a",
    "b",
    "b,a",
    "“",
    "→",
)
LONG_TOKENS = ("a" * 2000, "小" * 300, "brought", "[red]" * 20, "supercalifragilistic", "🙂" * 30)


def plain() -> Example:
    """Four tokens, three numbers each, one head, nothing special."""
    return projected("plain", ("The", "cat", "sat", "down"), m=3, k=2, v=2)


def whole_numbers() -> Example:
    """Numbers that can be worked out in one's head; ties everywhere."""
    x = np.array([[1, 0, 1], [0, 2, 0], [1, 1, 1], [1, 0, 1]], dtype=np.float64)
    one = np.eye(3)
    return of("whole_numbers", ("a", "b", "c", "d"), {"X": x}, {"W_Q": one, "W_K": 2 * one, "W_V": -one}, scale="none")


def only_rows() -> Example:
    """No matrices: the rows of X ask, are found and are handed over."""
    x = np.array([[2, 0.5], [1, 1], [-0.25, 2]])
    return of("only_rows", ("river", "bank", "money"), {"X": x}, {})


def one_number() -> Example:
    """The smallest there is: one token, one feature."""
    return projected("one_number", ("alone",), m=1, k=1, v=1)


def three_heads() -> Example:
    """Three heads, all four biases, and W_O."""
    return projected(
        "three_heads", ("The", "cat", "sat", "on", "it"), m=4, k=2, v=3, heads=3, biases=True, last=True, query=4
    )


def one_head_with_last_projection() -> Example:
    """One head and W_O without a bias."""
    return projected("one_head_with_last_projection", ("Who", "is", "it"), m=3, k=2, v=2, last=True)


def grouped() -> Example:
    """Four query heads that share two key/value heads."""
    return projected("grouped", ("The", "cat", "sat"), m=3, k=2, v=2, heads=4, kv_heads=2, biases=True, last=True)


def causal() -> Example:
    """No looking ahead."""
    return projected("causal", ("One", "step", "after", "another"), m=3, k=2, v=2, causal=True, query=1)


def padding() -> Example:
    """The last two tokens only fill up the row."""
    return projected(
        "padding",
        ("Hello", "world", "<pad>", "<end>"),
        m=2,
        k=3,
        v=1,
        padding=np.array([True, True, False, False]),
    )


def boolean_mask() -> Example:
    """The file's own mask of true and false, d_k = 4."""
    mask = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.bool_)
    return projected("boolean_mask", ("left", "middle", "right"), m=2, k=4, v=2, mask=mask)


def additive_mask() -> Example:
    """The file's own mask of numbers, −∞ among them."""
    mask = np.array([[0.5, -1.25, 0], [-np.inf, 0, 2], [0, -np.inf, -np.inf]])
    return projected("additive_mask", ("near", "far", "out"), m=2, k=2, v=2, mask=mask, query=1)


def all_masks() -> Example:
    """Causal, padding and a mask of numbers at once, without scale."""
    mask = np.array([[0, 1, 1, 1], [0.5, 0, 0, 0], [1, -2, 0, 0], [-0.25, 0, 0, 0]])
    return projected(
        "all_masks",
        ("a", "b", "c", "d"),
        m=2,
        k=2,
        v=2,
        mask=mask,
        causal=True,
        padding=np.array([True, False, True, True]),
        scale="none",
        query=3,
    )


def blind() -> Example:
    """The second token may look at nothing."""
    mask = np.ones((3, 3), dtype=np.bool_)
    mask[1] = False
    return projected("blind", ("seeing", "blind", "third"), m=2, k=2, v=2, mask=mask, query=1)


def blind_heads() -> Example:
    """Two heads, and a first token that stands before everything it may look at."""
    mask = np.tril(np.ones((3, 3), dtype=np.bool_), -1)
    return projected("blind_heads", ("first", "second", "third"), m=2, k=2, v=2, heads=2, mask=mask, last=True)


def cross() -> Example:
    """Cross-attention: four tokens ask, six of another sentence answer; two heads."""
    return projected(
        "cross",
        ("Das", "Tier", "war", "müde"),
        context=("The", "animal", "was", "too", "tired", "."),
        m=3,
        k=2,
        v=2,
        heads=2,
        biases=True,
        last=True,
        query=1,
    )


def cross_without_heads() -> Example:
    """Cross-attention in which more tokens ask than answer."""
    return projected("cross_without_heads", ("a", "b", "c", "d", "e"), context=("小", "红"), m=2, k=2, v=2, query=3)


def given() -> Example:
    """Q, K and V as the file gives them."""
    rng = np.random.default_rng(11)
    inputs = {"Q": numbers(rng, 3, 2), "K": numbers(rng, 3, 2), "V": numbers(rng, 3, 4)}
    return of("given", ("I", "am", "given"), inputs, {})


def given_heads() -> Example:
    """Q, K and V with an axis for heads, of which two share a key/value head, for a context of another length."""
    rng = np.random.default_rng(12)
    inputs = {"Q": numbers(rng, 4, 3, 2), "K": numbers(rng, 2, 5, 2), "V": numbers(rng, 2, 5, 3)}
    return of(
        "given_heads",
        ("I", "am", "given"),
        inputs,
        {"W_O": numbers(rng, 12, 3)},
        context=("p", "q", "r", "s", "t"),
        heads=4,
        kv_heads=2,
    )


def unscaled() -> Example:
    """No scale, so there is no step for it."""
    return projected("unscaled", ("no", "scale", "here"), m=3, k=2, v=2, scale="none")


def quarter_scale() -> Example:
    """A scale that is a number."""
    return projected("quarter_scale", ("a", "quarter"), m=3, k=3, v=2, scale=0.25)


def negative_scale() -> Example:
    """A scale that turns the order round."""
    return projected("negative_scale", ("upside", "down"), m=2, k=2, v=2, scale=-1.5)


def long_tokens() -> Example:
    """Tokens that are far longer than any line."""
    return projected("long_tokens", LONG_TOKENS, m=2, k=2, v=2, query=0)


def awkward_tokens() -> Example:
    """Tokens that look like markup, like addresses, like indices; wide, right-to-left and repeated ones."""
    return projected("awkward_tokens", AWKWARD_TOKENS, m=2, k=2, v=2, query=4)


def sixty() -> Example:
    """Sixty tokens: more than any page has lines."""
    return projected("sixty", tuple(f"word{i}" for i in range(60)), m=4, k=4, v=4, causal=True, query=40)


def forty() -> Example:
    """Forty features: more than any page has columns."""
    return projected("forty", ("The", "wide", "cat", "sat"), m=40, k=40, v=40, biases=True, last=True, query=2)


def large_numbers() -> Example:
    """Numbers that need an exponent, and scores far apart."""
    rng = np.random.default_rng(13)
    parameters = {name: 1e4 * numbers(rng, 2, 2) for name in ("W_Q", "W_K", "W_V")}
    return of("large_numbers", ("huge", "vast"), {"X": 1e3 * numbers(rng, 2, 2)}, parameters)


def small_numbers() -> Example:
    """Numbers that are nothing with two decimals."""
    rng = np.random.default_rng(14)
    parameters = {name: 1e-3 * numbers(rng, 2, 2) for name in ("W_Q", "W_K", "W_V")}
    return of("small_numbers", ("tiny", "wee", "slight"), {"X": -numbers(rng, 3, 2)}, parameters)


def far_apart() -> Example:
    """Scores so far apart that shares are below one per cent, or exactly 0 and 1."""
    x = np.array([[9.0, 0], [1, 3], [-50, 2], [0, 0]])
    parameters = {"W_Q": np.eye(2), "W_K": np.eye(2), "W_V": np.eye(2)}
    return of("far_apart", ("much", "less", "least", "none"), {"X": x}, parameters)


def impossible() -> Example:
    """A source whose printed weights are in another order than its printed scores."""
    published = Published(
        decimals=2,
        rows={"scores": {1: (0.2, 0.9, 1.0, 0.3)}, "weights": {1: (0.1, 0.5, 0.2, 0.2)}, "output": {1: (0.1, 0.2)}},
    )
    return replace(plain(), name="impossible", query=1, published=published)


def learn_weights() -> Example:
    """What "it" should look at, in the second of two heads, without a scale; the values have no part in that."""
    one = projected("learn_weights", ("The", "cat", "saw", "it"), m=3, k=2, v=2, heads=2, scale="none", query=3)
    target = np.array([[0.1, 0.7, 0.0, 0.2], [0.25, 0.25, 0.5, 0.0]])
    return learning(one, "attention", ("W_Q", "W_K", "W_V"), rows=(3, 1), target=target, head=1)


def learn_output() -> Example:
    """What two tokens should become: every parameter moves, and X; grouped heads, biases, W_O, a causal mask."""
    one = projected(
        "learn_output",
        ("One", "step", "more"),
        m=2,
        k=2,
        v=1,
        heads=4,
        kv_heads=2,
        biases=True,
        last=True,
        causal=True,
        query=2,
    )
    target = numbers(np.random.default_rng(21), 2, 2)
    return learning(one, "output", (*one.parameters, "X"), rows=(0, 2), target=target, optimizer="momentum")


def learn_across() -> Example:
    """Cross-attention without W_O, in which X and Y move."""
    one = projected("learn_across", ("ask", "me"), context=("a", "b", "c"), m=2, k=1, v=2, biases=True, query=1)
    target = np.array([[0.5, -1.0], [0.0, 0.25]])
    return learning(one, "output", ("W_Q", "b_K", "W_V", "X", "Y"), rows=(1, 0), target=target, optimizer="adam")


def learn_heads() -> Example:
    """Two heads side by side, without W_O."""
    one = projected("learn_heads", ("two", "by", "two"), m=2, k=2, v=1, heads=2, query=0)
    return learning(one, "output", ("W_K", "W_V"), rows=(0,), target=np.array([[1.0, -1.0]]))


def learn_label() -> Example:
    """Whom "it" means, read from its output; a vocabulary that moves, and W_O."""
    words = ("it", "dog", "road", "tired", "wide", "is")
    one = projected("learn_label", ("dog", "is", "tired", "it", "is"), m=3, k=2, v=2, last=True, query=3)
    rng = np.random.default_rng(22)
    embeddings = numbers(rng, len(words), 3)
    parameters = {**one.parameters, "W_R": numbers(rng, 3, 2), "b_R": numbers(rng, 2)}
    sentences = (
        LabelledSentence(("road", "wide", "it"), 2, 1),
        LabelledSentence(one.tokens, 3, 0),
        LabelledSentence(("it", "is", "tired"), 0, 0),
    )
    one = replace(one, inputs={"X": embeddings[[words.index(token) for token in one.tokens]]}, parameters=parameters)
    return learning(
        one,
        "label",
        ("W_Q", "W_K", "W_V", "W_O", "W_R", "b_R", "E"),
        labels=("animal", "street"),
        vocabulary=Vocabulary(words, embeddings),
        sentences=sentences,
        test=(LabelledSentence(("road", "is", "wide", "it"), 3, 1),),
    )


def learn_reading() -> Example:
    """A label read from the output of two heads, from the causal part of the sentence; only the reading moves."""
    words = ("one", "two", "three")
    one = projected("learn_reading", words, m=2, k=2, v=1, heads=2, causal=True, query=2)
    parameters = {**one.parameters, "W_R": np.array([[1.0, 0, -1], [0.5, 2, 0]])}
    one = replace(one, parameters=parameters)
    return learning(
        one,
        "label",
        ("W_R",),
        labels=("less", "same", "more"),
        vocabulary=Vocabulary(words, one.inputs["X"]),
        sentences=(LabelledSentence(words, 2, 2), LabelledSentence(("two", "one"), 1, 0)),
        optimizer="adam",
    )


def named_heads() -> Example:
    """Columns with names in two languages, other ones for the queries of each head; W_O leads back to those of X."""
    one = projected("named_heads", ("big", "it", "fish"), m=4, k=2, v=3, heads=2, biases=True, last=True, query=1)
    features = {
        "X": names(("living", "place", "points back", "small"), ("生物", "地点", "回指", "虚词")),
        "Q": names(("living", "place", "who", "living"), ("生物", "地点", "谁", "生物")),
        "V": names(("living", "place", "how"), ("生物", "地点", "怎样")),
    }
    return replace(one, features=features)


def named_across() -> Example:
    """Columns with names that are hard to show and to type, in one language, where two sentences meet."""
    one = projected("named_across", ("ask", "it"), context=("a", "b", "c"), m=3, k=3, v=2, scale="none")
    features = {
        "X": names(("[/red]", "a,b", "]")),
        "Q": names(("a" * 2000, "小" * 300, "🙂")),
        "K": names(("b", "{query}", "x@1[")),
        "V": names(("supercalifragilistic", "supercalifragile")),
    }
    return replace(one, features=features)


def names(english: Iterable[str], chinese: Iterable[str] = ()) -> tuple[Localized, ...]:
    """Names of columns, with a language only where there are two."""
    both = list(zip(english, chinese, strict=False))
    return tuple(Localized({"en": en, "zh": zh}) for en, zh in both) or tuple(Localized({"": en}) for en in english)


BUILDERS: tuple[Callable[[], Example], ...] = (
    plain,
    whole_numbers,
    only_rows,
    one_number,
    three_heads,
    one_head_with_last_projection,
    grouped,
    causal,
    padding,
    boolean_mask,
    additive_mask,
    all_masks,
    blind,
    blind_heads,
    cross,
    cross_without_heads,
    named_heads,
    named_across,
    given,
    given_heads,
    unscaled,
    quarter_scale,
    negative_scale,
    long_tokens,
    awkward_tokens,
    sixty,
    forty,
    large_numbers,
    small_numbers,
    far_apart,
    impossible,
    learn_weights,
    learn_output,
    learn_across,
    learn_heads,
    learn_label,
    learn_reading,
)
SAMPLES: tuple[str, ...] = tuple(builder.__name__ for builder in BUILDERS)


def of_bundled(name: str) -> str:
    """What a bundled example is called here: like the sample of that name it cannot be."""
    return f"bundled {name}" if name in SAMPLES else name


@cache
def example(name: str) -> Example:
    """The sample or bundled example of this name."""
    built = {builder.__name__: builder for builder in BUILDERS}
    return built[name]() if name in built else bundled()[name]


@cache
def bundled() -> dict[str, Example]:
    """Every bundled example."""
    return {of_bundled(name): load(name) for name in bundled_names()}


def models() -> tuple[str, ...]:
    """The bundled examples with numbers of a real model: hundreds of features, float32."""
    return tuple(
        name for name, one in bundled().items() if any(array.dtype == np.float32 for array in one.inputs.values())
    )


@cache
def trace(name: str) -> Trace:
    """The sample or bundled example, computed."""
    return Trace(example(name))


def by_oracle(one: Example) -> Reference:
    """The example as plain Python computes it, from the numbers that its file would hold."""
    settings = one.attention
    attention: dict[str, Any] = {
        "heads": settings.heads,
        "kv_heads": settings.kv_heads,
        "scale": settings.scale,
        "causal": settings.causal and settings.causal != "last",
    }
    if settings.causal == "last":  # the last query sees all
        behind = len(one.keys) - len(one.tokens)
        attention["mask"] = [
            [key <= query + behind for key in range(len(one.keys))] for query in range(len(one.tokens))
        ]
    attention |= {
        name: mask.tolist()
        for name, mask in {"mask": settings.mask, "padding": settings.padding}.items()
        if mask is not None
    }
    inputs = {name: array.tolist() for name, array in one.inputs.items()}
    return reference(inputs, {name: array.tolist() for name, array in one.parameters.items()}, attention)


def of(
    name: str,
    tokens: tuple[str, ...],
    inputs: Mapping[str, FloatArray],
    parameters: Mapping[str, FloatArray],
    *,
    context: tuple[str, ...] | None = None,
    query: int = 0,
    **settings: Any,
) -> Example:
    """An example of these arrays; `settings` are those of the `[attention]` table."""
    for array in (*inputs.values(), *parameters.values()):
        array.flags.writeable = False
    return Example(
        name=name,
        file=f"{name}.toml",
        title=Localized({"en": f"The {name} sample", "zh": "一个样例"}),
        tokens=tokens,
        query=query,
        inputs=inputs,
        parameters=parameters,
        attention=Settings(**settings),
        context=context,
    )


def projected(
    name: str,
    tokens: tuple[str, ...],
    *,
    m: int,
    k: int,
    v: int,
    heads: int = 1,
    kv_heads: int | None = None,
    context: tuple[str, ...] | None = None,
    biases: bool = False,
    last: bool = False,
    query: int = 0,
    scale: Scale = "1/sqrt(d_k)",
    **settings: Any,
) -> Example:
    """An example with X (and Y): the same numbers for the same name; `last`: also with W_O."""
    rng = np.random.default_rng(sum(map(ord, name)))
    kv = kv_heads or heads
    widths = {"Q": heads * k, "K": kv * k, "V": kv * v}
    inputs = {"X": numbers(rng, len(tokens), m)}
    if context is not None:
        inputs["Y"] = numbers(rng, len(context), m)
    parameters = {f"W_{letter}": numbers(rng, m, width) for letter, width in widths.items()}
    if last:
        parameters["W_O"] = numbers(rng, heads * v, m)
        widths["O"] = m
    if biases:
        parameters |= {f"b_{letter}": numbers(rng, width) for letter, width in widths.items()}
    return of(
        name,
        tokens,
        inputs,
        parameters,
        context=context,
        query=query,
        heads=heads,
        kv_heads=kv,
        scale=scale,
        **settings,
    )


def learning(one: Example, objective: Goal, train: tuple[str, ...], **more: Any) -> Example:
    """The example with a learning task."""
    return replace(one, learn=Learn(objective, train, **{"rate": 0.5, "steps": 20, **more}))


def numbers(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Numbers between −2 and 2 with one or two decimals, as one writes them by hand."""
    return np.round(rng.uniform(-2, 2, shape), int(rng.integers(1, 3)))


def each(names: Iterable[Any], quick: Collection[Any] | None = None) -> list[Any]:
    """Names, or other values, as parameters of a test: those in `quick` (else FEW) as they are, the others slow."""
    few = FEW if quick is None else quick
    return [name if name in few else pytest.param(name, marks=pytest.mark.slow) for name in names]


FEW = ("one_number", "cross", "all_masks", "blind_heads", "given_heads", "awkward_tokens", "learn_reading", "animal")
"""What the quick run looks at of the lessons that a test walks through page by page or cell by cell.

The smallest there is; another sentence to look at, with heads, biases and W_O; every mask at once and no scale; rows
that may look at nothing; no X, with heads that share their keys; tokens that are like markup, addresses, indices, or
two cells wide; a task that is learned, with all the steps back; and a source whose printed numbers are wrong.
"""
MODELS: tuple[str, ...] = models()
LESSONS: tuple[str, ...] = (*SAMPLES, *(name for name in bundled() if name not in MODELS))
HEADS: tuple[str, ...] = tuple(name for name in LESSONS if example(name).block is None)
"""Those that are attention alone; what else there can be in a block, tests/blocks holds to its own reference."""
"""The samples and the bundled examples but for the models."""


def of_one_layer(name: str) -> str:
    """A bundled example as a command names it; of one with several layers, its last one alone."""
    count = len(load(name).layers)
    return name if count < 2 else f"{name}#left@{count - 1}"
