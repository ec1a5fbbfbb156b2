"""A changed example as a file of its own: what is written, and what is left as it was."""

from __future__ import annotations

import json
import math
import os
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.errors import ExampleError, UsageError
from qkvtui.files import spans as spans_module
from qkvtui.files.atomic import AlreadyThereError
from qkvtui.files.find import bundled_names
from qkvtui.files.read import load, parse_example
from qkvtui.files.same import same_example
from qkvtui.files.spans import Spans
from qkvtui.files.vocabulary import with_rows_of_x
from qkvtui.files.write import write_example
from qkvtui.graph.document import Kind
from qkvtui.graph.example import Example, Scale
from qkvtui.graph.layers import with_own_layer
from qkvtui.graph.printed import scale_text
from qkvtui.localized import Localized
from qkvtui.trace.reordering import swapped
from qkvtui.trace.trace import Trace
from tests.files.generated import examples, finite
from tests.files.layouts import MARKED, MARKED_JSON, Mark, unmarked
from tests.files.samples import DIRECT, PROJECTED, TOP, edited_text, example_text, read, read_example
from tests.samples import SAMPLES, each, example
from tests.trace.slipping_examples import random_example

ALL_MARKED = {**MARKED, **MARKED_JSON}


def kind_of(layout: str) -> Kind:
    return "json" if layout in MARKED_JSON else "toml"


def with_number(example: Example, name: str, index: tuple[int, ...], number: float) -> Example:
    """What `e` makes of an example."""
    arrays = example.inputs if name in example.inputs else example.parameters
    array = arrays[name].copy()
    array[index] = number
    changed = {**arrays, name: array}
    if name in example.inputs:
        example = with_rows_of_x(replace(example, inputs=changed))
    else:
        example = replace(example, parameters=changed)
    return with_own_layer(example) if example.layers else example


def with_settings(example: Example, *, scale: Scale | None = None, causal: bool | None = None) -> Example:
    """What `s` and `m` make of an example."""
    now = example.attention
    new = replace(now, scale=now.scale if scale is None else scale, causal=now.causal if causal is None else causal)
    return replace(example, attention=new)


def edited(original: Example, changed: Example) -> str:
    text = edited_text(original, changed)
    assert original.document is not None
    written = parse_example(text, kind=original.document.kind, folder=original.document.folder)
    assert same_example(written, changed)
    return text


@pytest.mark.slow
@given(examples())
def test_any_example_is_read_back_as_it_was_written(example: Example) -> None:
    """A learner's file would have opened with another number, or not at all."""
    assert same_example(parse_example(example_text(example)), example)


@pytest.mark.slow
@given(examples())
def test_any_example_is_read_back_from_json_too(tmp_path_factory: pytest.TempPathFactory, example: Example) -> None:
    """A mask's −∞ would have made a JSON file that nothing reads."""
    path = tmp_path_factory.mktemp("json") / "it.json"
    write_example(path, example, example)
    assert same_example(read_example(path), example)


def test_every_example_that_the_tests_make_is_one_that_the_reader_takes() -> None:
    """Pages and slips would have been tested with layouts that no file can have."""
    made = [example(name) for name in SAMPLES]
    made += [random_example(np.random.default_rng(seed)) for seed in range(60)]
    refused = {}
    for one in made:
        try:
            found = parse_example(example_text(one))
            assert same_example(found, replace(one, learn=found.learn)), one.name  # a file has its targets in order
        except ExampleError as error:
            refused[one.name] = str(error)
    assert refused == {}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("layout", ALL_MARKED)
def test_only_the_one_number_changes_in_any_layout(layout: str) -> None:
    """Comments and spacing would have been lost, or another number overwritten, when one number was saved."""
    text, marks = unmarked(ALL_MARKED[layout])
    original = read(text, kind=kind_of(layout))
    for mark in marks:
        changed = edited(original, with_number(original, mark.name, mark.cell, -77.5))
        assert changed == f"{text[: mark.start]}-77.5{text[mark.end :]}"


