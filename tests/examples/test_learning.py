"""The bundled examples that learn: they start where they say, reach what they say, and from other seeds too."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from qkvtui.graph.example import Example
from qkvtui.graph.task import LabelledSentence
from qkvtui.trace.answers import answers
from qkvtui.trace.learning import learn_of
from qkvtui.trace.run import Run
from tests.examples.draw_learning import SHAPES, draw, toml
from tests.examples.find_animal_sentence import TARGET
from tests.examples.lessons import lesson_texts
from tests.examples.recomputed import FOLDER, bundled, steps
from tests.oracle import Row

SEEDS = range(10)
TELLING = 0.8
"""The least that "it" gives to the telling word, whatever the run started from."""


def run_of(example: Example) -> Run:
    """The example's whole run."""
    run = Run(example)
    while not run.done:
        run.step()
    return run


@cache
def own_run(name: str) -> Run:
    """The whole run of a bundled example, from the numbers of its file."""
    return run_of(bundled(name))


def learned(example: Example, **settings: Any) -> Example:
    """The example at the end of a run with these settings of `[learn]`."""
    run = run_of(replace(example, learn=replace(learn_of(example), **settings)))
    return run.moment(run.last.number).example


def before(name: str) -> Example:
    """A bundled example at the start of its run."""
    return own_run(name).moment(0).example


def after(name: str) -> Example:
    """A bundled example at the end of its run."""
    return own_run(name).moment(own_run(name).last.number).example


def asked(example: Example, tokens: tuple[str, ...] | None = None) -> dict[str, float]:
    """Whom the query "it" attends to, in the example's own sentence or in another one of its vocabulary."""
    if tokens is not None:
        vocabulary = learn_of(example).vocabulary
        assert vocabulary is not None
        x = vocabulary.embeddings[[vocabulary.words.index(token) for token in tokens]]
        example = replace(example, tokens=tokens, query=tokens.index("it"), inputs={"X": x})
    return dict(zip(example.tokens, steps(example)["weights"][example.query], strict=True))


def right(example: Example, sentences: tuple[LabelledSentence, ...]) -> int:
    """How many sentences are answered right."""
    return sum(answer.right for answer in answers(example, sentences))


def plain(row: Iterable[float]) -> set[str]:
    """Numbers as a file has them, at least one decimal."""
    return {str(float(number)) for number in row}


# where they start


@pytest.mark.parametrize("name", SHAPES)
def test_the_file_has_exactly_the_numbers_that_its_script_draws(name: str) -> None:
    """The file calls its numbers a random draw; somebody would have touched them up."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for matrix, drawn in draw(name).items():
        assert np.array_equal(bundled(name).parameters[matrix], drawn)
        assert toml(matrix, drawn.tolist()) in text


def test_the_learning_examples_share_the_words_of_those_they_follow() -> None:
    """The learner would have compared two runs of different sentences."""
    for name, model in (("animal-learn", "animal"), ("sentence-learn", "animal-sentence")):
        mine, other = bundled(name), bundled(model)
        assert (mine.tokens, mine.query) == (other.tokens, other.query)
        assert np.array_equal(mine.inputs["X"], other.inputs["X"])
        assert np.array_equal(mine.parameters["W_V"], other.parameters["W_V"])
        assert other.published is not None
        assert learn_of(mine).target == pytest.approx(np.array(list(other.published.rows["weights"].values())))


# animal-learn


def test_two_numbers_a_word_are_learned_to_their_best() -> None:
    """The run would have stopped short of the weights that the text names."""
    best = {"The": 0.057, "animal": 0.487, "street": 0.125, "it": 0.167, "tired": 0.164}
    for number in (50, 100):
        found = asked(own_run("animal-learn").moment(number).example)
        assert {token: round(weight, 3) for token, weight in found.items()} == best


def test_no_other_matrices_come_nearer_with_two_numbers_a_word() -> None:
    """The text says so, and a better row would have been possible.

    The scores of "it" are u · x with one u for all words, and the loss is convex in u: where its gradient,
    Σ (weight − wanted) x, is 0, nothing is better.
    """
    example = after("animal-learn")
    differences = [weight - TARGET[token] for token, weight in asked(example).items()]
    assert np.array(differences) @ example.inputs["X"] == pytest.approx([0, 0], abs=1e-6)


def distance(example: Example) -> float:
    """KL divergence of the weights of "it" from the wanted row."""
    return sum(TARGET[token] * math.log(TARGET[token] / weight) for token, weight in asked(example).items())


# sentence-learn


def reaches_the_post(example: Example) -> bool:
    """Whether the weights of "it" are within 0.005 of the printed ones, and of 0 where none is printed."""
    return all(abs(weight - TARGET.get(token, 0)) <= 0.005 for token, weight in asked(example).items())


def test_the_whole_sentence_is_learned_from_the_numbers_in_the_file() -> None:
    """The example that promises the post's weights would have ended in others."""
    assert not reaches_the_post(before("sentence-learn"))
    assert reaches_the_post(after("sentence-learn"))
    found = asked(after("sentence-learn"))
    assert max(weight for token, weight in found.items() if token not in TARGET) < 0.001


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", SEEDS)
def test_any_random_start_learns_the_whole_sentence_in_its_own_way(seed: int) -> None:
    """The text promises the same weights from another seed, and other matrices."""
    example = learned(bundled("sentence-learn"), start="random", seed=seed)
    assert reaches_the_post(example)
    assert np.abs(example.parameters["W_Q"] - after("sentence-learn").parameters["W_Q"]).max() > 0.5


