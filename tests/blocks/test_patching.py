"""Rows of one run put into another: what is computed from there on, the tables, the files, the screen."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.errors import ExampleError, UsageError
from qkvtui.files.read import load, parse_example
from qkvtui.files.write import composed, write_example
from qkvtui.graph.example import Example, OtherRun, Patch
from qkvtui.report.formats import formats_of
from qkvtui.trace import patch_tables
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.edits import again, as_tables, from_tables
from qkvtui.trace.patch_tables import PatchTable, patch_table
from qkvtui.trace.reordering import swapped
from qkvtui.trace.trace import Trace
from qkvtui.trace.watched import watched
from qkvtui.trace.why import why
from qkvtui.tui import patience
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of
from qkvtui.tui.unwritten import count
from qkvtui.views.look import Look
from tests.blocks.drawn import WORDS, drawn, read
from tests.blocks_oracle import layer as worked
from tests.blocks_oracle import model
from tests.cli.program import REPOSITORY, run
from tests.tui.driving import lesson_screen_of, lines_of, play, until

SEEDS = range(24)


def two(seed: int, layers: int = 3) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables of two files of one shape, that read other words or begin with another X."""
    rng = np.random.default_rng(seed + 1000)
    one = drawn(seed, layers=layers)
    other = json.loads(json.dumps(one))
    other["tokens"] = [str(word) for word in rng.choice(WORDS, len(one["tokens"]))]
    if "inputs" in other:
        other["inputs"]["X"] = rng.normal(size=np.shape(one["inputs"]["X"])).round(3).tolist()
    return one, other


def patched(trace: Trace, *patches: Patch) -> Trace:
    return trace.again(replace(trace.example, patches=patches))


def same(one: Trace, other: Trace) -> None:
    """Every number of every step of every layer."""
    for layer in range(len(one.example.layers)):
        ours, theirs = one.at_layer(layer), other.at_layer(layer)
        for step in ours.steps:
            if step.id in ("word_rows", "place_rows"):
                continue  # what stands before the rows that are put over
            for head in range(ours.shape.heads if step.type.per_head else 1):
                np.testing.assert_array_equal(ours.matrix(step.id, head), theirs.matrix(step.id, head), step.id)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_put_into_itself_changes_nothing(seed: int) -> None:
    """What was put in was not what stood there: another row, another head or another layer."""
    trace = Trace(read(drawn(seed, layers=3)))
    itself = OtherRun(trace.example, "itself")
    for layer in range(3):
        there = trace.at_layer(layer)
        for step in ("embeddings", "output", "left"):
            for head in range(there.shape.heads) if step == "output" else (None,):
                same(patched(trace, Patch(itself, step, layer, None, head)), trace)
    same(patched(trace, Patch(itself, "embeddings", 1, 0)), trace)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("seed", SEEDS)
def test_all_rows_put_in_at_the_beginning_give_the_other_run(seed: int) -> None:
    """Something of the first run was left over."""
    one, other = (Trace(read(structure)) for structure in two(seed))
    same(patched(one, Patch(OtherRun(other.example, "other"), "embeddings", 0)), other)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_of_a_patch_is_what_numpy_makes_of_it(seed: int) -> None:
    """A layer above went on with what had been there before the patch, or another row was put over."""
    rng = np.random.default_rng(seed)
    one, other = two(seed)
    theirs = model(other)
    trace, run_ = Trace(read(one)), OtherRun(read(other), "other")
    for layer in range(3):
        row, head = int(rng.integers(len(one["tokens"]))), int(rng.integers(trace.at_layer(layer).shape.heads))
        x = model(one)[layer]["embeddings"].copy()
        x[row] = theirs[layer]["embeddings"][row]
        by_row = patched(trace, Patch(run_, "embeddings", layer, row))
        by_head = patched(trace, Patch(run_, "output", layer, None, head))
        y = model(one)[layer]["embeddings"]
        for at in range(layer, 3):
            put = {head: theirs[layer]["output"][head]} if at == layer else {}
            x, y = worked(x, one["blocks"][at])["left"], worked(y, one["blocks"][at], put)["left"]
            np.testing.assert_allclose(by_row.at_layer(at).matrix("left"), x.real, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(by_head.at_layer(at).matrix("left"), y.real, rtol=1e-9, atol=1e-9)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(8))