@given(st.data(), st.sampled_from(sorted(ALL_MARKED)))
def test_any_edits_change_exactly_the_numbers_they_are_about(data: st.DataObject, layout: str) -> None:
    """Of several changes, one would have shifted the place of the next."""
    text, marks = unmarked(ALL_MARKED[layout])
    original = changed = read(text, kind=kind_of(layout))
    expected = text
    edits = data.draw(st.dictionaries(st.sampled_from(marks), finite, min_size=1))
    for mark, number in sorted(edits.items(), key=lambda edit: -edit[0].start):
        changed = with_number(changed, mark.name, mark.cell, number)
        if not _is_same_number(original, mark, number):
            expected = f"{expected[: mark.start]}{number!r}{expected[mark.end :]}"
    assert edited(original, changed) == expected


def _is_same_number(example: Example, mark: Mark, number: float) -> bool:
    array = {**example.inputs, **example.parameters}[mark.name]
    return repr(float(array[mark.cell])) == repr(number)


@pytest.mark.sampled(12)
@pytest.mark.parametrize("layout", ALL_MARKED)
@pytest.mark.parametrize("scale", [None, "none", 0.5])
@pytest.mark.parametrize("causal", [None, True, False])
def test_settings_are_put_into_any_layout(layout: str, scale: Scale | None, causal: bool | None) -> None:
    """A learner who took the scale away would have found it back in the saved file, or the file in ruins."""
    text, _ = unmarked(ALL_MARKED[layout])
    original = read(text, kind=kind_of(layout))
    changed = edited(original, with_settings(original, scale=scale, causal=causal))
    rest = iter(changed)
    insertions_only = all(character in rest for character in text)
    had_a_setting = "causal" in text
    assert insertions_only or had_a_setting
    if "\r\n" in text:
        assert "\n" not in changed.replace("\r\n", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '\n[attention]\nscale = "none"\ncausal = true\n'),
        ("[attention]\n", '[attention]\nscale = "none"\ncausal = true\n'),
        (
            "[attention] # masks\nheads = 1 # one",
            '[attention] # masks\nheads = 1 # one\nscale = "none"\ncausal = true\n',
        ),
        (
            "[attention]\nheads = 1\n\n# printed\n[published]\nweights = [[1, 0], [0, 1]]\n",
            '[attention]\nheads = 1\nscale = "none"\ncausal = true\n\n# printed\n'
            "[published]\nweights = [[1, 0], [0, 1]]\n",
        ),
        ("[attention]\ncausal  =  false # off\n", '[attention]\ncausal  =  true # off\nscale = "none"\n'),
        ("[attention]\nscale=2#two\n", '[attention]\nscale="none"#two\ncausal = true\n'),
    ],
)
def test_settings_are_written_where_one_would_look_for_them(before: str, after: str) -> None:
    """A setting would have landed in another table, or behind a comment."""
    original = read(TOP + PROJECTED + before)
    assert edited(original, with_settings(original, scale="none", causal=True)) == TOP + PROJECTED + after


@pytest.mark.parametrize("before", ["attention.heads = 1", "attention = { heads = 1 }", "attention = {}"])
def test_settings_join_those_that_stand_without_a_table_of_their_own(before: str) -> None:
    """A second [attention] would have made the file invalid."""
    original = read(f"{TOP}{before}\n{PROJECTED}")
    text = edited(original, with_settings(original, scale=0.5, causal=True))
    assert text.endswith(PROJECTED)
    assert text.startswith(TOP + before[:10])


def test_a_file_without_changes_is_the_same_file() -> None:
    """Saving without a change would have rewritten the file."""
    for text, _ in map(unmarked, MARKED.values()):
        assert edited(read(text), read(text)) == text


def test_a_number_of_a_head_is_replaced_where_heads_stand_side_by_side() -> None:
    """Another head's number would have been changed, or all comments would have gone."""
    rows = "[[1, 2], [3, 4]]"
    original = read(f"{TOP}[inputs]\nQ = {rows} # q\nK = {rows}\nV = [[5, 6], [8, 9]]\n[attention]\nheads = 2\n")
    text = edited(original, with_number(original, "Q", (1, 0, 0), 7.0))
    assert "Q = [[1, 7.0], [3, 4]] # q" in text
    assert read(text).inputs["Q"].tolist() == [[[1], [3]], [[7], [4]]]


