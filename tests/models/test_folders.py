"""Where a model lies, and what is said of one that cannot be read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.program import run
from tests.models.tiny import TEXT, bert


def refusal(folder: Path | str, text: str = TEXT, language: str = "en") -> str:
    ended = run("capture", folder, text, "--list", "--lang", language)
    assert (ended.status, ended.output) == (2, "")
    parent = f"{folder.parent}/" if isinstance(folder, Path) else "\0"
    return ended.messages.removeprefix("qkvtui: ").removesuffix("\n").replace(parent, "")


def name_of(folder: Path) -> str:
    found = run("capture", folder, TEXT, "--list", "--format", "json").json
    return str(found["model"])


def test_a_folder_of_the_hubs_cache_stands_for_its_snapshot(tmp_path: Path) -> None:
    """One would have had to look for config.json under a name of forty letters."""
    cache = tmp_path / "models--someone--tiny"
    bert(cache / "snapshots" / "0a1b")
    assert name_of(cache) == "someone/tiny"
    shutil.copytree(cache / "snapshots" / "0a1b", cache / "snapshots" / "2c3d")
    said = "models--someone--tiny: holds several versions, or none; name one of the folders in snapshots"
    assert refusal(cache) == said
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("2c3d\n", encoding="utf-8")
    assert name_of(cache) == "someone/tiny"
    assert name_of(cache / "snapshots" / "0a1b") == "someone/tiny"
    (cache / "refs" / "main").write_text("../../..", encoding="utf-8")
    assert refusal(cache) == said


def test_the_model_in_a_folder_of_sentence_transformers_is_found(tmp_path: Path) -> None:
    """The folder that one has would have been refused for want of a config.json."""
    bert(tmp_path / "sbert" / "0_Transformer")
    (tmp_path / "sbert" / "modules.json").write_text("[]", encoding="utf-8")
    assert name_of(tmp_path / "sbert") == "sbert/0_Transformer"


@pytest.mark.parametrize("name", ["bert-base-uncased", "someone/tiny"])
def test_a_name_on_the_hub_is_told_how_to_get_the_model(name: str) -> None:
    """Whoever knows models by their names would have learned only that there is no such folder."""
    assert refusal(name) == (
        f"{name}: there is no such folder, and nothing is downloaded; 'hf download {name} --local-dir DIR' brings a "
        "model of the Hugging Face hub"
    )


def test_what_is_no_name_on_the_hub_is_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A slip in a path would have been taken for the name of a model."""
    for path in ("./nowhere", "a/b/c", "~nobody"):
        assert refusal(path) == f"{path}: there is no such folder"
    assert refusal(tmp_path / "nowhere") == "nowhere: there is no such folder"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.ckpt"])
def test_a_pickle_is_never_opened(tmp_path: Path, name: str) -> None:
    """A program that somebody hid in a model would have run."""
    folder = bert(tmp_path / "tiny").path
    (folder / "model.safetensors").rename(folder / name)
    assert refusal(folder) == (
        f"tiny: there is no model.safetensors in it; {name} is a pickle, which can run any program and is never "
        "opened; AutoModel.from_pretrained('tiny').save_pretrained('NEW_DIR') in transformers writes such a folder"
    )
    assert "绝不打开" in refusal(folder, language="zh")


def test_other_weights_are_named_with_what_turns_them_into_a_folder(tmp_path: Path) -> None:
    """One would have had to find out which of a dozen formats is read."""
    folder = bert(tmp_path / "tiny").path
    (folder / "model.safetensors").rename(folder / "tf_model.h5")
    assert "in it; the weights are in tf_model.h5; AutoModel.from_pretrained('tiny').save" in refusal(folder)


def test_an_adapter_is_told_from_a_model(tmp_path: Path) -> None:
    """LoRA's folder, which is all that one has after fine-tuning, would have been called incomplete."""
    folder = bert(tmp_path / "lora").path
    (folder / "config.json").rename(folder / "adapter_config.json")
    assert refusal(folder) == (
        "lora: there is no config.json in it; it is an adapter (LoRA), not a model: in peft, "
        "AutoPeftModel.from_pretrained('lora').merge_and_unload().save_pretrained('NEW_DIR') writes the model that it "
        "makes"
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model_type": "mamba"}, 'model_type is "mamba": such a model has no attention, so there are no weights'),
        ({"model_type": "deepseek_v3"}, "with the lines in 'qkvtui capture --help', and give that file to --from"),
        (
            {"model_type": "deberta"},
            "the lines in 'qkvtui capture --help' do not reach its attention either: save Q, K",
        ),
        ({"model_type": "llama", "quantization_config": {}}, "its weights are quantised (quantization_config); take"),
        ({"quantization_config": {"quant_method": "gptq"}}, "its weights are quantised (quantization_config); take"),
        ({"model_type": "\x1b[2J"}, 'model_type is "␛[2J"; known are albert'),
    ],
)
def test_what_cannot_be_read_is_told_what_would_work(tmp_path: Path, settings: dict[str, object], said: str) -> None:
    """One would have given up, though there is a way round."""
    folder = bert(tmp_path / "tiny").path
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | settings), encoding="utf-8")
    assert said in refusal(folder)
    assert "\n" not in refusal(folder, language="zh")