def test_the_tables_have_what_each_patch_alone_gives(seed: int) -> None:
    """A cell of the table was another patch's: the layers below were worked with it too, or it stayed in."""
    one, other = two(seed)
    trace, run_ = Trace(read(one)), OtherRun(read(other), "other", "left@2[0,0]")
    watch = watched(trace, run_)
    table = patch_table(trace, run_, watch)
    assert table.other == Trace(read(other)).value(watch)
    for layer in range(3):
        for row in range(len(one["tokens"])):
            assert table.rows[layer][row] == patched(trace, Patch(run_, "embeddings", layer, row)).value(watch)
        for head, value in enumerate(table.heads[layer]):
            assert value == patched(trace, Patch(run_, "output", layer, 0, head)).value(watch)
    assert trace.value(watch) == table.own


def test_of_weights_only_the_layers_below_can_tell() -> None:
    """Heads of the watched layer itself stood in the table, where they can change nothing."""
    trace = Trace(read(drawn(3, layers=3)))
    table = patch_table(trace, OtherRun(trace.example, "itself"), parse_address(trace, "weights@1[0,0]"))
    assert (len(table.rows), len(table.heads)) == (2, 1)


def of_lesson(name: str) -> PatchTable:
    trace = Trace(load(name))
    return patch_table(trace, trace.example.others[0], watched(trace, trace.example.others[0]))


def test_the_lesson_is_true_the_head_that_looks_most_carries_nothing() -> None:
    """The lesson said of its own numbers what they do not show."""
    table = of_lesson("how-tired-gets-in")
    tokens = table.trace.example.tokens
    assert [tokens[int(row)] for row in np.abs(np.array(table.rows) - table.own).argmax(axis=1)] == ["tired", "it"]
    assert np.isclose(table.rows, table.own).sum() == np.size(table.rows) - 2
    looks = [table.trace.row("weights", tokens.index("it"), head)[tokens.index("tired")] for head in (0, 1)]
    assert looks[1] > looks[0]
    assert table.heads[0][0] == pytest.approx(table.other)
    assert table.heads[0][1] == table.own


def test_minilm_has_it_in_the_row_of_it_before_layer_3() -> None:
    """The real model's numbers in the lesson's text were not those of its head that is bundled."""
    trace = Trace(load("minilm-tired"))
    table = patch_table(trace, OtherRun(load("minilm-wide"), "wide"), parse_address(trace, "weights[it,animal]"))
    here = trace.example.tokens.index("it")
    assert table.own == pytest.approx(0.677, abs=0.002)
    assert table.other == pytest.approx(0.281, abs=0.002)
    assert table.rows[0][here] == pytest.approx(0.257, abs=0.002)
    assert table.rows[0][trace.example.tokens.index("tired")] == pytest.approx(0.684, abs=0.002)
    assert table.rows[0][trace.example.tokens.index("animal")] == pytest.approx(0.685, abs=0.002)


LESSON = (REPOSITORY / "examples" / "how-tired-gets-in.toml").read_text(encoding="utf-8")
BEFORE, BEHIND = LESSON.split("[[patch]]")[0], LESSON.split('watch = "weights@1[it,animal]"\n', 1)[1]


def with_patch(told: str) -> Example:
    return parse_example(f"{BEFORE}[[patch]]\n{told}\n{BEHIND}", name="lesson", folder=str(REPOSITORY / "examples"))


