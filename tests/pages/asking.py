"""What the answers to a beginner's questions ought to say, worked out in plain Python from the example files."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from tests.blocks_oracle import model
from tests.cli.program import REPOSITORY
from tests.oracle import Matrix, Reference, Row, project, reference, score_matrix, softmax

Numbers = list[str]


class Asking(NamedTuple):
    """A lesson and a step at which a question arises, and numbers that its answer tells there."""

    question: str
    lesson: str
    step: str
    numbers: Callable[[], Numbers]


def file_of(lesson: str) -> dict[str, Any]:
    """An example file as it stands."""
    with (REPOSITORY / "examples" / f"{lesson}.toml").open("rb") as file:
        return tomllib.load(file)


def worked(lesson: str, **settings: Any) -> Reference:
    """A lesson in plain Python, with other settings."""
    file = file_of(lesson)
    given = file.get("attention", {})
    heads = {"kv_heads": given.get("heads", 1)}
    return reference(file["inputs"], file.get("parameters"), {**heads, **given, **settings})


def asking(lesson: str) -> int:
    """The row of the token that asks."""
    file = file_of(lesson)
    query = file["query"]
    return query if isinstance(query, int) else int(file["tokens"].index(query))


def two(*values: float) -> Numbers:
    """Numbers as a page of two decimals writes them."""
    return [f"{value:.2f}" for value in values]


def length(row: Row) -> float:
    """The length of a row."""
    return math.sqrt(sum(value * value for value in row))


def cosine(one: Row, other: Row) -> float:
    """The cosine of the angle between two rows."""
    return sum(a * b for a, b in zip(one, other, strict=True)) / length(one) / length(other)


def best_and_worst_key() -> Numbers:
    """Which scores the query of `animal` gets."""
    scores = worked("animal").scores[0][asking("animal")]
    return two(max(scores), min(scores))


def place_in_the_table() -> Numbers:
    """Where the words of it-learn stand in their table."""
    file = file_of("it-learn")
    words = list(file["learn"]["vocabulary"])
    return [str(words.index(file["query"])), str(len(words))]


def both_ways_round() -> Numbers:
    """How many numbers the matrices of two-heads have; one score there, back, and with one matrix."""
    file = file_of("two-heads")
    parameters = file["parameters"]
    sizes = [len(parameters[name]) * len(parameters[name][0]) for name in ("W_Q", "W_K", "W_V")]
    scores = worked("two-heads").scores[0]
    loudly, bark = (file["tokens"].index(token) for token in ("loudly", "bark"))
    queries = [row[:2] for row in project(file["inputs"]["X"], parameters["W_Q"], parameters["b_Q"])]
    shared = score_matrix(queries, queries)
    told = two(scores[loudly][bark], scores[bark][loudly], shared[loudly][bark])
    return [*map(str, sizes), str(sum(sizes)), *told]


def animal_loss(nudged: tuple[int, int] = (0, 0), by: float = 0.0) -> float:
    """The cross-entropy of animal-learn with one number of W_Q nudged."""
    file = file_of("animal-learn")
    parameters = {name: [list(map(float, row)) for row in file["parameters"][name]] for name in file["parameters"]}
    parameters["W_Q"][nudged[0]][nudged[1]] += by
    weights = reference(file["inputs"], parameters).weights[0][asking("animal-learn")]
    wanted: Row = file["learn"]["target"]["it"]
    return -sum(share * math.log(weight) for share, weight in zip(wanted, weights, strict=True))


def animal_gradient(row: int, column: int) -> float:
    """How fast that loss changes with a number of W_Q."""
    return (animal_loss((row, column), 1e-5) - animal_loss((row, column), -1e-5)) / 2e-5


def next_update() -> Numbers:
    """What the first update makes of the first number of W_Q in animal-learn, whose rate is 1."""
    return two(1.0, animal_gradient(0, 0), 1.0 - animal_gradient(0, 0))


def nudge() -> Numbers:
    """The loss of animal-learn before and after its largest gradient's number is nudged."""
    gradients = {(i, j): animal_gradient(i, j) for i in range(2) for j in range(2)}
    at = max(gradients, key=lambda one: abs(gradients[one]))
    before, after = animal_loss(), animal_loss(at, 0.01)
    return [f"{before:.5f}", f"{after:.5f}", f"{gradients[at]:.4f}", f"{after - before:.5f}"]


def products() -> Numbers:
    """it × animal in `animal`, number by number, and as lengths and a cosine."""
    file = file_of("animal")
    it, animal = (file["inputs"]["X"][file["tokens"].index(token)] for token in ("it", "animal"))
    single = [a * b for a, b in zip(it, animal, strict=True)]
    return [*two(*single, sum(single), length(it), length(animal), cosine(it, animal)), "25", "50"]


def walks(steps: int) -> Iterator[tuple[int, Fraction]]:
    """Every sum of so many +1 or −1, and how likely it is."""
    chances = {0: Fraction(1)}
    for _ in range(steps):
        following: dict[int, Fraction] = {}
        for total, chance in chances.items():
            for sign in (1, -1):
                following[total + sign] = following.get(total + sign, Fraction(0)) + chance / 2
        chances = following
    return iter(chances.items())


def roots() -> Numbers:
    """The typical sums, and what `scaling` gives its first token with three scales."""
    typical = [
        math.sqrt(sum(total * total * chance for total, chance in walks(count))) for count in (1, 4, 16, 64, 256)
    ]
    row = asking("scaling")
    first = max(range(4), key=lambda key: worked("scaling").weights[0][row][key])
    shares = [worked("scaling", scale=scale).weights[0][row][first] for scale in ("none", "1/sqrt(d_k)", 1 / 64)]
    return [*(f"{one:.0f}" for one in typical), *two(*shares)]


