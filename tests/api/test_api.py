"""The package from Python: examples, their numbers, what is said of them, and how a notebook shows them."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qkvtui
from qkvtui.api import arrays, examples
from tests.cli.program import REPOSITORY, environment, run

IDENTITY = [[1, 0], [0, 1]]
MATRICES: dict[str, Any] = {"W_Q": IDENTITY, "W_K": IDENTITY, "W_V": IDENTITY}


def test_the_examples_of_the_documentation_are_true() -> None:
    """A user would have typed what the help shows and seen something else."""
    found = [doctest.testmod(module) for module in (examples, arrays)]
    assert sum(one.attempted for one in found) > 15
    assert sum(one.failed for one in found) == 0


@pytest.mark.slow
def test_importing_the_package_loads_nothing_until_something_is_asked_for() -> None:
    """`qkvtui --version` would have waited for NumPy."""
    code = "import sys, qkvtui; print('numpy' in sys.modules); qkvtui.load; print('numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert ended.stdout.split() == ["False", "True"]


def test_the_package_offers_what_its_facade_has_and_says_what_it_does_not_have() -> None:
    """A name would have been listed and missing, or a misspelt one would have ended in something obscure."""
    assert all(hasattr(qkvtui, name) for name in qkvtui.__all__)
    assert set(qkvtui.__all__) <= set(dir(qkvtui))
    stub = (REPOSITORY / "qkvtui" / "__init__.pyi").read_text(encoding="utf-8")
    assert sorted(re.findall(r" as (\w+)\n", stub)) == sorted({*qkvtui.__all__} - {"__version__"})
    with pytest.raises(AttributeError, match="'qkvtui' has no attribute 'lode'"):
        _ = qkvtui.lode  # type: ignore[attr-defined]


def test_numbers_are_those_that_the_program_prints() -> None:
    """A notebook and a terminal would have disagreed."""
    printed = run("print", "two-heads", "--format", "json", "--head", "all").json
    trace = qkvtui.load("two-heads")
    for one in printed["heads_detail"]:
        for step in one["steps"]:
            assert trace[f"{step['id']}@{one['head']}"].tolist() == step["values"]
    for step in printed["steps"]:
        assert trace[step["id"]].tolist() == step["values"]


def test_a_number_is_named_by_its_tokens_in_any_case_and_by_its_indices() -> None:
    """The same number would have had to be looked up in one way only."""
    weights = qkvtui.load("animal")["weights"]
    expected = weights.values[3, 1]
    for row, column in (("it", "animal"), ("IT", 1), (3, "animal"), (3, 1), (-2, -4), ("#3", "#1"), (np.int64(3), 1)):
        assert weights[row, column] == expected
        assert weights[row, column].address == "weights[it,animal]"
    assert weights["it"].tolist() == weights.values[3].tolist()
    assert weights[:, "animal"].tolist() == weights.values[:, 1].tolist()
    assert weights[1:3].tolist() == weights.values[1:3].tolist()


def test_arrays_of_every_rank_have_labels_and_numbers() -> None:
    """A bias, a row's maximum or a scale would have been no array, or one of another shape."""
    trace = qkvtui.load("two-heads")
    assert (trace["b_Q"].ndim, trace["sum"].shape, trace["scale"].shape) == (1, (4,), ())
    assert float(trace["scale"]) == pytest.approx(2**-0.5)
    assert trace["sum"][0].address == f"sum[{trace.tokens[0]}]"
    assert trace["b_Q"][1].address == "b_Q[1]"
    assert all(repr(trace[name]) for name in (*trace, "b_Q", "sum", "scale", "W_O"))


def test_numpy_takes_a_step_as_an_array() -> None:
    """A user would have had to convert before every sum."""
    trace = qkvtui.load("animal")
    np.testing.assert_allclose(trace["weights"] @ trace["values"], trace["output"])
    assert np.asarray(trace["weights"], dtype=np.float32).dtype == np.float32
    assert float((trace["weights"] * 2).sum()) == pytest.approx(10)
    assert not trace["weights"].values.flags.writeable
    assert len(trace["weights"]) == 5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wieghts", "there is no step, input or parameter 'wieghts'; did you mean 'weights'?"),
        ("weights@1", "weights@1: head 1 is out of range; the only index is 0"),
        ("masked", "this example has no step 'masked'"),
    ],
)
def test_a_name_that_there_is_not_is_refused_with_what_there_is(name: str, said: str) -> None:
    """A user would have met a KeyError that says nothing."""
    with pytest.raises(qkvtui.QkvtuiError) as raised:
        _ = qkvtui.load("animal")[name]
    assert str(raised.value).startswith(said)