def test_zero_and_minus_zero_are_two_numbers() -> None:
    """A sign that was typed would have been lost."""
    original = read(TOP + PROJECTED)
    assert "W_Q = [[1, -0.0], [0, 1]]" in edited(original, with_number(original, "W_Q", (0, 1), -0.0))


def test_published_numbers_of_a_step_that_is_gone_are_left_out() -> None:
    """A file saved without the scale, or the mask, would have been refused when it was opened."""
    published = "[published]\ndecimals = 1 # one\nscaled = { one = [1, 2] } # after\n# before\nmasked.one = [1, -inf]\n"
    text = f"{TOP}{PROJECTED}[attention]\ncausal = true\n{published}"
    original = read(text + "weights = [[1, 0], [0.5, 0.5]]\n")
    some = edited_text(original, with_settings(original, scale="none", causal=False))
    assert some.endswith("[published]\ndecimals = 1 # one\n# before\nweights = [[1, 0], [0.5, 0.5]]\n")
    assert read(some).published is not None
    original = read(text)
    none = edited_text(original, with_settings(original, scale="none", causal=False))
    assert none.endswith("[published]\n# before\n")
    assert read(none).published is None


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_a_scale_that_is_a_sum_is_written_back_as_it_was(kind: Kind, tmp_path: Path) -> None:
    """1/√3 would have come back as 0.5773502691896258."""
    original = read(f'{TOP}{PROJECTED}[attention]\nscale = "1/sqrt(3)"\n')
    assert 'scale = "1/sqrt(3)"' in example_text(original)
    again = read_example(write_example(tmp_path / f"it.{kind}", replace(original, document=None), original))
    assert again.attention.scale == original.attention.scale
    assert scale_text(again.attention.scale) == "1/sqrt(3)"
    text = edited(original, with_settings(original, scale="none"))
    assert 'scale = "none"' in text
    assert 'scale = "1/sqrt(3)"' in edited(read(text), original)


@pytest.mark.parametrize("published", ["published = { scaled = [[1, 2], [3, 4]] }", "[published.scaled]\none = [1, 2]"])
def test_a_layout_that_cannot_be_edited_is_written_anew(published: str) -> None:
    """Saving would have failed, or left an empty table that the reader refuses."""
    original = read(f"{TOP}{published}\n{PROJECTED}" if "{" in published else f"{TOP}{PROJECTED}{published}\n")
    text = edited_text(original, with_settings(original, scale="none"))
    assert same_example(read(text), replace(with_settings(original, scale="none"), published=None))


def test_what_a_learner_cannot_change_is_written_anew() -> None:
    """A program that changes a title would have got the old one."""
    original = read(TOP + PROJECTED)
    changed = replace(original, title=Localized({"en": "Zwei", "zh": "二"}))
    assert edited(original, changed) == example_text(changed)
    orphan = replace(original, document=None)
    assert edited_text(orphan, changed) == example_text(changed)


def _cells(example: Example) -> Iterator[tuple[str, tuple[int, ...]]]:
    rng = random.Random(0)
    for name, array in {**example.given, **example.parameters}.items():
        cells = list(np.ndindex(array.shape))
        for cell in cells if len(cells) <= 24 else rng.sample(cells, 24):
            yield name, cell


