"""`print --picture`: the same pictures as the application's, as text."""

from __future__ import annotations

import pytest

from tests.cli.program import run


def printed(*words: str) -> str:
    found = run("print", *words, "--lang", "en")
    assert found.status == 0, found.messages
    return found.output


def test_a_picture_is_printed_in_place_of_the_steps() -> None:
    """A handout with the flow had all nine steps on it as well, or the wrong picture."""
    flow = printed("animal", "--picture", "flow")
    assert "▸" not in flow.split("\n\n", 2)[2]
    assert "whom do I look at?" in flow
    assert "step" not in flow
    matrix = printed("animal", "--picture", "matrix")
    assert matrix.count("step ") == 1
    assert "step 7 of 11" in matrix
    assert "[0.26]" in matrix
    arrows = printed("animal", "--picture", "arrows")
    assert "step 5 of 11" in arrows
    assert "The shadow of “animal” on “it”" in arrows


def test_steps_that_are_asked_for_are_drawn_and_heads_too() -> None:
    """`--step` and `--head all` did nothing."""
    several = printed("two-heads", "--picture", "matrix", "--step", "scores,weights", "--head", "all")
    assert several.count("── step 5 of 13") == several.count("── step 7 of 13") == 2
    here = printed("animal#weights[it,street]", "--picture", "flow")
    assert "▸[A]" in here
    assert "you are here: step 7 of 11" in here


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "json"), "--format json"),
        (("--blank", "last"), "--blank"),
        (("--questions",), "--questions"),
        (("--query", "it,street"), "--query"),
    ],
)
def test_what_goes_with_no_picture_is_refused(words: tuple[str, ...], said: str) -> None:
    """A picture was asked for, and something else was printed without a word."""
    found = run("print", "animal", "--picture", "matrix", *words)
    assert found.status == 2
    assert "--picture" in found.messages
    assert said in found.messages


@pytest.mark.parametrize("picture", ["flow", "matrix", "arrows"])
def test_in_ascii_a_picture_has_no_other_sign(picture: str) -> None:
    """A braille dot or a box corner was a question mark on an old terminal."""
    for example in ("animal", "causal", "two-heads"):
        assert printed(example, "--picture", picture, "--ascii").isascii()