# it-learn


def sentences() -> tuple[LabelledSentence, ...]:
    """What it-learn learns from."""
    return learn_of(bundled("it-learn")).sentences


def unseen() -> tuple[LabelledSentence, ...]:
    """What it-learn is tested with."""
    return learn_of(bundled("it-learn")).test


def telling_word(sentence: LabelledSentence) -> str:
    """The word after "was"."""
    return sentence.tokens[sentence.tokens.index("was") + 1]


def test_nothing_but_the_telling_word_gives_the_label_away() -> None:
    """The label could have been guessed from a noun, a verb or where "it" stands, and the text would be wrong."""
    seen = [Counter[str](), Counter[str]()]
    for sentence in sentences():
        seen[sentence.label].update(token for token in sentence.tokens if token != telling_word(sentence))
        seen[sentence.label][f"it in place {sentence.query}"] += 1
    assert seen[0] == seen[1]


def test_the_test_sentences_are_new_and_half_of_them_have_a_new_word() -> None:
    """What is called unseen would have been learned by heart."""
    known = {sentence.tokens for sentence in sentences()}
    words = {token for tokens in known for token in tokens}
    assert not known & {sentence.tokens for sentence in unseen()}
    new = {telling_word(sentence) for sentence in unseen() if not words.issuperset(sentence.tokens)}
    assert new == {"thirsty", "empty", "sleepy", "steep"}
    assert all(words.issuperset({*one.tokens} - {telling_word(one)}) for one in unseen())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", SEEDS)
def test_unseen_sentences_are_answered_right_from_any_random_start(seed: int) -> None:
    """The example would have learned its sentences by heart, or nothing, under another seed."""
    example = learned(bundled("it-learn"), start="random", seed=seed)
    assert right(example, sentences()) == len(sentences())
    assert right(example, unseen()) == len(unseen())
    assert all(asked(example, one.tokens)[telling_word(one)] > TELLING for one in sentences() + unseen())


def test_the_last_word_does_not_change_how_animal_and_street_compare() -> None:
    """The text says what one layer cannot do, and this one would have done it."""
    tired, dark = sentences()[0].tokens, unseen()[0].tokens
    assert (tired[:-1], tired[-1], dark[-1]) == (dark[:-1], "tired", "dark")
    for example in (before("it-learn"), after("it-learn")):
        one, other = asked(example, tired), asked(example, dark)
        assert one["animal"] / one["street"] == pytest.approx(other["animal"] / other["street"])


def equal_weights() -> Example:
    """it-learn learned with W_Q = 0, so that every word always has the same weight."""
    example = bundled("it-learn")
    parameters = {**example.parameters, "W_Q": np.zeros_like(example.parameters["W_Q"])}
    return learned(replace(example, parameters=parameters), train=("W_V", "W_R", "b_R"))


# what the texts say


def animal_says() -> set[str]:
    task = learn_of(bundled("animal-learn"))
    rows = {f"{number:.2f}" for number in TARGET.values()} | plain((0.9, 0.8, 0.5))
    found = {f"{number:.3f}" for number in (*asked(after("animal-learn")).values(), distance(before("animal-learn")))}
    return rows | found | {f"{distance(after('animal-learn')):.3f}", str(task.steps), "0"}


def sentence_says() -> set[str]:
    first, last = asked(before("sentence-learn")), asked(after("sentence-learn"))
    found: Row = [first["animal"], first["it"], *(last[token] for token in TARGET)]
    return {f"{number:.2f}" for number in found} | {str(learn_of(bundled("sentence-learn")).steps), "0", "0.001", "1"}


def it_says() -> set[str]:
    example = after("it-learn")
    found = {f"{asked(one)['tired']:.2f}" for one in (before("it-learn"), example)}
    counts = (
        right(example, sentences()),
        right(example, unseen()),
        right(equal_weights(), sentences()),
        len(unseen()) // 2,
    )
    return found | {str(count) for count in counts}


SAYS: dict[str, Callable[[], set[str]]] = {
    "animal-learn": animal_says,
    "sentence-learn": sentence_says,
    "it-learn": it_says,
}
"""The numbers that an example's texts may name, computed."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", SAYS)
def test_what_the_texts_say_of_the_run_is_what_it_ends_in(name: str) -> None:
    """The text would have promised other numbers than the run ends in."""
    for text in lesson_texts(bundled(name)):
        typed = set(re.findall(r"\b\d+\.\d\d+\b", re.sub(r"\{[^{}]*\}", "", text)))
        others = {"0.09", "0.04", "0.125"}  # one share of eleven; a gradient only asked about; a temperature
        assert typed <= SAYS[name]() | others, text


def test_equal_weights_answer_no_better_than_guessing() -> None:
    """The text says that attention is needed, and an average of all words would have done."""
    assert right(equal_weights(), sentences()) == len(sentences()) // 2
    assert right(equal_weights(), unseen()) == len(unseen()) // 2
