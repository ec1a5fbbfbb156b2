"""Examples of scale, masks, order, heads and context: each has the property it exists for, and its text is true."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.trace.trace import Trace
from tests.examples.draw_scaling import A_LINE, D_K, draw, search, toml
from tests.examples.recomputed import FOLDER, attends, bundled, rounded, row, steps
from tests.oracle import Row

STEP_BACK = 0.5
"""What it costs in alibi."""


def changed(name: str, **settings: Any) -> Example:
    """The example with other `[attention]` settings."""
    example = bundled(name)
    return replace(example, attention=replace(example.attention, **settings))


def weights(example: Example, token: str) -> dict[str, float]:
    """Two decimals of one token's weights; of tokens with the same text the last one stays."""
    numbers = steps(example)["weights"][example.tokens.index(token)]
    return dict(zip(example.tokens, rounded(numbers), strict=True))


# scaling


def test_the_scale_decides_between_spread_and_one_sided() -> None:
    """Whoever switched the scale off would have seen no difference, and learned that it does not matter."""
    scaled, unscaled = bundled("scaling"), changed("scaling", scale="none")
    assert all(max(numbers) <= 0.70 for numbers in steps(scaled)["weights"])
    assert all(max(numbers) >= 0.98 for numbers in steps(unscaled)["weights"])
    assert rounded(steps(unscaled)["output"][0]) == [0, 1, 0]


def test_the_random_numbers_are_as_the_text_says() -> None:
    """The text says of what size they are, and how many."""
    q, k = (bundled("scaling").inputs[name] for name in "QK")
    assert (abs(q) < 2).mean() > 0.9
    assert (abs(k) < 2).mean() > 0.9
    assert q.shape[1] == k.shape[1] == D_K == 64


def test_the_script_draws_the_numbers_of_the_file() -> None:
    """Whoever ran the script to see where the numbers come from would have got other ones."""
    example = bundled("scaling")
    q, k = draw(search())
    assert example.inputs["Q"].tolist() == q.tolist()
    assert example.inputs["K"].tolist() == k.tolist()
    first_line = toml("Q", q.tolist()).splitlines()[2]
    assert first_line.count(",") == A_LINE
    assert first_line in (FOLDER / "scaling.toml").read_text(encoding="utf-8")


# ties and alibi


@pytest.mark.parametrize("query", ["cat", "and", "dog", "sleep"])
def test_equal_keys_get_equal_weights_from_everybody(query: str) -> None:
    """The example of ties would have shown none."""
    example = bundled("ties")
    computed = steps(example)
    cat, dog = example.tokens.index("cat"), example.tokens.index("dog")
    assert computed["keys"][cat] == computed["keys"][dog]
    assert example.inputs["X"][cat].tolist() != example.inputs["X"][dog].tolist()
    given = computed["weights"][example.tokens.index(query)]
    assert given[cat] == given[dog]


def test_equal_values_are_not_needed_for_a_tie() -> None:
    """The text says that cat and dog cancel, and that a query of zeros ties them all."""
    assert row("ties", "output", "sleep")[1] == 0
    assert row("ties", "queries", "and") == [0, 0]
    assert row("ties", "weights", "and") == [0.25] * 4


def test_distance_breaks_the_tie() -> None:
    """The nearer of two equals would not have won."""
    near, ties = bundled("alibi"), bundled("ties")
    for there, here in ((near.inputs, ties.inputs), (near.parameters, ties.parameters)):
        assert {name: array.tolist() for name, array in there.items()} == {
            name: array.tolist() for name, array in here.items()
        }
    assert near.tokens == ties.tokens
    cat, dog = near.tokens.index("cat"), near.tokens.index("dog")
    sleep = row("alibi", "weights", "sleep")
    assert row("alibi", "scaled", "sleep")[cat] == row("alibi", "scaled", "sleep")[dog]
    assert sleep[dog] / sleep[cat] == pytest.approx(math.exp(2 * STEP_BACK))


def test_each_step_back_costs_the_same() -> None:
    """The bias would have been something else than the method it is named after."""
    assert bundled("alibi").attention.causal
    computed = steps(bundled("alibi"))
    for i, (scaled, biased) in enumerate(zip(computed["scaled"], computed["biased"], strict=True)):
        costs = [after - before for before, after in zip(scaled, biased, strict=True)]
        assert costs[: i + 1] == pytest.approx([-STEP_BACK * (i - j) for j in range(i + 1)])