@pytest.mark.parametrize(
    ("at", "row"),
    [("embeddings@0", '"tired"'), ("X@1", '"it"'), ("left@0", "2"), ("output@0.0", '"it"'), ("projected@0", '"it"')],
)
def test_a_file_is_opened_with_what_it_puts_in(at: str, row: str) -> None:
    """The file said what to put in, and nothing was put in, or somewhere else."""
    trace = Trace(with_patch(f'from = ["animal", "street", "it", "wide"]\nat = "{at}"\nrow = {row}'))
    assert trace.value(parse_address(trace, "weights@1[it,animal]")) < 0.02
    assert trace.as_written is trace


def test_a_number_that_was_put_in_says_where_it_is_from() -> None:
    """A number of the other run was explained by sums that do not give it."""
    trace = Trace(with_patch('from = ["animal", "street", "it", "wide"]\nat = "left@0"\nrow = "it"'))
    node = why(trace, parse_address(trace, "left@0[it,wide]"))
    assert node.given == ("taken from animal street it wide",)
    assert why(trace, parse_address(trace, "left@0[animal,0]")).terms


def test_x_that_is_given_can_be_put_over_too() -> None:
    """Where X stands in the file, what was computed from it went on from the file's rows."""
    one, other = two(next(seed for seed in range(20) if "inputs" in drawn(seed)))
    trace, theirs = Trace(read(one)), Trace(read(other))
    there = patched(trace, Patch(OtherRun(theirs.example, "other"), "embeddings", 0, 0))
    np.testing.assert_array_equal(there.matrix("queries")[0], theirs.matrix("queries")[0])
    np.testing.assert_array_equal(there.matrix("queries")[1], trace.matrix("queries")[1])
    assert there.example.inputs["X"] is trace.example.inputs["X"]
    assert why(there, parse_address(there, "X@0[0,0]")).given == ("taken from other",)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('watch = "weights@1[it,animal]"', "patch, entry 0.from: is missing"),
        ('from = ["animal", "street", "it", "wide"]', "patch, entry 0.watch: is missing"),
        ('from = ["animal"]\nwatch = "x"', "tokens: 1 there, 4 here; both runs must have as many tokens"),
        ('from = ["animal", "street", "it", "dog"]\nwatch = "x"', '"dog" is not in [vocabulary]'),
        ('from = "two-heads"\nwatch = "x"', "layers: 1 there, 2 here"),
        ('from = "nothing-here"\nwatch = "x"', "no bundled example is called"),
        ('from = "../up.toml"\nwatch = "x"', "leaves the example's folder"),
        ('from = "gone.toml"\nwatch = "x"', '"gone.toml" cannot be used'),
        ('from = ["animal", "street", "it", "wide"]\nat = "weights@0"', "weights is no step whose rows can be patched"),
        ('from = ["animal", "street", "it", "wide"]\nat = "left@7"', "there is no layer 7"),
        ('from = ["animal", "street", "it", "wide"]\nat = "output@0.7"', "output has no head 7"),
        ('from = ["animal", "street", "it", "wide"]\nat = "left@0"\nrow = "cat"', "cat"),
        ('from = ["animal", "street", "it", "wide"]\nwatch = "x"\nrow = "it"', "has nothing to do here"),
        ('from = ["animal", "street", "it", "wide"]\nwatch = 3', "patch, entry 0.watch"),
        ('from = "x"\nwhence = 1', "whence"),
    ],
)
def test_each_mistake_in_a_patch_is_told_with_its_cure(told: str, expected: str) -> None:
    """A wrong [[patch]] ended in a traceback, or was silently left out."""
    with pytest.raises(ExampleError) as caught:
        with_patch(told)
    assert expected in str(caught.value)


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_a_patch_stays_in_a_file_that_is_written_anew(kind: Any) -> None:
    """Whoever saved a changed lesson lost the other run that it names."""
    original = with_patch('from = ["animal", "street", "it", "wide"]\nat = "output@0.1"\nrow = "it"\nwatch = "x"')
    text = composed(original, replace(original, document=None), kind, None).text
    again = parse_example(composed(replace(original, document=None), original, kind, None).text, kind=kind)
    assert "output@0.1" in text
    assert [(one.step, one.layer, one.row, one.head) for one in again.patches] == [("output", 0, 2, 1)]
    assert again.others[0].example.tokens[-1] == "wide"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12), (20, 5)])