WRITTEN_OUT = [name for name in bundled_names() if (document := load(name).document) and document.arrays is None]
"""The bundled examples whose numbers stand in their text, not in a file of arrays."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", each(WRITTEN_OUT, ("animal", "xiaohong", "translation")))
def test_each_number_of_a_bundled_example_can_be_saved(name: str) -> None:
    """Something else in a bundled example would have changed along with the number."""
    original = load(name)
    assert original.document is not None
    before = re.split(r"(\n|[\[\], ]+)", original.document.text)
    for matrix, cell in _cells(original):
        text = edited(original, with_number(original, matrix, cell, 1234.0625))
        after = re.split(r"(\n|[\[\], ]+)", text)
        differ = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        number = {**original.given, **original.parameters}[matrix][cell]
        assert [(float(old), new) for old, new in differ] == [(number, "1234.0625")]


def test_a_new_file_is_laid_out_to_be_read() -> None:
    """A learner who opened the file in an editor would have seen one endless line."""
    example = read(
        f"""format = 1
        title = {{ en = "Two \\"words\\"", zh = "两个词" }}
        about.en = "{"Some words. " * 20}"
        tokens = ["one", "two"]
        query = "two"
        context = ["eins", "eins"]
        [inputs]
        X = [[1, 0.25], [3, -1e-7]]
        Y = [[1, 2], [3, 4]]
        [parameters]
        W_Q = [[1, 0], [0, 1]]
        W_K = [[2, 0], [0, 2]]
        W_V = [[3, 0], [0, 3]]
        b_Q = [1, 2]
        [attention]
        mask = [[0, -inf], [0, 0]]
        [published]
        tolerance = 0.01
        values = {{ "1" = [1, 2] }}
        weights = [[0.25, 0.75], [1, 0]]
        """
    )
    assert example_text(example) == (
        r"""format = 1
title = { en = "Two \"words\"", zh = "两个词" }

about.en = '''
Some words. Some words. Some words. Some words. Some words. Some words. Some words. Some words. Some words. Some \
words. Some words. Some words. Some words. Some words. Some words. Some words. Some words. Some words. Some words. \
Some words. \
'''

tokens = ["one", "two"]
query = "two"
context = ["eins", "eins"]

[inputs]
X = [
    [1.0, 0.25], # one
    [3.0, -1e-07], # two
]
Y = [
    [1.0, 2.0], # eins
    [3.0, 4.0], # eins
]

[parameters]
W_Q = [
    [1.0, 0.0],
    [0.0, 1.0],
]
W_K = [
    [2.0, 0.0],
    [0.0, 2.0],
]
W_V = [
    [3.0, 0.0],
    [0.0, 3.0],
]
b_Q = [1.0, 2.0]

[attention]
mask = [
    [0.0, -inf], # one
    [0.0, 0.0], # two
]

[published]
tolerance = 0.01
values.1 = [1.0, 2.0]
weights = [
    [0.25, 0.75], # one
    [1.0, 0.0], # two
]
""".replace("'''", '"""')
    )


def test_a_row_of_a_token_that_occurs_twice_is_written_by_its_index() -> None:
    """A published row would have moved to the token that is called like its index."""
    text = f'format = 1\ntitle = "t"\ntokens = ["3", "a", "b", "a"]\n{PROJECTED}[published]\nqueries."#3" = [1, 2]\n'
    example = read(text.replace("[[1, 2], [3, 4]]", str([[1, 2]] * 4)))
    assert example.published is not None
    assert example.published.rows == {"queries": {3: (1.0, 2.0)}}
    assert '"#3"' in example_text(example)
    assert same_example(read(example_text(example)), example)


# ---- files of arrays

ARRAYS = f"""{TOP}arrays  =  'model.npz' # the model
[inputs]
X = "x"
[parameters]
W_Q = "w" # shared
W_K = "w"
W_V = [[1, 2], [3, 4]]
[attention]
mask = "seen"
[published]
decimals = 2
masked = "printed"
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """An example whose numbers lie in a file of arrays."""
    np.savez(
        tmp_path / "model.npz",
        x=np.array([[1, 2], [3, 4]], np.float32),
        w=np.eye(2, dtype=np.float32),
        seen=np.tri(2, dtype=bool),
        printed=np.array([[1, -np.inf], [2, 3]]),
        unused=np.zeros(1000),
    )
    (tmp_path / "model.toml").write_text(ARRAYS, encoding="utf-8")
    (tmp_path / "new").mkdir()
    return tmp_path / "model.toml"


@pytest.mark.parametrize("name", ["mine", "mine.toml", "mine.json", "v1.2"])
def test_arrays_are_written_beside_the_new_file(model: Path, name: str) -> None:
    """The saved example would still have had the model's number, or no numbers at all once it was sent to somebody."""
    original = read_example(model)
    changed = with_settings(with_number(original, "X", (0, 1), 0.1), scale=0.5)
    written = write_example(model.parent / "new" / name, original, changed)
    assert os.path.basename(written) == ("mine.toml" if name == "mine" else name)
    found = read_example(written)
    assert same_example(found, changed)
    assert found.inputs["X"].dtype == np.float32
    beside = os.path.splitext(written)[0] + ".npz"
    with np.load(beside) as archive:
        assert {name: array.dtype.str for name, array in archive.items()} == {
            "x": "<f4",
            "w": "<f4",
            "seen": "|b1",
            "printed": "<f8",
        }
    assert sorted(os.listdir(model.parent / "new")) == sorted(map(os.path.basename, (written, beside)))
    if not name.endswith(".json"):
        stem = os.path.splitext(os.path.basename(written))[0]
        new = ARRAYS.replace("'model.npz'", f'"{stem}.npz"').replace('"seen"\n', '"seen"\nscale = 0.5\n')
        assert Path(written).read_text(encoding="utf-8") == new


