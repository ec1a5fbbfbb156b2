"""Slips with what is taken for what: Q, K and V, their matrices and biases, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...operations.operation import Operation
from ...operations.product import Product
from .changes import MadeBy, Plus, Turned
from .exercise import Exercise
from .method import Method
from .mistakes import Multiplied, Same
from .ways import LETTERS, Way, after, before, choices


def swapped_q_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Queries for keys, and keys for queries."""
    if not {"queries", "keys"} <= exercise.graph.rows.keys():
        return
    square = exercise.shape.queries == exercise.shape.keys
    if square or "X" in exercise.leaves:
        yield from _ways_that_fit(exercise, _made_with(exercise, method, {"queries": "keys", "keys": "queries"}))
    if square:
        yield Way(_taken_for(exercise, method, {"queries": "keys", "keys": "queries"}))


def swapped_k_v(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Values for keys, or keys for values."""
    if exercise.shape.d_k != exercise.shape.d_v or "keys" not in exercise.graph.rows:
        return
    swapped = {"keys": "values", "values": "keys"}
    yield from _ways_that_fit(exercise, _made_with(exercise, method, swapped))
    for taken in (swapped, {"values": "keys"}, {"keys": "values"}):
        yield Way(_taken_for(exercise, method, taken))


def values_are_inputs(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The weighted sum of the inputs themselves."""
    shape, inputs = exercise.shape, exercise.leaves
    source = next((name for name in ("Z", "Y", "X") if name in inputs), None)
    if source is not None and inputs[source].shape[-1] == shape.heads * shape.d_v:
        yield Way(before(exercise, method, "output", _values(exercise), MadeBy(Same(source, shape.heads))))


def keys_not_transposed(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Q K, where Q Kᵀ was meant."""
    scores = method.operation(exercise.graph, "scores")
    if isinstance(scores, Product) and exercise.shape.d_k == exercise.shape.keys:
        ((left, right),) = scores.pairs
        yield Way(method.with_changes({"scores": Multiplied(left.name, right.name)}))


def attention_transposed(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Aᵀ V, where A V was meant."""
    if exercise.shape.queries == exercise.shape.keys:
        yield Way(before(exercise, method, "output", "weights", Turned()))


def weights_times_scores(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The weights multiplied with scores, where the values were meant: as matrices, or number by number."""
    shape = exercise.shape
    for step in ("scores", "scaled"):
        if step in exercise.worked and shape.keys == shape.d_v:
            yield Way(method.with_changes({"output": Multiplied("weights", step, each=True)}))
            if shape.queries == shape.keys:
                yield Way(method.with_changes({"output": Multiplied("weights", step)}))


def residual_added(exercise: Exercise, method: Method) -> Iterator[Way]:
    """X added to what attention gives, as a block does after it."""
    last, x = exercise.graph.roles["result"], exercise.leaves.get("X")
    whole = exercise.shape.heads == 1 or not exercise.graph.rows[last].per_head
    if x is not None and whole and x.shape[-1] == exercise.graph.shape(last)[1]:
        yield Way(after(exercise, method, {last: Plus(Same("X"))}))


def projection_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The heads side by side taken for the result, without W_O."""
    last = LETTERS["O"]
    if last not in exercise.worked:
        return
    source = exercise.graph.rows[last].operation.sources[0]
    if exercise.graph.shape(source)[1] == exercise.graph.shape(last)[1]:
        yield Way(method.with_changes({last: Same(source)}))


def transposed(exercise: Exercise, method: Method) -> Iterator[Way]:
    """A square matrix used as its transpose."""
    square = [letter for letter in LETTERS if _is_square(exercise, f"W_{letter}")]
    for letters in choices(tuple(square), tuple(letter for letter in square if letter != "O")):
        changes: dict[str, Operation] = {}
        for letter in letters:
            found = _projection(exercise, method, letter)
            if found is not None:
                step, product = found
                ((left, right),) = product.pairs
                changes[step] = replace(product, pairs=((left, replace(right, turned=True)),))
        yield Way(method.with_changes(changes), tuple(f"W_{letter}" for letter in letters))


def bias_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    """A bias of the projections not added."""
    biased = tuple(letter for letter in LETTERS if f"b_{letter}" in exercise.leaves)
    for letters in choices(biased, tuple(letter for letter in biased if letter != "O")):
        found = [_projection(exercise, method, letter) for letter in letters]
        changes = {step: replace(product, bias=None) for step, product in filter(None, found)}
        yield Way(method.with_changes(changes), tuple(f"b_{letter}" for letter in letters))


def _values(exercise: Exercise) -> str:
    return exercise.graph.rows["output"].operation.sources[1]


def _is_square(exercise: Exercise, name: str) -> bool:
    return name in exercise.leaves and exercise.leaves[name].shape[1] == exercise.leaves[name].shape[2]


def _projection(exercise: Exercise, method: Method, letter: str) -> tuple[str, Product] | None:
    """The step that a matrix and its bias stand in, by the method so far: another one where they were swapped."""
    for step in LETTERS.values():
        if step in exercise.graph.rows:
            product = method.operation(exercise.graph, step)
            if isinstance(product, Product) and product.pairs[0][1].name == f"W_{letter}":
                return step, product
    return None


def _made_with(exercise: Exercise, method: Method, others: Mapping[str, str]) -> Method:
    """Each of these steps made with the matrices of another, from its own tokens."""
    changes: dict[str, Operation] = {}
    for step, other in others.items():
        own, theirs = (method.operation(exercise.graph, name) for name in (step, other))
        if isinstance(own, Product) and isinstance(theirs, Product):
            changes[step] = replace(theirs, pairs=((own.pairs[0][0], theirs.pairs[0][1]),))
        else:
            changes[step] = theirs
    return method.with_changes(changes)


def _ways_that_fit(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The method, unless it multiplies an input by a matrix that is for one of another width."""
    pairs = (pair for made in method.changes.values() if isinstance(made, Product) for pair in made.pairs)
    inside = ((left.name, right.name) for left, right in pairs if not right.turned)
    leaves = exercise.leaves
    if all(leaves[one].shape[-1] == leaves[other].shape[-2] for one, other in inside if {one, other} <= leaves.keys()):
        yield Way(method)


def _taken_for(exercise: Exercise, method: Method, others: Mapping[str, str]) -> Method:
    """Others taken for queries, keys or values in the two products of attention."""
    changes: dict[str, Operation] = {}
    for step in ("scores", "output"):
        product = method.operation(exercise.graph, step)
        if not isinstance(product, Product):  # additive scores
            continue
        pair = [replace(factor, name=others.get(factor.name, factor.name)) for factor in product.pairs[0]]
        changes[step] = replace(product, pairs=((pair[0], pair[1]),))
    own = exercise.graph.rows
    return method.with_changes({step: one for step, one in changes.items() if one != own[step].operation})
