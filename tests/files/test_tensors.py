"""Arrays in a .safetensors file beside the example, and everything that can be wrong with such a file."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qkvtui.errors import ExampleError
from qkvtui.files.same import same_example
from qkvtui.files.write import write_example
from qkvtui.graph.example import Example
from tests.files.samples import PROJECTED, TOP, read, read_example, refusal

safetensors = pytest.importorskip("safetensors", reason="the extra `models` is not installed: safetensors is missing")

NAMED = TOP + 'arrays = "it.safetensors"\n' + PROJECTED.replace("[[1, 2], [3, 4]]", '"x"')
SOUND = np.array([[1.0, 2.0], [3.0, 4.0]])
PLACE = "it.toml: inputs.X: the array "
UNSOUND = (
    'it.toml: arrays: "it.safetensors" is not a sound .safetensors file; safetensors.numpy.save_file writes such files'
)
READABLE = "save it as float32, float64, integers or truth values"


def save(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    from safetensors.numpy import save_file

    save_file(arrays, folder / "it.safetensors")


def read_with(folder: Path, text: str = NAMED, **arrays: NDArray[Any]) -> Example:
    save(folder, arrays)
    return read(text, folder=str(folder))


def refusal_with(folder: Path, text: str = NAMED, **arrays: NDArray[Any]) -> str:
    save(folder, arrays)
    return refusal(text, folder=str(folder))


def tensor(kind: str, shape: list[int], start: int, end: int) -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


def by_hand(header: object, data: bytes, length: int | None = None) -> bytes:
    """A file with a header of one's own."""
    text = json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def refusal_of(folder: Path, data: bytes) -> str:
    (folder / "it.safetensors").write_bytes(data)
    return refusal(NAMED, folder=str(folder))


@pytest.mark.parametrize(
    ("dtype", "read_as"),
    [("f2", "float32"), ("f4", "float32"), ("f8", "float64"), ("i1", "float64"), ("i8", "float64"), ("u4", "float64")],
)
def test_floats_keep_their_size_and_integers_become_float64(tmp_path: Path, dtype: str, read_as: str) -> None:
    """A model's float32 arrays would have been computed in another precision than the model's."""
    x = read_with(tmp_path, x=SOUND.astype(dtype)).inputs["X"]
    assert (x.dtype.name, x.dtype.isnative, x.tolist()) == (read_as, True, SOUND.tolist())
    assert not x.flags.writeable


def test_brain_floats_become_the_float32_that_they_are_the_upper_half_of(tmp_path: Path) -> None:
    """The weights of most newer models would have been refused, or read as other numbers."""
    numbers = np.array([[1.5, -2.0], [3.140625, 2.0**-100]], np.float32)
    upper = (numbers.view(np.uint32) >> 16).astype("<u2")
    header = {"a": tensor("I8", [3], 0, 3), "x": tensor("BF16", [2, 2], 3, 11), "__metadata__": {"format": "pt"}}
    (tmp_path / "it.safetensors").write_bytes(by_hand(header, b"abc" + upper.tobytes()))
    x = read(NAMED, folder=str(tmp_path)).inputs["X"]
    assert (x.dtype.name, x.tolist()) == ("float32", numbers.tolist())


def test_masks_heads_and_padding_can_be_tensors_too(tmp_path: Path) -> None:
    """Only some of the matrices could have come from a model."""
    text = f"""{TOP}arrays = "it.safetensors"
        [inputs]
        Q = "heads"
        K = "heads"
        V = "heads"
        [attention]
        mask = "allowed"
        padding = "real"
        """
    arrays = {"heads": np.ones((3, 2, 4)), "allowed": np.eye(2) > 0, "real": np.array([True, False])}
    example = read_with(tmp_path, text, **arrays)
    assert example.attention.heads == 3
    assert example.attention.mask is not None
    assert example.attention.mask.dtype == np.bool_
    numbers = {name: array.astype(np.float32) for name, array in arrays.items()}
    with pytest.raises(ExampleError, match=r"mask: the array is made of 0 and 1(?s:.*)padding: the array is made of"):
        read_with(tmp_path, text, **numbers)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (SOUND.astype("c8"), f'"x" holds C64 numbers; {READABLE}'),
        (SOUND > 2, "holds truth values; X holds numbers"),
        (np.ones(2), "is a list of 2; X has rows and columns"),
        (np.array(1.0), "is a single number; X has rows and columns"),
        (np.ones((2, 2, 2)), "is 2 × 2 × 2; X has rows and columns"),
    ],
)
def test_a_tensor_of_the_wrong_kind_is_refused(tmp_path: Path, array: NDArray[Any], message: str) -> None:
    """A wrong picture, or a traceback, would have come of a tensor that is no matrix."""
    assert refusal_with(tmp_path, x=array) == PLACE + message


def test_a_tensor_is_checked_as_a_written_matrix_is(tmp_path: Path) -> None:
    """A wrong picture would have been computed from the file of arrays."""
    assert "has 3 rows; X needs 2" in refusal_with(tmp_path, x=np.ones((3, 2)))
    assert "has no columns" in refusal_with(tmp_path, x=np.ones((2, 0)))
    assert "the array's number is nan, and so are 1 more" in refusal_with(tmp_path, x=SOUND * [np.nan, 1])
    message = refusal_with(tmp_path, NAMED.replace('"x"', '"embedings"'), embeddings=SOUND)
    assert message == 'it.toml: inputs.X: it.safetensors holds no array "embedings"; did you mean "embeddings"?'


