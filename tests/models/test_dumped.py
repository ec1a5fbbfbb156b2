"""`qkvtui capture --from`: Q, K and V that another program saved."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.graph.example import Example
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.oracle import reference

RNG = np.random.default_rng(7)
Q, K, V = (RNG.normal(size=(2, 3, 4)).astype(np.float32) for _ in "QKV")
TOKENS = ("--tokens", "it was tired")
OF_0_AND_1 = (
    "is made of 0 and 1; save mask == 1 if 1 is where the query may look, "
    "mask == 0 if it is where not, or, as numbers to add, 0 and -inf"
)
LEFT_OUT = (
    "which would be left out; --from takes Q, K, V, mask, bias, scale, softcap, sink, tokens and context: "
    "save only those"
)


def dump(folder: Path, **arrays: Any) -> Path:
    path = folder / "arrays.npz"
    np.savez(path, **({"Q": Q, "K": K, "V": V} | arrays))
    return path


def captured(folder: Path, *arguments: str, **arrays: Any) -> Example:
    ended = run("capture", "--from", dump(folder, **arrays), *arguments, "-o", folder / "it.toml", "--force")
    assert (ended.status, ended.messages) == (0, "")
    return load(str(folder / "it.toml"))


def refusal(folder: Path, *arguments: str, **arrays: Any) -> str:
    ended = run("capture", "--from", dump(folder, **arrays), *arguments, "-o", folder / "it.toml")
    assert (ended.status, ended.output) == (2, "")
    assert not (folder / "it.toml").exists()
    return ended.messages.removeprefix("qkvtui: ").removesuffix("\n").replace(f"{folder}/", "")


def test_the_arrays_become_an_example_with_all_heads(tmp_path: Path) -> None:
    """The picture would have been of other numbers than those that were saved."""
    example = captured(tmp_path, *TOKENS)
    assert example.tokens == ("it", "was", "tired")
    assert example.attention.heads == 2
    assert example.inputs["Q"].dtype == np.float32
    given = {name: array.tolist() for name, array in (("Q", Q), ("K", K), ("V", V))}
    wanted = reference(given, None, {"heads": 2, "kv_heads": 2})
    for head in range(2):
        assert Trace(example).matrix("output", head) == pytest.approx(np.array(wanted.output[head]), abs=1e-5)


@pytest.mark.parametrize("axes", [2, 3, 4, 5])
def test_heads_and_a_batch_of_one_may_stand_before_the_rows(tmp_path: Path, axes: int) -> None:
    """What PyTorch holds, (1, heads, tokens, d_k), would have had to be cut down first."""
    one = {name: array[0].reshape((1,) * (axes - 2) + (3, 4)) for name, array in (("Q", Q), ("K", K), ("V", V))}
    example = captured(tmp_path, **one)
    assert np.squeeze(example.inputs["Q"]).tolist() == Q[0].tolist()
    assert example.tokens == ("0", "1", "2")
    assert example.query == 2


def test_one_head_can_be_kept(tmp_path: Path) -> None:
    """A model of 32 heads would have made a lesson of 32 heads."""
    example = captured(tmp_path, "--head", "1", "--query", "0")
    assert example.inputs["K"].tolist() == K[1].tolist()
    shared = captured(tmp_path, "--head", "1", K=K[:1], V=V[:1])
    assert shared.inputs["K"].tolist() == K[0].tolist()
    assert refusal_again(tmp_path, "--head", "2") == "--head 2: Q holds heads 0 to 1"


def refusal_again(folder: Path, *arguments: str, **arrays: Any) -> str:
    (folder / "it.toml").unlink()
    return refusal(folder, *arguments, **arrays)


def test_tokens_masks_and_the_scale_may_lie_in_the_file(tmp_path: Path) -> None:
    """The weights would have been others than in the program they come from."""
    causal = np.tri(3, dtype=bool)
    example = captured(tmp_path, mask=causal[None, None], scale=np.float32(0.5), tokens=["it", "was", "[/red]"])
    assert example.attention.causal
    assert example.attention.mask is None
    assert example.attention.scale == "1/sqrt(d_k)"
    assert example.tokens == ("it", "was", "[/red]")
    lowest = np.where(causal, 0, np.finfo(np.float32).min).astype(np.float32)
    assert captured(tmp_path, mask=lowest).attention.causal
    own = captured(tmp_path, mask=~np.eye(3, dtype=bool), scale=1.0)
    assert own.attention.mask is not None
    assert own.attention.mask.tolist() == (~np.eye(3, dtype=bool)).tolist()
    assert own.attention.scale == "none"
    assert captured(tmp_path, scale=0.3).attention.scale == 0.3


def said_of(folder: Path, *arguments: str, **arrays: Any) -> list[str]:
    """What is said of the file that is written, below the line that says so."""
    ended = run("capture", "--from", dump(folder, **arrays), *arguments, "-o", folder / "it.toml", "--force")
    assert (ended.status, ended.messages) == (0, "")
    return ended.output.replace(f"{folder}/", "").splitlines()[1:]


def test_arrays_without_a_mask_are_said_to_have_none(tmp_path: Path) -> None:
    """A decoder's head would have looked ahead, and nobody would have known."""
    assert said_of(tmp_path) == [
        "it.toml: there was no mask, so every token sees every other one; in a decoder a query sees only itself and "
        "the tokens before it: give --causal, or save the mask too"
    ]
    assert said_of(tmp_path, "--lang", "zh")[0].startswith("it.toml：没有给出掩码，所以每个词元都能看到所有词元")
    asks = {"Q": Q[:, :1]}
    assert said_of(tmp_path, **asks) == ["it.toml: there was no mask, so every token sees all of the context"]
    assert said_of(tmp_path, "--lang", "zh", **asks) == [
        "it.toml：没有给出掩码，所以每个词元都能看到上下文里的所有词元"
    ]
    for mask in (np.tri(3, dtype=bool), np.zeros((3, 3)), ~np.eye(3, dtype=bool)):
        assert said_of(tmp_path, mask=mask) == []