# rotary, window, sink


def test_only_the_distance_of_the_article_counts() -> None:
    """The text says that a score is 4 times the cosine of the distance, and what both get without positions."""
    computed = steps(bundled("rotary"))
    assert computed["keys"][0] == computed["keys"][3]
    for query in (1, 4):
        for key in (0, 3):
            assert computed["scores"][query][key] == pytest.approx(4 * math.cos(query - key))
    assert attends("rotary", "cat") == {"the": 0.59, "dog": 0.13, "and": 0.13, "cat": 0.13}
    assert rounded(row("rotary", "weights", "cat"))[0] == 0.02
    assert weights(changed("rotary", rotary=None), "cat")["the"] == 0.46


def test_the_person_stands_outside_the_window() -> None:
    """The learner is invited to widen the window, and would have seen something else than the text says."""
    assert attends("window", "he") == {"Tom": 0, "said": 0.33, "that": 0.33, "he": 0.33, "came": 0}
    wider = Trace(changed("window", window=4))
    assert rounded(wider.row("weights", 3).tolist())[0] == 0.87


def test_the_sink_takes_most_from_whom_nobody_interests() -> None:
    """The text would have named other shares than the screen."""
    assert rounded(row("sink", "weights", "and")) == [0.09] * 4
    assert 1 - sum(row("sink", "weights", "and")) == pytest.approx(0.65, abs=0.005)
    assert attends("sink", "sleep")["cat"] == attends("sink", "sleep")["dog"] == 0.39
    assert bundled("sink").inputs["X"].tolist() == bundled("ties").inputs["X"].tolist()


# masks


def test_the_first_token_sees_itself_and_each_further_one_sees_one_more() -> None:
    """A causal mask that lets somebody look ahead."""
    example = bundled("causal")
    computed = steps(example)
    for i, numbers in enumerate(computed["weights"]):
        assert all(number > 0 for number in numbers[: i + 1])
        assert numbers[i + 1 :] == [0] * (3 - i)
    assert computed["weights"][0] == [1, 0, 0, 0]
    assert computed["output"][0] == computed["values"][0]


def test_without_the_mask_the_first_token_would_look_at_the_last() -> None:
    """The learner is invited to lift the mask, and would have seen something else."""
    unmasked = weights(changed("causal", causal=False), "Once")
    assert max(unmasked, key=lambda token: unmasked[token]) == "time"


def test_nobody_looks_at_the_filling() -> None:
    """The two [PAD] would have got some of the attention."""
    example = bundled("padding")
    assert [numbers[3:] for numbers in steps(example)["weights"]] == [[0, 0]] * 5


def test_filling_with_zeros_would_be_looked_at() -> None:
    """The text says why the mask is needed, and it would not have been."""
    example = changed("padding", padding=None)
    assert not example.inputs["X"][3:].any()
    assert weights(example, "soon")["[PAD]"] > weights(example, "soon")["see"]


def test_a_row_that_is_masked_entirely_gives_nothing() -> None:
    """The example of a fully masked row would have had something to see, or NaN."""
    example = bundled("nothing-to-see")
    computed = steps(example)
    assert computed["masked"][example.query] == [-math.inf] * 3
    assert computed["weights"][example.query] == [0, 0, 0]
    assert computed["output"][example.query] == [0, 0]


# order

SWAPPED = (3, 1, 2, 0, 4)
"""small fish eat big fish: which row of "big fish eat small fish" comes where."""


def permuted(words: FloatArray) -> FloatArray:
    """The rows in the order of the other sentence."""
    rows: FloatArray = words[list(SWAPPED)]
    return rows


def outputs(name: str, x: FloatArray) -> list[Row]:
    """What comes out of the example with another X."""
    return steps(replace(bundled(name), inputs={"X": x}))["output"]


def nearly(rows: list[Row]) -> list[object]:
    """For comparing without the last bits, in which the order of a sum shows."""
    return [pytest.approx(numbers) for numbers in rows]


def test_permuted_tokens_only_permute_the_outputs() -> None:
    """The example would have contradicted its title."""
    example = bundled("order")
    before = steps(example)["output"]
    assert outputs("order", permuted(example.inputs["X"])) == nearly([before[i] for i in SWAPPED])
    first, second = (steps(example)["weights"][i] for i in (1, 4))
    assert first == second
    assert before[1] == before[4]


