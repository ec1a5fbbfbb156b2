"""A reader opens a number down to the file, changes one, takes it back, and saves, in a real terminal."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.read import load
from tests.files.samples import read_example

from .driver import DOWN, ENTER, INTERRUPT, Terminal, qkvtui

BACKSPACE = "\x7f"


def sees(terminal: Terminal, *texts: str) -> None:
    """Wait until all the texts are on the screen."""
    terminal.wait(lambda terminal: all(text in terminal.text for text in texts), or_else=lambda: texts)


def loses(terminal: Terminal, text: str) -> None:
    """Wait until the text is no longer on the screen."""
    terminal.wait(lambda terminal: text not in terminal.text, or_else=lambda: f"not {text}")


@pytest.mark.slow
def test_a_weight_is_opened_down_to_a_number_of_the_file_and_back() -> None:
    """Enter, again and again, ended somewhere above the file, or Backspace did not lead back."""
    with qkvtui("animal#weights[it,animal]") as terminal:
        sees(terminal, "0.26 ≈ 1.00 ÷ 3.90")
        terminal.press(ENTER)
        sees(terminal, "[1.00] exp[it,animal]", "sum[it]")
        terminal.press(ENTER)
        sees(terminal, "exp[it,animal] ‹ weights[it,animal]", "scaled[it,animal]")
        terminal.press(ENTER)
        sees(terminal, "[0.85] scores[it,animal]", "scale")
        terminal.press(ENTER)
        sees(terminal, "[0.50] queries[it,0]", "keys[animal,0]")
        terminal.press(".")
        sees(terminal, "[0.90] keys[animal,0]")
        terminal.press(ENTER)
        sees(terminal, "X[animal,0]", "W_K[0,0]")
        terminal.press(ENTER)
        sees(terminal, "from the file: inputs.X, row 1, column 0")
        terminal.press(*[BACKSPACE] * 6)
        sees(terminal, "step 7 of 11", "0.26 ≈ 1.00 ÷ 3.90")
        loses(terminal, "‹ weights[it,animal]")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_a_changed_number_is_followed_everywhere_undone_and_saved(tmp_path: Path) -> None:
    """`e` changed only the screen, `u` did not bring the old numbers back, or `w` wrote another example."""
    target = tmp_path / "mine.toml"
    with qkvtui("animal#weights[it,animal]") as terminal:
        sees(terminal, "[0.26]")
        terminal.press("e")
        sees(terminal, "X[it,0]=")
        terminal.press(*[BACKSPACE] * 8, "X[1,0]=2", ENTER)
        sees(terminal, "[0.26→0.34]", "attention of “it”: “animal” 26% → 34%")
        terminal.press("u")
        sees(terminal, "[0.26]")
        loses(terminal, "→0.34")
        terminal.press("\x12")  # Ctrl+R
        sees(terminal, "[0.26→0.34]")
        terminal.press("w")
        sees(terminal, "animal-changed.toml")
        terminal.press(*[BACKSPACE] * len("animal-changed.toml"), str(target), ENTER)
        sees(terminal, "written: ")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    original, written = load("animal"), read_example(target)
    expected = original.inputs["X"].copy()
    expected[1, 0] = 2.0
    assert np.array_equal(written.inputs["X"], expected)
    assert np.array_equal(written.parameters["W_Q"], original.parameters["W_Q"])
    assert "# animal" in target.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_file_that_is_there_is_only_replaced_after_a_question(tmp_path: Path) -> None:
    """`w` wrote over somebody's file."""
    target = tmp_path / "mine.toml"
    target.write_text("precious", encoding="utf-8")
    with qkvtui("animal") as terminal:
        sees(terminal, "step 1 of 11")
        terminal.press("w")
        sees(terminal, "animal-changed.toml")
        terminal.press(*[BACKSPACE] * len("animal-changed.toml"), str(target), ENTER)
        sees(terminal, "is there already")
        terminal.press("n", ENTER)
        sees(terminal, "not written")
        assert target.read_text(encoding="utf-8") == "precious"
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_switches_show_what_they_do_and_label_the_wrong_one() -> None:
    """`x` showed softmax over columns as if it were right."""
    with qkvtui("animal#weights[it,animal]") as terminal:
        sees(terminal, "[0.26]")
        terminal.press("m")
        sees(terminal, "step 8 of 12", "[0.26→0.32]")
        terminal.press("m")
        sees(terminal, "step 7 of 11", "[0.32→0.26]")
        terminal.press("x")
        sees(terminal, "WRONG, on purpose")
        terminal.press("x")
        loses(terminal, "WRONG, on purpose")
        terminal.press("s")
        sees(terminal, "step 6 of 10", "A = softmax(S)")
        terminal.press("q")
        sees(terminal, "changes not written: 1")
        terminal.press("d")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow  # tests/tui/test_comparing.py is quicker
def test_two_queries_stand_side_by_side() -> None:
    """`c` showed one query twice, or hid who asks."""
    with qkvtui("animal-sentence#weights[it,animal]") as terminal:
        sees(terminal, "[0.45]")
        terminal.press("c")
        sees(terminal, "“it” looks at “animal” 45%, “it” 40%, “tired” 8%", "“street” looks at “street” ")
        terminal.press(DOWN, "c")
        sees(terminal, "[0.45]")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow  # tests/tui/test_predicting.py and test_refusals.py are quicker