def test_causal_stands_for_the_mask_that_was_not_saved(tmp_path: Path) -> None:
    """A decoder's head could have been had only by saving a mask that everybody knows."""
    assert said_of(tmp_path, "--causal") == []
    example = load(str(tmp_path / "it.toml"))
    assert (example.attention.causal, example.attention.mask) == (True, None)
    assert Trace(example).matrix("weights", 0)[0].tolist() == [1, 0, 0]


def test_causal_goes_with_a_mask_that_forbids_to_look_ahead(tmp_path: Path) -> None:
    """A window would have been refused, or lost, beside an option that says nothing against it."""
    assert captured(tmp_path, "--causal", mask=np.tri(3, dtype=bool)).attention.mask is None
    window = np.tri(3, dtype=bool) & ~np.tri(3, k=-2, dtype=bool)
    example = captured(tmp_path, "--causal", mask=window)
    assert example.attention.mask is not None
    assert example.attention.mask.tolist() == window.tolist()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"mask": ~np.eye(3, dtype=bool)}, "its own mask lets tokens see those after them; leave --causal out"),
        ({"mask": np.full((3, 3), -0.5)}, "its own mask lets tokens see those after them; leave --causal out"),
        ({"Q": Q[:, :1]}, "Q has 1 row and K 3, so which keys lie ahead is not known; save the mask too"),
        ({"context": ["a", "b", "c"]}, "the keys are of another sentence (context), where nothing lies ahead"),
    ],
)
def test_causal_is_refused_where_it_cannot_be_so(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    """One of two masks that say different things would have been taken in silence."""
    assert refusal(tmp_path, "--causal", **arrays) == f"arrays.npz: --causal: {said}"
    assert refusal(tmp_path, "--causal", mask=np.tri(3)) == f"arrays.npz: mask {OF_0_AND_1}"


def test_what_is_done_to_the_scores_of_each_head_is_kept(tmp_path: Path) -> None:
    """T5, ALiBi, Gemma 2 and gpt-oss would have been shown with weights that they do not have."""
    mask = np.stack([np.tri(3, dtype=bool), np.tri(3, k=-1, dtype=bool) | np.eye(3, dtype=bool)[:, ::-1]])
    bias = RNG.normal(size=(1, 2, 3, 3)).astype(np.float32)
    arrays = {"mask": mask[None], "bias": bias, "softcap": 0.5, "sink": [0.25, -1.0]}
    example = captured(tmp_path, **arrays)
    weights = [Trace(example).matrix("weights", head) for head in range(2)]
    for head in range(2):
        scores = 0.5 * np.tanh(Q[head] @ K[head].T / 2 / 0.5) + bias[0, head]
        seen = np.where(mask[head], np.exp(scores), 0)
        sink = np.exp(arrays["sink"][head])  # type: ignore[index]
        assert weights[head] == pytest.approx(seen / (seen.sum(-1, keepdims=True) + sink), abs=1e-6)
        one = captured(tmp_path, "--head", str(head), **arrays)
        assert Trace(one).matrix("weights", 0) == pytest.approx(weights[head], abs=1e-6)
    assert refusal_again(tmp_path, "--causal", **arrays).endswith("leave --causal out")


def test_a_mask_that_all_heads_share_is_kept_once(tmp_path: Path) -> None:
    """A decoder's mask would have been shown head by head, and not as the triangle that it is."""
    same = np.stack([np.tri(3, dtype=bool)] * 2)
    assert captured(tmp_path, mask=same).attention.causal


def test_keys_of_another_sentence_are_a_context(tmp_path: Path) -> None:
    """Cross-attention, or a query that asks a cache, would have been refused."""
    example = captured(tmp_path, "--tokens", "it", Q=Q[:, :1], context=["Das", "Tier", "ist"])
    assert (example.tokens, example.context) == (("it",), ("Das", "Tier", "ist"))
    assert captured(tmp_path, Q=Q[:, :1]).context == ("0", "1", "2")


def test_an_example_can_be_given_a_title(tmp_path: Path) -> None:
    """Every lesson of one's own would have been called "Q, K and V from arrays.npz"."""
    assert captured(tmp_path, "--title", "SmolLM2, layer 13\x1b[2J").title.texts == {"": "SmolLM2, layer 13␛[2J"}
    assert "an empty text is no title" in refusal_again(tmp_path, "--title", " ")


def test_small_letters_will_do(tmp_path: Path) -> None:
    """q, k and v would have been refused for how they are spelt."""
    path = tmp_path / "arrays.npz"
    np.savez(path, q=Q, k=K, v=V)
    assert run("capture", "--from", path, "-o", tmp_path / "it.toml").status == 0


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"Q": np.ones(3)}, "Q is a list of 3; it has to be (t, k), (h, t, k) or (1, h, t, k)"),
        ({"Q": np.ones((8, 2, 3, 4))}, "Q is 8 × 2 × 3 × 4; it has to be (t, k), (h, t, k) or (1, h, t, k)"),
        ({"Q": Q.astype(np.float16)}, "Q holds float16 numbers"),
        ({"Q": np.array([[None]])}, "Q holds Python objects"),
        ({"K": K[:, :, :3]}, "inputs.K"),
        ({"K": np.full((2, 3, 4), np.nan)}, "inputs.K"),
        ({"mask": np.zeros((3, 3, 3))}, "mask is 3 × 3 × 3; it has to be (t, s), or (h, t, s) where heads differ"),
        ({"mask": np.zeros((2, 2, 3, 3))}, "mask is 2 × 2 × 3 × 3; it has to be (t, s), or (h, t, s) where heads"),
        ({"bias": np.zeros(3)}, "bias is a list of 3; it has to be (t, s), or (h, t, s) where heads differ"),
        ({"bias": np.tri(3, dtype=bool)}, "bias holds truth values; it is added to the scores"),
        ({"bias": np.full((3, 3), np.inf)}, "attention.bias"),
        ({"softcap": [1.0, 2.0]}, "softcap has to be one number other than 0"),
        ({"softcap": -1.0}, "attention.softcap"),
        ({"sink": [1.0, 2.0, 3.0]}, "sink is a list of 3; it has a number a head"),
        ({"mask": np.zeros((2, 2))}, "attention.mask"),
        ({"mask": np.tri(2, dtype=bool)}, "attention.mask"),
        ({"mask": np.tri(3)}, f"mask {OF_0_AND_1}"),
        ({"mask": np.tri(3, dtype=np.uint8)[None, None]}, f"mask {OF_0_AND_1}"),
        ({"mask": np.ones((2, 3, 3), np.int64)}, f"mask {OF_0_AND_1}"),
        ({"mask": np.array([1, 1, 0])}, f"mask {OF_0_AND_1}"),
        ({"W_O": Q, "X": Q}, f'holds "W_O" and "X", {LEFT_OUT}'),
        ({"masks": np.tri(3)}, f'holds "masks" (did you mean "mask"?), {LEFT_OUT}'),
        ({"scaling": 2.0, "q": Q}, f'holds "scaling" (did you mean "scale"?) and "q", {LEFT_OUT}'),
        ({"scale": np.ones(2)}, "scale has to be one number other than 0"),
        ({"scale": 0.0}, "scale has to be one number other than 0"),
        ({"tokens": np.ones(3)}, "tokens has to be a list of texts, as in tokens=['a', 'b']"),
        ({"tokens": ["a", "b"]}, "Q has 3 rows, but there are 2 tokens"),
        ({"tokens": ["a", "", "b"]}, "tokens, entry 1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    """A wrong picture, or a traceback, would have been all that comes of a slip in a script."""
    message = refusal(tmp_path, **arrays)
    assert message.startswith(f"arrays.npz: {said}")


def test_a_missing_array_is_named_with_those_there_are(tmp_path: Path) -> None:
    """One would have had to open the file to see how the arrays are called."""
    path = tmp_path / "arrays.npz"
    np.savez(path, queries=Q)
    ended = run("capture", "--from", path, "-o", tmp_path / "it.toml")
    assert ended.messages == f'qkvtui: {path}: holds no array "Q"; there is "queries"\n'


@pytest.mark.parametrize("content", [b"", b"not a zip", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    """An .npy file or a pickle would have ended in a traceback."""
    path = tmp_path / "arrays.npz"
    path.write_bytes(content)
    ended = run("capture", "--from", path, "-o", tmp_path / "it.toml")
    assert ended.messages == f"qkvtui: {path}: is not a sound .npz file; numpy.savez writes one\n"
    missing = run("capture", "--from", tmp_path / "nowhere.npz", "-o", tmp_path / "it.toml")
    assert missing.messages == f"qkvtui: {tmp_path / 'nowhere.npz'}: there is no such file\n"
    assert missing.status == 2


def test_tokens_that_claim_to_be_many_take_no_memory(tmp_path: Path) -> None:
    """A file of a hundred bytes would have taken all memory there is."""
    path = dump(tmp_path)
    header = b"{'descr': '<U9', 'fortran_order': False, 'shape': (99999999999,), }".ljust(117) + b"\n"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "tokens.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"a\0\0\0" * 9
        )
    ended = run("capture", "--from", path, "-o", tmp_path / "it.toml")
    assert ended.messages == f"qkvtui: {path}: tokens has to be a list of texts, as in tokens=['a', 'b']\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--list",), "--list and --layer go with the folder of a model"),
        (("--layer", "0"), "--list and --layer go with the folder of a model"),
        (("--tokens", "a b"), "arrays.npz: Q has 3 rows, but there are 2 tokens"),
        (
            ("--tokens", "a a b", "--query", "a"),
            '--query a: the token "a" occurs 2 times; say which by its index: #0 or #1',
        ),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """A wrong option would have been passed over in silence."""
    assert refusal(tmp_path, *arguments) == said
