"""Numbers that were printed of several layers: read, checked, shown and written under names that say the layer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.read import load, parse_example
from qkvtui.files.same import same_example
from qkvtui.files.write import composed, write_example
from qkvtui.report.checking import check_example
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import set_number, set_scale
from qkvtui.trace.published import comparisons
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, read
from tests.blocks_oracle import model
from tests.cli.program import run


def printed(seed: int) -> dict[str, Any]:
    """A file of two layers, with numbers that a source might have printed of both, in every way of naming them."""
    structure = drawn(seed, layers=2)
    below, above = model(structure)
    heads = len(above["weights"])

    def rows(numbers: Any) -> Any:
        return np.asarray(numbers).real.round(3).tolist()

    structure["published"] = {
        "weights": rows(below["weights"][0]),
        "left@1": rows(above["left"]),
        f"weights@1.{heads - 1}[1,0]": float(above["weights"][heads - 1][1, 0].real.round(3)),
        "decimals": {"weights": 3, "left": 3},
    }
    return structure


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(20))
def test_numbers_printed_of_both_layers_hold(seed: int, tmp_path: Path) -> None:
    """A number of layer 1 was compared with that of layer 0, or of another head."""
    structure = printed(seed)
    count = len(structure["tokens"]) ** 2 + np.asarray(structure["published"]["left@1"]).size + 1
    path = tmp_path / "one.json"
    path.write_text(json.dumps(structure), encoding="utf-8")
    found = check_example(path)
    assert found.holds, found
    assert len(found.published) == count
    structure["published"]["left@1"][1][0] += 1e6
    path.write_text(json.dumps(structure), encoding="utf-8")
    told = run("check", path, "--format", "json").json["files"][0]
    assert told["disagree"] == 1
    assert (told["first_wrong"]["step"], told["first_wrong"]["layer"]) == ("left", 1)
    assert "left@1[" in run("check", path).output
    assert len(run("check", path, "--format", "csv").output.splitlines()) == count + 1
    assert "::error" in run("check", path, "--format", "github").output


@pytest.mark.parametrize("seed", range(6))
def test_each_layer_shows_what_was_printed_of_it(seed: int) -> None:
    """At layer 1 the screen showed what had been printed of layer 0."""
    trace = Trace(read(printed(seed)))
    assert {one.step for one in comparisons(trace)} == {"weights"}
    assert {one.step for one in comparisons(trace.at_layer(1))} == {"weights", "left"}
    assert {one.step for one in comparisons(trace.at_layer(1).at_layer(0))} == {"weights"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", ["toml", "json"])
@pytest.mark.parametrize("seed", range(6))
def test_what_was_printed_stays_in_a_file_that_is_written(seed: int, kind: str, tmp_path: Path) -> None:
    """Whoever changed a number lost what had been printed, or had it of another layer."""
    example = read(printed(seed))
    trace = Trace(example).at_layer(1)
    changed = set_number(trace, parse_address(trace, "W_K@0[0,0]"), 0.25).example
    again = load(write_example(tmp_path / f"one.{kind}", example, changed))
    assert again.printed == example.printed
    assert again.published == example.published


def test_numbers_of_a_step_that_is_gone_are_left_out_of_its_layer_only() -> None:
    """Without a scale in layer 1, a file was written that could not be read again, or both layers' numbers went."""
    structure = drawn(1, layers=2)
    below, above = Trace(read(structure)), Trace(read(structure)).at_layer(1)
    structure["published"] = {
        "scaled": below.matrix("scaled").round(2).tolist(),
        "scaled@1": above.matrix("scaled").round(2).tolist(),
    }
    example = read(structure)
    without = set_scale(Trace(example).at_layer(1), "none").example
    again = parse_example(composed(example, without, "toml", None).text)
    assert again.printed[0] is not None
    assert again.printed[1] is None
    assert same_example(again, parse_example(composed(example, without, "json", None).text, kind="json"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("weights@2", "published.weights@2: there is no layer 2; layers are 0 to 1"),
        ("weights@1.9", "published.weights@1.9: there is no head"),
        ("wieghts@1", "published.wieghts@1: is not a step with numbers"),
        ("heads@1.0", "published.heads@1.0"),
    ],
)
def test_a_name_that_is_none_is_refused_as_it_was_written(name: str, expected: str) -> None:
    """The message named "weights" alone, which is another step of the file."""
    structure = drawn(2, layers=2)
    structure["published"] = {name: [[0.5]]}
    with pytest.raises(ExampleError) as caught:
        read(structure)
    assert expected in str(caught.value)