def masked() -> Numbers:
    """What the causal mask of `causal` makes of its query's scores, and what 0 in place of −∞ would."""
    row = asking("causal")
    found = worked("causal")
    kept = [score if key <= row else 0.0 for key, score in enumerate(found.scaled[0][row])]
    return ["-∞", *two(found.scaled[0][row][0], *found.weights[0][row], softmax(kept)[row + 1])]


def kinds_of_share() -> Numbers:
    """Score ÷ sum, square ÷ sum and softmax in order-with-positions."""
    row = asking("order-with-positions")
    scaled = worked("order-with-positions").scaled[0][row]
    squares = [score * score for score in scaled]
    shares = [*(score / sum(scaled) for score in scaled), *(one / sum(squares) for one in squares), *softmax(scaled)]
    return two(*scaled, *shares)


def powers() -> Numbers:
    """e to the power of the scores of `alammar`, scaled and not."""
    found, row = worked("alammar"), asking("alammar")
    scaled, raw = found.scaled[0][row], found.scores[0][row]
    largest = f"{math.exp(max(raw)):.1e}"
    return [
        f"{math.exp(scaled[0]):.2e}",
        largest,
        "3.4e+38",
        "88.7",
        *two(*(math.exp(one - scaled[0]) for one in scaled)),
    ]


def sums_both_ways() -> Numbers:
    """What rows and columns of the weights of `animal` add up to, and a row with softmax down the columns."""
    found = worked("animal")
    columns = [sum(row[key] for row in found.weights[0]) for key in range(5)]
    turned = [softmax([row[key] for row in found.scaled[0]]) for key in range(5)]
    wrong = sum(column[asking("animal")] for column in turned)
    return [*two(*columns), f"{wrong:.3f}"]


def everybodys() -> Numbers:
    """How many look at “animal” in `animal`; the lengths of the keys."""
    file = file_of("animal")
    rows = worked("animal").weights[0]
    looking = sum(row[1] == max(row) for row in rows)
    return [str(looking), str(len(rows)), *two(*map(length, file["inputs"]["X"]))]


def own_and_first() -> Numbers:
    """What “it” gives itself and “animal” in animal-sentence, and their keys."""
    found, row, tokens = worked("animal-sentence"), asking("animal-sentence"), file_of("animal-sentence")["tokens"]
    animal = tokens.index("animal")
    keys: Matrix = found.keys[0]
    query = found.queries[0][row]
    told = [value for key in (animal, row) for value in (length(keys[key]), cosine(query, keys[key]))]
    return two(found.weights[0][row][row], found.weights[0][row][animal], *told)


def of_the_heads() -> Numbers:
    """The largest weight of each head of two-heads."""
    row = asking("two-heads")
    return two(*(max(head[row]) for head in worked("two-heads").weights))


def added() -> Numbers:
    """X, what W_O gives, and their sum, in two-heads."""
    row = asking("two-heads")
    before, found = file_of("two-heads")["inputs"]["X"][row], (worked("two-heads").projected or [])[row]
    return two(*before, *found, *(a + b for a, b in zip(before, found, strict=True)))


def without_the_last() -> Numbers:
    """By how much the outputs of `causal` change without its last token, with no mask."""
    file = file_of("causal")
    long = reference(file["inputs"], file["parameters"]).output[0]
    short = reference({"X": file["inputs"]["X"][:-1]}, file["parameters"]).output[0]
    changes = [max(abs(a - b) for a, b in zip(*rows, strict=True)) for rows in zip(long[:-1], short, strict=True)]
    return [*two(0, *changes), "16"]


def _steps(lesson: str) -> Any:
    """The steps of the one block of a lesson, in NumPy."""
    (steps,) = model(file_of(lesson))
    return {name: found.real for name, found in steps.items()}


def sizes() -> Numbers:
    """How long the asking row is before the norm; behind it the root of how many numbers it has."""
    row = _steps("block")["embeddings"][asking("block")]
    return two(length(row.tolist()), math.sqrt(len(row)))


def got_through() -> Numbers:
    """How many inner numbers there are, the largest behind the relu, and how many come out."""
    hidden = _steps("block")["hidden"][asking("block")]
    return [str(len(hidden)), *two(max(hidden)), str(len(_steps("block")["fed"][0]))]


def at_three_temperatures() -> Numbers:
    """What the best word gets at half, whole and double temperature."""
    logits = _steps("next-word")["logits"][asking("next-word")].tolist()
    return two(*(max(softmax([one / temperature for one in logits])) for temperature in (0.5, 1.0, 2.0)))


ASKINGS: tuple[Asking, ...] = (
    Asking("query", "animal", "queries", best_and_worst_key),
    Asking("x_from", "it-learn", "embeddings", place_in_the_table),
    Asking("three", "two-heads", "keys", both_ways_round),
    Asking("who_sets", "animal-learn", "queries", next_update),
    Asking("dot", "animal", "scores", products),
    Asking("root", "scaling", "scaled", roots),
    Asking("mask", "causal", "masked", masked),
    Asking("exp", "order-with-positions", "weights", kinds_of_share),
    Asking("max", "alammar", "weights", powers),
    Asking("rows", "animal", "weights", sums_both_ways),
    Asking("everybody", "animal", "weights", everybodys),
    Asking("itself", "animal-sentence", "summary", own_and_first),
    Asking("head", "two-heads", "heads", of_the_heads),
    Asking("output", "two-heads", "projected", added),
    Asking("cache", "causal", "keys", without_the_last),
    Asking("norm", "block", "normed", sizes),
    Asking("mlp", "block", "activated", got_through),
    Asking("next", "next-word", "probabilities", at_three_temperatures),
    Asking("gradient", "animal-learn", "d_weights", nudge),
)
"""Each of them once."""