def test_the_screen_shows_the_tables_and_puts_one_in(language: str, size: tuple[int, int]) -> None:
    """P did nothing, the arrows left the table, or what was put in could not be taken back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("P")
        if size[0] >= 60:
            assert app.look.texts.words["patch_heads_asks"][-6:-2] in "\n".join(lines_of(app, "body"))
            shown = "\n".join(lines_of(app, "body"))
            assert "weights@1[it,animal]" in shown
            assert "[0.01]" in shown
        await pilot.press("down", "left")
        assert screen.state.patched is not None
        assert tuple(screen.state.patched.cell) == (1, 2)
        await pilot.press("enter")
        assert screen.state.patched is None
        assert screen.state.layer == 1
        assert screen.state.trace.value(screen.state.cell) < 0.02
        assert screen.state.trace.compared_to is not None
        await pilot.press("u")
        assert screen.state.trace.row("weights", 2)[0] > 0.9
        await pilot.press("P", "backspace")
        assert screen.state.patched is None

    play(scene, lesson=lesson_of("how-tired-gets-in"), size=size, look=Look(80, language=language))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("language", "said"), [("en", "“wide” patched"), ("zh", "“wide”已换")])
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_what_is_put_in_stays_said_until_it_is_taken_back(language: str, said: str, size: tuple[int, int]) -> None:
    """After the first keypress nothing told that a row was in, and the table said the number it would have without."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("P", "enter", "left", "up")
        assert said in lines_of(app, "heading")[0].replace("…", "")
        await pilot.press("P")
        body = "\n".join(lines_of(app, "body"))
        assert said in body
        assert re.search(r"\bu\b", body)
        await pilot.press("P", "u")
        assert said not in "\n".join(lines_of(app, "heading"))
        await pilot.press("P")
        assert said not in "\n".join(lines_of(app, "body"))

    play(scene, lesson=lesson_of("how-tired-gets-in"), size=size, look=Look(80, language=language))


def test_where_no_other_run_is_named_the_key_says_so() -> None:
    """The key was silent, or the program ended."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("P")
        assert "[[patch]]" in lines_of(app, "footer")[0]

    play(scene, lesson=lesson_of("two-layers"), size=(80, 24))


def test_json_csv_and_markdown_tell_the_same() -> None:
    """A number of one format was missing or another in the other."""
    words = ("patch", "two-layers", "animal street it wide", "weights@1[it,animal]", "--format")
    found = run(*words, "json").json
    lines = list(csv.DictReader(io.StringIO(run(*words, "csv").output)))
    assert [float(line["value"]) for line in lines] == [one["value"] for one in found["patches"]]
    assert len(found["patches"]) == 2 * 4 + 1
    markdown = run(*words, "markdown", "--lang", "zh").output
    assert "| 第 1 层 | 0.99 | 0.99 | 0.00 | 0.99 |" in markdown


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("two-layers",), "names none in [[patch]]"),
        (("two-layers", "animal"), "as many layers: 2 in “two-layers”, 1 in “animal”"),
        (("two-layers", "animal street it dog"), "it knows animal street it tired wide"),
        (("two-layers", "animal street"), "as many tokens: 4 in “animal street it tired”, 2 in “animal street”"),
        (("two-layers", "animal street it wide"), "no number to watch"),
        (("two-layers", "animal street it wide", "W_Q@1[0,0]"), "no number of a step"),
        (("two-layers", "animal street it wide", "weights@5[it,animal]"), "layers are 0 to 1"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_patched_is_refused_in_one_line(words: tuple[str, ...], told: str, language: str) -> None:
    """A wrong command line ended in a traceback, or without a word of what would do."""
    done = run("patch", *words, "--lang", language)
    assert done.status == 2
    assert done.messages.count("\n") == 1
    assert language == "zh" or told in done.messages


def test_a_large_table_is_told_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a real model the screen stood still for seconds, or the table never came."""
    released = threading.Event()

    def held_up(*asked: Any) -> PatchTable:
        assert released.wait(30)
        return patch_table(*asked)

    monkeypatch.setattr(patience, "_QUICK", 0)
    monkeypatch.setattr(patience, "PATIENCE", 0.01)
    monkeypatch.setattr(patch_tables, "patch_table", held_up)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("P")
        assert "Esc" in screen.state.notice
        await pilot.press("escape", "P")
        assert screen.state.patched is None
        released.set()
        await until(pilot, lambda: screen.state.patched is not None)
        assert "weights@1[it,animal]" in "\n".join(lines_of(app, "body"))

    try:
        play(scene, lesson=lesson_of("how-tired-gets-in"))
    finally:
        released.set()