def test_positions_are_those_of_the_paper() -> None:
    """The sines and cosines would have been other numbers than the formula gives."""
    words, placed = bundled("order"), bundled("order-with-positions")
    assert words.tokens == placed.tokens
    for name, matrix in words.parameters.items():
        assert placed.parameters[name].tolist() == matrix.tolist()
    width = words.inputs["X"].shape[1]
    for place, (word, there) in enumerate(zip(words.inputs["X"].tolist(), placed.inputs["X"].tolist(), strict=True)):
        for column in range(width):
            angle = place / 10_000 ** (2 * (column // 2) / width)
            wave = math.cos(angle) if column % 2 else math.sin(angle)
            assert there[column] == pytest.approx(word[column] + round(wave, 4), abs=1e-12)


def test_with_positions_the_order_counts() -> None:
    """Positions were added, and the outputs would still only have been permuted."""
    words, placed = bundled("order").inputs["X"], bundled("order-with-positions").inputs["X"]
    before = outputs("order-with-positions", placed)
    after = outputs("order-with-positions", permuted(words) + (placed - words))
    for row_before in before:
        assert all(max(abs(a - b) for a, b in zip(row_before, other, strict=True)) > 0.005 for other in after)


def test_with_positions_each_fish_prefers_the_word_before_it() -> None:
    """The eater would still not have been told from the eaten."""
    first, second = (steps(bundled("order-with-positions"))["weights"][i] for i in (1, 4))
    big, small = 0, 3
    assert first[big] > first[small]
    assert second[big] < second[small]


# heads


def test_one_head_finds_the_word_before_and_the_other_the_noun() -> None:
    """Two heads that look at the same place would have taught that one is enough."""
    tokens = bundled("two-heads").tokens
    for i, token in enumerate(tokens):
        before, noun = (attends("two-heads", token, head) for head in (0, 1))
        assert max(before, key=lambda one: before[one]) == tokens[max(i - 1, 0)]
        assert max(noun, key=lambda one: noun[one]) == "dogs"


def test_the_noun_is_asked_for_by_the_bias_alone() -> None:
    """The text says that head 1 asks the same for everybody."""
    example = bundled("two-heads")
    assert not example.parameters["W_Q"][:, 2:].any()
    assert steps(example, head=1)["queries"] == [[3, 0]] * 4


def test_the_output_projection_puts_both_heads_together() -> None:
    """What the two heads found would have stayed side by side."""
    (thing, deed), (other_thing, other_deed) = (row("two-heads", "output", "loudly", head) for head in (0, 1))
    assert deed > thing
    assert other_thing > other_deed
    both = row("two-heads", "projected", "loudly")
    assert both == pytest.approx([thing + other_thing, deed + other_deed, 0, 0])


def test_two_heads_share_keys_and_values_and_yet_look_elsewhere() -> None:
    """The four heads would have had keys of their own, or all have looked at the same token."""
    heads = [steps(bundled("shared-keys"), head) for head in range(4)]
    for step in ("keys", "values"):
        assert heads[0][step] == heads[1][step] != heads[2][step] == heads[3][step]
    found = [attends("shared-keys", "loves", head) for head in range(4)]
    assert [max(one, key=lambda token: one[token]) for one in found[:3]] == ["mother", "child", "loves"]
    assert found[3]["mother"] == found[3]["child"] > found[3]["loves"]
    assert bundled("shared-keys").attention.kv_heads == 2


# context


def test_each_english_word_finds_the_chinese_one_in_another_place() -> None:
    """The alignment would have been wrong, or simply the order of the words."""
    example = bundled("translation")
    assert example.context is not None
    aligned = {"I": "我", "saw": "见到", "her": "她", "yesterday": "昨天"}
    for token, meaning in aligned.items():
        found = attends("translation", token)
        assert max(found, key=lambda one: found[one]) == meaning
    assert [example.context.index(aligned[token]) for token in example.tokens] == [0, 2, 3, 1]


def test_the_unscaled_weight_is_as_near_to_one_as_the_text_says() -> None:
    """With two decimals it would be 1.00, so the text gives three."""
    assert f"{steps(changed('scaling', scale='none'))['weights'][0][1]:.3f}" == "0.999"