def test_three_predictions_get_what_a_good_tutor_would_say() -> None:
    """A right answer was called wrong, the forgotten √d_k was not named, or nonsense ended the lesson."""
    with qkvtui("animal#scores[it,animal]") as terminal:
        sees(terminal, "[0.85]")
        terminal.press("t")
        sees(terminal, "[____]", "scores[it,animal] = ?")
        loses(terminal, "[0.85]")
        terminal.press("0.5*0.9+0.5*0.8", ENTER)
        sees(terminal, "Right: it is 0.85.")
        terminal.press("6", "t")
        sees(terminal, "scaled[it,animal] = ?")
        terminal.press("0.85", ENTER)
        sees(terminal, "0.85 is off by 0.25: it is 0.60.", "The scaling was left out")
        terminal.press("7", "t")
        sees(terminal, "weights[it,animal] = ?")
        terminal.press("banana")
        sees(terminal, "banana")
        terminal.press(ENTER)
        sees(terminal, "'banana' is not known", "[____]")
        terminal.press("\x15")  # the text is kept until it is mended or deleted
        sees(terminal, "weights[it,animal] = ?", "[____]")
        terminal.press("42", ENTER)
        sees(terminal, "42.00 is off by 41.74: it is 0.26.")
        terminal.press("9")
        sees(terminal, "1 of 3 predicted")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_a_teachers_stops_are_followed_and_left(tmp_path: Path) -> None:
    """`→` walked past the teacher's stops, or the whole walk could not be reached any more."""
    example = tmp_path / "lesson.toml"
    stops = '\n[[stops]]\naddress = "scores[it,animal]"\ntext = "Why 0.85?"\n[[stops]]\naddress = "weights[it,it]"\n'
    source = load("animal").document
    assert source is not None
    example.write_text(source.text + stops, encoding="utf-8")
    with qkvtui(str(example)) as terminal:
        sees(terminal, "Stop 1 of 2: Why 0.85?", "step 5 of 11")
        terminal.press("n")
        sees(terminal, "Stop 2 of 2", "step 7 of 11")
        terminal.press("l", "n")
        sees(terminal, "step 8 of 11")
        loses(terminal, "Stop")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow  # tests/tui/test_moves.py is quicker
def test_keys_pressed_faster_than_it_draws_end_in_the_right_state() -> None:
    """Of forty keys pressed at once some were lost, or one came before another."""
    with qkvtui("animal") as terminal:
        sees(terminal, "step 1 of 11")
        terminal.press("n" * 6 + "." * 3 + "," * 2 + "mm" + "ss" + "uuuu" + "p" + "n")
        sees(terminal, "step 7 of 11", "[0.19]")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_a_watched_file_is_read_again_and_a_bad_one_loses_nothing(tmp_path: Path) -> None:
    """The author saved the file and the screen stayed as it was, or a slip of the pen ended the lesson."""
    example = tmp_path / "lesson.toml"
    document = load("animal").document
    assert document is not None
    example.write_text(document.text, encoding="utf-8")
    with qkvtui("--watch", f"{example}#scores[it,animal]") as terminal:
        sees(terminal, "[0.85]")
        example.write_text(document.text.replace("[0.9, 0.8]", "[0.9, 0.1]"), encoding="utf-8")
        sees(terminal, "[0.50]", "step 5 of 11")
        example.write_text("format = 1\ntitle = 3\n", encoding="utf-8")
        sees(terminal, "This file cannot be used")
        example.write_text(document.text, encoding="utf-8")
        sees(terminal, "[0.85]", "step 5 of 11")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_a_watched_file_that_is_none_any_more_does_not_hold_the_keyboard(tmp_path: Path) -> None:
    """Anybody who may write where the example lies could have made the application deaf for good, with a pipe."""
    example = tmp_path / "lesson.toml"
    document = load("animal").document
    assert document is not None
    example.write_text(document.text, encoding="utf-8")
    with qkvtui("--watch", str(example)) as terminal:
        sees(terminal, "step 1 of 11")
        example.unlink()
        os.mkfifo(example)
        sees(terminal, "is a pipe or a device")
        terminal.press("q")
        sees(terminal, "step 1 of 11")
        terminal.press("n")
        sees(terminal, "step 2 of 11")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130


@pytest.mark.slow
def test_a_watched_file_that_has_grown_huge_is_refused_at_once(tmp_path: Path) -> None:
    """A watched file that had grown to megabytes made the application deaf for most of a minute."""
    example = tmp_path / "lesson.toml"
    document = load("animal").document
    assert document is not None
    example.write_text(document.text, encoding="utf-8")
    with qkvtui("--watch", str(example)) as terminal:
        sees(terminal, "step 1 of 11")
        example.write_text(f"format = 1\nx = [{'1,' * 3_000_000}]\n{document.text}", encoding="utf-8")
        sees(terminal, "holds more than 200,000", "numbers")
        terminal.press("q")
        sees(terminal, "step 1 of 11")
        terminal.press("n")
        sees(terminal, "step 2 of 11")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130


@pytest.mark.slow
def test_steps_are_left_blank_and_shown_once_they_are_worked_out() -> None:
    """`b` left a number standing that should be blank, or a step stayed blank after its number was found."""
    with qkvtui("animal#scores[it,animal]") as terminal:
        sees(terminal, "[0.85]")
        terminal.press("bbb")
        sees(terminal, "all steps are blank", "[____]")
        loses(terminal, "0.85")
        terminal.press("t")
        sees(terminal, "scores[it,animal] = ?")
        terminal.press("17/20", ENTER)
        sees(terminal, "Right: it is 0.85.", "[0.85]")
        terminal.press("n")
        sees(terminal, "step 6 of 11", "[____]")
        terminal.press("b")
        sees(terminal, "nothing is blank", "[0.60]")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