def test_a_place_that_there_is_not_is_refused() -> None:
    """A wrong token would have given some other token's number."""
    weights = qkvtui.load("animal")["weights"]
    with pytest.raises(qkvtui.QkvtuiError, match='weights: no row is "cat"'):
        _ = weights["cat", "it"]
    with pytest.raises(IndexError, match="index 5 is out of range for 5"):
        _ = weights[5, 0]


def test_arrays_of_every_kind_give_the_same_example() -> None:
    """Lists would have been fine and arrays not, or the other way round."""
    lists = qkvtui.from_arrays(["good", "morning"], X=IDENTITY, **MATRICES)
    arrays: dict[str, Any] = {name: np.array(one, dtype=np.int32) for name, one in MATRICES.items()}
    other = qkvtui.from_arrays("good morning", X=np.eye(2, dtype=np.float16), mask=None, **arrays)
    assert other["output"].tolist() == lists["output"].tolist()
    assert lists.title == "good morning"


def test_settings_of_a_file_are_those_of_the_call() -> None:
    """A mask, a bias or a second head would have been silently left out."""
    trace = qkvtui.from_arrays(
        "a b c",
        Q=np.arange(12.0).reshape(2, 3, 2),
        K=np.ones((2, 3, 2)),
        V=np.eye(3, 2)[None].repeat(2, 0),
        mask=np.tril(np.ones((3, 3), dtype=bool)),
        bias={"kind": "alibi", "slopes": np.array([0.5, 0.25])},
        query="c",
        scale="none",
        padding=np.array([True, True, True]),
    )
    assert (trace.heads, trace.query) == (2, 2)
    assert trace["weights@1"]["a"].tolist() == [1, 0, 0]
    assert "scaled" not in trace
    assert "biased" in trace


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"W_K": np.ones((3, 2))}, "from_arrays: parameters.W_K: has 3 rows; W_K needs 2"),
        ({"Wk": IDENTITY}, 'from_arrays: parameters.Wk: is unknown; did you mean "W_K"?'),
        (
            {"X": [[1, 0], [0, float("nan")]]},
            "from_arrays: inputs.X, row 1, column 1 (counted from 0): is not",
        ),
        ({"X": np.array([[1, 0], [0, np.nan]])}, "from_arrays: inputs.X[1,1]: the array's number is nan"),
        ({"mask": np.tril(np.ones((2, 2)))}, "from_arrays: attention.mask: is made of 0 and 1"),
        ({"W_Q": np.eye(2) * 1j}, "from_arrays: W_Q: holds complex128 numbers"),
        ({"W_Q": object()}, "from_arrays: W_Q: is object"),
        ({"query": "evening"}, 'from_arrays: query: no token is "evening"'),
        ({"anything": 1}, "from_arrays: anything: is unknown; a file can have"),
    ],
)
def test_what_a_file_may_not_say_is_refused_in_the_same_words(values: dict[str, Any], said: str) -> None:
    """A wrong shape would have ended in a traceback of NumPy, or in a wrong picture."""
    with pytest.raises(qkvtui.QkvtuiError) as raised:
        qkvtui.from_arrays("good morning", **{"X": IDENTITY, **MATRICES, **values})
    assert str(raised.value).startswith(said)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("suffix", [".toml", ".json"])
@pytest.mark.parametrize("width", [2, 3000])
def test_what_is_saved_is_the_same_example(tmp_path: Path, suffix: str, width: int) -> None:
    """A saved example would have had other numbers, or the program would not have opened it."""
    generator = np.random.default_rng(0)
    arrays: dict[str, Any] = {name: generator.normal(size=(width, 2)).astype(np.float32) for name in MATRICES}
    x = generator.normal(size=(2, width)).astype(np.float32)
    trace = qkvtui.from_arrays("good morning", X=x, causal=True, **arrays)
    path = trace.save(tmp_path / f"mine{suffix}")
    again = qkvtui.load(path)
    np.testing.assert_allclose(again["output"], trace["output"], rtol=1e-5)
    assert run("check", path).status == 0
    assert (tmp_path / "mine.npz").exists() == (width > 2)
    with pytest.raises(qkvtui.QkvtuiError, match="there is such a file already"):
        trace.save(path)
    assert trace.save(path, overwrite=True) == path


