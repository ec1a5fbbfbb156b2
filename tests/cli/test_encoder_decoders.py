"""An encoder-decoder on the command line: every command takes what it reads and what it has written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import run

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")


@pytest.fixture
def model(tmp_path: Path) -> str:
    from tests.models.families import family

    return str(family("t5", tmp_path / "t5").path)


ASKED = ("The cat", "--target", "The")
FORMATS = ("text", "json", "csv", "html", "svg", "latex", "markdown", "transcript")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_prints_the_layers_of_both_sides(format_: str, language: str, model: str) -> None:
    """One of them ended in a traceback where keys are made of another layer's rows."""
    steps = "embeddings@3,encoded@4,keys@4,weights@4,left@2,normed_left@2"
    steps = "weights@4" if format_ == "svg" else steps
    ended = run("print", model, *ASKED, "--step", steps, "--format", format_, "--lang", language)
    assert (ended.status, ended.messages) == (0, "")
    assert "cat" in ended.output


def test_json_says_whose_words_ask_and_whose_are_looked_at(model: str) -> None:
    """A program could not tell what the rows and columns of cross-attention are."""
    printed = json.loads(
        run("print", model, *ASKED, "--step", "weights@1,weights@3,weights@4", "--format", "json").output
    )
    told = [(one["layer"], one["tokens"], one["context"]) for one in printed if one["steps"]]
    assert told == [
        (1, ["The", "cat"], ["The", "cat"]),
        (3, ["<s>", "The"], ["<s>", "The"]),
        (4, ["<s>", "The"], ["The", "cat"]),
    ]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "words",
    [
        ("why", "{model}", *ASKED, "weights@4.1[The,cat]", "--depth", "3"),
        ("check", "{model}", *ASKED),
        ("patch", "{model}", "The cat", "The sat", "logits[The,9]", "--target", "The"),
        ("patch", "{model}", *ASKED, "The sat", "logits[The,9]"),
        ("patch", "--target", "The", "{model}", "The cat", "--digits", "3", "The sat", "--", "logits[The,9]"),
        ("print", "{model}", *ASKED, "--query", "1", "--to", "cat", "--picture", "heads"),
        ("print", "{model}", *ASKED, "--questions", "--step", "weights@4"),
        ("print", "{model}#weights@4", *ASKED, "--blank", "last"),
        ("print", "{model}", *ASKED, "--set", "E[3,0]=2", "--before", "--step", "left@4"),
    ],
)
def test_every_command_opens_it(words: tuple[str, ...], model: str) -> None:
    """Some command knew layers of one sentence only."""
    ended = run(*(word.format(model=model) for word in words))
    assert (ended.status, ended.messages) == (0, "")
    assert ended.output


def test_a_target_without_a_model_is_refused() -> None:
    """It would have been ignored without a word."""
    ended = run("print", "animal", "--target", "The")
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages == "qkvtui: --target goes with a model and the sentence that it reads\n"
