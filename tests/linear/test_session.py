"""A lesson walked through line by line, as somebody hears it who sees no screen."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from qkvtui.linear.typed import ON_SCREEN_ONLY
from qkvtui.localized import LANGUAGES
from qkvtui.signals import ENDING
from qkvtui.trace.addresses import value_at
from qkvtui.tui.actions import ACTIONS, offers
from qkvtui.tui.unwritten import count
from tests.cli.program import REPOSITORY, command_line, environment, run, spawn
from tests.impossible import impossible_step

from .hearing import Heard


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["animal", "two-heads", "bank", "two-layers", "next-word", "animal-learn"])
def test_a_lesson_is_walked_to_its_end_by_empty_lines(example: str, language: str) -> None:
    """Somebody with a screen reader would have been stopped at a step, or have heard signs that nobody reads out."""
    heard = Heard(example, language)
    state, walked = heard.session.state, 0
    while not state.next_lesson and not state.at_end and walked < 200:
        said = heard.says("")
        assert said.strip()
        assert not re.search(r"[─│┌┐└┘█▌▸▾◂≈√ᵀ′×÷·→←↑↓✓✗]", said), said
        state, walked = heard.session.state, walked + 1
    assert walked < 200
    assert walked >= 5


def test_what_a_key_says_has_its_signs_in_words() -> None:
    """It would have said: ← leads back, with a sign that many readers leave out, and that nobody can type."""
    said = Heard("illustrated").says("end", "Y")
    assert "left leads back" in said
    assert "←" not in said


def test_a_step_is_read_with_whom_the_token_attends_to() -> None:
    """The one question of the lesson would have stayed unanswered."""
    said = Heard().says("7")
    assert said.startswith("Step 7 of 11: attention weights.")
    assert "A is 0.26 (current)" in said
    assert "Row animal:" in said


def test_moving_along_a_row_reads_the_number_and_not_the_tables_again() -> None:
    """After each key the whole page would have been read, a minute long."""
    heard = Heard()
    heard.says("7")
    said = heard.says(".")
    assert said.startswith("weights[it,street]: 0.19 is about")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("line", "step"), [("n", 1), ("→", 1), ("right", 1), ("\x1b[C", 1), ("next", 1), ("END", 10)])
def test_a_key_is_typed_as_it_is_called_or_shown(line: str, step: int) -> None:
    """One would have had to learn commands beside the keys; an arrow that is pressed writes signs into the line."""
    heard = Heard()
    heard.says(line)
    assert heard.session.state.place.step == step


def test_capital_letters_are_other_keys() -> None:
    """`g` asks for an address, `G` draws arrows."""
    heard = Heard()
    assert "an address" in heard.says("g")
    heard.says("", "G")
    assert heard.session.state.picture == "arrows"


def test_a_number_is_opened_down_to_the_file_and_left_again() -> None:
    """Where a number comes from could not have been heard."""
    heard = Heard()
    said = heard.says("scores[it,animal]", "open")
    assert "0.50 (current) queries[it,0] times 0.90 keys[animal,0]" in said
    said = heard.says("open")
    assert "X[it,0]" in said
    heard.says("back", "back")
    assert heard.session.state.trail.cells == ()
    assert heard.session.state.place.step == 4


def test_what_is_asked_is_answered_by_the_next_line_and_refused_where_it_is_no_answer() -> None:
    """An answer would have been taken for a command."""
    heard = Heard()
    heard.says("7", "t")
    assert "is not known here" in heard.says("zz[")
    said = heard.says("0.26")
    assert "right" in said.casefold()
    cell = heard.session.state.cell
    assert round(value_at(heard.session.state.trace, cell), 2) == 0.26


def test_a_number_is_changed_and_the_change_is_asked_about_before_the_end(tmp_path: Path) -> None:
    """What somebody has tried would have been lost without a word."""
    heard = Heard()
    heard.says("e", "0.9")
    assert "changes not written: 1" in heard.says("q")
    assert not heard.session.is_over
    heard.says("w")
    written = tmp_path / "mine.toml"
    heard.says(str(written))
    assert heard.session.is_over
    assert "0.9" in written.read_text(encoding="utf-8")


def test_a_number_is_changed_in_one_line() -> None:
    """e W_Q[0,0]=2 was "not an address"; one had to know that a question comes first."""
    heard = Heard()
    assert "“animal” 26% to 27%" in heard.says("e W_Q[0,0]=1.5")
    assert "is not a number" in heard.says("e foo")


def test_what_a_teacher_s_stop_asks_is_read_and_answered_with_a_digit() -> None:
    """The question stood above the table, and nobody read it out."""
    heard = Heard("bank")
    said = next(said for said in (heard.says("") for _ in range(9)) if "your answer" in said)
    assert "At whom will “bank” look most?" in said
    step = heard.session.state.place.step
    answered = heard.says("1")
    assert heard.session.state.place.step == step
    assert answered.startswith("No, it is 2) river")


def test_the_questions_are_read_and_one_is_opened_by_its_digit() -> None:
    """The answers to what a beginner asks are most of what there is to hear."""
    heard = Heard()
    said = heard.says("7", "y")
    assert "1 Why e to the power" in said
    assert heard.says("down").startswith("2 ")
    assert "Score divided by sum" in heard.says("1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_listed(language: str) -> None:
    """What is in no list is tried by nobody."""
    heard = Heard("two-heads", language)
    look = heard.session.state.look
    listed = heard.says("?").splitlines()
    for offer in offers(look.texts, heard.session.state):
        keys = look.texts.list_separator.join(look.keys(offer.action.shown).split())
        line = f"{keys}{look.word('colon')}{offer.about}"
        assert (line in listed) == (offer.action.name not in ON_SCREEN_ONLY), offer.action.name


def test_every_command_does_something_or_says_why() -> None:
    """A silent line leaves somebody who sees nothing without a hint."""
    for action in ACTIONS:
        if action.name in ("quit", "suspend"):
            continue
        for key in action.bindings[:1] if not action.is_numbered else ("3",):
            heard = Heard("two-heads")
            heard.says("7")
            assert heard.says(key).strip(), key
    assert "scores[it,animal]" in Heard().beginning
    assert Heard().says("frobnicate") == "That is no command; ? lists them.\n"


def test_a_file_is_not_read_again_over_changes_without_asking(tmp_path: Path) -> None:
    """`r` threw away what somebody had tried, without a word, and `q` behind it ended as if nothing had been."""
    path = tmp_path / "mine.toml"
    shutil.copy(REPOSITORY / "examples" / "animal.toml", path)
    heard = Heard(str(path))
    heard.says("X[it,0]", "e", "0.9")
    assert "changes not written: 1" in heard.says("r")
    assert heard.says("s").startswith("Step 1 of 11")  # a silent line would tell nothing
    assert heard.says("q", "").endswith(heard.says("r", ""))
    assert count(heard.session.state) == 1
    assert "changes not written: 1" in heard.says("q")
    heard.says("s", "r", "d")
    assert count(heard.session.state) == 0
    heard.says("q")
    assert heard.session.is_over


def test_a_page_that_is_impossible_is_not_stayed_on(tmp_path: Path) -> None:
    """The next command was obeyed at a step of which nothing had been read."""
    heard = Heard(impossible_step(tmp_path))
    said = ""
    while "so large" not in said:
        at = heard.session.state.place
        said = heard.says("")
    assert heard.session.state.place == at
    assert heard.says("p").startswith(f"Step {at.step} of 14")


def test_a_lesson_that_is_to_begin_at_an_impossible_page_begins_at_the_first(tmp_path: Path) -> None:
    """`qkvtui --linear FILE` ended before anything could be typed."""
    heard = Heard(impossible_step(tmp_path, is_stop=True))
    assert "Step 1 of 14" in heard.beginning
    assert "so large" in heard.beginning
    assert heard.says("").startswith("Step 2 of 14")


def test_another_language_reads_the_page_again() -> None:
    """The next sentences would have been Chinese, and what was heard before English."""
    heard = Heard()
    assert heard.says("z").startswith("第 1/11 步：词嵌入。")


def test_blanks_are_not_read_out() -> None:
    """The answer would have been heard before it was worked out."""
    heard = Heard()
    heard.says("7")
    said = heard.says("b", "b", "down", "up")
    assert "Row animal:" in said
    assert "0.26" not in said


def test_it_runs_through_a_pipe_and_without_a_screen() -> None:
    """`ssh host qkvtui --linear animal`, an editor's shell, a script: there is no terminal to draw on."""
    ended = run("--linear", "animal", "--no-state", stdin="7\n.\nq\n", environ={"TERM": "dumb"})
    assert ended.status == 0
    assert ended.messages == ""
    assert "Step 7 of 11: attention weights." in ended.output
    assert "weights[it,street]: 0.19" in ended.output
    assert "\x1b" not in ended.output


