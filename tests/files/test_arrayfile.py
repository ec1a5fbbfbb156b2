"""Arrays in a file beside the example, and everything that can be wrong with such a file."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qkvtui.errors import ExampleError
from qkvtui.graph.example import Example
from tests.files.samples import PROJECTED, TOP, read, refusal

NAMED = TOP + 'arrays = "it.npz"\n' + PROJECTED.replace("[[1, 2], [3, 4]]", '"x"')
SOUND = np.array([[1.0, 2.0], [3.0, 4.0]])
PLACE = "it.toml: inputs.X: the array "
MASK_OF_0_AND_1 = (
    "attention.mask: the array is made of 0 and 1; save mask == 1 if 1 is where the query may look, "
    "mask == 0 if it is where not, or, as numbers to add, 0 and -inf"
)


def save(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    np.savez(folder / "it.npz", allow_pickle=True, **arrays)


def read_with(folder: Path, text: str = NAMED, **arrays: NDArray[Any]) -> Example:
    save(folder, arrays)
    return read(text, folder=str(folder))


def refusal_with(folder: Path, text: str = NAMED, **arrays: NDArray[Any]) -> str:
    save(folder, arrays)
    return refusal(text, folder=str(folder))


def npy(shape: str = "(2, 2)", descr: str = "'<f8'", data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """An .npy file with a header of one's own."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY" + version + len(header).to_bytes(2, "little") + header + data


def refusal_of_member(folder: Path, member: bytes) -> str:
    with zipfile.ZipFile(folder / "it.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", member)
    return refusal(NAMED, folder=str(folder))


@pytest.mark.parametrize(
    ("dtype", "read_as"),
    [
        ("<f4", "float32"),
        (">f4", "float32"),
        ("<f8", "float64"),
        (">f8", "float64"),
        ("i1", "float64"),
        ("u8", "float64"),
    ],
)
def test_floats_keep_their_size_and_integers_become_float64(tmp_path: Path, dtype: str, read_as: str) -> None:
    """A model's float32 arrays would have been computed in another precision than the model's."""
    x = read_with(tmp_path, x=SOUND.astype(dtype)).inputs["X"]
    assert (x.dtype.name, x.dtype.isnative, x.tolist()) == (read_as, True, SOUND.tolist())
    assert not x.flags.writeable


def test_arrays_stored_by_columns_and_compressed_are_the_same_numbers(tmp_path: Path) -> None:
    """A transposed matrix would have been read."""
    np.savez_compressed(tmp_path / "it.npz", x=np.asfortranarray(SOUND))
    assert read(NAMED, folder=str(tmp_path)).inputs["X"].tolist() == SOUND.tolist()


def test_a_folder_below_the_examples_is_allowed(tmp_path: Path) -> None:
    """Arrays could not have been kept tidy."""
    (tmp_path / "deep").mkdir()
    np.savez(tmp_path / "deep" / "it.npz", x=SOUND)
    text = NAMED.replace("it.npz", "deep/../deep/it.npz")
    assert read(text, folder=str(tmp_path)).inputs["X"].shape == (2, 2)


def test_masks_heads_and_published_numbers_can_be_arrays_too(tmp_path: Path) -> None:
    """Only some of the matrices could have come from a model."""
    text = f"""{TOP}arrays = "it.npz"
        [inputs]
        Q = "heads"
        K = "heads"
        V = "heads"
        [attention]
        mask = "allowed"
        padding = "real"
        [published]
        masked = "printed"
        """
    printed = np.array([[1.0, -np.inf], [1.0, 2.0]])
    example = read_with(
        tmp_path,
        text,
        heads=np.ones((3, 2, 4)),
        allowed=np.eye(2) > 0,
        real=np.array([True, False]),
        printed=printed,
    )
    assert example.attention.heads == 3
    assert example.attention.mask is not None
    assert example.attention.mask.dtype == np.bool_
    assert example.published is not None
    assert example.published.rows["masked"][0] == (1.0, -np.inf)


def test_a_bias_is_an_array_of_one_row(tmp_path: Path) -> None:
    """A bias of a model could not have been named, or a matrix would have been taken for one."""
    text = f'{NAMED}b_Q = "b"\n'
    assert read_with(tmp_path, text, x=SOUND, b=np.ones(2)).parameters["b_Q"].tolist() == [1, 1]
    message = refusal_with(tmp_path, text, x=SOUND, b=np.ones((1, 2)))
    assert message == "it.toml: parameters.b_Q: the array is 1 × 2; b_Q has one row"