def test_the_same_arrays_give_the_same_bytes(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved file would have looked changed to a version control although nothing was."""
    original = read_example(model)
    paths = [model.parent / "new" / name / "it" for name in "ab"]
    for path, now in zip(paths, (1e9, 2e9), strict=True):
        path.parent.mkdir()
        monkeypatch.setattr("time.time", lambda now=now: now)
        write_example(path, original, original)
    assert paths[0].with_suffix(".npz").read_bytes() == paths[1].with_suffix(".npz").read_bytes()


def test_one_array_for_two_matrices_becomes_two_when_one_changes(model: Path) -> None:
    """Changing W_Q would have changed W_K along with it."""
    original = read_example(model)
    changed = with_number(original, "W_Q", (0, 0), 5)
    written = write_example(model.parent / "new" / "mine", original, changed)
    assert same_example(read_example(written), changed)
    assert 'W_Q = "W_Q" # shared\nW_K = "w"\n' in Path(written).read_text(encoding="utf-8")


def test_a_new_name_of_an_array_is_not_that_of_another(model: Path) -> None:
    """An array would have been written over another one."""
    model.write_text(ARRAYS.replace('"x"', '"W_Q"'), encoding="utf-8")
    with np.load(model.with_suffix(".npz")) as archive:
        arrays = dict(archive)
    np.savez(model.with_suffix(".npz"), W_Q=arrays.pop("x"), **arrays)
    original = read_example(model)
    changed = with_number(original, "W_Q", (0, 0), 5)
    assert same_example(read_example(write_example(model.parent / "new" / "mine", original, changed)), changed)


def test_a_file_of_arrays_of_which_none_is_used_stays_one(model: Path) -> None:
    """The new file would have named a file of arrays that is not there."""
    model.write_text(f'{TOP}arrays = "model.npz"\n{PROJECTED}', encoding="utf-8")
    original = read_example(model)
    for name in ("mine.toml", "mine.json"):
        path = write_example(model.parent / "new" / name, original, original, overwrite=True)
        assert same_example(read_example(path), original)


def test_without_a_name_the_file_of_arrays_that_there_is_stays(model: Path) -> None:
    """A text to be shown would have named a file that nobody writes."""
    original = read_example(model)
    assert edited(original, original) == ARRAYS
    changed = with_number(original, "X", (0, 1), 7)
    text = edited_text(original, changed)
    found = parse_example(text)
    assert "arrays" not in text
    assert np.array_equal(found.inputs["X"], changed.inputs["X"])


def test_heads_and_published_rows_of_other_heads_are_arrays_too(tmp_path: Path) -> None:
    """An example of several heads could not have been saved."""
    text = f"""{TOP}arrays = "it.npz"
[inputs]
Q = "heads"
K = "one"
V = "one"
[published]
"weights@01" = "one"
"""
    np.savez(tmp_path / "it.npz", heads=np.ones((2, 2, 2)), one=np.eye(2))
    original = read(text, folder=str(tmp_path))
    changed = with_number(original, "K", (0, 0, 0), 9)
    for name in ("mine.toml", "mine.json"):
        path = write_example(tmp_path / name, original, changed, overwrite=True)
        assert same_example(read_example(path), changed)


def test_a_text_that_cannot_be_followed_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`w` would have ended the application, and every change with it: under Python 3.11.2 in all bundled examples."""
    original = read(TOP + PROJECTED)
    changed = with_number(original, "X", (0, 0), 7)
    for pattern in ("_NAME", "_SINGLE"):
        monkeypatch.setattr(spans_module, pattern, re.compile("(?!)"))
        with pytest.raises(LookupError):
            Spans(TOP + PROJECTED, "toml")
        path = write_example(tmp_path / pattern, original, changed)
        assert same_example(read_example(path), changed)
        monkeypatch.undo()


# ---- where it is written


def test_a_path_without_a_suffix_gets_one(tmp_path: Path) -> None:
    """The saved file would not have been in the list of examples."""
    original = read(TOP + PROJECTED)
    assert write_example(tmp_path / "mine", original, original) == str(tmp_path / "mine.toml")
    assert (tmp_path / "mine.toml").read_text() == TOP + PROJECTED


def test_a_path_that_ends_in_json_is_written_as_json(tmp_path: Path) -> None:
    """A TOML text would have been in a file that is read as JSON; a row would have filled a page."""
    original = read(TOP + PROJECTED + "[attention]\nmask = [[0, -inf], [0, 0]]\n")
    path = write_example(tmp_path / "mine.JSON", original, original)
    text = Path(path).read_text()
    assert json.loads(text)["attention"]["mask"] == [[0.0, None], [0.0, 0.0]]
    assert '\n    "X": [\n      [1.0, 2.0],\n      [3.0, 4.0]\n    ]\n' in text
    back = write_example(tmp_path / "mine", read_example(path), original)
    assert same_example(read_example(back), original)


def test_line_endings_and_chinese_stay_as_they_are(tmp_path: Path) -> None:
    """A file from another system would have been rewritten from top to bottom."""
    data = (TOP.replace("Two words", "两个词") + PROJECTED).replace("\n", "\r\n").encode()
    (tmp_path / "it.toml").write_bytes(data)
    original = read_example(tmp_path / "it.toml")
    path = write_example(tmp_path / "new", original, with_number(original, "X", (0, 0), 7))
    assert Path(path).read_bytes() == data.replace(b"[[1, 2]", b"[[7.0, 2]")


@pytest.mark.parametrize("there", ["mine.toml", "mine.npz"])
def test_nothing_is_overwritten_unasked(model: Path, there: str) -> None:
    """A learner's earlier file would have been lost."""
    original = read_example(model)
    target = model.parent / "new" / there
    target.write_text("precious")
    with pytest.raises(AlreadyThereError, match=f"{there}: there is such a file already"):
        write_example(model.parent / "new" / "mine", original, original)
    assert target.read_text() == "precious"
    assert os.listdir(model.parent / "new") == [there]
    write_example(model.parent / "new" / "mine", original, original, overwrite=True)
    assert same_example(read_example(model.parent / "new" / "mine.toml"), original)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "a file needs a name"),
        ("{}/", "/: is a folder; name a file in it"),
        ("{}", "is a folder; name a file in it"),
        ("{}/new/", "new/: is a folder; name a file in it"),
        ("{}/missing/it", "missing/it.toml: there is no folder .*missing"),
        ("{}/file/it", "file/it.toml: there is no folder .*file"),
        ("{}/it.npz", "it.npz: an example file ends in .toml or .json"),
        ("{}/a\0b", "a␀b.toml: is not a path that can be written"),
        ("\0/b", "␀/b.toml: is not a path that can be written"),
        ("{}/" + "x" * 300, "cannot be written .file name too long"),
        ("/proc/it", "/proc/it.toml: (there is no folder|cannot be written)"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str, message: str) -> None:
    """A slip of the keyboard would have ended the lesson with a traceback."""
    original = read(TOP + PROJECTED)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=message):
        write_example(name.format(tmp_path), original, original)
    assert os.listdir(tmp_path) == ["file"]


