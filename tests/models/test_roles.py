"""What a head does with every token alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.graph.example import Example, Settings
from qkvtui.localized import Localized
from qkvtui.models.whole import read_model
from qkvtui.trace.roles import main_role, roles_of
from qkvtui.trace.survey import survey
from tests.models.plain import Entered, bert_layers, gpt2_layers
from tests.models.tiny import bert, gpt2

AGAIN = "the animal was the animal was the"


def sentence(*tokens: str, special: bool = False, causal: bool = False) -> Example:
    """With `special` signs stand at both ends."""
    marks = tuple(special and index in (0, len(tokens) - 1) for index in range(len(tokens)))
    settings = Settings(causal=causal)
    return Example("it", "it", Localized({"": "it"}), tokens, 0, {}, attention=settings, special=marks)


def looked_at(example: Example) -> dict[str, dict[int, list[int]]]:
    """For each role and query, the keys it would look at."""
    return {
        role.name: {int(q): np.flatnonzero(keys).tolist() for q, keys in zip(role.queries, role.keys, strict=True)}
        for role in roles_of(example)
    }


def test_each_role_looks_where_it_says() -> None:
    """A head would have been called something that it does not do."""
    found = looked_at(sentence("[CLS]", "a", "b", "a", "[SEP]", special=True))
    assert found == {
        "itself": {1: [1], 2: [2], 3: [3]},
        "previous": {1: [0], 2: [1], 3: [2]},
        "next": {1: [2], 2: [3], 3: [4]},
        "first": {1: [0], 2: [0], 3: [0]},
        "last": {1: [4], 2: [4], 3: [4]},
    }


def test_repetitions_tell_duplicates_from_induction() -> None:
    """An induction head, which goes on where it left off, would have been taken for one that looks for the word."""
    found = looked_at(sentence(*"abcabc", causal=True))
    assert "next" not in found
    assert "last" not in found
    assert found["previous"] == {2: [1], 3: [2], 4: [3], 5: [4]}
    assert found["duplicate"] == {3: [0], 4: [1], 5: [2]}
    assert found["induction"] == {3: [1], 4: [2], 5: [3]}
    assert "duplicate" not in looked_at(sentence(*"abcab", causal=True))


def test_a_role_takes_half_of_the_attention() -> None:
    """Every head would have had a role, whatever it does."""
    assert main_role({"itself": 0.3, "previous": 0.6}) == "previous"
    assert main_role({"itself": 0.3, "previous": 0.49}) == ""
    assert main_role({}) == ""


@pytest.mark.parametrize("make", [bert, gpt2])
def test_the_shares_are_those_of_the_whole_model(tmp_path: Path, make: Any) -> None:
    """A head's role would have been read off other weights than the model's."""
    tiny = make(tmp_path / "model")
    model = read_model(str(tiny.path), AGAIN)
    found = survey(model, None, None, lambda done, count: None)
    tensors: dict[str, Any] = {name: array.astype(np.float64).tolist() for name, array in tiny.tensors.items()}
    plain = gpt2_layers if make is gpt2 else bert_layers
    layers: list[Entered] = plain(tensors, tiny.config, model.example.ids, "gelu_new" if make is gpt2 else "gelu")
    roles = looked_at(model.example)
    assert "induction" in roles
    for one in found.heads:
        weights = layers[one.layer].weights[one.head]
        for name, queries in roles.items():
            shares = [sum(weights[query][key] for key in keys) for query, keys in queries.items()]
            assert one.roles[name] == pytest.approx(sum(shares) / len(shares), abs=1e-5)
        assert one.role in ("", *roles)


def test_a_blank_of_its_own_is_no_neighbour(tmp_path: Path) -> None:
    """The word beside the query, behind a blank, would have been called a distant one."""
    tiny = gpt2(tmp_path / "model")
    found = survey(read_model(str(tiny.path), ".the   animal"), None, None, lambda done, count: None)
    tokens, query = found.tokens, found.query
    assert tokens[-4:] == ("the", "␣", "␣", "animal")
    assert query == len(tokens) - 1
    assert {one.word for one in found.heads} == {None}
