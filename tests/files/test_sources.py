"""Files and standard input that hold no readable text."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files import source
from qkvtui.files.read import load
from tests.files.samples import PROJECTED, TOP, read_example


def refusal_of(path: Path) -> str:
    with pytest.raises(ExampleError) as caught:
        read_example(path)
    return str(caught.value).replace(str(path), path.name)


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """A wrong path would have ended in a traceback."""
    assert refusal_of(tmp_path / "it.toml") == "it.toml: there is no such file"


def test_a_file_behind_a_file_is_missing(tmp_path: Path) -> None:
    """A path that runs through a file would have ended in a traceback."""
    (tmp_path / "a").touch()
    assert refusal_of(tmp_path / "a" / "it.toml") == "it.toml: there is no such file"


def test_a_folder_is_no_example(tmp_path: Path) -> None:
    """A folder would have ended in a traceback."""
    assert refusal_of(tmp_path) == f"{tmp_path.name}: is a folder; name one of the files in it"


def test_a_file_without_permission_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of somebody else would have ended in a traceback."""

    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "it.toml").touch()
    monkeypatch.setattr("builtins.open", refuse)
    assert refusal_of(tmp_path / "it.toml") == "it.toml: may not be read; its permissions do not allow it"


def test_a_loop_of_links_is_explained(tmp_path: Path) -> None:
    """A link to itself would have ended in a traceback."""
    (tmp_path / "it.toml").symlink_to(tmp_path / "it.toml")
    assert refusal_of(tmp_path / "it.toml").startswith("it.toml: cannot be read (")


def test_a_path_with_a_nul_is_no_path(tmp_path: Path) -> None:
    """A name typed into the program would have ended in a traceback."""
    with pytest.raises(ExampleError) as caught:
        read_example(f"{tmp_path}/nul\0.toml")
    assert str(caught.value).endswith("nul␀.toml: is not a path; a path has no NUL character")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A file of gigabytes would have filled the memory of the machine."""
    path = tmp_path / "it.toml"
    path.touch()
    os.truncate(path, 1 << 40)
    assert refusal_of(path) == ("it.toml: is larger than 64 MiB; example files are small: a few tokens, a few columns")


def test_a_device_without_end_is_refused() -> None:
    """`qkvtui /dev/zero` would have read until the memory was full."""
    with pytest.raises(ExampleError, match="is larger than 64 MiB"):
        read_example("/dev/zero")


def test_an_endless_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`yes | qkvtui print -` would never have come to an end."""
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    feed(monkeypatch, b"x" * 100)
    with pytest.raises(ExampleError, match=r"^standard input: is larger than"):
        load("-")
    assert sys.stdin.buffer.tell() == 11


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_standard_input_may_be_toml_or_json(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An example could not have been piped in."""
    text = TOP + PROJECTED
    if kind == "json":
        text = """ {"format": 1, "title": "Two words", "tokens": ["one", "two"],
            "inputs": {"Q": [[1], [2]], "K": [[1], [2]], "V": [[1], [2]]}}"""
    feed(monkeypatch, text.encode())
    example = load("-")
    assert (example.name, example.file, example.tokens) == ("-", "standard input", ("one", "two"))


def test_a_closed_standard_input_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """`qkvtui print - <&-` would have ended in a traceback."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(ExampleError, match=r"^standard input: is closed"):
        load("-")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A file saved by a Windows editor would have been refused at its first character."""
    path = tmp_path / "it.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (TOP + PROJECTED).replace("\n", "\r\n").encode())
    assert read_example(path).tokens == ("one", "two")


def test_a_bundled_example_is_loaded_by_its_name() -> None:
    """`qkvtui animal` would not have worked."""
    example = load("animal")
    assert (example.name, example.file) == ("animal", "animal")
    assert example.tokens[example.query] == "it"