@pytest.mark.parametrize("option", ["--watch", "--lead=x", "--follow=x"])
def test_what_needs_a_screen_is_refused_with_it(option: str) -> None:
    """It would have done nothing, silently."""
    ended = run("--linear", "animal", option)
    assert ended.status == 2
    assert option.partition("=")[0] in ended.messages


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", ENDING)
def test_changes_are_kept_when_a_signal_ends_it(number: int, tmp_path: Path) -> None:
    """Ctrl+C, `kill` or a lost connection lost what somebody had tried; only the end of a pipe kept it."""
    command, home = command_line("--linear", "animal"), environment(XDG_STATE_HOME=str(tmp_path))
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=home,
        cwd=REPOSITORY,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"e\nX[it,0]=0.31\n")
        process.stdin.flush()
        while b"0.31" not in process.stdout.readline():
            pass
        process.send_signal(number)
        _, messages = process.communicate(timeout=20)
    assert messages == b""
    assert process.returncode in (-number, 128 + number)
    assert len(list((tmp_path / "qkvtui" / "unwritten").iterdir())) == 1
    asked = spawn("--linear", "animal", stdin=b"y\n", environ={"XDG_STATE_HOME": str(tmp_path)})
    assert b"0.31" in asked.stdout


def test_without_a_standard_input_it_says_so() -> None:
    """A cron job, or a service, got a traceback."""
    line = f"{shlex.join(command_line('--linear', 'animal'))} <&-"
    ended = subprocess.run(["sh", "-c", line], capture_output=True, env=environment(), cwd=REPOSITORY, check=False)
    assert ended.returncode == 2
    assert ended.stderr == b"qkvtui: --linear reads commands from standard input, which is closed\n"


