"""A run of training as somebody hears it who sees no screen: run, stopped at a moment, walked into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qkvtui.linear.typed import ON_SCREEN_ONLY
from qkvtui.localized import LANGUAGES
from qkvtui.models.load import load
from qkvtui.trace.run import Run
from qkvtui.tui.learning_actions import LEARNING_ACTIONS, offers
from tests.cli.program import run

from .hearing import Heard


def learning(example: str = "animal-learn", language: str = "en") -> Heard:
    """A session in which L was typed."""
    heard = Heard(example, language)
    heard.beginning = heard.says("L")
    return heard


def loss_after(number: int) -> str:
    """What the run of animal-learn has as its loss."""
    made = Run(load("animal-learn"))
    for _ in range(number):
        made.step()
    return f"{made.last.loss:.4f}"


def test_what_is_to_be_learned_and_how_to_go_on_is_said_first() -> None:
    """One would have been sent to another command, and could not have stopped at a moment."""
    said = learning().beginning
    assert "The target of “it” is “animal” 0.45" in said
    assert "L goes back to the lesson" in said
    assert "Update 0 of 100." in said
    assert said.count("Wanted: attention weights") == 1


def test_a_moment_says_what_it_is_and_what_has_changed() -> None:
    """Nobody would have heard whom the token looks at now, or what an update does to a number."""
    heard = learning()
    said = heard.says("")
    assert said.startswith("Update 1 of 100.")
    assert f"The loss went from {loss_after(0)} to {loss_after(1)}." in said
    assert "Row animal: start is 0.26, now is 0.27, wanted is 0.45." in said
    assert "Table W_Q: moved by: 2 rows" in said
    assert "W_Q is 0.09 from where it began" in said, "the run has not ended"
    assert "is about minus 0.00045, which agrees" in said, "a tick is heard as a word of its own"
    back = heard.says("p")
    assert back.startswith("Update 0 of 100.")


def test_a_number_goes_to_that_update_and_the_end_tells_of_the_run() -> None:
    """To stop at a moment, one would have had to type as many lines as there are updates."""
    heard = learning()
    assert f"to {loss_after(11)}." in heard.says("11")
    said = heard.says("end")
    transcript = run("learn", "animal-learn", "--format", "transcript").output
    told = [line for line in transcript.splitlines() if line.strip() and line not in heard.beginning.splitlines()]
    assert said.splitlines()[: len(told) - 1] == told[1:], "learn tells it otherwise"
    assert "Update 100 of 100." in said
    assert "11: nine tenths of the fall in loss are done" in said
    assert "The loss, update by update" not in heard.says("11", "end"), "the whole run is told once"


def test_moving_to_another_number_says_only_that() -> None:
    """After each key the tables would have been read again."""
    heard = learning()
    heard.says("3")
    said = heard.says(".")
    assert said.startswith("W_Q[0,1]: 0.00 to ")
    assert "Table" not in said
    assert "W_K[0,0]: " in heard.says("]")


@pytest.mark.parametrize("word", ["gradient", "enter"])
def test_a_moment_is_walked_through_and_left_again(word: str) -> None:
    """The gradient would have stayed a number that somebody says."""
    heard = learning()
    heard.says("11")
    said = heard.says(word)
    assert "gradient: W_Q" in said
    assert "numbers after update 11, not the file's" in said
    assert "Step 17 of 20" in heard.says("")
    assert heard.says("L") == "Update 11 of 100.\n"
    back = heard.says("L")
    assert "the file's numbers again; L: to update 11" in back
    assert "Enter" not in back, "here Enter alone is the next step, and there the next update"
    assert "Step 2 of 20" in heard.says("")
    assert "Update 11 of 100." in heard.says("L")


def test_changes_in_a_moment_are_asked_about_before_they_are_left() -> None:
    """What somebody has tried there would have been gone without a word; or the lesson below with it."""
    heard = learning()
    heard.says("2", "gradient", "W_Q[0,0]", "e", "3")
    assert "1" in heard.says("L")
    assert "Update 2 of 100." in heard.says("d")
    heard.says("q")
    assert heard.session.is_over


def test_leaving_from_a_moment_asks_about_the_lesson_below() -> None:
    """q in the moment would have lost what was changed in the lesson."""
    heard = Heard("animal-learn")
    heard.says("W_Q[0,0]", "e", "2", "L", "1", "gradient")
    heard.says("q")
    assert not heard.session.is_over
    heard.says("d")
    assert heard.session.is_over


def test_the_settings_of_a_run_are_asked_for_and_what_is_none_is_refused() -> None:
    """Another rate could not have been tried."""
    heard = learning()
    assert "rate" in heard.says("r")
    assert "is not above 0" in heard.says("-1")
    assert "rate 0.5" in heard.says("0.5")
    assert "of 30." in heard.says("s", "30")


def test_a_moment_is_written_as_an_example(tmp_path: Path) -> None:
    """What was learned could not have been kept."""
    heard = learning()
    heard.says("5")
    assert "animal-learn-5-updates.toml" in heard.says("w")
    path = tmp_path / "learned.toml"
    heard.says(str(path))
    made = Run(load("animal-learn"))
    for _ in range(5):
        made.step()
    assert load(str(path)).parameters["W_Q"] == pytest.approx(made.last.parameters["W_Q"])


def test_what_is_read_from_sentences_is_told() -> None:
    """Of a task with labels one would have heard of one sentence only."""
    said = learning("it-learn").says("x")
    assert "What is read from sentences that were never learned from" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["animal-learn", "sentence-learn", "it-learn", "two-layers-learn"])
def test_signs_are_in_words_and_every_command_says_something(example: str, language: str) -> None:
    """A key of the screen would have been silent, or a traceback; or signs be read that nobody reads out."""
    heard = learning(example, language)
    for action in LEARNING_ACTIONS:
        if action.name in {"quit", "help", "to_end", *ON_SCREEN_ONLY}:
            continue
        said = heard.says(action.bindings[0])
        assert said.strip(), action.name
        assert not re.search(r"[─│┌┐└┘█▌▸▾◂≈√ᵀ′×÷·→←↑↓✓✗]", said), (action.name, said)
        if action.name == "leave" or heard.session.state.moment is not None:
            heard.says("L")
        elif action.name in {"rate", "seed", "steps", "write"}:
            heard.says("")


def test_help_lists_what_there_is_without_a_screen() -> None:
    """Keys would have been offered that do nothing here, or none of the run's."""
    heard = learning()
    said = heard.says("?")
    for offer in offers(heard.session.texts):
        assert (offer.about in said) is (offer.action.name not in ON_SCREEN_ONLY), offer.action.name
    assert "on" in heard.says("space")
    assert "? lists them" in heard.says("nonsense")


def test_another_language_reads_the_moment_again() -> None:
    """Half of it would have stayed in the language before."""
    heard = learning()
    assert "共 100 次更新" in heard.says("z")
    assert "第 16/20 步" in heard.says("看梯度")