ALONE = """format = 1
title = "t"
tokens = ["=1+1", "@b"]
[inputs]
X = [[1, 2], [3, 4]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
"""


def written_to(path: Path, told: str, text: str = ALONE) -> str:
    path.write_text(text + told, encoding="utf-8")
    return str(path)


def test_files_may_name_each_other_or_themselves(tmp_path: Path) -> None:
    """The program ended in a traceback without an end, or read for hours: each file read all that it names."""
    told = '[[patch]]\nfrom = "{}.toml"\nwatch = "weights[0,1]"\n'
    for name, other in (("self", "self"), ("one", "two"), ("two", "one")):
        written_to(tmp_path / f"{name}.toml", told.format(other) * 2)
    for name in ("self", "one"):
        runs = load(str(tmp_path / f"{name}.toml")).others
        assert len(runs) == 2
        assert runs[0].example is runs[1].example
        assert not runs[0].example.others


def test_too_many_patches_are_refused_before_their_files_are_read(tmp_path: Path) -> None:
    """A small file kept the program busy for minutes."""
    path = written_to(tmp_path / "many.toml", '[[patch]]\nfrom = "gone.toml"\nwatch = "weights[0,1]"\n' * 33)
    for language, told in (("en", "has 33 entries; at most 32"), ("zh", "有 33 项")):
        done = run("print", path, "--lang", language)
        assert done.status == 2
        assert told in done.messages
        assert done.messages.count("\n") <= 2


def test_what_is_patched_in_one_layer_learns_in_none() -> None:
    """The lesson ended in a traceback: the layer below asked for a way back that the patched one did not have."""
    lesson = load("two-layers-learn")
    other = OtherRun(replace(lesson, tokens=("dog", *lesson.tokens[1:])), "other")
    for layer in (0, 1):
        trace = patched(Trace(lesson), Patch(other, "embeddings", layer, 0))
        for at in (0, 1):
            there = trace.at_layer(at)
            assert not [step.id for step in there.walk if step.type.learns and step.type.is_gradient]
            for step in there.walk:
                if step.type.has_numbers:
                    there.matrix(step.id)


@pytest.mark.parametrize("watch", ["masked[0,1]", "weights[0,1]"])
def test_a_number_behind_the_mask_can_be_watched(watch: str, tmp_path: Path) -> None:
    """The table ended in a traceback: no whole number can be made of what is none."""
    written_to(tmp_path / "other.toml", "[attention]\ncausal = true\n", ALONE.replace("[3, 4]", "[4, 3]"))
    told = f'[attention]\ncausal = true\n[[patch]]\nfrom = "other.toml"\nwatch = "{watch}"\n'
    path = written_to(tmp_path / "one.toml", told)
    for kind in formats_of("patch"):
        done = run("patch", path, "--format", kind)
        assert (done.status, done.messages) == (0, "")
        assert "nan" not in done.output