def test_padding_of_numbers_and_unknown_masks_are_refused(tmp_path: Path) -> None:
    """Tokens would have been hidden that are real."""
    message = refusal_with(tmp_path, f'{NAMED}[attention]\nmask = "m"\npadding = "p"\n', x=SOUND, p=np.full(2, 3))
    assert message.splitlines() == [
        'it.toml: attention.mask: it.npz holds no array "m"; there is "x" and "p"',
        "it.toml: attention.padding: the array holds 2 numbers; padding holds truth values",
    ]
    message = refusal_with(tmp_path, f'{NAMED}[attention]\npadding = "p"\n', x=SOUND, p=np.ones(2))
    assert message == (
        "it.toml: attention.padding: the array is made of 0 and 1; "
        "save padding == 1 if 1 is a real token, padding == 0 if it is filling"
    )
    message = refusal_with(tmp_path, f'{NAMED}[attention]\npadding = "p"\n', x=SOUND, p=np.ones(3) > 0)
    assert message == (
        "it.toml: attention.padding: has 3 numbers; padding needs 2, one for each token that is attended to"
    )


def test_a_name_with_a_nul_is_no_path(tmp_path: Path) -> None:
    """A strange name would have ended in a traceback."""
    text = NAMED.replace("it.npz", r"a\u0000.npz")
    assert refusal(text, folder=str(tmp_path)).startswith('it.toml: arrays: "a␀.npz" is not a path')


def test_a_mask_of_numbers_may_hold_minus_infinity(tmp_path: Path) -> None:
    """The mask of a model would have been refused."""
    mask = np.array([[0, -np.inf], [0, 0]], dtype=np.float32)
    example = read_with(tmp_path, f'{NAMED}[attention]\nmask = "m"\n', x=SOUND, m=mask)
    assert example.attention.mask is not None
    assert example.attention.mask.dtype == np.float32


@pytest.mark.sampled(6)
@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "f4", "f8"])
@pytest.mark.parametrize("seen", [np.eye(2), np.ones((2, 2)), np.array([[0.0, -0.0], [0.0, 1.0]])])
def test_a_mask_of_the_numbers_0_and_1_is_refused(tmp_path: Path, dtype: str, seen: NDArray[Any]) -> None:
    """Every token would have seen every other one, under the title of a mask that forbids it."""
    text = f'{NAMED}[attention]\nmask = "m"\n'
    assert refusal_with(tmp_path, text, x=SOUND, m=seen.astype(dtype)) == f"it.toml: {MASK_OF_0_AND_1}"
    assert read_with(tmp_path, text, x=SOUND, m=seen == 1).attention.mask is not None
    assert read_with(tmp_path, text, x=SOUND, m=np.zeros_like(seen, dtype)).attention.mask is not None


def test_a_mask_of_0_and_1_for_each_head_is_told_of_both(tmp_path: Path) -> None:
    """Whoever mended one mistake would have met the other."""
    text = f'{NAMED}[attention]\nmask = "m"\n'
    assert refusal_with(tmp_path, text, x=SOUND, m=np.ones((3, 2, 2), np.uint8)).splitlines() == [
        f"it.toml: {MASK_OF_0_AND_1}",
        "it.toml: attention.mask: has 3 heads; there is 1 head",
    ]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("array", "message"),
    [
        (
            SOUND.astype("f2"),
            '"x" holds float16 numbers; save it as float32, float64, integers or truth values',
        ),
        (
            SOUND.astype("c16"),
            '"x" holds complex numbers; save it as float32, float64, integers or truth values',
        ),
        (np.array(["a", "b"]), '"x" holds text; save it as float32, float64, integers or truth values'),
        (
            np.array([{}, {}]),
            '"x" holds Python objects; save it as float32, float64, integers or truth values',
        ),
        (
            np.zeros(2, "M8[s]"),
            '"x" holds dates or times; save it as float32, float64, integers or truth values',
        ),
        (
            np.zeros(2, "f8,f8"),
            '"x" holds named columns; save it as float32, float64, integers or truth values',
        ),
        (np.zeros(2, "V8"), '"x" holds raw bytes; save it as float32, float64, integers or truth values'),
        (SOUND > 2, "holds truth values; X holds numbers"),
        (np.ones(2), "is a list of 2; X has rows and columns"),
        (np.array(1.0), "is a single number; X has rows and columns"),
        (np.ones((2, 2, 2)), "is 2 × 2 × 2; X has rows and columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_array_of_the_wrong_kind_is_refused(tmp_path: Path, array: NDArray[Any], message: str) -> None:
    """Text or objects would have been computed with, or a pickle would have run somebody's program."""
    assert refusal_with(tmp_path, x=array) == PLACE + message


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones((3, 2)), "it.toml: inputs.X: has 3 rows; X needs 2, one for each token"),
        (np.ones((2, 0)), "it.toml: inputs.X: has no columns; X has at least one"),
        (
            np.array([[1, np.nan], [np.inf, 0]]),
            "it.toml: inputs.X[0,1]: the array's number is nan, and so are 1 more; "
            "its numbers are finite, and none is larger than 1e+100",
        ),
    ],
)
def test_an_array_is_checked_as_a_written_matrix_is(tmp_path: Path, array: NDArray[Any], message: str) -> None:
    """A wrong picture would have been computed from the file of arrays."""
    assert refusal_with(tmp_path, x=array) == message


