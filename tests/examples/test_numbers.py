"""The numbers of the bundled examples: which published ones hold, and whether what the texts say is true."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.examples.find_animal_sentence import TARGET
from tests.examples.recomputed import bundled, disagreements, published_count, rounded, row, steps
from tests.oracle import softmax

WHOLE_ROW_OF_IT = {f"{step}[3,{column}]" for step in ("scores", "weights") for column in range(5)}
ROUNDED_TOO_EARLY = {
    "weights[0,0]",
    "output[0,0]",
    "output[0,1]",
    "output[0,2]",
    "output[1,2]",
    "output[2,2]",
}


@pytest.mark.parametrize(
    ("name", "count"), [("animal-sentence", 11), ("journey", 26), ("journey-causal", 44), ("by-hand", 96)]
)
def test_every_number_of_a_correct_source_holds(name: str, count: int) -> None:
    """The learner would have been told that a correct book is wrong, or that there is nothing to check."""
    assert disagreements(name) == set()
    assert published_count(name) == count


@pytest.mark.parametrize(("name", "wrong"), [("animal", WHOLE_ROW_OF_IT), ("illustrated", ROUNDED_TOO_EARLY)])
def test_exactly_the_known_wrong_numbers_do_not_hold(name: str, wrong: set[str]) -> None:
    """A wrong number would have passed for right, or the file's comment would list other cells."""
    assert disagreements(name) == wrong


def test_animal_wins_with_the_weights_that_the_file_names() -> None:
    """The first screen would have said 0.26 and shown another number."""
    assert rounded(row("animal", "scores", "it")) == [0.15, 0.85, 0.40, 0.50, 0.50]
    assert rounded(row("animal", "weights", "it")) == [0.16, 0.26, 0.19, 0.20, 0.20]


def test_no_softmax_gives_the_weights_the_post_prints() -> None:
    """The text would have accused the post of a mistake that it does not make."""
    published = bundled("animal").published
    assert published is not None
    (similarities,) = published.rows["scores"].values()
    (weights,) = published.rows["weights"].values()
    animal, it = 1, 3
    assert similarities[it] > similarities[animal]
    assert weights[it] < weights[animal]
    assert rounded(softmax(list(similarities))) == [0.14, 0.28, 0.12, 0.31, 0.15]


def test_no_matrices_give_the_target_weights_with_two_numbers_a_word() -> None:
    """The text of animal-sentence says so; somebody would have found such matrices.

    The scores of "it" are u · x with one u for all words. Where Σ c = 0 and Σ c x = 0, Σ c · log(weight)
    must therefore be 0 too, whatever u is.
    """
    tokens, rows = bundled("animal").tokens, bundled("animal").inputs["X"].tolist()
    c = {"it": 35, "animal": -20, "street": 7, "The": -22}
    assert sum(c.values()) == 0
    for column in range(2):
        total = sum(c.get(token, 0) * x[column] for token, x in zip(tokens, rows, strict=True))
        assert total == pytest.approx(0)
    nearest = {token: target - math.copysign(0.005, c.get(token, 0)) for token, target in TARGET.items()}
    assert sum(factor * math.log(nearest[token]) for token, factor in c.items()) > 1


def test_the_whole_sentence_gives_it_the_target_weights() -> None:
    """The example that promises the post's weights would have shown others."""
    example = bundled("animal-sentence")
    weights = dict(zip(example.tokens, row("animal-sentence", "weights", "it"), strict=True))
    assert {token: target for token, target in TARGET.items() if abs(weights[token] - target) > 0.005} == {}
    assert max(weight for token, weight in weights.items() if token not in TARGET) < 0.004


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("it", ["animal", "it"]),
        ("street", ["street"]),
        ("tired", ["animal", "tired", "it"]),
        ("cross", ["cross", "street"]),
    ],
)
def test_each_word_of_the_sentence_asks_its_own_question(query: str, first: list[str]) -> None:
    """Whoever moved to another query would have seen the same picture, or one that makes no sense."""
    weights = dict(zip(bundled("animal-sentence").tokens, row("animal-sentence", "weights", query), strict=True))
    assert sorted(weights, key=lambda token: -weights[token])[: len(first)] == first


def test_the_output_of_it_is_nearest_to_the_value_of_animal() -> None:
    """The text says that "it" comes close to "animal", and the numbers would have said something else."""
    example = bundled("animal-sentence")
    output = row("animal-sentence", "output", "it")
    values = dict(zip(example.tokens, steps(example)["values"], strict=True))
    assert min(values, key=lambda token: math.dist(values[token], output)) == "animal"
    assert (rounded(values["it"]), rounded(output), rounded(values["animal"])) == (
        [0.50, 0.00, 0.00],
        [0.67, 0.02, 0.32],
        [0.90, 0.00, 0.40],
    )


def test_journey_gives_the_shares_that_its_text_names() -> None:
    """The text would have named other weights than the screen."""
    weights = rounded(row("journey", "weights", "journey"))
    assert (min(weights), max(weights)) == (weights[4], weights[1]) == (0.09, 0.23)


def test_the_causal_mask_keeps_the_proportions() -> None:
    """The text compares the weights with and without the mask; one side would have been invented."""
    masked = bundled("journey-causal")
    unmasked = replace(masked, attention=replace(masked.attention, causal=False))
    starts = masked.tokens.index("starts")
    with_mask = steps(masked)["weights"][starts]
    without = steps(unmasked)["weights"][starts]
    assert rounded(with_mask) == [0.38, 0.31, 0.31, 0, 0, 0]
    assert with_mask[3:] == [0, 0, 0]
    assert rounded(without)[:3] == [0.20, 0.17, 0.17]
    assert with_mask[:3] == pytest.approx([weight / sum(without[:3]) for weight in without[:3]])


def test_the_rounded_weights_give_the_output_that_the_article_prints() -> None:
    """The text explains the wrong output by early rounding, and the explanation would not have led to it."""
    example = bundled("illustrated")
    assert example.published is not None
    values = steps(example)["values"]
    for query, weights in example.published.rows["weights"].items():
        output = [sum(a * value[j] for a, value in zip(weights, values, strict=True)) for j in range(3)]
        assert output == pytest.approx(example.published.rows["output"][query])
    assert round(row("illustrated", "weights", "Input 1")[0], 3) == 0.063
    assert rounded(row("illustrated", "output", "Input 1")) == [1.94, 6.68, 1.60]


def test_one_sign_turns_her_into_him() -> None:
    """The learner is invited to change one number, and 小明 would not have got the weight that 小红 had."""
    example = bundled("xiaohong")
    xiaoming, xiaohong, ta = (example.tokens.index(token) for token in ("小明", "小红", "她"))
    her = steps(example)["weights"][ta]
    assert rounded([her[xiaohong], her[ta], her[xiaoming]]) == [0.53, 0.32, 0.01]

    x = example.inputs["X"].copy()
    assert x[ta, 1] == 1
    x[ta, 1] = -1
    him = steps(replace(example, inputs={"X": x}))["weights"][ta]
    assert rounded([him[xiaoming], him[ta], him[xiaohong]]) == [0.53, 0.32, 0.01]