def test_a_token_is_no_formula_in_a_table_of_patches(tmp_path: Path) -> None:
    """A spreadsheet worked out what a token said."""
    path = written_to(tmp_path / "one.toml", '[[patch]]\nfrom = "one.toml"\nwatch = "weights[0,1]"\n')
    lines = list(csv.DictReader(io.StringIO(run("patch", path, "--format", "csv").output)))
    assert [line["token"] for line in lines if line["put"] == "row"] == ["'=1+1", "'@b"]


def test_tokens_stay_where_rows_were_put_in() -> None:
    """Two tokens were exchanged, and the row of the other run went to the wrong one."""
    trace = with_patch('from = ["animal", "street", "it", "wide"]\nat = "left@0"\nrow = "it"')
    with pytest.raises(UsageError, match="patched place by place"):
        swapped(Trace(trace), 0, 2)


def as_put(example: Example) -> list[tuple[str, str, int, int | None, int | None]]:
    return [(one.run.name, one.step, one.layer, one.row, one.head) for one in example.patches]


@pytest.mark.parametrize("name", ["one.toml", "one.json"])
@pytest.mark.parametrize("at", ["", 'at = "left@0"\nrow = "it"\n'])
def test_every_row_that_was_put_in_is_written(name: str, at: str, tmp_path: Path) -> None:
    """What was written had none of it, or only the first, and the screen said that it was written."""
    original = with_patch(f'# who?\nfrom = ["animal", "street", "it", "wide"]\nwatch = "weights@1[it,animal]"\n{at}')
    other = original.others[0]
    new = (Patch(other, "embeddings", 1, 2), Patch(other, "output", 0, None, 1))
    changed = replace(original, patches=(*original.patches, *new))
    written = load(write_example(tmp_path / name, original, changed))
    assert as_put(written) == as_put(changed)
    assert written.others[0].watch == "weights@1[it,animal]"
    same(Trace(written), Trace(changed))
    less = load(write_example(tmp_path / f"less-{name}", written, replace(written, patches=written.patches[:1])))
    assert as_put(less) == as_put(changed)[:1]
    if name.endswith("toml"):
        assert "# who?" in (tmp_path / name).read_text(encoding="utf-8")


def test_an_example_is_written_only_beside_the_files_that_it_names(tmp_path: Path) -> None:
    """What was written named a file that is not there, and could never be opened."""
    written_to(tmp_path / "other.toml", "")
    path = written_to(tmp_path / "one.toml", '[[patch]]\nfrom = "other.toml"\nwatch = "weights[0,1]"\n')
    original = load(path)
    changed = replace(original, patches=(Patch(original.others[0], "queries", 0, 1),))
    (tmp_path / "away").mkdir()
    with pytest.raises(UsageError, match="save it in that folder"):
        write_example(tmp_path / "away" / "new.toml", original, changed)
    for name in ("new.toml", "new.json"):
        assert as_put(load(write_example(tmp_path / name, original, changed))) == as_put(changed)


def test_a_row_that_was_put_in_is_asked_about_and_made_again(tmp_path: Path) -> None:
    """One key ended the lesson, and what was put in was gone without a question."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("P", "down", "left", "enter")
        assert count(screen.state) == 1
        edits = [edit for edit in screen.state.history.made if edit is not None]
        made = again(Trace(load("how-tired-gets-in")), from_tables(as_tables(edits)))
        assert made is not None
        assert as_put(made[-1].example) == as_put(screen.state.trace.example) != []
        for wrong in ({"at": [0, 99, -1]}, {"at": [7, 0, -1]}, {"at": [0, -1, 9], "name": "output"}, {"name": "no"}):
            spoiled = from_tables([{**as_tables(edits)[0], **wrong}])
            assert again(Trace(load("how-tired-gets-in")), spoiled) is None
        await pilot.press("q")
        assert app.is_running
        path = tmp_path / "mine.toml"
        await pilot.press("w")
        prompt = app.screen.query_one(LinePrompt)
        prompt.value = str(path)
        await pilot.press("enter")
        assert count(screen.state) == 0
        assert as_put(load(str(path))) == as_put(screen.state.trace.example)

    play(scene, lesson=lesson_of("how-tired-gets-in"))
