"""What a query is, where X comes from, why there are three matrices, and who sets them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...graph.block import WORDS
from ...graph.moving import lowest, moving_name
from ...graph.rows import is_plain
from ...narration.numbers import NumberFormat, digits_apart, fixed_format, setting
from ...narration.sentences import plain
from ...operations.tensors import Address
from ...trace.addresses import format_address
from ..cut_names import LONGEST_COLUMN_LABEL, told_apart
from .inquiry import Inquiry, Said, Values

_MOST_COLUMNS = 4
_MOST_MOVING = 3
_MOST_TRIED = 8
"""Of so many tokens one is looked for whose score is another one the other way round."""


def what_a_query_is(asked: Inquiry) -> Iterator[Said]:
    """What it is made of."""
    trace = asked.trace
    if is_plain(asked.example):
        yield asked.say("query_plain", d_model=trace.shape.d_k)
    elif not trace.has("queries"):
        yield asked.say("query_none")
    elif "X" not in asked.example.inputs:
        yield asked.say("query_given", d_k=trace.shape.d_k)
    else:
        formula = asked.room.formula(trace.step("queries"))
        sizes: Values = {"d_model": int(trace.shape.d_model or 0), "d_k": trace.shape.d_k}
        yield asked.say("query_made", formula=formula, **sizes)


def what_it_meets(asked: Inquiry) -> Iterator[Said]:
    """The query beside the keys that fit it best and worst."""
    if not asked.has_queries:
        return
    query, keys = asked.compared()
    scores = asked.row("scores")
    best, worst = int(np.argmax(scores)), int(np.argmin(scores))
    written, of_scores = asked.written(asked.trace.graph.roles["keys"]), asked.written("scores")
    columns = [
        asked.column(asked.named("query", "queries"), query),
        asked.column(asked.named("best_fit", "keys"), keys[best], written),
    ]
    if worst != best:
        columns.append(asked.column(asked.named("worst_fit", "keys"), keys[worst], written))
    shares = np.abs(query * (keys[best] - keys[worst])) + np.abs(query)
    if asked.has_dot_scores:
        yield asked.by_line(asked.features(asked.trace.graph.roles["queries"]), columns, shares=shares)
    told: Values = {"best": asked.facts.key_token(best), "score": of_scores.text(float(scores[best]))}
    if worst == best:
        yield asked.say("query_alone", **told)
    else:
        low: Values = {"worst": asked.facts.key_token(worst), "lowest": of_scores.text(float(scores[worst]))}
        yield asked.say("query_means", **told, **low)
    if not query.any() and asked.has_dot_scores:
        yield asked.say("query_zero")


def where_x_comes_from(asked: Inquiry) -> Iterator[Said]:
    """What the file says of it."""
    example, place = asked.example, asked.place
    if "X" not in example.inputs:
        names = ", ".join(name for name in ("Q", "K", "S", "V") if name in example.inputs)
        yield asked.say("x_from_none", names=names)
        return
    learn, document = example.learn, example.document
    row = asked.facts.vector(asked.row("embeddings"))
    size: Values = {"d_model": int(asked.trace.shape.d_model or 0)}
    arrays = {} if document is None or document.arrays is None else document.arrays
    if learn is not None and learn.vocabulary is not None:
        words = learn.vocabulary.words
        at = words.index(example.tokens[place.query])
        yield asked.say("x_from_table", words=len(words), at=at, row=row, **size)
        if WORDS in learn.train:
            yield asked.say("x_from_learned")
    elif "inputs.X" in arrays:
        yield asked.say("x_from_arrays", array=arrays["inputs.X"], row=row, **size)
    else:
        yield asked.say("x_from_file", row=row, **size)


def rows_of_x(asked: Inquiry) -> Iterator[Said]:
    """The first numbers of each row, and whether a word that stands there twice has the same row twice."""
    if "X" not in asked.example.inputs or not asked.is_short:
        return
    x, tokens = asked.matrix("embeddings"), asked.example.tokens
    written, labels = asked.written("embeddings"), asked.features("embeddings")
    shown = told_apart(labels, range(min(len(labels), _MOST_COLUMNS)), LONGEST_COLUMN_LABEL, asked.room)
    columns = [asked.column(label, x[:, at], written) for at, label in enumerate(shown)]
    left_out = len(labels) - len(shown)
    more = [asked.marks(f"+{left_out}", [""] * len(tokens))] if left_out else []
    yield asked.by_line(
        tokens, columns, more, shares=np.array([float(at == asked.place.query) for at in range(len(tokens))])
    )
    twice = next((one for one, token in enumerate(tokens) if token in tokens[one + 1 :]), None)
    if twice is not None:
        again = tokens.index(tokens[twice], twice + 1)
        same = bool(np.array_equal(x[twice], x[again]))
        yield asked.say("x_from_same" if same else "x_from_differing", token=asked.facts.token(tokens[twice]))


def before_x(asked: Inquiry) -> Iterator[Said]:
    """What comes before X in a model."""
    yield asked.say("x_from_model")


def three_matrices(asked: Inquiry) -> Iterator[Said]:
    """How large they are, and how PyTorch stores them."""
    yield asked.say("three_why")
    parameters, shape = asked.example.parameters, asked.trace.shape
    names = [name for name in ("W_Q", "W_K", "W_V") if name in parameters]
    if not names:
        yield asked.say("three_plain" if is_plain(asked.example) else "three_given")
        yield asked.say("three_sizes", d_k=shape.d_k or shape.d_v, d_v=shape.d_v)
        return
    rows, columns = zip(*(parameters[name].shape for name in names), strict=True)
    numbers = [parameters[name].size for name in names]
    whole = NumberFormat(0)
    sized = [
        asked.column(asked.word("rows"), rows, whole),
        asked.column(asked.word("columns"), columns, whole, sign="×"),
    ]
    counted = asked.column(asked.word("numbers"), numbers, whole, bottom=sum(numbers), sign="=")
    code = [f"nn.Linear({row}, {column})" for row, column in zip(rows, columns, strict=True)]
    stored = [f"{column} × {row}" for row, column in zip(rows, columns, strict=True)]
    marks = [asked.marks("PyTorch", code), asked.marks(asked.word("stores"), [asked.room.signs(one) for one in stored])]
    yield asked.by_line(names, [*sized, counted], marks, bottom=asked.room.word("total"))
    yield asked.say("three_linear")


def one_matrix_for_both(asked: Inquiry) -> Iterator[Said]:
    """A score both ways round, as it is and with W_Q for the keys too."""
    parameters, place, own = asked.example.parameters, asked.place, asked.own
    if not {"W_Q", "W_K"} <= parameters.keys() or own is None or asked.trace.shape.keys < 2:
        return
    settings = asked.example.attention
    if parameters["W_Q"].shape != parameters["W_K"].shape or settings.rotary or settings.scoring != "dot":
        return
    others = [place.key, *range(min(asked.trace.shape.keys, _MOST_TRIED))]
    scored = asked.row("scores")
    both_ways = [(one, float(scored[one]), float(asked.row("scores", one)[own])) for one in others if one != own]
    differing = [one for one in both_ways if not np.isclose(*one[1:], rtol=1e-9, atol=1e-12)]
    other, there, back = (differing or both_ways)[0]
    told: Values = {"other": asked.facts.key_token(other), "there": asked.of_step("scores", there)}
    if not differing:
        yield asked.say("three_alike", **told)
        return
    shared = {name: array for name, array in parameters.items() if name not in ("W_K", "b_K", "g_K")}
    for letter in ("W", "b", "g"):
        if f"{letter}_Q" in parameters:
            shared[f"{letter}_K"] = parameters[f"{letter}_Q"]
    both = float(asked.row("scores", of=asked.changed(parameters=shared))[other])
    numbers: Values = {"back": asked.of_step("scores", back), "both": asked.of_step("scores", both)}
    yield asked.say("three_both", **told, **numbers)


def who_sets(asked: Inquiry) -> Iterator[Said]:
    """Who set this one."""
    example, trace = asked.example, asked.trace
    if "W_Q" not in example.parameters:
        yield asked.say("who_sets_none")
        return
    matrix, document = example.parameters["W_Q"], example.document
    size: Values = {"rows": matrix.shape[0], "columns": matrix.shape[1], "count": matrix.size}
    arrays = {} if document is None or document.arrays is None else document.arrays
    if trace.memory is not None:
        yield asked.say("who_sets_run", **size)
    elif example.learn is not None and moving_name(example, "W_Q") in example.learn.train:
        random = example.learn.start == "random"
        yield asked.say("who_sets_random" if random else "who_sets_start", **size)
    elif "parameters.W_Q" in arrays:
        yield asked.say("who_sets_arrays", array=arrays["parameters.W_Q"], **size)
    else:
        yield asked.say("who_sets_file", **size)


def what_moves_it(asked: Inquiry) -> Iterator[Said]:
    """The numbers of W_Q that the next update moves most."""
    moving = moving_name(asked.example, "W_Q")
    if asked.trace.graph.goes_back and moving in asked.trace.backward.names:
        asked.tells("update", "d_W_Q")
        back, trace = asked.trace.backward, asked.trace
        entries = [at for at in range(len(back.entries)) if back.entry(at)[0] == moving]
        news = {at: trace.value(Address("update", at, 0, layer=lowest(asked.example))) for at in entries}
        moved = sorted(entries, key=lambda at: -abs(news[at] - float(back.old[at])))[:_MOST_MOVING]
        old, gradient = ([float(of[at]) for at in moved] for of in (back.old, back.gradient))
        new = [news[at] for at in moved]
        digits = max(digits_apart(*pair, asked.room.digits) for pair in zip(old, new, strict=True))
        labels = [format_address(trace, back.address_of(at), asked.room.language) for at in moved]
        columns = [
            asked.column(asked.word("now"), old, NumberFormat(digits)),
            asked.column(asked.word("gradient"), gradient, fixed_format(gradient, digits)),
            asked.column(asked.word("next"), new, NumberFormat(digits)),
        ]
        yield asked.by_line(labels, columns)
        rate, optimizer = setting(back.learn.rate), back.learn.optimizer
        if optimizer == "sgd":
            yield asked.say("who_sets_moves", rate=rate)
        else:
            name = plain(asked.room.texts.learning[f"optimizer_{optimizer}"])
            yield asked.say("who_sets_optimised", rate=rate, optimizer=name)


def nobody_sets_it(asked: Inquiry) -> Iterator[Said]:
    """Who sets it in a model."""
    yield asked.say("who_sets_nobody")