def test_a_loaded_file_is_saved_with_its_own_text(tmp_path: Path) -> None:
    """Comments and titles of an author would have been lost."""
    text = (REPOSITORY / "examples" / "animal.toml").read_text(encoding="utf-8")
    path = qkvtui.load("animal").save(tmp_path / "mine.toml")
    assert Path(path).read_text(encoding="utf-8") == text


def test_a_check_says_what_the_command_says() -> None:
    """A book's own tests would have passed where the command finds a mistake."""
    found = qkvtui.load("animal").check()
    assert not found.holds
    assert repr(found).startswith("animal: sound; 10 of 10 published numbers do not hold")
    assert qkvtui.load("journey").check().holds


def test_print_writes_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    """A prompt of Python would have shown another page."""
    trace = qkvtui.load("animal", lang="zh", digits=3)
    trace.print("weights", query="street", width=70)
    options = ["--step", "weights", "--query", "street", "--width", "70", "--lang", "zh", "--digits", "3"]
    printed = run("print", "animal", *options).output
    assert capsys.readouterr().out == printed
    assert trace.text("weights", query=2, width=70) == printed
    assert trace.text(format="json") == run("print", "animal", "--format", "json", "--lang", "zh").output


def test_a_derivation_can_be_walked_down_to_the_file() -> None:
    """`why` would have been a text that no program can follow."""
    number = qkvtui.load("animal").at("scores[it,animal]")
    derivation = number.why()
    assert derivation.value == number.value
    assert derivation.operation == "sum"
    assert sum(term.value for term in derivation.terms) == pytest.approx(number)
    leaf = derivation
    while leaf.terms:
        leaf = leaf.terms[0]
    assert leaf.operation == "given"
    assert repr(derivation).splitlines()[0] == "scores[it,animal]  0.85 = 0.45 + 0.40"


@pytest.mark.parametrize("token", ["<script>alert(1)</script>", "[red]x[/red]", "a&b", '"'])
def test_a_token_is_text_wherever_it_is_shown(token: str) -> None:
    """A token from somebody's file would have run in the reader's notebook, or been taken for markup."""
    trace = qkvtui.from_arrays([token, "b"], X=IDENTITY, features=[token, "c"])
    page = trace._repr_html_() + trace["X"]._repr_html_() + trace["X"][0, 0].why()._repr_html_()
    assert "<script" not in page
    assert page.count("<table>") == page.count("</table>") == 3
    assert token in repr(trace["X"])


def test_a_notebook_gets_tables_whose_headers_say_what_they_head() -> None:
    """A screen reader would have read numbers without their tokens."""
    page = qkvtui.load("animal")["weights"]._repr_html_()
    assert page.count('<th scope="col">') == page.count('<th scope="row">') == 5
    assert page.count("<td") == 26
    assert '<td style="text-align: right">0.26</td>' in page


def test_of_a_large_table_the_rest_is_counted() -> None:
    """A prompt would have been flooded with thousands of numbers, or rows would have been missing without a word."""
    trace = qkvtui.from_arrays([str(one) for one in range(50)], X=np.eye(50))
    shown = repr(trace["X"])
    assert "… +30" in shown
    assert "… +38" in shown
    assert len(shown.splitlines()) == 24


def test_what_a_prompt_draws_is_what_it_writes() -> None:
    """The table in colour would have had other numbers than the plain one."""
    from rich.console import Console

    trace = qkvtui.load("animal")
    for one in (trace, trace["weights"], trace["weights"]["it", "animal"].why()):
        console = Console(width=100, record=True, file=StringIO())
        console.print(one)
        lines = [line.rstrip() for line in console.export_text().splitlines()]
        assert lines == [line.rstrip() for line in repr(one).splitlines()]