def test_an_example_too_large_to_be_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner would have saved a file that does not open again."""
    original = read(TOP + PROJECTED)
    monkeypatch.setattr("qkvtui.files.write.MAX_BYTES", 10)
    with pytest.raises(UsageError, match="would be larger than"):
        write_example(tmp_path / "it", original, original)
    assert not os.listdir(tmp_path)


def test_tables_that_repeat_have_places_of_their_own() -> None:
    """A number of the second sentence would have been written into the first."""
    text = (
        "[[a.b]]\nx = 1\nc.d = 2\n[a.b.e]\nx = 3\n[[a.b]]\nx = 1979-05-27 07:32:00 # 4\n[a.b.e]\n'y z' = {q.r = [1]}\n"
    )
    spans = Spans(text, "toml")
    found = {path: text[slice(*span)] for path, span in spans.values.items()}
    assert found == {
        ("a", "b", 0, "x"): "1",
        ("a", "b", 0, "c", "d"): "2",
        ("a", "b", 0, "e", "x"): "3",
        ("a", "b", 1, "x"): "1979-05-27 07:32:00",
        ("a", "b", 1, "e", "y z"): "{q.r = [1]}",
        ("a", "b", 1, "e", "y z", "q", "r"): "[1]",
    }


@pytest.mark.slow
@given(examples())
def test_every_value_of_a_file_is_found_where_it_stands(example: Example) -> None:
    """A text that looks like a table would have led the edit to the wrong place."""
    text = example_text(example)
    whole = tomllib.loads(text)
    for path, span in Spans(text, "toml").values.items():
        value: object = whole
        for name in path:
            assert isinstance(value, dict | list)
            value = value[name]  # type: ignore[index]  # a text in a table, an index in a list
        assert repr(tomllib.loads(f"value = {text[slice(*span)]}")["value"]) == repr(value)


def test_a_number_too_large_for_its_type_is_refused_before_it_is_written(tmp_path: Path) -> None:
    """A file with an infinite number would have been saved, and refused when it is opened."""
    original = read(TOP + DIRECT)
    with pytest.raises(UsageError, match="cannot be saved"):
        write_example(tmp_path / "it", original, with_number(original, "Q", (0, 0), math.inf))
    assert not os.listdir(tmp_path)


def test_what_is_said_of_a_step_that_is_gone_is_not_saved() -> None:
    """The saved file would have been refused when it is opened: its sentences speak of scores that are not scaled."""
    own = '[says]\nscaled = "Gone."\nweights = ["{scaled[0,0]}"]\noutput = "{output[0]}"\n'
    stops = '[[stops]]\naddress = "scaled[0,0]"\n[[stops]]\naddress = "weights[0,0]"\n'
    original = read(TOP + 'about = "{scaled[0,1]}"\n' + DIRECT + own + stops)
    found = read(edited_text(original, with_settings(original, scale="none")))
    assert (found.about, list(found.says), [stop.address for stop in found.stops]) == (
        None,
        ["output"],
        ["weights[0,0]"],
    )


def test_own_sentences_stay_as_they_are_written() -> None:
    """A learner's change would have torn the author's lines, or lost them."""
    own = '[says] # mine\nscores = [ \'One.\', { en = "Two.", zh = "二。" } ] # two\n'
    original = read(TOP + DIRECT + own)
    assert edited_text(original, with_number(original, "Q", (0, 0), 7.5)).endswith(own)


@pytest.mark.parametrize("gloss", ['["a", "b"]', '{ en = ["a", "b"], zh = ["一", "二"] }'])
def test_what_tokens_mean_is_written_again_and_goes_with_a_token_that_is_moved(gloss: str) -> None:
    """`w` after `{` wrote a file whose foreign sentence nobody could read any more."""
    original = read(TOP + f"gloss = {gloss}\n" + PROJECTED)
    moved = swapped(Trace(original), 0, 1).example
    for text in (edited_text(original, moved), example_text(moved)):
        assert read(text).gloss == original.gloss[::-1] != original.gloss
    assert not same_example(original, replace(original, gloss=()))