def test_an_unknown_array_is_told_the_nearest_name(tmp_path: Path) -> None:
    """Somebody would have had to open the file of arrays to see what they are called."""
    message = refusal_with(tmp_path, NAMED.replace('"x"', '"embedings"'), embeddings=SOUND)
    assert message == 'it.toml: inputs.X: it.npz holds no array "embedings"; did you mean "embeddings"?'


@pytest.mark.parametrize("claim", ["(100000, 100000)", "(9223372036854775807, 9223372036854775807)"])
def test_a_claim_of_a_huge_array_is_refused_before_memory_is_taken(tmp_path: Path, claim: str) -> None:
    """A file of some hundred bytes would have taken all the memory there is."""
    message = refusal_of_member(tmp_path, npy(claim, data=bytes(32)))
    assert message == PLACE + '"x" is larger than 64 MiB; example files are small: a few tokens, a few columns'


@pytest.mark.slow
def test_a_member_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """A zip bomb would have been unpacked."""
    assert "is larger than 64 MiB" in refusal_of_member(tmp_path, npy(data=bytes(65 << 20)))


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"\x93NUMPY",
        b"not an array at all",
        npy(data=bytes(8)),
        npy(data=bytes(40)),
        npy("(-2, -2)", data=bytes(32)),
        npy("(2.5, 2)", data=bytes(32)),
        npy("'two'", data=bytes(32)),
        npy("[" * 3000, data=bytes(32)),
        npy(descr="'<f3'", data=bytes(32)),
        npy(descr="__import__('os')", data=bytes(32)),
        npy(version=b"\x03\x00", data=bytes(32)),
        npy(version=b"\x09\x00", data=bytes(32)),
        npy("(" + "9" * 5000 + ",)", data=bytes(32)),
    ],
)
def test_a_damaged_member_is_refused(tmp_path: Path, member: bytes) -> None:
    """A file cut short by a full disk would have ended in a traceback."""
    assert refusal_of_member(tmp_path, member).startswith(PLACE + '"x" ')


@pytest.mark.slow
def test_a_damaged_zip_never_ends_in_a_traceback(tmp_path: Path) -> None:
    """A single wrong byte would have ended in a traceback."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=SOUND)
    sound = buffer.getvalue()
    for position in range(len(sound)):
        for wrong in (0, 0xFF, sound[position] ^ 0x41):
            data = bytearray(sound)
            data[position] = wrong
            (tmp_path / "it.npz").write_bytes(data)
            with contextlib.suppress(ExampleError):
                read(NAMED, folder=str(tmp_path))


@pytest.mark.parametrize("data", [b"", b"PK", b"text", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_npz_is_refused(tmp_path: Path, data: bytes) -> None:
    """An .npy under a wrong name would have ended in a traceback."""
    (tmp_path / "it.npz").write_bytes(data)
    expected = 'it.toml: arrays: "it.npz" is not a sound .npz file; numpy.savez writes such files'
    assert refusal(NAMED, folder=str(tmp_path)) == expected


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A lesson sent by somebody would have read files anywhere on the machine."""
    (tmp_path / "lesson").mkdir()
    np.savez(tmp_path / "it.npz", x=SOUND)
    (tmp_path / "lesson" / "it.npz").symlink_to(tmp_path / "it.npz")
    assert "leaves the example's folder" in refusal(NAMED, folder=str(tmp_path / "lesson"))


def test_a_text_without_a_folder_has_no_arrays() -> None:
    """A text from nowhere would have read a file of the current folder."""
    assert "lies in no folder" in refusal(NAMED)


def test_a_folder_or_a_pipe_is_no_file_of_arrays(tmp_path: Path) -> None:
    """The program would have waited at a pipe for ever."""
    os.mkfifo(tmp_path / "it.npz")
    assert refusal(NAMED, folder=str(tmp_path)) == 'it.toml: arrays: "it.npz" is not a file'


def test_a_huge_file_of_arrays_is_refused(tmp_path: Path) -> None:
    """A model of gigabytes would have been read for a lesson of five tokens."""
    (tmp_path / "it.npz").touch()
    os.truncate(tmp_path / "it.npz", 1 << 40)
    assert 'arrays: "it.npz" is larger than 64 MiB' in refusal(NAMED, folder=str(tmp_path))
