"""`print --stops`: a teacher's stops on paper, with the questions of the lesson, and a key to them."""

from __future__ import annotations

import pytest

from tests.cli.program import run


def printed(*words: str) -> str:
    """What is printed of the stops."""
    found = run("print", *words, "--stops", "--lang", "en")
    assert (found.status, found.messages) == (0, "")
    return found.output


def test_stops_are_printed_one_after_the_other_with_blanks_and_then_the_questions() -> None:
    """A handout had the answers on it, or stood in another order than the lesson."""
    page = printed("please-study-man")
    places = [page.index(f"Stop {number} of 4: ") for number in range(1, 5)]
    assert places == sorted(places)
    assert places[-1] < page.index("Questions") < page.index("1. If every key were doubled")
    assert page.count("── step ") == 4
    assert "scores[study,man] = ____" in page
    assert "Answer" not in page
    assert "1.94" not in page
    assert "0.01" not in page


def test_the_key_has_the_answers_and_why() -> None:
    """A teacher had to work them out again."""
    page = printed("please-study-man", "--key")
    assert "____" not in page
    for answer in ("keys[man,1] = 2", "scores[study,man] = 4", "2) about a seventh", "output[study,0] = 1.94", "2) no"):
        assert f"Answer: {answer}" in page
    assert "e² ≈ 7.4" in page


def test_an_example_without_stops_says_so() -> None:
    """An empty page was printed."""
    page = printed("animal-learn")
    assert "This example has no stops of a teacher." in page
    assert "── step" not in page


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "json"),
        ("--blank", "last"),
        ("--questions",),
        ("--query", "man"),
        ("--step", "scores"),
        ("--set", "X[man,0]=3"),
        ("--scale", "none"),
        ("--random", "--seed", "7"),
    ],
    ids=lambda words: words[0],
)
def test_what_does_not_go_with_stops_is_refused(words: tuple[str, ...]) -> None:
    """Other numbers stood in the table than in the text below it, or an option did nothing."""
    found = run("print", "please-study-man", "--stops", *words)
    assert found.status == 2
    assert "--stops does not go with" in found.messages
    assert words[0] in found.messages
