"""Names of columns as a file gives them, and as they are written again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qkvtui.files.read import parse_example
from qkvtui.files.same import same_example
from qkvtui.files.structure import structure_of
from qkvtui.graph.example import Example
from qkvtui.operations.tensors import Address
from qkvtui.trace.changes import set_number
from qkvtui.trace.trace import Trace
from tests.files.samples import DIRECT, PROJECTED, TOP, edited_text, example_text, read, refusal

ONE_LANGUAGE = 'features = ["living", "place"]'
TWO_LANGUAGES = 'features.en = ["living", "place"]\nfeatures.zh = ["生物", "地点"]'
IN_BRACES = 'features = { en = ["living", "place"], zh = ["生物", "地点"] }'


def with_names(names: str, text: str = PROJECTED) -> str:
    """A file whose inputs have these names as well."""
    return TOP + text.replace("[inputs]\n", f"[inputs]\n{names}\n")


def called(example: Example, letter: str, language: str = "en") -> list[str]:
    """The names of a matrix's columns."""
    return [name.in_language(language) for name in example.features[letter]]


def test_names_are_a_list_or_one_for_each_language() -> None:
    """A Chinese reader would have seen the English names, or an English one none."""
    assert called(read(with_names(ONE_LANGUAGE)), "X", "zh") == ["living", "place"]
    for both in (TWO_LANGUAGES, IN_BRACES):
        assert called(read(with_names(both)), "X", "zh") == ["生物", "地点"]
        assert called(read(with_names(both)), "X", "en") == ["living", "place"]


def test_names_are_cleaned_and_are_never_numbers() -> None:
    """An escape sequence in a name reached the terminal, or a name that reads like a number became one."""
    example = read(
        with_names('features = [" \\u001b[31m ", "nan"]\nQ_features = ["[[1, 2]]", "1/2 of it"]'.replace("1/2", "½"))
    )
    assert called(example, "X") == ["␛[31m", "nan"]
    assert called(example, "Q") == ["[[1, 2]]", "½ of it"]


def test_queries_have_a_name_for_each_column_of_a_head_or_of_all_heads() -> None:
    """Two heads that ask for different things could not have said so."""
    heads = "[attention]\nheads = 2\n"
    for names, count in (('["a"]', 1), ('["a", "b"]', 2), ('["a", "a"]', 2)):
        assert len(read(with_names(f"Q_features = {names}") + heads).features["Q"]) == count
    assert "entry 1" in refusal(with_names('Q_features = ["a", "a"]'))


def test_matrices_that_the_file_gives_have_names_too() -> None:
    """Names were for embeddings only, and a head captured from a model could have none."""
    example = read(with_names('Q_features = ["a", "b"]\nV_features = ["c", "d", "e"]', DIRECT))
    assert (called(example, "Q"), called(example, "V")) == (["a", "b"], ["c", "d", "e"])


def test_a_published_cell_may_be_named_by_its_column() -> None:
    """A teacher who copied an address from the page into the file was told that there is no such column."""
    names = f'{TWO_LANGUAGES}\nQ_features = ["who", "where"]'
    for cell in ("queries[two,where]", "queries[two，where]", "queries[two,1]"):
        example = read(with_names(names) + f'[published]\n"{cell}" = 6\n')
        assert example.published is not None
        assert example.published.rows["queries"][1][1] == 6
    shared = '[published]\n"keys[two,where]" = 6\n"embeddings[one,生物]" = 1\n'
    assert set(read(with_names(names) + shared).published.rows) == {"keys", "embeddings"}  # type: ignore[union-attr]


@pytest.mark.parametrize("names", [ONE_LANGUAGE, TWO_LANGUAGES, IN_BRACES])
def test_names_are_written_again_whether_the_file_is_edited_or_new(names: str) -> None:
    """`w` wrote a file whose columns had lost their names, or that could not be read."""
    read_before = read(with_names(f'{names}\nV_features = ["\\"", "]"]'))
    changed = set_number(Trace(read_before), Address("X", 0, 1), 9.0).example
    for text in (edited_text(read_before, changed), example_text(changed)):
        again = read(text)
        assert again.features == read_before.features
        assert again.inputs["X"][0, 1] == 9.0
    assert names in edited_text(read_before, changed)


def test_names_stand_in_json_as_in_toml() -> None:
    """A file that was turned into JSON had no names any more."""
    example = read(with_names(f'{TWO_LANGUAGES}\nQ_features = ["who", "where"]'))
    structure = structure_of(example, {}, None)
    assert structure["inputs"]["features"] == {"en": ["living", "place"], "zh": ["生物", "地点"]}  # type: ignore[index]
    again = parse_example(json.dumps(structure), kind="json")
    assert again.features == example.features


def test_examples_that_differ_in_names_are_not_the_same() -> None:
    """A changed name was taken for no change, and not written."""
    example = read(with_names(ONE_LANGUAGE))
    assert not same_example(example, replace(example, features={}))
    assert same_example(example, read(with_names(ONE_LANGUAGE)))