def test_eight_bit_floats_are_refused_by_name(tmp_path: Path) -> None:
    """A type that NumPy does not have would have ended in a traceback."""
    message = refusal_of(tmp_path, by_hand({"x": tensor("F8_E4M3", [2, 2], 0, 4)}, bytes(4)))
    assert message == f'{PLACE}"x" holds F8_E4M3 numbers; {READABLE}'


@pytest.mark.parametrize("kind", ["F32", "BF16", "BOOL"])
def test_a_tensor_of_more_than_64_mib_is_refused_before_it_is_read(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model's largest table would have been read into memory, only to be refused."""
    monkeypatch.setattr("qkvtui.files.tensors.MAX_BYTES", 3)
    size = {"F32": 4, "BF16": 2, "BOOL": 1}[kind]
    message = refusal_of(tmp_path, by_hand({"x": tensor(kind, [2, 2], 0, 4 * size)}, bytes(4 * size)))
    assert message == f'{PLACE}"x" is larger than 64 MiB; example files are small: a few tokens, a few columns'


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """A model of gigabytes would have been opened for a lesson of five tokens."""
    (tmp_path / "it.safetensors").touch()
    os.truncate(tmp_path / "it.safetensors", 1 << 40)
    assert 'arrays: "it.safetensors" is larger than 64 MiB' in refusal(NAMED, folder=str(tmp_path))


X = tensor("F64", [2, 2], 0, 32)
_BOTH = "{" + ", ".join([json.dumps({"x": X})[1:-1]] * 2) + "}"
TWICE = len(_BOTH).to_bytes(8, "little") + _BOTH.encode()


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        by_hand({"x": X}, bytes(32), length=1 << 62),
        by_hand({"x": X}, bytes(32), length=0),
        by_hand({"x": X}, bytes(32), length=7),
        by_hand({"x": X}, bytes(32), length=500),
        by_hand({"x": X}, bytes(31)),
        by_hand({"x": X}, bytes(33)),
        by_hand({"x": X, "y": tensor("F64", [2, 2], 16, 48)}, bytes(48)),
        by_hand({"x": tensor("F64", [2, 2], 8, 40)}, bytes(40)),
        by_hand({"x": tensor("F64", [2, 2], 32, 0)}, bytes(32)),
        by_hand({"x": tensor("F64", [2, 2], 0, 1 << 60)}, bytes(32)),
        by_hand({"x": tensor("F64", [3, 2], 0, 32)}, bytes(32)),
        by_hand({"x": tensor("F64", [1 << 40, 1 << 40], 0, 32)}, bytes(32)),
        by_hand({"x": tensor("F64", [-2, -2], 0, 32)}, bytes(32)),
        by_hand({"x": tensor("pickle", [2, 2], 0, 32)}, bytes(32)),
        by_hand({"x": {}}, bytes(32)),
        by_hand({"x": X, "y": 3}, bytes(32)),
        by_hand({"x": tensor("F64", [True, 4], 0, 32)}, bytes(32)),
        by_hand({"x": X, "y": tensor("F64", [0], 0, 0), "z": tensor("F64", [0], 1, 1)}, bytes(32)),
        TWICE + bytes(32),
        (200_000).to_bytes(8, "little") + b"[" * 200_000,
        by_hand(["x"], bytes(32)),
        (4).to_bytes(8, "little") + b"\xff\xfe\xff\xfe",
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, data: bytes) -> None:
    """A file cut short by a full disk would have ended in a traceback, or in numbers from somewhere else."""
    assert refusal_of(tmp_path, data) == UNSOUND


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["F32", "BF16"])
def test_a_damaged_file_never_ends_in_a_traceback(tmp_path: Path, kind: str) -> None:
    """A single wrong byte would have ended in a traceback."""
    size = {"F32": 16, "BF16": 8}[kind]
    sound = by_hand({"x": tensor(kind, [2, 2], 0, size)}, bytes(size))
    for position in range(len(sound)):
        for wrong in (0, 0xFF, sound[position] ^ 0x41, ord("9")):
            data = bytearray(sound)
            data[position] = wrong
            (tmp_path / "it.safetensors").write_bytes(data)
            with contextlib.suppress(ExampleError):
                read(NAMED, folder=str(tmp_path))


def test_no_package_is_needed_to_read_such_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has only what qkvtui needs would have been sent to install something."""
    save(tmp_path, {"x": SOUND})
    monkeypatch.setitem(sys.modules, "safetensors", None)
    assert read(NAMED, folder=str(tmp_path)).inputs["X"].tolist() == SOUND.tolist()


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A lesson sent by somebody would have read files anywhere on the machine."""
    (tmp_path / "lesson").mkdir()
    save(tmp_path, {"x": SOUND})
    (tmp_path / "lesson" / "it.safetensors").symlink_to(tmp_path / "it.safetensors")
    assert "leaves the example's folder" in refusal(NAMED, folder=str(tmp_path / "lesson"))


def test_a_changed_example_is_saved_with_its_arrays(tmp_path: Path) -> None:
    """A number changed on the screen would have been lost, or the new file would have named one that is not there."""
    (tmp_path / "it.toml").write_text(NAMED, encoding="utf-8")
    save(tmp_path, {"x": SOUND.astype(np.float32)})
    original = read_example(tmp_path / "it.toml")
    written = write_example(tmp_path / "mine.toml", original, original)
    assert 'arrays = "mine.npz"' in Path(written).read_text(encoding="utf-8")
    assert same_example(read_example(written), original)