@pytest.mark.parametrize("choice", ["w", "d"])
def test_what_follows_an_answer_may_fail_and_is_not_asked_again(choice: str, tmp_path: Path) -> None:
    """The file was gone: its name was asked for once more, and the next command written as a file of that name."""
    path = tmp_path / "a.toml"
    shutil.copy(REPOSITORY / "examples" / "animal.toml", path)
    heard = Heard(str(path))
    heard.says("e", "X[it,0]=0.7", "r", choice)
    path.unlink()
    heard.says(*([str(tmp_path / "b.toml")] if choice == "w" else []))
    said = heard.says("n")
    assert "Step 2 of 11" in said
    assert not (tmp_path / "n").exists()


def test_a_move_within_a_table_of_patches_reads_only_what_is_new() -> None:
    """Three lines that say what the tables are were read again at every key."""
    heard = Heard("how-tired-gets-in")
    heard.says("P", "down")
    assert len(heard.says("down").splitlines()) == 1


def test_along_the_flow_only_the_steps_that_differ_are_read() -> None:
    """All steps were read again at every arrow."""
    heard = Heard()
    assert len(heard.says("0").splitlines()) >= 11
    assert len(heard.says("right").splitlines()) == 2


def test_the_sentence_that_is_looked_at_is_read_too() -> None:
    """Only the words that ask were read, and the keys came from nowhere."""
    assert heard_context(Heard("translation")) in Heard("translation").beginning


def heard_context(heard: Heard) -> str:
    """The words of the context, as they are read."""
    context = heard.session.state.trace.example.context
    assert context is not None
    return ", ".join(context)


@pytest.mark.parametrize(("language", "key"), [("en", "Press right"), ("zh", "按右箭头")])
def test_an_arrow_that_is_to_be_pressed_is_called_by_its_name(language: str, key: str) -> None:
    """“Press to to go on into layer 1”"""
    heard = Heard("two-layers", language)
    assert key in heard.says("end")
    heard.says("右箭头" if language == "zh" else "right")
    assert heard.session.state.layer == 1


def test_a_place_is_gone_to_in_one_line() -> None:
    """It told of `g weights@1`, and did not know it."""
    heard = Heard("two-layers")
    heard.says("g weights@1")
    assert heard.session.state.layer == 1
